package reforest.evaluate;

import java.util.Arrays;

/** What a prediction means. */
final class Predictions {

  /** Probabilities may leave 0 to 1 by this much, from adding up. */
  private static final double SLACK = 1e-9;

  private Predictions() {}

  /** Whether all numbers are there and finite, and probabilities lie between 0 and 1. */
  static boolean isUsable(double[] prediction, int outputs, boolean probabilities) {
    if (prediction.length != outputs) {
      return false;
    }
    for (double value : prediction) {
      if (!Double.isFinite(value) || (probabilities && !(value >= -SLACK && value <= 1 + SLACK))) {
        return false;
      }
    }
    return true;
  }

  /** Whether two predictions are the same numbers. */
  static boolean same(double[] one, double[] other) {
    return Arrays.equals(one, other);
  }
}
