package reforest.config;

import java.util.Locale;
import reforest.bundle.Task;

/** A measure of a model's predictions, with the direction in which it gets better. */
public enum Metric {
  /** Root of the mean squared error, in the label's unit. */
  RMSE(Direction.LOWER),
  /** Mean absolute error, in the label's unit. */
  MAE(Direction.LOWER),
  /** Share of the label's variance that is explained, at most 1. */
  R2(Direction.HIGHER),
  /** Mean of prediction less label, in the label's unit; best at 0. */
  BIAS(Direction.ZERO),
  /** Mean negative log of the probability given to the true class, in nats. */
  LOG_LOSS(Direction.LOWER),
  /** Area under the ROC curve, 0 to 1. */
  AUC(Direction.HIGHER),
  /** Share of rows whose predicted class is the true one. */
  ACCURACY(Direction.HIGHER),
  /** Precision of the positive class of a binary task; else the mean over the classes. */
  PRECISION(Direction.HIGHER),
  /** Recall of the positive class of a binary task; else the mean over the classes. */
  RECALL(Direction.HIGHER),
  /** F1 of the positive class of a binary task; else the mean over the classes. */
  F1(Direction.HIGHER),
  /** Mean cost of a row's decision, in the unit of the declared costs. */
  COST(Direction.LOWER);

  /** Where a metric is best. */
  public enum Direction {
    /** The lower, the better. */
    LOWER,
    /** The higher, the better. */
    HIGHER,
    /** The closer to zero, the better. */
    ZERO
  }

  private final Direction direction;

  Metric(Direction direction) {
    this.direction = direction;
  }

  /** Where it is best. */
  public Direction direction() {
    return direction;
  }

  /** Whether it is defined for a task. */
  public boolean fits(Task task) {
    return switch (this) {
      case RMSE, MAE, R2, BIAS -> task == Task.REGRESSION;
      case LOG_LOSS, ACCURACY, PRECISION, RECALL, F1 -> task.isClassification();
      case AUC, COST -> task == Task.BINARY;
    };
  }

  /** The name in configuration, registry and results: {@code rmse}, {@code log-loss}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * How much better {@code challenger} is than {@code champion}, positive when better; NaN when
   * either is.
   */
  public double gain(double champion, double challenger) {
    return switch (direction) {
      case LOWER -> champion - challenger;
      case HIGHER -> challenger - champion;
      case ZERO -> Math.abs(champion) - Math.abs(challenger);
    };
  }
}
