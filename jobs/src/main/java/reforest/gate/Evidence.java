package reforest.gate;

import reforest.behaviour.Suite;
import reforest.diagnose.WeakSlices;
import reforest.evaluate.Comparison;

/**
 * All that a verdict rests on.
 *
 * @param comparison challenger, champion (if there is one) and baselines on the same rows
 * @param weakSlices slices that nobody has declared, where they were looked for, on these rows
 * @param behaviour what came of the cases that a model must hold to
 */
public record Evidence(
    Comparison comparison, WeakSlices.Result weakSlices, Suite.Result behaviour) {

  /** Of a comparison alone. */
  public static Evidence of(Comparison comparison) {
    return new Evidence(comparison, WeakSlices.Result.NONE, Suite.Result.NONE);
  }

  /** The same with slices that were found. */
  public Evidence with(WeakSlices.Result found) {
    return new Evidence(comparison, found, behaviour);
  }

  /** The same with a suite that was run. */
  public Evidence with(Suite.Result suite) {
    return new Evidence(comparison, weakSlices, suite);
  }
}
