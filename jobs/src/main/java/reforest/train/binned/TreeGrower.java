package reforest.train.binned;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reforest.statistics.CounterRandom;

/**
 * Grows one tree after the other on the same rows, reusing its memory; for one caller at a time.
 *
 * <p>Where all features are tried at each split, the larger child's histogram is what the smaller
 * one's leaves of the parent's.
 */
final class TreeGrower {

  private final BinnedRows table;
  private final Binning binning;
  private final TreeSettings growth;
  private final Histograms histograms;
  private final SplitSearch search;
  private final boolean allFeatures;
  private final int[] features;
  private final int[] order;
  private final int[] spare;
  private final Histograms.@Nullable Node[] pool = new Histograms.Node[64];
  private int pooled;
  private final double[] sums;
  private final boolean[] goesLeft = new boolean[256];

  /** The tree at hand. */
  private static final class Task {
    final TreeSample sample;
    final CounterRandom choices;
    final TreeBuilder tree;
    final int[] leaves;

    Task(TreeSample sample, CounterRandom choices, TreeBuilder tree, int[] leaves) {
      this.sample = sample;
      this.choices = choices;
      this.tree = tree;
      this.leaves = leaves;
    }
  }

  TreeGrower(BinnedRows table, Binning binning, TreeSettings growth, FeatureThreads crew) {
    this.table = table;
    this.binning = binning;
    this.growth = growth;
    this.histograms = new Histograms(table, binning, growth.classes(), crew);
    this.search = new SplitSearch(binning, growth, histograms);
    this.features =
        IntStream.range(0, binning.features()).filter(f -> binning.bins(f) > 1).toArray();
    this.allFeatures = growth.featuresPerNode() >= binning.features();
    this.order = new int[table.size()];
    this.spare = new int[table.size()];
    this.sums = new double[growth.statistics()];
  }

  /**
   * Grows a tree.
   *
   * @param targets what is learnt, by row: a number, or the index of a class
   * @param draws how often each row was drawn, below 128; null for once each
   * @param choices for the features that are tried
   * @param leaves is filled with the leaf of each row that was drawn
   */
  GrownTree grow(double[] targets, byte @Nullable [] draws, CounterRandom choices, int[] leaves) {
    TreeSample sample = TreeSample.of(table, targets, draws, growth.classes());
    System.arraycopy(sample.rows, 0, order, 0, sample.rows.length);
    TreeBuilder tree = new TreeBuilder(growth.classes(), growth.statistics());
    Task task = new Task(sample, choices, tree, leaves);
    long count = 0;
    for (int row : sample.rows) {
      count += sample.drawn(row);
    }
    Histograms.Node root = null;
    if (allFeatures && canSplit(count, 0)) {
      root = take();
      histograms.fill(root, sample, order, 0, sample.rows.length, features);
    }
    node(task, 0, sample.rows.length, count, 0, 1, root);
    return tree.build();
  }

  private boolean canSplit(long count, int level) {
    return level < growth.maxDepth() && count >= 2L * growth.minInstancesPerNode() && count > 1;
  }

  /**
   * Grows what hangs below one node.
   *
   * @param path 1 for the root, then twice the parent's, one more on the right
   * @param given sums over all features, which this call gives back; null to compute what is needed
   */
  private int node(
      Task task,
      int from,
      int to,
      long count,
      int level,
      long path,
      Histograms.@Nullable Node given) {
    int node = task.tree.add(count);
    if (!canSplit(count, level) || !find(task, from, to, count, path, given)) {
      give(given);
      leaf(task, node, from, to);
      return node;
    }
    int feature = search.feature();
    long[] bins = search.leftBins();
    int last = search.lastLeft();
    for (int bin = 0; bin < goesLeft.length; bin++) {
      goesLeft[bin] = last >= 0 ? bin <= last : (bins[bin >>> 6] >>> bin & 1) != 0;
    }
    task.tree.split(node, feature, last, last >= 0 ? new long[4] : bins, search.gain());
    long leftCount = search.leftCount();
    int middle = partition(table.column(feature), from, to);
    Histograms.Node leftSums = null;
    Histograms.Node rightSums = null;
    boolean splitsLeft = canSplit(leftCount, level + 1);
    boolean splitsRight = canSplit(count - leftCount, level + 1);
    if (given != null && (splitsLeft || splitsRight)) {
      boolean leftIsSmaller = middle - from <= to - middle;
      Histograms.Node smaller = take();
      histograms.fill(
          smaller,
          task.sample,
          order,
          leftIsSmaller ? from : middle,
          leftIsSmaller ? middle : to,
          features);
      if (leftIsSmaller ? splitsRight : splitsLeft) {
        histograms.subtract(given, smaller);
      }
      leftSums = leftIsSmaller ? smaller : given;
      rightSums = leftIsSmaller ? given : smaller;
    } else {
      give(given);
    }
    int leftChild = node(task, from, middle, leftCount, level + 1, 2 * path, leftSums);
    int rightChild = node(task, middle, to, count - leftCount, level + 1, 2 * path + 1, rightSums);
    task.tree.children(node, leftChild, rightChild);
    task.tree.addUp(node);
    return node;
  }

  private boolean find(
      Task task, int from, int to, long count, long path, Histograms.@Nullable Node given) {
    if (given != null) {
      return search.find(given, task.sample, count, features);
    }
    int[] tried =
        new CounterRandom(task.choices.bits(path), 0)
            .choose(growth.featuresPerNode(), binning.features());
    Histograms.Node sums = take();
    histograms.fill(sums, task.sample, order, from, to, tried);
    boolean found = search.find(sums, task.sample, count, tried);
    give(sums);
    return found;
  }

  /** Moves the rows that go left before the others; each side keeps its order. */
  private int partition(byte[] column, int from, int to) {
    int left = from;
    int right = 0;
    for (int i = from; i < to; i++) {
      int row = order[i];
      // Both are written and one is kept: a branch here would be guessed wrong half the time.
      order[left] = row;
      spare[right] = row;
      int isLeft = goesLeft[column[row] & 255] ? 1 : 0;
      left += isLeft;
      right += 1 - isLeft;
    }
    System.arraycopy(spare, 0, order, left, right);
    return left;
  }

  /** What a leaf says comes from the rows themselves, not from whole numbers. */
  private void leaf(Task task, int node, int from, int to) {
    double[] targets = task.sample.targets;
    if (growth.isClassification()) {
      Arrays.fill(sums, 0);
      for (int i = from; i < to; i++) {
        int row = order[i];
        task.leaves[row] = node;
        sums[(int) targets[row]] += table.weight(row) * task.sample.drawn(row);
      }
    } else {
      double weights = 0;
      double values = 0;
      double squares = 0;
      for (int i = from; i < to; i++) {
        int row = order[i];
        task.leaves[row] = node;
        double weight = table.weight(row) * task.sample.drawn(row);
        double target = targets[row];
        weights += weight;
        values += weight * target;
        squares += weight * target * target;
      }
      sums[0] = weights;
      sums[1] = values;
      sums[2] = squares;
    }
    task.tree.statistics(node, sums);
  }

  private Histograms.Node take() {
    Histograms.Node node = pooled > 0 ? pool[--pooled] : null;
    return node == null ? histograms.empty() : node;
  }

  private void give(Histograms.@Nullable Node node) {
    if (node != null) {
      pool[pooled++] = node;
    }
  }
}
