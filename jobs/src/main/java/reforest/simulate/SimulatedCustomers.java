package reforest.simulate;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import reforest.bundle.Task;
import reforest.evaluate.Accumulator;
import reforest.evaluate.Comparison;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.Role;
import reforest.statistics.ClusterWays;
import reforest.statistics.JackknifeGroups;

/**
 * Windows on which each customer buys once a day, and customer and day each have a part of their
 * own in the gain.
 *
 * @param days how many
 * @param customers how many
 * @param ofDays standard deviation of a day's part, where that of a row alone is 1
 * @param ofCustomers the same of a customer's part
 * @param alike correlation of neighbouring days' parts, 0 to below 1
 * @param gain the true gain
 */
record SimulatedCustomers(
    int days, int customers, double ofDays, double ofCustomers, double alike, double gain) {

  /** So far from zero that no error changes its sign, and the mean absolute error is a mean. */
  private static final double FAR = 1_000;

  private static final ComparisonPlan PLAN =
      new ComparisonPlan(
          Task.REGRESSION, List.of(), List.of(Role.CHALLENGER, Role.CHAMPION), List.of(), 1e-6, 0);

  /** What is said of the rows' dependence. */
  enum Declared {
    /** That rows of a day depend on each other. */
    DAYS,
    /** That rows of a customer do. */
    CUSTOMERS,
    /** Both. */
    BOTH
  }

  /** One window; each seed is another one, whatever is declared of it. */
  Comparison window(long seed, Declared declared) {
    Random random = new Random(seed * 1_000_003 + 29);
    double[] day = new DayNoise(random, alike, false).days(days);
    double[] customer = new DayNoise(random, 0, false).days(customers);
    ClusterWays ways = ways(declared);
    Accumulator rows = new Accumulator(PLAN, ways);
    for (int d = 0; d < days; d++) {
      for (int c = 0; c < customers; c++) {
        double seen = gain + ofDays * day[d] + ofCustomers * customer[c] + random.nextGaussian();
        double[][] predictions = {{FAR}, {FAR + seen}};
        int[] groups = ways.groups(clusters(declared, d, c));
        rows.add((long) d * customers + c, groups, new int[0], 0, predictions);
      }
    }
    return rows.comparison(declared == Declared.CUSTOMERS ? customers : days, ways);
  }

  private ClusterWays ways(Declared declared) {
    JackknifeGroups byDay =
        JackknifeGroups.ofPeriods(LongStream.range(0, days).boxed().toList(), days);
    List<String> names = IntStream.range(0, customers).mapToObj(c -> "c" + c).toList();
    JackknifeGroups byCustomer = JackknifeGroups.of(names, customers);
    return switch (declared) {
      case DAYS -> ClusterWays.of(byDay);
      case CUSTOMERS -> ClusterWays.of(byCustomer);
      case BOTH -> ClusterWays.crossing(byCustomer, byDay, JackknifeGroups.hashed(200));
    };
  }

  private static List<String> clusters(Declared declared, int day, int customer) {
    List<String> both = ClusterWays.crossed("c" + customer, Integer.toString(day));
    return switch (declared) {
      case DAYS -> both.subList(1, 2);
      case CUSTOMERS -> both.subList(0, 1);
      case BOTH -> both;
    };
  }
}
