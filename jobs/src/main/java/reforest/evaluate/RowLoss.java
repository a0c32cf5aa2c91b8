package reforest.evaluate;

import reforest.bundle.Task;
import reforest.config.Metric;

/** What a single row's prediction costs, where a metric is looked at row by row. */
public enum RowLoss {
  /** The square of prediction less label, in the label's unit squared. */
  SQUARED_ERROR,
  /** The absolute value of prediction less label, in the label's unit. */
  ABSOLUTE_ERROR,
  /** The negative log of the probability given to the true class, in nats. */
  LOG_LOSS;

  /** The loss that a metric is nearest to. */
  public static RowLoss of(Metric primary, Task task) {
    if (task.isClassification()) {
      return LOG_LOSS;
    }
    return primary == Metric.RMSE || primary == Metric.R2 ? SQUARED_ERROR : ABSOLUTE_ERROR;
  }

  /**
   * The loss of one row.
   *
   * @param label the true value, or the index of the true class
   * @param prediction one value, or one probability a class
   * @param clip probabilities are taken from {@code clip} to {@code 1 - clip}
   */
  public double of(double label, double[] prediction, double clip) {
    return switch (this) {
      case SQUARED_ERROR -> (prediction[0] - label) * (prediction[0] - label);
      case ABSOLUTE_ERROR -> Math.abs(prediction[0] - label);
      case LOG_LOSS -> -StrictMath.log(Math.min(Math.max(prediction[(int) label], clip), 1 - clip));
    };
  }

  /** The figure that a mean of it is told as, in the metric's own unit: a root of a square. */
  public double told(double mean) {
    return this == SQUARED_ERROR ? Math.sqrt(mean) : mean;
  }

  /** What it is told as, in words: {@code rmse}, {@code mae} or {@code log-loss}. */
  public String words() {
    return switch (this) {
      case SQUARED_ERROR -> Metric.RMSE.key();
      case ABSOLUTE_ERROR -> Metric.MAE.key();
      case LOG_LOSS -> Metric.LOG_LOSS.key();
    };
  }
}
