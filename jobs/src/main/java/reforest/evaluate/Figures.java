package reforest.evaluate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reforest.config.ErrorCosts;
import reforest.config.Metric;
import reforest.evaluate.Cell.Totals;

/** The metrics as functions of sums; NaN where one is undefined. AUC is the business of Ranks. */
final class Figures {

  /** Below this share of its terms, what is left of a difference is rounding. */
  private static final double ROUNDING = 1e-12;

  private Figures() {}

  /**
   * @param costs of errors, for the metric that counts them
   */
  static double of(Metric metric, Totals t, int role, @Nullable ErrorCosts costs) {
    if (t.rows() == 0) {
      return Double.NaN;
    }
    double rows = t.rows();
    return switch (metric) {
      case RMSE -> Math.sqrt(Math.max(0, t.squaredErrors(role)) / rows);
      case MAE -> Math.max(0, t.absoluteErrors(role)) / rows;
      case BIAS -> t.errors(role) / rows;
      case R2 -> explained(t, role);
      case LOG_LOSS -> t.loss(role) / rows;
      case ACCURACY -> accuracy(t, role);
      case PRECISION, RECALL, F1 -> overClasses(metric, t, role);
      case COST -> cost(t, role, Objects.requireNonNull(costs));
      case AUC -> throw new IllegalArgumentException("AUC is no function of sums");
    };
  }

  /** Why a metric of these sums is NaN, in words. */
  static String why(Metric metric, Totals t, int role) {
    if (t.rows() == 0) {
      return "there are no rows";
    }
    return switch (metric) {
      case R2 -> "the label has no variance";
      case PRECISION -> noneOf(metric, t, role, "no row is predicted to be of class ");
      case RECALL -> noneOf(metric, t, role, "no row is of class ");
      case F1 -> noneOf(metric, t, role, "no row is or is predicted to be of class ");
      default -> "its sums are not finite";
    };
  }

  private static double explained(Totals t, int role) {
    double variation = t.squaredLabels() - t.labels() * t.labels() / t.rows();
    if (!(variation > ROUNDING * t.squaredLabels())) {
      return Double.NaN;
    }
    return 1 - Math.max(0, t.squaredErrors(role)) / variation;
  }

  private static double cost(Totals t, int role, ErrorCosts costs) {
    double alarms = t.predicted(role, 1) - t.hits(role, 1);
    double missed = t.actual(1) - t.hits(role, 1);
    return costs.of(alarms, missed) / t.rows();
  }

  private static double accuracy(Totals t, int role) {
    long hits = 0;
    for (int c = 0; c < t.classes(); c++) {
      hits += t.hits(role, c);
    }
    return (double) hits / t.rows();
  }

  private static double overClasses(Metric metric, Totals t, int role) {
    double sum = 0;
    for (int c = t.firstCounted(); c < t.classes(); c++) {
      sum += ofClass(metric, t, role, c);
    }
    return sum / (t.classes() - t.firstCounted());
  }

  private static double ofClass(Metric metric, Totals t, int role, int c) {
    double hits = t.hits(role, c);
    // Zero by zero is NaN, which is what an undefined share must be.
    return switch (metric) {
      case PRECISION -> hits / t.predicted(role, c);
      case RECALL -> hits / t.actual(c);
      default -> 2 * hits / (t.predicted(role, c) + t.actual(c));
    };
  }

  private static String noneOf(Metric metric, Totals t, int role, String text) {
    for (int c = t.firstCounted(); c < t.classes(); c++) {
      if (Double.isNaN(ofClass(metric, t, role, c))) {
        return text + "#" + c;
      }
    }
    return "its sums are not finite";
  }
}
