package reforest.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Task;
import reforest.config.MetricFormulas.AsMllib;
import reforest.config.MetricFormulas.ClassShare;
import reforest.config.MetricFormulas.ExplainedVariance;
import reforest.config.MetricFormulas.Formula;
import reforest.config.MetricFormulas.OverClasses;

/**
 * A measure of a model's predictions, with everything that is known of it: all else asks here.
 *
 * <p>One that is a function of sums is computed of any rows, and of all rows without some, by its
 * formula; the area under the ROC curve needs the rows' order.
 */
public enum Metric {
  /** Root of the mean squared error, in the label's unit. */
  RMSE(
      "RMSE",
      Unit.LABEL,
      Direction.LOWER,
      Tasks.NUMBERS,
      sums -> Math.sqrt(Math.max(0, sums.squaredErrors()) / sums.rows())),
  /** Mean absolute error, in the label's unit. */
  MAE(
      "MAE",
      Unit.LABEL,
      Direction.LOWER,
      Tasks.NUMBERS,
      sums -> Math.max(0, sums.absoluteErrors()) / sums.rows()),
  /** Share of the label's variance that is explained, at most 1. */
  R2("R²", Unit.NONE, Direction.HIGHER, Tasks.NUMBERS, new ExplainedVariance()),
  /** Mean of prediction less label, in the label's unit; best at 0. */
  BIAS("Bias", Unit.LABEL, Direction.ZERO, Tasks.NUMBERS, sums -> sums.errors() / sums.rows()),
  /** Mean negative log of the probability given to the true class, in nats. */
  LOG_LOSS(
      "Log-loss", Unit.NATS, Direction.LOWER, Tasks.CLASSES, sums -> sums.losses() / sums.rows()),
  /** Area under the ROC curve, 0 to 1. */
  AUC("AUC", Unit.SHARE, Direction.HIGHER, Tasks.TWO_CLASSES, null),
  /** Share of rows whose predicted class is the true one. */
  ACCURACY("Accuracy", Unit.SHARE, Direction.HIGHER, Tasks.CLASSES, MetricFormulas::accuracy),
  /** Precision of the positive class of a binary task; else the mean over the classes. */
  PRECISION(
      "Precision",
      Unit.SHARE,
      Direction.HIGHER,
      Tasks.CLASSES,
      new OverClasses(ClassShare.PRECISION),
      new AsMllib(ClassShare.PRECISION)),
  /** Recall of the positive class of a binary task; else the mean over the classes. */
  RECALL(
      "Recall",
      Unit.SHARE,
      Direction.HIGHER,
      Tasks.CLASSES,
      new OverClasses(ClassShare.RECALL),
      new AsMllib(ClassShare.RECALL)),
  /** F1 of the positive class of a binary task; else the mean over the classes. */
  F1(
      "F1",
      Unit.SHARE,
      Direction.HIGHER,
      Tasks.CLASSES,
      new OverClasses(ClassShare.F1),
      new AsMllib(ClassShare.F1)),
  /** Mean cost of a row's decision, in the unit of the declared costs. */
  COST("Cost", Unit.COSTS, Direction.LOWER, Tasks.TWO_CLASSES, MetricFormulas::cost);

  /** Where a metric is best. */
  public enum Direction {
    /** The lower, the better. */
    LOWER("lower is better"),
    /** The higher, the better. */
    HIGHER("higher is better"),
    /** The closer to zero, the better. */
    ZERO("best at 0");

    private final String words;

    Direction(String words) {
      this.words = words;
    }

    /** In words for a person. */
    public String words() {
      return words;
    }
  }

  /** What a metric is counted in. */
  public enum Unit {
    /** The label's unit. */
    LABEL,
    /** Natural units of information. */
    NATS,
    /** The declared costs of errors. */
    COSTS,
    /** A share of 1. */
    SHARE,
    /** A plain number. */
    NONE
  }

  /** For which tasks metrics are defined. */
  private enum Tasks {
    NUMBERS,
    CLASSES,
    TWO_CLASSES;

    boolean have(Task task) {
      return switch (this) {
        case NUMBERS -> task == Task.REGRESSION;
        case CLASSES -> task.isClassification();
        case TWO_CLASSES -> task == Task.BINARY;
      };
    }
  }

  private final String title;
  private final Unit unit;
  private final Direction direction;
  private final Tasks tasks;

  @SuppressWarnings("ImmutableEnumChecker") // a formula has no state
  private final @Nullable Formula formula;

  @SuppressWarnings("ImmutableEnumChecker") // a formula has no state
  private final @Nullable Formula ranking;

  Metric(String title, Unit unit, Direction direction, Tasks tasks, @Nullable Formula formula) {
    this(title, unit, direction, tasks, formula, formula);
  }

  Metric(
      String title,
      Unit unit,
      Direction direction,
      Tasks tasks,
      @Nullable Formula formula,
      @Nullable Formula ranking) {
    this.title = title;
    this.unit = unit;
    this.direction = direction;
    this.tasks = tasks;
    this.formula = formula;
    this.ranking = ranking;
  }

  /** The name in configuration, registry and results: {@code rmse}, {@code log-loss}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The metric of that name; empty for one that this release does not know. */
  public static Optional<Metric> of(String key) {
    for (Metric metric : values()) {
      if (metric.key().equals(key)) {
        return Optional.of(metric);
      }
    }
    return Optional.empty();
  }

  /** The name as it is printed: {@code RMSE}. */
  public String title() {
    return title;
  }

  /** What it is counted in. */
  public Unit unit() {
    return unit;
  }

  /** Where it is best. */
  public Direction direction() {
    return direction;
  }

  /** Its least possible value; negative infinity where there is none. */
  public double least() {
    return direction == Direction.LOWER || unit == Unit.SHARE ? 0 : Double.NEGATIVE_INFINITY;
  }

  /** Its greatest possible value; infinity where there is none. */
  public double greatest() {
    // Where more is better, 1 is perfect.
    return direction == Direction.HIGHER ? 1 : Double.POSITIVE_INFINITY;
  }

  private MetricScale scale() {
    if (unit == Unit.SHARE) {
      return MetricScale.LOGIT;
    }
    return switch (direction) {
      case LOWER -> MetricScale.LOG;
      case HIGHER -> MetricScale.REST;
      case ZERO -> MetricScale.PLAIN;
    };
  }

  /**
   * An interval around a value that stays within what the metric can be: of the given width on a
   * scale on which there is no border, such as a share's log-odds. Exactly on a border, where
   * nothing tells of the uncertainty, and where the width is beyond all measure, it is cut there.
   *
   * @param width how far the symmetric interval reaches to each side, at least 0
   * @return NaN at both ends where the value or its width is NaN
   */
  public Interval interval(double value, double width) {
    MetricScale scale = scale();
    // To the scale and back, a value may lose its last digit.
    return scale.holds(value, width)
        ? new Interval(
            Math.min(value, scale.end(value, -width)), Math.max(value, scale.end(value, width)))
        : new Interval(Math.max(least(), value - width), Math.min(greatest(), value + width));
  }

  /**
   * Two ends between which the truth is likely.
   *
   * @param lower the lower end
   * @param upper the upper end
   */
  public record Interval(double lower, double upper) {}

  /** Whether it is defined for a task. */
  public boolean fits(Task task) {
    return tasks.have(task);
  }

  /** Whether it needs the rows in the order of their predictions, and is no function of sums. */
  public boolean isRanked() {
    return formula == null;
  }

  /** Whether it can be computed only where the costs of errors are declared. */
  public boolean needsCosts() {
    return unit == Unit.COSTS;
  }

  /** Why candidates of a search cannot be ranked by it; empty where they can. */
  public Optional<String> noRanking() {
    if (direction == Direction.ZERO) {
      return Optional.of("a useless model can have none");
    }
    return needsCosts()
        ? Optional.of("it depends on the threshold, which is chosen for the winner alone")
        : Optional.empty();
  }

  /**
   * Its value.
   *
   * @return NaN when it is undefined
   * @throws IllegalStateException when it {@link #isRanked}
   */
  public double of(MetricSums sums) {
    return computed(formula, sums);
  }

  /**
   * Its value as MLlib's evaluators define it, by which candidates of a search are ranked: they
   * weight classes by their rows, and give 0 where a class has none.
   *
   * @return NaN when it is undefined
   * @throws IllegalStateException when it {@link #isRanked}
   */
  public double ranking(MetricSums sums) {
    return computed(ranking, sums);
  }

  /**
   * Why its value is NaN, in words.
   *
   * @param className the name of each class
   */
  public String why(MetricSums sums, IntFunction<String> className) {
    if (sums.rows() == 0) {
      return "there are no rows";
    }
    Formula known = formula;
    return (known == null ? Optional.<String>empty() : known.why(sums, className))
        .orElse("its sums are not finite");
  }

  private double computed(@Nullable Formula by, MetricSums sums) {
    if (by == null) {
      throw new IllegalStateException(key() + " is no function of sums");
    }
    return sums.rows() == 0 ? Double.NaN : by.of(sums);
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
