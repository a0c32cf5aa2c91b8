package reforest.train.binned;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bins rows one by one. */
public final class RowsBuilder {

  private final Binning binning;
  private byte[][] columns;
  private double[] labels = new double[1024];

  /** Null when all are 1. */
  private double @Nullable [] weights;

  private int size;

  /**
   * @param binning how values become bins
   * @param weighted whether rows weigh differently
   */
  public RowsBuilder(Binning binning, boolean weighted) {
    this.binning = binning;
    this.weights = weighted ? new double[1024] : null;
    this.columns = new byte[binning.features()][1024];
  }

  /** Adds a row: its label, its weight, which counts where rows weigh differently, and values. */
  public void add(double label, double weight, double[] values) {
    if (size == labels.length) {
      int room = size + (size >> 1);
      labels = Arrays.copyOf(labels, room);
      weights = weights == null ? null : Arrays.copyOf(weights, room);
      for (int feature = 0; feature < columns.length; feature++) {
        columns[feature] = Arrays.copyOf(columns[feature], room);
      }
    }
    labels[size] = label;
    if (weights != null) {
      weights[size] = weight;
    }
    for (int feature = 0; feature < columns.length; feature++) {
      columns[feature][size] = binning.bin(feature, values[feature]);
    }
    size++;
  }

  /** The rows so far. */
  public BinnedRows build() {
    byte[][] full = new byte[columns.length][];
    for (int feature = 0; feature < columns.length; feature++) {
      full[feature] = Arrays.copyOf(columns[feature], size);
    }
    return BinnedRows.of(
        full, Arrays.copyOf(labels, size), weights == null ? null : Arrays.copyOf(weights, size));
  }
}
