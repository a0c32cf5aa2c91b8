package reforest.train;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import reforest.config.ErrorCosts;

/**
 * Counts the rows of either class on either side of many probability thresholds, so that the one
 * whose decisions cost least can be chosen; counts of parts add up.
 *
 * <p>The odds of neighbouring thresholds differ by some three percent, from one to nine million to
 * nine million to one, with even odds among them.
 */
final class ThresholdCurve implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int PER_UNIT = 32;
  private static final int LARGEST_LOG_ODDS = 16;
  private static final double[] THRESHOLDS = thresholds();

  /** By how many thresholds a row reaches. */
  private final long[] positives = new long[THRESHOLDS.length + 1];

  private final long[] negatives = new long[THRESHOLDS.length + 1];

  private static double[] thresholds() {
    double[] thresholds = new double[2 * LARGEST_LOG_ODDS * PER_UNIT + 1];
    Arrays.setAll(
        thresholds, i -> 1 / (1 + StrictMath.exp(LARGEST_LOG_ODDS - (double) i / PER_UNIT)));
    return thresholds;
  }

  /**
   * Takes a row into account.
   *
   * @param probability of the positive class; must not be NaN
   */
  void add(boolean positive, double probability) {
    int place = Arrays.binarySearch(THRESHOLDS, probability);
    int reached = place < 0 ? -place - 1 : place + 1;
    (positive ? positives : negatives)[reached]++;
  }

  ThresholdCurve merge(ThresholdCurve other) {
    for (int i = 0; i < positives.length; i++) {
      positives[i] += other.positives[i];
      negatives[i] += other.negatives[i];
    }
    return this;
  }

  long rows() {
    return Arrays.stream(positives).sum() + Arrays.stream(negatives).sum();
  }

  /** Mean cost of a row's decision where the positive class is decided for from a threshold on. */
  double cost(ErrorCosts costs, double threshold) {
    int place = Arrays.binarySearch(THRESHOLDS, threshold);
    if (place < 0) {
      throw new IllegalArgumentException("none of the counted thresholds: " + threshold);
    }
    double missed = 0;
    double alarms = 0;
    for (int reached = 0; reached < positives.length; reached++) {
      if (reached <= place) {
        missed += positives[reached];
      } else {
        alarms += negatives[reached];
      }
    }
    return costs.of(alarms, missed) / rows();
  }

  /**
   * The threshold whose decisions cost least; of equals the one nearest to {@link
   * ErrorCosts#threshold()}.
   *
   * @param folds the rows that each fold left out, at least one
   */
  static double cheapest(List<ThresholdCurve> folds, ErrorCosts costs) {
    ThresholdCurve all = new ThresholdCurve();
    folds.forEach(all::merge);
    double missed = 0;
    double alarms = Arrays.stream(all.negatives).sum();
    double least = Double.POSITIVE_INFINITY;
    double best = Double.NaN;
    for (int i = 0; i < THRESHOLDS.length; i++) {
      // What reaches fewer thresholds than this one is no longer decided for.
      missed += all.positives[i];
      alarms -= all.negatives[i];
      double cost = costs.of(alarms, missed);
      if (cost < least
          || (cost == least && distance(THRESHOLDS[i], costs) < distance(best, costs))) {
        least = cost;
        best = THRESHOLDS[i];
      }
    }
    return best;
  }

  private static double distance(double threshold, ErrorCosts costs) {
    double right = costs.threshold();
    return Math.abs(Math.log(threshold / (1 - threshold)) - Math.log(right / (1 - right)));
  }
}
