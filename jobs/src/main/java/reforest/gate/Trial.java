package reforest.gate;

import reforest.config.Metric;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.gate.Check.Rule;
import reforest.statistics.Estimate;

/**
 * One rule to be tried.
 *
 * @param rule which kind
 * @param reference whom the challenger is compared with
 * @param slice on which rows
 * @param metric which metric
 * @param gain the estimated gain
 * @param required what the gain must exceed
 * @param worthwhile the gain that the power is computed for
 * @param provenIsEnough whether a critical slice may be proven without being powered: against a
 *     dummy, gains are large and their errors too
 * @param tooSmall whether its rows form fewer than two groups, so that nothing can be told of them
 */
record Trial(
    Rule rule,
    Role reference,
    NamedSlice slice,
    Metric metric,
    Estimate gain,
    double required,
    double worthwhile,
    boolean provenIsEnough,
    boolean tooSmall) {

  boolean isSlice() {
    return rule == Rule.SLICE;
  }
}
