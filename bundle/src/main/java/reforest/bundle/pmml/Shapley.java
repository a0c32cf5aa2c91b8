package reforest.bundle.pmml;

import java.util.Arrays;

/**
 * Shares out the sum of a forest's trees among the fields that they split.
 *
 * <p>Immutable; safe for use by several threads.
 */
final class Shapley {

  private final Forest forest;
  private final ShapleyTree[] trees;
  private final double[] bases;

  /**
   * @param forest one that knows its covers
   */
  Shapley(Forest forest) {
    this.forest = forest;
    this.trees = new ShapleyTree[forest.trees()];
    Arrays.setAll(trees, tree -> new ShapleyTree(forest, tree));
    this.bases = new double[forest.width()];
    Arrays.setAll(bases, value -> Arrays.stream(trees).mapToDouble(t -> t.base(value)).sum());
  }

  /** The sum of what the trees say on average over their training rows. */
  double base(int value) {
    return bases[value];
  }

  /**
   * Adds each field's share of the difference between what the trees say of a row and {@link
   * #base}.
   *
   * @param fields of the row, derived ones included
   * @param value which of the leaves' values is shared out
   * @param sums by field
   */
  void add(double[] fields, int value, double[] sums, ShapleyTree.Room room) {
    long[] keys = forest.keys(fields);
    for (ShapleyTree tree : trees) {
      tree.add(fields, keys, value, sums, room);
    }
  }

  /**
   * What {@link #add(double[], int, double[], ShapleyTree.Room)} does, for some rows: a tree that a
   * processor has at hand is asked for all of them before the next one.
   *
   * @param from the first of the rows
   * @param to the number behind the last of them
   * @param fields by row from {@code from} on
   * @param sums by row
   */
  void add(int from, int to, double[][] fields, int value, double[][] sums, ShapleyTree.Room room) {
    long[][] keys = new long[to - from][];
    for (int row = from; row < to; row++) {
      keys[row - from] = forest.keys(fields[row - from]);
    }
    for (ShapleyTree tree : trees) {
      for (int row = from; row < to; row++) {
        tree.add(fields[row - from], keys[row - from], value, sums[row], room);
      }
    }
  }
}
