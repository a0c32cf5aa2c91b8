package reforest.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * A figure without each group of rows, in each way in which rows depend on each other.
 *
 * @param ways one, or those of two ways that cross and then of their combinations
 */
public record Jackknife(List<LeaveOneOut> ways) {
  public Jackknife {
    ways = List.copyOf(ways);
    if (ways.size() != 1 && ways.size() != 3) {
      throw new IllegalArgumentException("rows depend in 1 way or in 2 that cross: " + ways.size());
    }
  }

  /** What {@code function} makes of this figure and another of the same groups, group by group. */
  public Jackknife combined(Jackknife other, DoubleBinaryOperator function) {
    List<LeaveOneOut> both = new ArrayList<>();
    for (int way = 0; way < ways.size(); way++) {
      both.add(ways.get(way).combined(other.ways.get(way), function));
    }
    return new Jackknife(both);
  }

  /** The figure with its standard error; undefined where the groups of a way tell of none. */
  public Estimate estimate() {
    Estimate one = ways.get(0).estimate();
    return ways.size() == 1
        ? one
        : Estimate.crossed(one, ways.get(1).estimate(), ways.get(2).estimate());
  }
}
