package reforest.train;

import java.io.Serializable;
import java.util.ArrayList;
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
    byte[] bins = new byte[binning.features()];
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      double label = row.getDouble(0);
      double[] values = row.getArray(1).toDoubleArray();
      for (int feature = 0; feature < bins.length; feature++) {
        bins[feature] = binning.bin(feature, values[feature]);
      }
      for (int i = 0; i < predictors.size(); i++) {
        predictors.get(i).add(label, bins, sums.get(i));
      }
    }
    return sums;
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
    if (classes == 0) {
      return boosting ? margin(bins) : margin(bins) / trees.size();
    }
    return boosting ? (margin(bins) > 0 ? 1 : 0) : heaviest(shares(bins));
  }

  /** The sum of the trees' numbers. */
  private double margin(byte[] bins) {
    double sum = 0;
    for (int tree = 0; tree < trees.size(); tree++) {
      double weight = boosting && tree > 0 ? stepSize : 1.0;
      GrownTree grown = trees.get(tree);
      sum += weight * grown.prediction(grown.leaf(bins));
    }
    return sum;
  }

  /** The mean over the trees of each class's share. */
  private double[] shares(byte[] bins) {
    double[] votes = new double[classes];
    for (GrownTree tree : trees) {
      tree.addShares(tree.leaf(bins), votes);
    }
    for (int k = 0; k < classes; k++) {
      votes[k] /= trees.size();
    }
    return votes;
  }

  private static int heaviest(double[] shares) {
    int best = 0;
    for (int k = 1; k < shares.length; k++) {
      best = shares[k] > shares[best] ? k : best;
    }
    return best;
  }

  private void add(double label, byte[] bins, FoldSums sums) {
    if (classes == 0) {
      sums.add(label, predict(bins));
    } else if (boosting) {
      double margin = margin(bins);
      double positive = 1 / (1 + Math.exp(-2 * margin));
      sums.add((int) label, new double[] {1 - positive, positive}, margin > 0 ? 1 : 0, margin);
    } else {
      double[] shares = shares(bins);
      sums.add((int) label, shares, heaviest(shares), shares[classes - 1]);
    }
  }
}
