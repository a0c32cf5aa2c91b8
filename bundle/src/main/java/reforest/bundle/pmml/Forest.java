package reforest.bundle.pmml;

import java.util.Arrays;

/**
 * Trees in flat arrays, in the order of the document: a left child follows its parent.
 *
 * <p>Immutable; safe for use by several threads.
 */
final class Forest {

  /** Marks a leaf where a split has its field. Categorical splits count down from below it. */
  private static final int LEAF = -1;

  private final int[] roots;

  /** The field of a numeric split; {@code LEAF}; or {@code LEAF - 1 - field} of a categorical. */
  private final int[] field;

  private final double[] threshold;

  /** The right child of a split; of a leaf, the place of its first value. */
  private final int[] right;

  /** Where the codes that go left begin in {@link #words}: the number of codes, then their bits. */
  private final int[] set;

  private final long[] words;
  private final double[] leaves;

  private Forest(Builder builder) {
    roots = Arrays.copyOf(builder.roots, builder.trees);
    field = Arrays.copyOf(builder.field, builder.nodes);
    threshold = Arrays.copyOf(builder.threshold, builder.nodes);
    right = Arrays.copyOf(builder.right, builder.nodes);
    set = Arrays.copyOf(builder.set, builder.nodes);
    words = Arrays.copyOf(builder.words, builder.wordCount);
    leaves = Arrays.copyOf(builder.leaves, builder.leafValues);
  }

  /** How many trees there are. */
  int trees() {
    return roots.length;
  }

  /** The sum of the trees' values, in document order from 0. */
  double sum(double[] fields) {
    double sum = 0.0;
    for (int root : roots) {
      sum += leaves[leaf(root, fields)];
    }
    return sum;
  }

  /** The sums of the trees' first {@code width} values, in document order from 0. */
  void sum(double[] fields, double[] out, int width) {
    Arrays.fill(out, 0, width, 0.0);
    for (int root : roots) {
      int leaf = leaf(root, fields);
      for (int i = 0; i < width; i++) {
        out[i] += leaves[leaf + i];
      }
    }
  }

  private int leaf(int root, double[] fields) {
    int node = root;
    while (true) {
      int at = field[node];
      if (at >= 0) {
        // NaN is not below the threshold, so it goes right.
        node = fields[at] <= threshold[node] ? node + 1 : right[node];
      } else if (at == LEAF) {
        return right[node];
      } else {
        node = goesLeft(set[node], fields[LEAF - 1 - at]) ? node + 1 : right[node];
      }
    }
  }

  private boolean goesLeft(int start, double value) {
    int unseen = (int) words[start];
    // A number that is no code, NaN included, is unseen.
    int code = value >= 0 && value < unseen ? (int) value : unseen;
    return (words[start + 1 + (code >>> 6)] >>> code & 1) != 0;
  }

  /** Collects trees as they are read. */
  static final class Builder {

    private int[] roots = new int[16];
    private int trees;
    private int[] field = new int[256];
    private double[] threshold = new double[256];
    private int[] right = new int[256];
    private int[] set = new int[256];
    private int nodes;
    private long[] words = new long[64];
    private int wordCount;
    private double[] leaves = new double[256];
    private int leafValues;

    /** The next node is a root. */
    void startTree() {
      if (trees == roots.length) {
        roots = Arrays.copyOf(roots, trees * 2);
      }
      roots[trees++] = nodes;
    }

    /** Adds a split; the next node is its left child. */
    int split(Split split) {
      int node = add(split.isSet() ? LEAF - 1 - split.field() : split.field());
      threshold[node] = split.threshold();
      if (split.isSet()) {
        long[] left = split.left();
        set[node] = wordCount;
        while (wordCount + 1 + left.length > words.length) {
          words = Arrays.copyOf(words, words.length * 2);
        }
        words[wordCount] = split.unseen();
        System.arraycopy(left, 0, words, wordCount + 1, left.length);
        wordCount += 1 + left.length;
      }
      return node;
    }

    /** The next node is the right child of {@code node}. */
    void startRight(int node) {
      right[node] = nodes;
    }

    /** Adds a leaf. */
    void leaf(double... values) {
      int node = add(LEAF);
      right[node] = leafValues;
      while (leafValues + values.length > leaves.length) {
        leaves = Arrays.copyOf(leaves, leaves.length * 2);
      }
      System.arraycopy(values, 0, leaves, leafValues, values.length);
      leafValues += values.length;
    }

    private int add(int at) {
      if (nodes == field.length) {
        field = Arrays.copyOf(field, nodes * 2);
        threshold = Arrays.copyOf(threshold, nodes * 2);
        right = Arrays.copyOf(right, nodes * 2);
        set = Arrays.copyOf(set, nodes * 2);
      }
      field[nodes] = at;
      return nodes++;
    }

    Forest build() {
      return new Forest(this);
    }
  }
}
