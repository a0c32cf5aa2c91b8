package reforest.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import reforest.train.binned.Binning;
import reforest.train.binned.GrownTree;
import scala.collection.Seq;

/**
 * Predicts with grown trees what MLlib's models predict with the same trees.
 *
 * @param trees in their order
 * @param boosting whether they are boosted
 * @param stepSize weight of all boosted trees but the first
 * @param classes classes of the label; 0 for a regression
 */
record Predictor(List<GrownTree> trees, boolean boosting, double stepSize, int classes)
    implements Serializable {

  static Predictor of(Candidate candidate, List<GrownTree> trees, int classes) {
    return candidate instanceof Candidate.GradientBoosting boosted
        ? new Predictor(List.copyOf(trees), true, boosted.stepSize(), classes)
        : new Predictor(List.copyOf(trees), false, 1.0, classes);
  }

  /** Weight of the numbers of the tree at a position. */
  double weight(int tree) {
    return boosting && tree > 0 ? stepSize : 1.0;
  }

  /**
   * Sums over a part of the rows, for each predictor.
   *
   * @param rows label and values
   * @param none sums of no rows
   */
  static List<FoldSums> score(
      Iterator<InternalRow> rows, Binning binning, List<Predictor> predictors, FoldSums none) {
    List<FoldSums> sums = new ArrayList<>();
    predictors.forEach(predictor -> sums.add(none.copy()));
    List<List<Integer>> ensembles = ensembles(predictors);
    byte[] bins = new byte[binning.features()];
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      double label = row.getDouble(0);
      double[] values = row.getArray(1).toDoubleArray();
      for (int feature = 0; feature < bins.length; feature++) {
        bins[feature] = binning.bin(feature, values[feature]);
      }
      for (List<Integer> ensemble : ensembles) {
        Votes votes = new Votes(predictors.get(ensemble.get(0)).classes);
        for (int i : ensemble) {
          Predictor predictor = predictors.get(i);
          predictor.count(bins, votes);
          predictor.add(label, votes, sums.get(i));
        }
      }
    }
    return sums;
  }

  /** Positions of predictors that begin with the same trees, those with fewer first. */
  private static List<List<Integer>> ensembles(List<Predictor> predictors) {
    IdentityHashMap<GrownTree, List<Integer>> byFirst = new IdentityHashMap<>();
    for (int i = 0; i < predictors.size(); i++) {
      byFirst.computeIfAbsent(predictors.get(i).trees.get(0), first -> new ArrayList<>()).add(i);
    }
    for (List<Integer> of : byFirst.values()) {
      of.sort(Comparator.comparingInt(i -> predictors.get(i).trees.size()));
    }
    return List.copyOf(byFirst.values());
  }

  /** What the first trees of an ensemble say of a row. */
  private static final class Votes {
    private int trees;

    /** The sum of the trees' numbers. */
    private double margin;

    /** The sum of the trees' shares of each class. */
    private final double[] shares;

    private Votes(int classes) {
      this.shares = new double[classes];
    }
  }

  /** The predicted number or class, from an array of values. */
  Column column(Binning binning, Column values) {
    UDF1<Seq<Double>, Double> predict =
        of -> {
          byte[] bins = new byte[binning.features()];
          for (int feature = 0; feature < bins.length; feature++) {
            bins[feature] = binning.bin(feature, of.apply(feature));
          }
          return predict(bins);
        };
    return functions.udf(predict, DataTypes.DoubleType).apply(values);
  }

  private double predict(byte[] bins) {
    Votes votes = new Votes(classes);
    count(bins, votes);
    if (classes == 0) {
      return number(votes);
    }
    return boosting ? (votes.margin > 0 ? 1 : 0) : heaviest(shares(votes));
  }

  /** Lets the trees vote that have not yet. */
  private void count(byte[] bins, Votes votes) {
    for (; votes.trees < trees.size(); votes.trees++) {
      GrownTree tree = trees.get(votes.trees);
      int leaf = tree.leaf(bins);
      if (classes > 0 && !boosting) {
        tree.addShares(leaf, votes.shares);
      } else {
        votes.margin += weight(votes.trees) * tree.prediction(leaf);
      }
    }
  }

  private double number(Votes votes) {
    return boosting ? votes.margin : votes.margin / trees.size();
  }

  /** The mean over the trees of each class's share. */
  private double[] shares(Votes votes) {
    return Arrays.stream(votes.shares).map(share -> share / trees.size()).toArray();
  }

  private static int heaviest(double[] shares) {
    int best = 0;
    for (int k = 1; k < shares.length; k++) {
      best = shares[k] > shares[best] ? k : best;
    }
    return best;
  }

  private void add(double label, Votes votes, FoldSums sums) {
    if (classes == 0) {
      sums.add(label, number(votes));
    } else if (boosting) {
      double margin = votes.margin;
      double positive = 1 / (1 + Math.exp(-2 * margin));
      sums.add((int) label, new double[] {1 - positive, positive}, margin > 0 ? 1 : 0, margin);
    } else {
      double[] shares = shares(votes);
      sums.add((int) label, shares, heaviest(shares), shares[classes - 1]);
    }
  }
}
