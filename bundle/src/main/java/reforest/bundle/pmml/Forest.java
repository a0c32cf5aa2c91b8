package reforest.bundle.pmml;

import java.util.Arrays;

/**
 * Trees in flat arrays, in the order of the document: a left child follows its parent.
 *
 * <p>Several trees are walked at once, each step without a branch that could be guessed wrong: the
 * processor waits for the memory of all of them together. A leaf's next node is itself.
 *
 * <p>Immutable; safe for use by several threads.
 */
final class Forest {

  private final int[] roots;

  /**
   * Two words for each node. The first one is the {@link #key} of a threshold, the place of a set
   * in {@link #words}, or that of a leaf's first value. The second one holds the field in its upper
   * half, for a set counted down from -1; and in its lower half how far the right child lies behind
   * the left one. A leaf splits a field beyond all others, whose key exceeds every first word, and
   * its right child is itself.
   */
  private final long[] nodes;

  /** For each set of codes that go left: the number of codes, then their bits. */
  private final long[] words;

  private final double[] leaves;

  /** By node, the training rows that came to it; empty where nobody said. */
  private final double[] covers;

  private final int fields;

  /** How many values a leaf has. */
  private final int width;

  private Forest(Builder builder) {
    roots = Arrays.copyOf(builder.roots, builder.trees);
    words = Arrays.copyOf(builder.words, builder.wordCount);
    leaves = Arrays.copyOf(builder.leaves, builder.leafValues);
    covers =
        builder.covered == builder.nodes
            ? Arrays.copyOf(builder.covers, builder.nodes)
            : new double[0];
    fields = builder.fields;
    width = builder.width;
    nodes = new long[2 * builder.nodes];
    for (int node = 0; node < builder.nodes; node++) {
      int field = builder.field[node];
      boolean isLeaf = field == Builder.LEAF;
      boolean isSet = builder.set[node] >= 0;
      int at = isLeaf ? fields : isSet ? -1 - field : field;
      nodes[2 * node] =
          isLeaf ? builder.right[node] : isSet ? builder.set[node] : key(builder.threshold[node]);
      int skip = isLeaf ? -1 : builder.right[node] - node - 1;
      nodes[2 * node + 1] = ((long) at << 32) | (skip & 0xffffffffL);
    }
  }

  /** Whole numbers in the order of the numbers, both zeros the same, and NaN above all. */
  private static long key(double value) {
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /** How many trees there are. */
  int trees() {
    return roots.length;
  }

  /** How many nodes all trees have, numbered from 0 in document order. */
  int nodes() {
    return nodes.length / 2;
  }

  /** The number of a tree's first node. */
  int root(int tree) {
    return roots[tree];
  }

  /** The number behind a tree's last node. */
  int end(int tree) {
    return tree + 1 < trees() ? roots[tree + 1] : nodes();
  }

  /** How many splits lead to the deepest leaf. */
  int depth() {
    int[] levels = new int[nodes()];
    int deepest = 0;
    for (int node = 0; node < levels.length; node++) {
      if (!isLeaf(node)) {
        levels[node + 1] = levels[node] + 1;
        levels[right(node)] = levels[node] + 1;
        deepest = Math.max(deepest, levels[node] + 1);
      }
    }
    return deepest;
  }

  /** How many values a leaf has; 0 where there is none. */
  int width() {
    return width;
  }

  /** One of a leaf's values. */
  double leaf(int leaf, int value) {
    return leaves[place(leaf) + value];
  }

  /** Where a split's right child is; its left child follows it. */
  int right(int split) {
    return split + 1 + (int) nodes[2 * split + 1];
  }

  /** Which field a split looks at. */
  int field(int split) {
    int field = (int) (nodes[2 * split + 1] >> 32);
    return field < 0 ? -1 - field : field;
  }

  /** Whether {@link #cover} is known; bundles that were written before nodes had counts lack it. */
  boolean hasCovers() {
    return covers.length > 0;
  }

  /**
   * How many training rows came to a node, each as often as it was drawn and weighted as the
   * trainer weighted it: finite, at least 0, and that of a split the sum of its children's.
   *
   * @throws IllegalStateException when covers are not known
   */
  double cover(int node) {
    if (!hasCovers()) {
      throw new IllegalStateException("the model does not say how many rows came to its nodes");
    }
    return covers[node];
  }

  /** How many splits a training row passes on average, over all trees; NaN when nobody counted. */
  double visits() {
    double visits = hasCovers() ? 0 : Double.NaN;
    for (int tree = 0; hasCovers() && tree < trees(); tree++) {
      double rows = 0;
      for (int node = roots[tree]; node < end(tree); node++) {
        rows += isLeaf(node) ? 0 : covers[node];
      }
      visits += rows / covers[roots[tree]];
    }
    return visits;
  }

  boolean isLeaf(int node) {
    return (int) nodes[2 * node + 1] == -1;
  }

  /** The sum of the trees' values, in document order from 0. */
  double sum(double[] row) {
    long[] keys = keys(row);
    double sum = 0.0;
    int tree = 0;
    for (; tree + 4 <= roots.length; tree += 4) {
      int a = roots[tree];
      int b = roots[tree + 1];
      int c = roots[tree + 2];
      int d = roots[tree + 3];
      int moved;
      do {
        int nextA = next(a, keys, row);
        int nextB = next(b, keys, row);
        int nextC = next(c, keys, row);
        int nextD = next(d, keys, row);
        moved = (a ^ nextA) | (b ^ nextB) | (c ^ nextC) | (d ^ nextD);
        a = nextA;
        b = nextB;
        c = nextC;
        d = nextD;
      } while (moved != 0);
      sum += leaves[place(a)];
      sum += leaves[place(b)];
      sum += leaves[place(c)];
      sum += leaves[place(d)];
    }
    for (; tree < roots.length; tree++) {
      sum += leaves[place(leaf(roots[tree], keys, row))];
    }
    return sum;
  }

  /** The sums of the trees' first {@code width} values, in document order from 0. */
  void sum(double[] row, double[] out, int width) {
    long[] keys = keys(row);
    Arrays.fill(out, 0, width, 0.0);
    for (int root : roots) {
      int place = place(leaf(root, keys, row));
      for (int i = 0; i < width; i++) {
        out[i] += leaves[place + i];
      }
    }
  }

  /** The numbers of a row in the form that {@link #next} compares. */
  long[] keys(double[] row) {
    long[] keys = new long[fields + 1];
    for (int field = 0; field < fields; field++) {
      keys[field] = key(row[field]);
    }
    keys[fields] = Long.MAX_VALUE;
    return keys;
  }

  private int leaf(int root, long[] keys, double[] row) {
    int node = root;
    int next = next(node, keys, row);
    while (next != node) {
      node = next;
      next = next(node, keys, row);
    }
    return node;
  }

  private int place(int leaf) {
    return (int) nodes[2 * leaf];
  }

  /** The child that a row goes to; of a leaf itself. */
  int next(int node, long[] keys, double[] row) {
    long border = nodes[2 * node];
    long split = nodes[2 * node + 1];
    int field = (int) (split >> 32);
    if (field < 0) {
      return node + 1 + (goesLeft((int) border, row[-1 - field]) ? 0 : (int) split);
    }
    long key = keys[field];
    // All ones if border < key, else 0, also where their difference does not fit.
    long isRight = ((border & ~key) | (~(border ^ key) & (border - key))) >> 63;
    return node + 1 + (int) (split & isRight);
  }

  private boolean goesLeft(int start, double value) {
    int unseen = (int) words[start];
    // A number that is no code, NaN included, is unseen.
    int code = value >= 0 && value < unseen ? (int) value : unseen;
    return (words[start + 1 + (code >>> 6)] >>> code & 1) != 0;
  }

  /** Collects trees as they are read. */
  static final class Builder {

    /** Marks a leaf where a split has its field. */
    private static final int LEAF = -1;

    private int[] roots = new int[16];
    private int trees;
    private int fields;
    private int[] field = new int[256];
    private double[] threshold = new double[256];
    private int[] right = new int[256];
    private int[] set = new int[256];
    private int nodes;
    private long[] words = new long[64];
    private int wordCount;
    private double[] leaves = new double[256];
    private int leafValues;
    private int width;
    private double[] covers = new double[256];
    private int covered;

    /** The next node is a root. */
    void startTree() {
      if (trees == roots.length) {
        roots = Arrays.copyOf(roots, trees * 2);
      }
      roots[trees++] = nodes;
    }

    /** Adds a split; the next node is its left child. */
    int split(Split split) {
      int node = add(split.field());
      fields = Math.max(fields, split.field() + 1);
      threshold[node] = split.threshold();
      set[node] = -1;
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
      width = values.length;
    }

    /** How many training rows came to the node that was added last; NaN when nobody said. */
    void cover(double rows) {
      if (nodes > covers.length) {
        covers = Arrays.copyOf(covers, field.length);
      }
      covers[nodes - 1] = rows;
      covered += Double.isNaN(rows) ? 0 : 1;
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
