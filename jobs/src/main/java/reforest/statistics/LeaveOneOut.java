package reforest.statistics;

import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntToDoubleFunction;

/**
 * A figure of all rows and the same figure without each group: all that the jackknife needs.
 *
 * @param value of all rows; NaN when undefined
 * @param without the figure without each group that has rows; ignored for the others
 * @param shares how its rows lie in the groups
 * @param groups groups that carry information
 * @param why why the value is NaN
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record LeaveOneOut(
    double value, double[] without, GroupShares shares, int groups, Optional<String> why) {

  /**
   * Of a figure of which each group with rows tells; where it is no number it says no more than
   * that.
   *
   * @param rows rows by group
   * @param inTime whether groups are periods of time, in their order
   * @param value of all rows
   * @param left the figure without a group; asked for those that have rows
   */
  public static LeaveOneOut of(
      long[] rows, boolean inTime, double value, IntToDoubleFunction left) {
    GroupShares shares = GroupShares.of(rows, inTime);
    double[] without = new double[rows.length];
    for (int g = 0; g < without.length; g++) {
      without[g] = shares.has(g) ? left.applyAsDouble(g) : value;
    }
    return new LeaveOneOut(value, without, shares, shares.present(), Optional.empty());
  }

  /**
   * What {@code function} makes of this figure and another of the same groups, group by group.
   *
   * <p>It carries information where both do, and is undefined where one of them is.
   */
  public LeaveOneOut combined(LeaveOneOut other, DoubleBinaryOperator function) {
    double[] both = new double[without.length];
    for (int g = 0; g < both.length; g++) {
      both[g] = function.applyAsDouble(without[g], other.without[g]);
    }
    return new LeaveOneOut(
        function.applyAsDouble(value, other.value),
        both,
        shares,
        Math.min(groups, other.groups),
        why.or(() -> other.why));
  }

  /** The same, which says why it is no number. */
  public LeaveOneOut because(String reason) {
    return new LeaveOneOut(value, without, shares, groups, Optional.of(reason));
  }

  /** The figure with its standard error; undefined where the groups tell of none. */
  public Estimate estimate() {
    int all = without.length;
    if (!Double.isFinite(value)) {
      return Estimate.undefined(Double.NaN, groups, all, why.orElse("it is not a finite number"));
    }
    if (groups < 2) {
      String reason = "its rows form " + groups + " group, and an uncertainty needs two";
      return Estimate.undefined(value, groups, all, reason);
    }
    int count = shares.present();
    double scale = Math.sqrt((count - 1.0) / count);
    double[] deviations = new double[all];
    for (int g = 0; g < all; g++) {
      if (shares.has(g)) {
        deviations[g] = scale * (value - without[g]);
        if (!Double.isFinite(deviations[g])) {
          String reason = "it is undefined without one of its " + count + " groups";
          return Estimate.undefined(value, groups, all, reason);
        }
      }
    }
    return Estimate.of(value, groups, deviations, shares);
  }
}
