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

  /** The predicted class: the positive one from 0.5 on, else the first of the most probable. */
  static int predicted(double[] probabilities) {
    if (probabilities.length == 2) {
      return probabilities[1] >= 0.5 ? 1 : 0;
    }
    int best = 0;
    for (int c = 1; c < probabilities.length; c++) {
      if (probabilities[c] > probabilities[best]) {
        best = c;
      }
    }
    return best;
  }

  /** Whether two predictions are the same numbers. */
  static boolean same(double[] one, double[] other) {
    return Arrays.equals(one, other);
  }
}
