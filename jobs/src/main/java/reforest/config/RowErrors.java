package reforest.config;

import reforest.bundle.Task;

/** What one row adds to the sums that metrics are made of. */
public final class RowErrors {

  private RowErrors() {}

  /** The error as a share of the label's absolute value, which must not be 0. */
  public static double relative(double label, double prediction) {
    return Math.abs(prediction - label) / Math.abs(label);
  }

  /**
   * The error as a share of the mean of both absolute values, 0 to 2; 0 where both are 0
   * (Makridakis 1993).
   */
  public static double symmetric(double label, double prediction) {
    double sum = Math.abs(label) + Math.abs(prediction);
    // Halved first, so that the sum of large numbers stays one.
    return sum == 0
        ? 0
        : Math.abs(prediction - label) / (Math.abs(label) / 2 + Math.abs(prediction) / 2);
  }

  /**
   * What a prediction of a quantile loses: the error, weighted by {@code quantile} where the label
   * lies above and by the rest where it lies below (Koenker and Bassett 1978); in the label's unit.
   *
   * @param quantile NaN where none is predicted; the loss is NaN then
   */
  public static double quantile(double label, double prediction, double quantile) {
    double above = label - prediction;
    return above >= 0 ? quantile * above : (quantile - 1) * above;
  }

  /**
   * The squared distance of probabilities from what is true (Brier 1950): of the positive one of
   * two classes 0 to 1, of more the sum over all, 0 to 2.
   *
   * @param label index of the true class
   */
  public static double squared(Task task, int label, double[] probabilities) {
    if (task == Task.BINARY) {
      return (probabilities[1] - label) * (probabilities[1] - label);
    }
    double sum = 0;
    for (int c = 0; c < probabilities.length; c++) {
      double distance = probabilities[c] - (c == label ? 1 : 0);
      sum += distance * distance;
    }
    return sum;
  }
}
