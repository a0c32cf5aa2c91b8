package reforest.train.binned;

import java.util.Arrays;

/** Bins rows one by one. */
public final class RowsBuilder {

  private final Binning binning;
  private byte[][] columns;
  private double[] labels = new double[1024];
  private int size;

  /**
   * @param binning how values become bins
   */
  public RowsBuilder(Binning binning) {
    this.binning = binning;
    this.columns = new byte[binning.features()][1024];
  }

  /** Adds a row: its label, and a value for each feature. */
  public void add(double label, double[] values) {
    if (size == labels.length) {
      int room = size + (size >> 1);
      labels = Arrays.copyOf(labels, room);
      for (int feature = 0; feature < columns.length; feature++) {
        columns[feature] = Arrays.copyOf(columns[feature], room);
      }
    }
    labels[size] = label;
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
    return BinnedRows.of(full, Arrays.copyOf(labels, size), null);
  }
}
