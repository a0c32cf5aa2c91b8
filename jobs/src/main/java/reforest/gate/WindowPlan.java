package reforest.gate;

import java.util.OptionalLong;
import reforest.statistics.StudentT;

/**
 * What was seen of the primary metric's gain, from which the size of a later window can be planned.
 *
 * @param standardError of the gain, in the metric's unit; NaN when it is unknown
 * @param groups groups that it comes from
 * @param clusters clusters of the window
 */
public record WindowPlan(double standardError, int groups, long clusters) {

  /** The probability of a promotion that a window is planned for. */
  public static final double ENOUGH = 1 - DecisionRules.MISSED;

  /** From a bound that a check has told. */
  public static WindowPlan of(double gain, double lower, double alpha, int groups, long clusters) {
    return new WindowPlan((gain - lower) / -StudentT.quantile(alpha, groups - 1), groups, clusters);
  }

  /**
   * About how many clusters a window must have so that a challenger with the worthwhile gain passes
   * the primary rule with a probability of {@link #ENOUGH}; slices and guardrails may ask for more.
   *
   * <p>The error falls with the root of the clusters, and must leave room for the quantiles of both
   * mistakes (Student's t): the usual size of a sample for one mean (Cohen 1988, chapter 2).
   *
   * @param alpha the chance of a wrong promotion that the try may spend
   * @param required what the gain must exceed, in the metric's unit
   * @param worthwhile the gain worth having, in the metric's unit
   * @return at least 2; empty when the error is unknown or zero, or the worthwhile gain does not
   *     exceed what is required
   */
  public OptionalLong clusters(double alpha, double required, double worthwhile) {
    double quantiles =
        -StudentT.quantile(alpha, groups - 1) - StudentT.quantile(DecisionRules.MISSED, groups - 1);
    double ratio = quantiles * standardError / (worthwhile - required);
    double needed = clusters * ratio * ratio;
    return worthwhile > required && needed > 0 && needed < 1e9
        ? OptionalLong.of(Math.max(2, (long) Math.ceil(needed)))
        : OptionalLong.empty();
  }
}
