package reforest.evaluate;

import java.io.Serializable;
import java.util.Optional;
import java.util.OptionalDouble;
import reforest.config.EvaluateConfig.Slice;

/**
 * A named subset of the rows.
 *
 * @param name its name; the values of its columns are part of a family member's name
 * @param critical whether too few rows to judge it must stop a promotion
 * @param ownMargin how much worse the primary metric may get here, NaN for the gate's common margin
 */
public record NamedSlice(String name, boolean critical, double ownMargin) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The slice that every row is in. */
  public static final String OVERALL = Slice.OVERALL;

  /** A slice that is not critical and has the gate's common margin. */
  public static NamedSlice of(String name) {
    return new NamedSlice(name, false, Double.NaN);
  }

  /** A slice as declared in the configuration. */
  public static NamedSlice of(String name, boolean critical, Optional<Double> margin) {
    return new NamedSlice(name, critical, margin.orElse(Double.NaN));
  }

  /** How much worse the primary metric may get here, if this slice says so itself. */
  public OptionalDouble margin() {
    return Double.isNaN(ownMargin) ? OptionalDouble.empty() : OptionalDouble.of(ownMargin);
  }
}
