package reforest.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Task;
import reforest.config.MetricFormulas.AsMllib;
import reforest.config.MetricFormulas.BalancedAccuracy;
import reforest.config.MetricFormulas.ClassShare;
import reforest.config.MetricFormulas.ExplainedVariance;
import reforest.config.MetricFormulas.Formula;
import reforest.config.MetricFormulas.Matthews;
import reforest.config.MetricFormulas.OverClasses;
import reforest.config.MetricFormulas.RelativeError;
import reforest.config.MetricFormulas.Weighted;
import reforest.config.MetricSettings.BusinessMetric;
import reforest.config.RankFormulas.RankFormula;

/**
 * A measure of a model's predictions, with everything that is known of it: all else asks here.
 *
 * <p>One that is a function of sums is computed of any rows, and of all rows without some, by its
 * formula. One that needs the rows' order, such as the area under the ROC curve, is computed of
 * counts by score, and tells beside its value how much each row adds to it.
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
  /** The middle one of the absolute errors, in the label's unit. */
  MEDIAN_ABSOLUTE_ERROR(
      "Median absolute error",
      Unit.LABEL,
      Direction.LOWER,
      Tasks.NUMBERS,
      new RankFormulas.Median()),
  /** Mean of the absolute errors as shares of the label; undefined where a label is 0. */
  MAPE("MAPE", Unit.RATIO, Direction.LOWER, Tasks.NUMBERS, new RelativeError()),
  /** Mean of the absolute errors as shares of the mean of label and prediction, 0 to 2. */
  SMAPE(
      "Symmetric MAPE",
      Unit.RATIO,
      Direction.LOWER,
      Tasks.NUMBERS,
      sums -> Math.max(0, sums.symmetricErrors()) / sums.rows()),
  /** Mean loss of the configured quantile, in the label's unit. */
  QUANTILE_LOSS(
      "Quantile loss",
      Unit.LABEL,
      Direction.LOWER,
      Tasks.NUMBERS,
      sums -> Math.max(0, sums.quantileLosses()) / sums.rows()),
  /** Share of the label's variance that is explained, at most 1. */
  R2("R²", Unit.NONE, Direction.HIGHER, Tasks.NUMBERS, new ExplainedVariance()),
  /** Mean of prediction less label, in the label's unit; best at 0. */
  BIAS("Bias", Unit.LABEL, Direction.ZERO, Tasks.NUMBERS, sums -> sums.errors() / sums.rows()),
  /** Mean negative log of the probability given to the true class, in nats. */
  LOG_LOSS(
      "Log-loss", Unit.NATS, Direction.LOWER, Tasks.CLASSES, sums -> sums.losses() / sums.rows()),
  /** Mean squared distance of the probabilities from what is true; of several classes 0 to 2. */
  BRIER(
      "Brier score",
      Unit.RATIO,
      Direction.LOWER,
      Tasks.CLASSES,
      sums -> Math.max(0, sums.squaredProbabilities()) / sums.rows()),
  /** Area under the ROC curve, 0 to 1. */
  AUC("AUC", Unit.SHARE, Direction.HIGHER, Tasks.TWO_CLASSES, new RankFormulas.AreaUnderRoc()),
  /** Mean over the classes of the AUC of each against all others, 0 to 1. */
  AUC_OVR(
      "AUC, one against rest",
      Unit.SHARE,
      Direction.HIGHER,
      Tasks.MANY_CLASSES,
      new RankFormulas.AreaUnderRoc()),
  /** Area under the precision-recall curve as average precision, 0 to 1. */
  PR_AUC(
      "PR-AUC",
      Unit.SHARE,
      Direction.HIGHER,
      Tasks.TWO_CLASSES,
      new RankFormulas.AveragePrecision()),
  /** Share of positive rows where probabilities are largest, as a multiple of the share of all. */
  LIFT("Lift", Unit.RATIO, Direction.HIGHER, Tasks.TWO_CLASSES, new RankFormulas.Lift()),
  /** Mean distance of probabilities from the share of positive rows, in ten bins, 0 to 1. */
  CALIBRATION_ERROR(
      "Calibration error",
      Unit.SHARE,
      Direction.LOWER,
      Tasks.TWO_CLASSES,
      new RankFormulas.CalibrationError()),
  /** Share of rows whose predicted class is the true one. */
  ACCURACY("Accuracy", Unit.SHARE, Direction.HIGHER, Tasks.CLASSES, MetricFormulas::accuracy),
  /** Mean of the classes' recalls, of two classes, too. */
  BALANCED_ACCURACY(
      "Balanced accuracy",
      Unit.SHARE,
      Direction.HIGHER,
      Tasks.CLASSES,
      new BalancedAccuracy(),
      BalancedAccuracy::ranking),
  /** Correlation of true and predicted classes, −1 to 1. */
  MATTHEWS(
      "Matthews correlation",
      Unit.CORRELATION,
      Direction.HIGHER,
      Tasks.CLASSES,
      new Matthews(),
      new Matthews()::ranking),
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
  /** Precision, as the mean over the classes weighted by their rows. */
  PRECISION_WEIGHTED(
      "Weighted precision",
      Unit.SHARE,
      Direction.HIGHER,
      Tasks.MANY_CLASSES,
      new Weighted(ClassShare.PRECISION),
      new AsMllib(ClassShare.PRECISION)),
  /** F1, as the mean over the classes weighted by their rows; such a recall is the accuracy. */
  F1_WEIGHTED(
      "Weighted F1",
      Unit.SHARE,
      Direction.HIGHER,
      Tasks.MANY_CLASSES,
      new Weighted(ClassShare.F1),
      new AsMllib(ClassShare.F1)),
  /** Mean cost of a row's decision, in the unit of the declared costs. */
  COST("Cost", Unit.COSTS, Direction.LOWER, Tasks.TWO_CLASSES, MetricFormulas::cost),
  /** Mean of what a row's prediction costs by the declared expression. */
  BUSINESS_COST(
      "Business cost", Unit.BUSINESS, Direction.LOWER, Tasks.ALL, new MetricFormulas.Business()),
  /** Mean of what a row's prediction is worth by the declared expression. */
  BUSINESS_VALUE(
      "Business value", Unit.BUSINESS, Direction.HIGHER, Tasks.ALL, new MetricFormulas.Business());

  /** Stands for that of both that the configuration declares. */
  static final String BUSINESS = "business";

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
    /** What the business metric declares. */
    BUSINESS,
    /** A share of 1. */
    SHARE,
    /** A ratio that may exceed 1, at least 0. */
    RATIO,
    /** A correlation, −1 to 1. */
    CORRELATION,
    /** A plain number. */
    NONE
  }

  /** For which tasks metrics are defined. */
  private enum Tasks {
    NUMBERS,
    CLASSES,
    TWO_CLASSES,
    MANY_CLASSES,
    ALL;

    boolean have(Task task) {
      return switch (this) {
        case NUMBERS -> task == Task.REGRESSION;
        case CLASSES -> task.isClassification();
        case TWO_CLASSES -> task == Task.BINARY;
        case MANY_CLASSES -> task == Task.MULTICLASS;
        case ALL -> true;
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

  @SuppressWarnings("ImmutableEnumChecker") // a formula has no state
  private final @Nullable RankFormula ordered;

  Metric(String title, Unit unit, Direction direction, Tasks tasks, Formula formula) {
    this(title, unit, direction, tasks, formula, formula);
  }

  Metric(
      String title, Unit unit, Direction direction, Tasks tasks, Formula formula, Formula ranking) {
    this.title = title;
    this.unit = unit;
    this.direction = direction;
    this.tasks = tasks;
    this.formula = formula;
    this.ranking = ranking;
    this.ordered = null;
  }

  Metric(String title, Unit unit, Direction direction, Tasks tasks, RankFormula ordered) {
    this.title = title;
    this.unit = unit;
    this.direction = direction;
    this.tasks = tasks;
    this.formula = null;
    this.ranking = null;
    this.ordered = ordered;
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
    return scale().least();
  }

  /** Its greatest possible value; infinity where there is none. */
  public double greatest() {
    return scale().greatest();
  }

  private MetricScale scale() {
    return switch (unit) {
      case SHARE -> MetricScale.LOGIT;
      case RATIO -> MetricScale.LOG;
      case CORRELATION -> MetricScale.FISHER;
      case BUSINESS -> MetricScale.PLAIN;
      case LABEL, NATS, COSTS, NONE ->
          switch (direction) {
            case LOWER -> MetricScale.LOG;
            // Where more is better, 1 is perfect.
            case HIGHER -> MetricScale.REST;
            case ZERO -> MetricScale.PLAIN;
          };
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

  /**
   * Which setting it cannot be computed without; empty where there is none, or it is set.
   *
   * @param costs what errors cost; null where nothing is declared
   */
  public Optional<String> lacks(@Nullable ErrorCosts costs, MetricSettings settings) {
    BusinessMetric business = settings.business();
    if (unit == Unit.BUSINESS) {
      return lacks(
          business == null || business.metric() != this,
          "evaluate.business with better = " + (direction == Direction.LOWER ? "lower" : "higher"));
    }
    if (this == QUANTILE_LOSS) {
      return lacks(Double.isNaN(settings.quantile()), "evaluate.quantile");
    }
    return lacks(
        unit == Unit.COSTS && costs == null,
        "evaluate.error-costs.false-positive and false-negative");
  }

  private static Optional<String> lacks(boolean isMissing, String setting) {
    return isMissing ? Optional.of(setting) : Optional.empty();
  }

  /**
   * Whether it is measured of a comparison.
   *
   * @param costs what errors cost; null where nothing is declared
   */
  public boolean isMeasured(Task task, @Nullable ErrorCosts costs, MetricSettings settings) {
    return fits(task)
        && lacks(costs, settings).isEmpty()
        && (task == Task.BINARY || !isRanked() || settings.keepsRows());
  }

  /** Why candidates of a search cannot be ranked by it; empty where they can. */
  public Optional<String> noRanking() {
    if (direction == Direction.ZERO || this == CALIBRATION_ERROR) {
      return Optional.of("a useless model can have none");
    }
    if (unit == Unit.COSTS) {
      return Optional.of("it depends on the threshold, which is chosen for the winner alone");
    }
    if (unit == Unit.BUSINESS) {
      return Optional.of("the folds keep no columns to compute its expression of");
    }
    return this == AUC_OVR
        ? Optional.of("the folds do not keep their rows' order by each class")
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
   * Its value of rows in the order of their scores.
   *
   * @return NaN when it is undefined
   * @throws IllegalStateException when it is not {@link #isRanked}
   */
  public double of(RankCounts rows) {
    return rows.rows() == 0 ? Double.NaN : inOrder().of(rows);
  }

  /**
   * How fast that value changes when a row counts a little more, by kind and then by place: summed
   * over some rows what the value owes to them, to first order; 0 in sum over all.
   *
   * @param value its value of these rows, a number
   * @param groups how many groups the rows form, at least 1
   * @throws IllegalStateException when it is not {@link #isRanked}
   */
  public double[][] influence(RankCounts rows, double value, int groups) {
    return inOrder().influence(rows, value, groups);
  }

  /** Why its value of rows in order is NaN, in words. */
  public String why(RankCounts rows) {
    return rows.rows() == 0
        ? "there are no rows"
        : inOrder().why(rows).orElse("its scores are not finite");
  }

  private RankFormula inOrder() {
    RankFormula known = ordered;
    if (known == null) {
      throw new IllegalStateException(key() + " is a function of sums");
    }
    return known;
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
