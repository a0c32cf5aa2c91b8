package reforest.evaluate;

import java.util.Optional;
import reforest.statistics.Estimate;

/**
 * A figure of one group, or the largest gap between the groups of a column.
 *
 * @param role whose predictions
 * @param column the column whose values are the groups
 * @param group which group; empty for the gap
 * @param measure what was measured: {@code selection-rate} of a group, {@code equalized-odds} of a
 *     gap
 * @param own the figure with its uncertainty; undefined with a reason
 * @param rows how many rows it is of
 * @param limit what the gap must be shown to lie below; empty where it is only told
 */
public record FairnessFigure(
    Role role,
    String column,
    Optional<String> group,
    String measure,
    Estimate own,
    long rows,
    Optional<Double> limit) {

  /** Whether it is the largest gap between the groups. */
  public boolean isGap() {
    return group.isEmpty();
  }
}
