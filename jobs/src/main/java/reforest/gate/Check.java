package reforest.gate;

import java.util.Locale;
import java.util.Optional;
import reforest.config.Metric;
import reforest.evaluate.Role;

/**
 * One rule of the gate and what was seen of it.
 *
 * @param rule which kind of rule
 * @param reference whom the challenger is compared with
 * @param slice name of the slice, {@code overall} for all rows
 * @param metric which metric
 * @param gain how much better the challenger is, in the metric's unit; NaN when undefined
 * @param standardError of the gain; NaN when undefined
 * @param lower one-sided lower bound of the gain, at the alpha that this try may spend
 * @param upper one-sided 95 % upper bound of the gain
 * @param required what the gain must exceed
 * @param groups groups that carry information about it
 * @param critical whether a slice must be powered
 * @param powered whether there was enough data to expect a proof; always true for rules over all
 *     rows
 * @param status how it ended
 * @param blocks whether it stands in the way of a promotion
 * @param undefined why there is no gain or no bound, if so
 */
public record Check(
    Rule.Kind rule,
    Role reference,
    String slice,
    Metric metric,
    double gain,
    double standardError,
    double lower,
    double upper,
    double required,
    int groups,
    boolean critical,
    boolean powered,
    Status status,
    boolean blocks,
    Optional<String> undefined) {

  /** How a check ended. */
  public enum Status {
    /** What is required was proven. */
    PASSED,
    /** The opposite was proven. */
    FAILED,
    /** Neither was. */
    UNPROVEN,
    /** The gain or its uncertainty cannot be computed. */
    UNDEFINED;

    /** The name in results: {@code passed}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What was seen, in words, with the values. */
  public String sentence() {
    String where = rule == Rule.Kind.SLICE ? " on slice " + slice : "";
    String what = metric.key() + where + " against the " + reference.key();
    return switch (status) {
      case PASSED ->
          "%s: gain %s, lower bound %s is above the required %s"
              .formatted(what, text(gain), text(lower), text(required));
      case FAILED ->
          "%s: gain %s, upper bound %s is not above the required %s"
              .formatted(what, text(gain), text(upper), text(required));
      case UNPROVEN ->
          "%s: gain %s lies between %s and %s, required is more than %s%s"
              .formatted(what, text(gain), text(lower), text(upper), text(required), shortage());
      case UNDEFINED ->
          "%s: undefined, because %s%s".formatted(what, undefined.orElse("unknown"), consequence());
    };
  }

  /** The same where it is told and stands in no way. */
  Check withoutBlocking() {
    return new Check(
        rule,
        reference,
        slice,
        metric,
        gain,
        standardError,
        lower,
        upper,
        required,
        groups,
        critical,
        powered,
        status,
        false,
        undefined);
  }

  private String consequence() {
    if (rule != Rule.Kind.SLICE) {
      return "";
    }
    if (!blocks) {
      return "; too small to judge, so it is only listed";
    }
    return critical
        ? "; the slice is critical, so it must be proven"
        : "; it has rows and no harm can be ruled out, so it blocks";
  }

  private String shortage() {
    if (powered) {
      return "";
    }
    if (critical) {
      return "; too little data to judge this slice, and it is critical";
    }
    return blocks
        ? "; too little data to show harm on this slice, but it lost more than its margin"
        : "; too little data to judge this slice, so it was tested for harm only";
  }

  static String text(double value) {
    // Java writes what has more than five digits before the point with an exponent.
    return Math.abs(value) >= 99_999.5 && Math.abs(value) < 1e12
        ? String.format(Locale.ROOT, "%,.0f", value)
        : String.format(Locale.ROOT, "%,.5g", value);
  }
}
