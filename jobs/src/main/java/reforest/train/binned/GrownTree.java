package reforest.train.binned;

import java.io.Serializable;
import java.util.Arrays;

/** A tree as arrays over its nodes: the root first, and each node before its children. */
public final class GrownTree implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int classes;
  private final int width;

  /** What a node splits; -1 for a leaf. */
  private final int[] feature;

  /** The last bin that goes left, where a number is split; -1 for a category. */
  private final int[] lastLeft;

  /** The categories that go left, 256 bits in four words from {@code 4 * node}. */
  private final long[] leftBins;

  private final int[] left;
  private final int[] right;
  private final double[] gain;

  /** For each node weight, sum and sum of squares of its labels, or the weight of each class. */
  private final double[] statistics;

  private final long[] counts;

  GrownTree(
      int classes,
      int width,
      int[] feature,
      int[] lastLeft,
      long[] leftBins,
      int[] left,
      int[] right,
      double[] gain,
      double[] statistics,
      long[] counts) {
    this.classes = classes;
    this.width = width;
    this.feature = feature;
    this.lastLeft = lastLeft;
    this.leftBins = leftBins;
    this.left = left;
    this.right = right;
    this.gain = gain;
    this.statistics = statistics;
    this.counts = counts;
  }

  /** Classes of the label; 0 for a number. */
  public int classes() {
    return classes;
  }

  /** How many nodes there are. */
  public int nodes() {
    return feature.length;
  }

  /** Splits that a training row passes on average. */
  public double visits() {
    double visits = 0;
    for (int node = 0; node < nodes(); node++) {
      visits += isLeaf(node) ? 0 : (double) counts[node] / counts[0];
    }
    return visits;
  }

  boolean isLeaf(int node) {
    return feature[node] < 0;
  }

  int feature(int node) {
    return feature[node];
  }

  int lastLeft(int node) {
    return lastLeft[node];
  }

  boolean goesLeft(int node, int bin) {
    int last = lastLeft[node];
    return last >= 0 ? bin <= last : (leftBins[4 * node + (bin >>> 6)] >>> bin & 1) != 0;
  }

  int left(int node) {
    return left[node];
  }

  int right(int node) {
    return right[node];
  }

  /** How much a split lowers the impurity; NaN for a leaf. */
  double gain(int node) {
    return gain[node];
  }

  /** Training rows of a node, each as often as it was drawn. */
  long count(int node) {
    return counts[node];
  }

  /** Weight, sum and sum of squares of a node's labels, or the weight of each class. */
  public double[] statistics(int node) {
    return Arrays.copyOfRange(statistics, node * width, (node + 1) * width);
  }

  /** What a node would predict as a leaf: a mean, or the index of the heaviest class. */
  public double prediction(int node) {
    if (classes == 0) {
      return statistics[node * width + 1] / statistics[node * width];
    }
    int best = 0;
    for (int k = 1; k < classes; k++) {
      best = statistics[node * width + k] > statistics[node * width + best] ? k : best;
    }
    return best;
  }

  /** Variance, or Gini's impurity, of a node's labels. */
  public double impurity(int node) {
    double[] of = statistics(node);
    if (classes == 0) {
      return Math.max(0, (of[2] - of[1] * of[1] / of[0]) / of[0]);
    }
    double all = Arrays.stream(of).sum();
    double impurity = 1;
    for (double weight : of) {
      impurity -= weight / all * (weight / all);
    }
    return impurity;
  }

  /** The leaf that a row comes to. */
  int leaf(byte[][] columns, int row) {
    int node = 0;
    while (feature[node] >= 0) {
      node = goesLeft(node, columns[feature[node]][row] & 255) ? left[node] : right[node];
    }
    return node;
  }

  /**
   * The leaf that a row comes to.
   *
   * @param bins the row's bin for each feature
   */
  public int leaf(byte[] bins) {
    int node = 0;
    while (feature[node] >= 0) {
      node = goesLeft(node, bins[feature[node]] & 255) ? left[node] : right[node];
    }
    return node;
  }

  /** Adds the share of each class among a leaf's training rows. */
  public void addShares(int leaf, double[] shares) {
    double all = 0;
    for (int k = 0; k < classes; k++) {
      all += statistics[leaf * width + k];
    }
    for (int k = 0; k < classes; k++) {
      shares[k] += statistics[leaf * width + k] / all;
    }
  }

  /**
   * The tree as it would have grown to a smaller depth, with sibling leaves that predict the same
   * made one: the same number, or the same share of each class. MLlib takes one heaviest class for
   * the same and so forgets the shares (SPARK-34591), which is all that a forest knows of a rare
   * class.
   */
  public GrownTree cut(int depth) {
    int[] level = new int[nodes()];
    boolean[] leaf = new boolean[nodes()];
    for (int node = 0; node < nodes(); node++) {
      leaf[node] = isLeaf(node) || level[node] >= depth;
      if (!isLeaf(node)) {
        level[left[node]] = level[node] + 1;
        level[right[node]] = level[node] + 1;
      }
    }
    // Children stand after their parents: backwards, a node meets the final state of its children.
    for (int node = nodes() - 1; node >= 0; node--) {
      if (!leaf[node]
          && leaf[left[node]]
          && leaf[right[node]]
          && predictTheSame(left[node], right[node])) {
        leaf[node] = true;
      }
    }
    return new Copy(this, leaf).copied();
  }

  private boolean predictTheSame(int one, int other) {
    return classes == 0
        ? prediction(one) == prediction(other)
        : Arrays.equals(shares(one), shares(other));
  }

  private double[] shares(int leaf) {
    double[] shares = new double[classes];
    addShares(leaf, shares);
    return shares;
  }

  /** Copies what can still be reached from the root. */
  private static final class Copy {

    private final GrownTree from;
    private final boolean[] leaf;
    private final TreeBuilder to;

    Copy(GrownTree from, boolean[] leaf) {
      this.from = from;
      this.leaf = leaf;
      this.to = new TreeBuilder(from.classes, from.width);
    }

    GrownTree copied() {
      copy(0);
      return to.build();
    }

    private int copy(int node) {
      int copy = to.add(from.counts[node]);
      to.statistics(copy, from.statistics(node));
      if (!leaf[node]) {
        to.split(
            copy,
            from.feature[node],
            from.lastLeft[node],
            Arrays.copyOfRange(from.leftBins, 4 * node, 4 * node + 4),
            from.gain[node]);
        int leftCopy = copy(from.left[node]);
        int rightCopy = copy(from.right[node]);
        to.children(copy, leftCopy, rightCopy);
      }
      return copy;
    }
  }
}
