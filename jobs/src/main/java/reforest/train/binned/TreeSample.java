package reforest.train.binned;

import org.jspecify.annotations.Nullable;

/**
 * The rows that one tree learns from, and what each adds to a sum.
 *
 * <p>For a number a row adds its draws and its weighted target, and where rows have weights its
 * weight apart; for a class its draws and its weight, under its class.
 */
final class TreeSample {

  /** Bits of the whole numbers that weights become; their sum stays below 2 to the 62. */
  private static final int WEIGHT_BITS = 62;

  final int[] rows;
  final PackedSums packing;

  /** By row of the table, as {@link PackedSums} writes it. */
  final long[] packed;

  /** By row of the table, in units of {@link #weightUnit}; null where each draw weighs 1. */
  final long @Nullable [] weights;

  final double weightUnit;

  /** By row of the table; null for numbers. */
  final byte @Nullable [] classes;

  /** Whether rows have weights other than 1. */
  final boolean isWeighted;

  /** What is learnt, by row of the table. */
  final double[] targets;

  private final byte @Nullable [] draws;

  private TreeSample(
      boolean isWeighted,
      double[] targets,
      byte @Nullable [] draws,
      int[] rows,
      PackedSums packing,
      long[] packed,
      long @Nullable [] weights,
      double weightUnit,
      byte @Nullable [] classes) {
    this.isWeighted = isWeighted;
    this.targets = targets;
    this.draws = draws;
    this.rows = rows;
    this.packing = packing;
    this.packed = packed;
    this.weights = weights;
    this.weightUnit = weightUnit;
    this.classes = classes;
  }

  /**
   * Some rows of a table.
   *
   * @param targets what is learnt, by row
   * @param draws how often each row was drawn; null for once each
   * @param classes classes of the label; 0 for a number
   */
  static TreeSample of(BinnedRows table, double[] targets, byte @Nullable [] draws, int classes) {
    int size = 0;
    long count = 0;
    double absolute = 0;
    double weight = 0;
    boolean weighted = table.isWeighted();
    for (int row = 0; row < table.size(); row++) {
      int drawn = draws == null ? 1 : draws[row];
      if (drawn > 0) {
        size++;
        count += drawn;
        weight += drawn * table.weight(row);
        absolute +=
            drawn * Math.abs(classes > 0 ? table.weight(row) : targets[row] * table.weight(row));
      }
    }
    boolean separate = weighted && classes == 0;
    PackedSums packing = PackedSums.of(count, classes > 0 && !weighted ? 0 : absolute);
    double unit = separate ? Math.scalb(1.0, Math.getExponent(weight) - WEIGHT_BITS + 1) : 1.0;
    int[] rows = new int[size];
    long[] packed = new long[table.size()];
    long[] weights = separate ? new long[table.size()] : null;
    byte[] labels = classes > 0 ? new byte[table.size()] : null;
    int at = 0;
    for (int row = 0; row < table.size(); row++) {
      int drawn = draws == null ? 1 : draws[row];
      if (drawn == 0) {
        continue;
      }
      rows[at++] = row;
      double heavy = drawn * table.weight(row);
      if (labels != null) {
        labels[row] = (byte) targets[row];
        packed[row] = packing.pack(drawn, weighted ? heavy : 0);
      } else {
        // Once rounded, a row adds the same each time it is drawn: a node of equal rows is pure.
        packed[row] = drawn * packing.pack(1, targets[row] * table.weight(row));
      }
      if (weights != null) {
        weights[row] = drawn * Math.round(table.weight(row) / unit);
      }
    }
    return new TreeSample(weighted, targets, draws, rows, packing, packed, weights, unit, labels);
  }

  /** How often a row was drawn. */
  int drawn(int row) {
    return draws == null ? 1 : draws[row];
  }
}
