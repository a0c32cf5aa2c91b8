package reforest.bundle.pmml;

import reforest.bundle.Background;

/**
 * Background rows as a forest sees them: which way each goes at each split, and what its trees say.
 *
 * <p>Immutable; safe for use by several threads.
 */
final class Backdrop {

  private final int rows;

  /** How many words the bits of a node take. */
  private final int words;

  /** By node, a bit for each row: whether it goes right. */
  private final long[] turns;

  /** By value of the leaves and row: the sum of the trees. */
  private final double[][] sums;

  Backdrop(PmmlModel model, Background background) {
    Forest forest = model.forest();
    rows = background.size();
    words = (rows + 63) >>> 6;
    turns = new long[forest.nodes() * words];
    sums = new double[forest.width()][rows];
    double[] fields = new double[model.features().size()];
    double[] out = new double[forest.width()];
    for (int row = 0; row < rows; row++) {
      model.complete(background.row(row), fields);
      forest.sum(fields, out, out.length);
      for (int value = 0; value < out.length; value++) {
        sums[value][row] = out[value];
      }
      long[] keys = forest.keys(fields);
      for (int node = 0; node < forest.nodes(); node++) {
        // A leaf has no right child.
        if (forest.next(node, keys, fields) > node + 1) {
          turns[node * words + (row >>> 6)] |= 1L << row;
        }
      }
    }
  }

  /** How many rows there are. */
  int rows() {
    return rows;
  }

  /** Whether a row goes right at a split. */
  boolean goesRight(int row, int split) {
    return (turns[split * words + (row >>> 6)] >>> row & 1) != 0;
  }

  /** The sum of the trees' values for a row. */
  double sum(int row, int value) {
    return sums[value][row];
  }
}
