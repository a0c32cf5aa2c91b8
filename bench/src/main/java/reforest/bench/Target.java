package reforest.bench;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What a ratio must reach; or nothing, where it is shown for comparison only.
 *
 * @param least smallest good ratio
 * @param most largest good ratio
 */
public record Target(OptionalDouble least, OptionalDouble most) {

  /** Shown, and not held to anything. */
  public static Target none() {
    return new Target(OptionalDouble.empty(), OptionalDouble.empty());
  }

  /** At least so much. */
  public static Target atLeast(double least) {
    return new Target(OptionalDouble.of(least), OptionalDouble.empty());
  }

  /** At most so much. */
  public static Target atMost(double most) {
    return new Target(OptionalDouble.empty(), OptionalDouble.of(most));
  }

  /** Whether there is anything to reach. */
  public boolean isSet() {
    return least.isPresent() || most.isPresent();
  }

  /** Whether a ratio reaches it; NaN never does. */
  public boolean holds(double ratio) {
    return !Double.isNaN(ratio)
        && (least.isEmpty() || ratio >= least.getAsDouble())
        && (most.isEmpty() || ratio <= most.getAsDouble());
  }

  @Override
  public String toString() {
    if (least.isPresent()) {
      return ">= " + number(least.getAsDouble());
    }
    return most.isPresent() ? "<= " + number(most.getAsDouble()) : "";
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.valueOf(value);
  }
}
