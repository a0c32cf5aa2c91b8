package reforest.evaluate;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reforest.config.ErrorCosts;

/**
 * How each role decides between classes, and what its errors cost.
 *
 * @param thresholds by role in the plan's order: the probability from which on it decides for the
 *     second of two classes, NaN where it decides for the most probable one
 * @param costs what errors cost; null where nothing is declared
 */
public record DecisionThresholds(List<Double> thresholds, @Nullable ErrorCosts costs)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public DecisionThresholds {
    thresholds = List.copyOf(thresholds);
  }

  /** Every role decides for the most probable class. */
  public static DecisionThresholds plain(int roles) {
    return new DecisionThresholds(Collections.nCopies(roles, Double.NaN), null);
  }
}
