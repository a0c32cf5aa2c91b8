package reforest.evaluate;

import java.util.Optional;
import reforest.config.Metric;

/**
 * A figure of all rows and the same figure without each group: all that the jackknife needs.
 *
 * @param value of all rows; NaN when undefined
 * @param without the figure without each group that has rows; ignored for the others
 * @param present which groups have rows
 * @param groups groups that carry information
 * @param why why the value is NaN
 */
@SuppressWarnings("ArrayRecordComponent") // Never leaves this package, and is never compared.
record Curve(double value, double[] without, boolean[] present, int groups, Optional<String> why) {

  /** How much better the challenger is, group by group. */
  static Curve gain(Metric metric, Curve reference, Curve challenger) {
    double[] without = new double[challenger.without.length];
    for (int g = 0; g < without.length; g++) {
      without[g] = metric.gain(reference.without[g], challenger.without[g]);
    }
    return new Curve(
        metric.gain(reference.value, challenger.value),
        without,
        challenger.present,
        Math.min(reference.groups, challenger.groups),
        challenger.why.or(() -> reference.why));
  }

  Estimate estimate() {
    int all = without.length;
    if (!Double.isFinite(value)) {
      return Estimate.undefined(Double.NaN, groups, all, why.orElse("it is not a finite number"));
    }
    if (groups < 2) {
      String reason = "its rows form " + groups + " group, and an uncertainty needs two";
      return Estimate.undefined(value, groups, all, reason);
    }
    int count = 0;
    for (boolean has : present) {
      count += has ? 1 : 0;
    }
    double scale = Math.sqrt((count - 1.0) / count);
    double[] deviations = new double[all];
    for (int g = 0; g < all; g++) {
      if (present[g]) {
        deviations[g] = scale * (value - without[g]);
        if (!Double.isFinite(deviations[g])) {
          String reason = "it is undefined without one of its " + count + " groups";
          return Estimate.undefined(value, groups, all, reason);
        }
      }
    }
    return Estimate.of(value, groups, deviations);
  }
}
