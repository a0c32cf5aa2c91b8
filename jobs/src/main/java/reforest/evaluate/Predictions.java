package reforest.evaluate;

import java.util.Arrays;
import reforest.bundle.Scorer;

/** What a prediction means. */
final class Predictions {

  /** Probabilities may leave 0 to 1 by this much, from adding up. */
  private static final double SLACK = 1e-9;

  private Predictions() {}

  /**
   * What a model predicts, class by class as a plan names them.
   *
   * @param classes for each class of the plan the place among the model's own, -1 for one that it
   *     does not know, whose probability is 0; empty for a number
   */
  static void of(Scorer scorer, int[] classes, double[] encoded, double[] prediction) {
    if (classes.length == 0) {
      scorer.predict(encoded, prediction);
      return;
    }
    double[] own = new double[scorer.outputs()];
    scorer.predict(encoded, own);
    for (int c = 0; c < prediction.length; c++) {
      prediction[c] = classes[c] < 0 ? 0 : own[classes[c]];
    }
  }

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
