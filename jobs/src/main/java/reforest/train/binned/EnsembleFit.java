package reforest.train.binned;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import reforest.statistics.CounterRandom;

/**
 * What one task fits: a part of a forest, or boosted trees from the first to the last.
 *
 * <p>A forest's tree depends on its own number alone, and a boosted one on those before it, so the
 * longest ensemble holds every shorter one.
 */
public sealed interface EnsembleFit extends Serializable {

  /** Draws for rows and for features have numbers of their own, two for each tree. */
  private static CounterRandom rowDraws(long seed, int tree) {
    return new CounterRandom(seed, 2L * tree);
  }

  private static CounterRandom featureDraws(long seed, int tree) {
    return new CounterRandom(seed, 2L * tree + 1);
  }

  /**
   * A tree and what it took.
   *
   * @param tree as it grew, with sibling leaves of one prediction still apart
   * @param seconds time of the thread that grew it
   */
  record Timed(GrownTree tree, double seconds) implements Serializable {}

  /**
   * Grows the trees, in their order.
   *
   * @param threads how many share the features of a tree; they do not change it
   */
  List<Timed> fit(BinnedRows rows, Binning binning, int threads);

  /**
   * Some trees of a random forest (Breiman 2001): each from as many rows as there are times {@code
   * rate}, drawn with replacement.
   *
   * @param first number of the first tree, from 0
   * @param end number after the last tree's
   * @param bootstrap whether rows are drawn; otherwise each tree learns from all
   * @param rate above 0, at most 1
   */
  record Forest(TreeSettings growth, int first, int end, boolean bootstrap, double rate, long seed)
      implements EnsembleFit {

    @Override
    public List<Timed> fit(BinnedRows rows, Binning binning, int threads) {
      try (FeatureThreads crew = new FeatureThreads(threads)) {
        return fit(rows, new TreeGrower(rows, binning, growth, crew));
      }
    }

    private List<Timed> fit(BinnedRows rows, TreeGrower grower) {
      double[] labels = labels(rows);
      int[] leaves = new int[rows.size()];
      byte[] drawn = bootstrap ? new byte[rows.size()] : null;
      List<Timed> trees = new ArrayList<>();
      for (int tree = first; tree < end; tree++) {
        long start = System.nanoTime();
        if (drawn != null) {
          CounterRandom draws = rowDraws(seed, tree);
          for (int row = 0; row < drawn.length; row++) {
            drawn[row] = (byte) draws.poisson(row, rate);
          }
        }
        GrownTree grown = grower.grow(labels, drawn, featureDraws(seed, tree), leaves);
        trees.add(new Timed(grown, (System.nanoTime() - start) / 1e9));
      }
      return trees;
    }
  }

  /**
   * Gradient-boosted trees (Friedman 2001), stochastic where {@code rate} is below 1 (Friedman
   * 2002), with MLlib's losses: half the gradient's steps for squared error are {@code label -
   * prediction}, and for two classes, written -1 and 1, the loss is {@code 2 log(1 + exp(-2 y F))}.
   *
   * @param classification whether labels are the classes 0 and 1
   * @param fromMean whether a leaf comes before the trees, the constant that has the least loss
   * @param stepSize weight of all but the first, that leaf or else a tree, whose weight is 1
   * @param rate share of the rows that a tree learns from, each drawn once or not
   */
  record Boosting(
      TreeSettings growth,
      boolean classification,
      boolean fromMean,
      int iterations,
      double stepSize,
      double rate,
      long seed)
      implements EnsembleFit {

    /** A leaf's odds stay finite where all rows are of one class. */
    private static final double MOST = 1 - 1e-15;

    @Override
    public List<Timed> fit(BinnedRows rows, Binning binning, int threads) {
      try (FeatureThreads crew = new FeatureThreads(threads)) {
        return fit(rows, new TreeGrower(rows, binning, growth, crew));
      }
    }

    private List<Timed> fit(BinnedRows rows, TreeGrower grower) {
      double[] labels = labels(rows);
      if (classification) {
        for (int row = 0; row < labels.length; row++) {
          labels[row] = 2 * labels[row] - 1;
        }
      }
      double[] targets = labels.clone();
      double[] predictions = new double[labels.length];
      int[] leaves = new int[labels.length];
      byte[] drawn = rate < 1 ? new byte[labels.length] : null;
      byte[][] columns = new byte[rows.features()][];
      Arrays.setAll(columns, rows::column);
      List<Timed> trees = new ArrayList<>();
      if (fromMean) {
        GrownTree leaf = leaf(rows, labels);
        trees.add(new Timed(leaf, 0));
        Arrays.fill(predictions, leaf.prediction(0));
        aim(labels, predictions, targets);
      }
      for (int tree = 0; tree < iterations; tree++) {
        long start = System.nanoTime();
        if (drawn != null) {
          draw(rowDraws(seed, tree), drawn);
        }
        GrownTree grown = grower.grow(targets, drawn, featureDraws(seed, tree), leaves);
        double weight = trees.isEmpty() ? 1.0 : stepSize;
        double[] steps = new double[grown.nodes()];
        Arrays.setAll(steps, node -> weight * grown.prediction(node));
        for (int row = 0; row < labels.length; row++) {
          int leaf = drawn == null || drawn[row] > 0 ? leaves[row] : grown.leaf(columns, row);
          predictions[row] += steps[leaf];
        }
        aim(labels, predictions, targets);
        trees.add(new Timed(grown, (System.nanoTime() - start) / 1e9));
      }
      return trees;
    }

    /** The mean, and of the labels -1 and 1 half their log-odds. */
    private GrownTree leaf(BinnedRows rows, double[] labels) {
      double weight = 0;
      double sum = 0;
      for (int row = 0; row < labels.length; row++) {
        weight += rows.weight(row);
        sum += rows.weight(row) * labels[row];
      }
      double value = sum / weight;
      if (classification) {
        double balance = Math.max(-MOST, Math.min(MOST, value));
        value = Math.log((1 + balance) / (1 - balance)) / 2;
      }
      TreeBuilder leaf = new TreeBuilder(growth.classes(), growth.statistics());
      leaf.statistics(
          leaf.add(labels.length), new double[] {weight, weight * value, weight * value * value});
      return leaf.build();
    }

    private void draw(CounterRandom draws, byte[] drawn) {
      for (int row = 0; row < drawn.length; row++) {
        drawn[row] = (byte) (draws.uniform(row) < rate ? 1 : 0);
      }
    }

    /** The next tree learns the negative gradient of the loss. */
    private void aim(double[] labels, double[] predictions, double[] targets) {
      for (int row = 0; row < labels.length; row++) {
        double label = labels[row];
        targets[row] =
            classification
                ? 4 * label / (1 + Math.exp(2 * label * predictions[row]))
                : 2 * (label - predictions[row]);
      }
    }
  }

  private static double[] labels(BinnedRows rows) {
    double[] labels = new double[rows.size()];
    Arrays.setAll(labels, rows::label);
    return labels;
  }

  /** The trees without their times, cut to a depth. */
  static List<GrownTree> trees(List<Timed> grown, int depth) {
    return grown.stream().map(timed -> timed.tree().cut(depth)).toList();
  }
}
