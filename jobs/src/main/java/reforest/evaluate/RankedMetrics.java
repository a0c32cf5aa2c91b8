package reforest.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.config.Metric;
import reforest.config.RankCounts;
import reforest.evaluate.Ranks.Order;
import reforest.statistics.ExactSum;
import reforest.statistics.GroupShares;
import reforest.statistics.LeaveOneOut;

/**
 * One role's metrics that need its rows' order, with how much each group of rows adds to them: the
 * influence of its rows (see {@link Metric#influence}), in the form of leaving groups out.
 *
 * @param ranks the rows
 * @param orders the rows in order; where there are several classes by each of them, and a metric is
 *     the mean over the classes
 */
record RankedMetrics(Ranks ranks, List<Order> orders) {
  RankedMetrics {
    orders = List.copyOf(orders);
  }

  /**
   * On one slice, the whole being slice 0, by metric and then by way.
   *
   * @param shares in each way, how the slice's rows lie in the groups
   */
  Map<Metric, List<LeaveOneOut>> on(int slice, List<Metric> metrics, List<GroupShares> shares) {
    List<RankCounts> counts = orders.stream().map(it -> it.counts(ranks, slice)).toList();
    Map<Metric, List<LeaveOneOut>> all = new EnumMap<>(Metric.class);
    for (Metric metric : metrics) {
      List<LeaveOneOut> ways = new ArrayList<>();
      for (int way = 0; way < shares.size(); way++) {
        ways.add(of(metric, slice, counts, way, shares.get(way)));
      }
      all.put(metric, ways);
    }
    return all;
  }

  private LeaveOneOut of(
      Metric metric, int slice, List<RankCounts> counts, int way, GroupShares shares) {
    int all = shares.size();
    double value = 0;
    int groups = shares.present();
    double[] deviations = new double[all];
    for (int order = 0; order < counts.size(); order++) {
      RankCounts rows = counts.get(order);
      double one = metric.of(rows);
      if (!Double.isFinite(one)) {
        return new LeaveOneOut(
            Double.NaN, new double[all], shares, 0, Optional.of(why(metric, rows, order)));
      }
      value += one / counts.size();
      double[][] influence = metric.influence(rows, one, shares.present());
      for (int kind = 0; kind < 2; kind++) {
        if (rows.rows(kind) > 0) {
          Sums sums = sums(orders.get(order), influence[kind], kind, slice, way, all);
          groups = Math.min(groups, sums.informed());
          double correction = Math.sqrt(sums.informed() / (sums.informed() - 1.0));
          for (int g = 0; g < all; g++) {
            deviations[g] += correction * sums.values()[g] / counts.size();
          }
        }
      }
    }
    double[] without = new double[all];
    for (int g = 0; g < all; g++) {
      // The jackknife shrinks each difference by this much again.
      without[g] = value - deviations[g] / Math.sqrt((shares.present() - 1.0) / shares.present());
    }
    return new LeaveOneOut(value, without, shares, groups, Optional.empty());
  }

  private String why(Metric metric, RankCounts rows, int order) {
    return orders.size() == 1 || rows.rows() == 0
        ? metric.why(rows)
        : (rows.rows(1) == 0 ? "no row is of class " : "all rows are of class ")
            + ranks.plan().classes().get(order);
  }

  /**
   * What groups add.
   *
   * @param values by group
   * @param informed groups that hold rows of the kind: the fewer of both limit what is known
   */
  @SuppressWarnings("ArrayRecordComponent") // Never leaves this class, and is never compared.
  private record Sums(double[] values, int informed) {}

  private Sums sums(Order order, double[] influence, int kind, int slice, int way, int groups) {
    ExactSum[] sums = new ExactSum[groups];
    Arrays.setAll(sums, g -> new ExactSum());
    boolean[] has = new boolean[groups];
    for (int row = 0; row < order.places().length; row++) {
      if (order.kinds()[row] == kind && ranks.isIn(row, slice)) {
        int group = ranks.group(way, row);
        sums[group].add(influence[order.places()[row]]);
        has[group] = true;
      }
    }
    int informed = 0;
    for (boolean some : has) {
      informed += some ? 1 : 0;
    }
    return new Sums(Arrays.stream(sums).mapToDouble(ExactSum::value).toArray(), informed);
  }
}
