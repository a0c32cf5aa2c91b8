package reforest.train.binned;

import java.util.Arrays;

/** Collects a tree's nodes while it grows. */
final class TreeBuilder {

  private final int width;
  private final int classes;
  private int size;
  private int[] feature = new int[16];
  private long[] leftBins = new long[64];
  private int[] lastLeft = new int[16];
  private int[] left = new int[16];
  private int[] right = new int[16];
  private double[] gain = new double[16];
  private double[] statistics;
  private long[] counts = new long[16];

  TreeBuilder(int classes, int width) {
    this.classes = classes;
    this.width = width;
    this.statistics = new double[16 * width];
  }

  /** A leaf, until it is split. */
  int add(long count) {
    if (size == feature.length) {
      int room = 2 * size;
      feature = Arrays.copyOf(feature, room);
      leftBins = Arrays.copyOf(leftBins, 4 * room);
      lastLeft = Arrays.copyOf(lastLeft, room);
      left = Arrays.copyOf(left, room);
      right = Arrays.copyOf(right, room);
      gain = Arrays.copyOf(gain, room);
      statistics = Arrays.copyOf(statistics, room * width);
      counts = Arrays.copyOf(counts, room);
    }
    feature[size] = -1;
    lastLeft[size] = -1;
    gain[size] = Double.NaN;
    counts[size] = count;
    return size++;
  }

  void split(int node, int by, int last, long[] bins, double gained) {
    feature[node] = by;
    lastLeft[node] = last;
    System.arraycopy(bins, 0, leftBins, 4 * node, 4);
    gain[node] = gained;
  }

  void children(int node, int leftChild, int rightChild) {
    left[node] = leftChild;
    right[node] = rightChild;
  }

  void statistics(int node, double[] values) {
    System.arraycopy(values, 0, statistics, node * width, width);
  }

  /** A node's rows are its children's. */
  void addUp(int node) {
    for (int i = 0; i < width; i++) {
      statistics[node * width + i] =
          statistics[left[node] * width + i] + statistics[right[node] * width + i];
    }
  }

  GrownTree build() {
    return new GrownTree(
        classes,
        width,
        Arrays.copyOf(feature, size),
        Arrays.copyOf(lastLeft, size),
        Arrays.copyOf(leftBins, 4 * size),
        Arrays.copyOf(left, size),
        Arrays.copyOf(right, size),
        Arrays.copyOf(gain, size),
        Arrays.copyOf(statistics, size * width),
        Arrays.copyOf(counts, size));
  }
}
