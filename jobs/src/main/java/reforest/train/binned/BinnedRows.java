package reforest.train.binned;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reforest.statistics.CounterRandom;

/**
 * Rows as one column of bytes a feature, in an order that depends on their content alone.
 *
 * <p>However rows lie in partitions, the same rows give the same columns, and so the same draws and
 * the same sums.
 */
public final class BinnedRows implements Serializable {

  private static final long serialVersionUID = 1L;

  private final byte[][] columns;
  private final double[] labels;
  private final double @Nullable [] weights;

  private BinnedRows(byte[][] columns, double[] labels, double @Nullable [] weights) {
    this.columns = columns;
    this.labels = labels;
    this.weights = weights;
  }

  /**
   * Rows as they come.
   *
   * @param columns a bin for each feature and row
   * @param labels a number for each row, or the index of its class
   * @param weights positive; null when all are 1
   */
  public static BinnedRows of(byte[][] columns, double[] labels, double @Nullable [] weights) {
    for (byte[] column : columns) {
      if (column.length != labels.length) {
        throw new IllegalArgumentException(
            "a column has " + column.length + " rows and the labels " + labels.length);
      }
    }
    return new BinnedRows(columns, labels, weights);
  }

  /** All rows of some parts with the same features, in the canonical order. */
  public static BinnedRows ordered(List<BinnedRows> parts, int features) {
    int rows = parts.stream().mapToInt(BinnedRows::size).sum();
    boolean weighted = parts.stream().anyMatch(part -> part.weights != null);
    byte[][] columns = new byte[features][rows];
    double[] labels = new double[rows];
    double[] weights = weighted ? new double[rows] : null;
    int at = 0;
    for (BinnedRows part : parts) {
      for (int feature = 0; feature < features; feature++) {
        System.arraycopy(part.columns[feature], 0, columns[feature], at, part.size());
      }
      System.arraycopy(part.labels, 0, labels, at, part.size());
      if (weights != null) {
        for (int row = 0; row < part.size(); row++) {
          weights[at + row] = part.weight(row);
        }
      }
      at += part.size();
    }
    return new BinnedRows(columns, labels, weights).ordered();
  }

  private BinnedRows ordered() {
    int[] order = order();
    byte[][] sorted = new byte[columns.length][];
    for (int feature = 0; feature < columns.length; feature++) {
      byte[] from = columns[feature];
      byte[] to = new byte[order.length];
      for (int row = 0; row < order.length; row++) {
        to[row] = from[order[row]];
      }
      sorted[feature] = to;
    }
    return new BinnedRows(
        sorted, moved(labels, order), weights == null ? null : moved(weights, order));
  }

  private static double[] moved(double[] from, int[] order) {
    double[] to = new double[order.length];
    for (int row = 0; row < order.length; row++) {
      to[row] = from[order[row]];
    }
    return to;
  }

  /** By a hash of the content, so that no feature's own order is left; then by the content. */
  private int[] order() {
    long[] hashes = new long[size()];
    for (int row = 0; row < hashes.length; row++) {
      hashes[row] =
          CounterRandom.mix(
              Double.doubleToLongBits(labels[row]) ^ Double.doubleToLongBits(weight(row)));
    }
    for (byte[] column : columns) {
      for (int row = 0; row < hashes.length; row++) {
        // FNV-1a's step (Fowler, Noll and Vo), on a word.
        hashes[row] = (hashes[row] ^ (column[row] & 255)) * 0x100000001b3L;
      }
    }
    int indexBits = 64 - Long.numberOfLeadingZeros(size());
    long indexMask = (1L << indexBits) - 1;
    long[] keys = new long[size()];
    for (int row = 0; row < keys.length; row++) {
      keys[row] = (CounterRandom.mix(hashes[row]) & ~indexMask) | row;
    }
    Arrays.sort(keys);
    int[] order = new int[keys.length];
    int start = 0;
    for (int i = 0; i < keys.length; i++) {
      order[i] = (int) (keys[i] & indexMask);
      if (i + 1 == keys.length || (keys[i] & ~indexMask) != (keys[i + 1] & ~indexMask)) {
        sortByContent(order, start, i + 1);
        start = i + 1;
      }
    }
    return order;
  }

  /** Insertion sort: a group holds what shares a hash, mostly one row. */
  private void sortByContent(int[] order, int start, int end) {
    for (int i = start + 1; i < end; i++) {
      int row = order[i];
      int at = i;
      while (at > start && compare(order[at - 1], row) > 0) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = row;
    }
  }

  private int compare(int row, int other) {
    int result = Double.compare(labels[row], labels[other]);
    if (result == 0) {
      result = Double.compare(weight(row), weight(other));
    }
    for (int feature = 0; result == 0 && feature < columns.length; feature++) {
      result = Byte.compareUnsigned(columns[feature][row], columns[feature][other]);
    }
    return result;
  }

  /** How many rows there are. */
  public int size() {
    return labels.length;
  }

  /** How many features there are. */
  public int features() {
    return columns.length;
  }

  /** Bytes that the rows take in memory, about. */
  public long sizeBytes() {
    return bytes(size(), features(), weights != null);
  }

  /** Bytes that so many rows take. */
  public static long bytes(long rows, int features, boolean weighted) {
    return rows * (features + (weighted ? 16L : 8L));
  }

  /** Mean of the labels; NaN without rows. */
  public double meanLabel() {
    return Arrays.stream(labels).average().orElse(Double.NaN);
  }

  byte[] column(int feature) {
    return columns[feature];
  }

  double label(int row) {
    return labels[row];
  }

  double weight(int row) {
    return weights == null ? 1.0 : weights[row];
  }

  boolean isWeighted() {
    return weights != null;
  }
}
