package reforest.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.config.Metric;
import reforest.statistics.ClusterWays;
import reforest.statistics.Estimate;
import reforest.statistics.JackknifeGroups;
import reforest.statistics.Spread;

/** Rows that depend on each other by customer and by day. */
final class CrossedClustersTest {

  private static final int CUSTOMERS = 9;
  private static final int DAYS = 12;
  private static final int MANY = 10_000;

  /** One row with its label, as number or class, and what challenger and champion predict. */
  private record Sale(int customer, int day, double label, double challenger, double champion) {

    List<String> clusters() {
      return ClusterWays.crossed("customer " + customer, Integer.toString(day));
    }

    double gain() {
      return Math.abs(champion - label) - Math.abs(challenger - label);
    }
  }

  /** Customers and days each have a part in the error; not all of them meet. */
  private static List<Sale> sales(long seed, boolean classes) {
    Random random = new Random(seed);
    double[] customers = random.doubles(CUSTOMERS).toArray();
    double[] days = random.doubles(DAYS).toArray();
    List<Sale> sales = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      int customer = random.nextInt(CUSTOMERS);
      int day = random.nextInt(DAYS);
      double label = classes ? random.nextInt(2) : random.nextGaussian();
      double error = (3 * customers[customer] + 3 * days[day] + random.nextDouble()) / 7;
      double other = random.nextDouble();
      sales.add(
          classes
              ? new Sale(customer, day, label, Math.abs(label - error), Math.abs(label - other))
              : new Sale(customer, day, label, label + error, label - other));
    }
    return sales;
  }

  private static JackknifeGroups customers(List<Sale> sales, int most) {
    return JackknifeGroups.of(sales.stream().map(s -> s.clusters().get(0)).toList(), most);
  }

  private static JackknifeGroups days() {
    return JackknifeGroups.ofPeriods(LongStream.range(0, DAYS).boxed().toList(), MANY);
  }

  private static ClusterWays crossing(List<Sale> sales) {
    return ClusterWays.crossing(
        customers(sales, MANY),
        days(),
        JackknifeGroups.of(sales.stream().map(s -> s.clusters().get(2)).toList(), MANY));
  }

  private static Accumulator added(ComparisonPlan plan, ClusterWays ways, List<Sale> sales) {
    Accumulator rows = new Accumulator(plan, ways);
    boolean classes = plan.task().isClassification();
    for (Sale sale : sales) {
      double[][] predictions =
          classes
              ? new double[][] {
                {1 - sale.challenger(), sale.challenger()}, {1 - sale.champion(), sale.champion()}
              }
              : new double[][] {{sale.challenger()}, {sale.champion()}};
      int[] slices = plan.slices().isEmpty() || sale.customer() > 0 ? new int[0] : new int[] {0};
      rows.add(sale.hashCode(), ways.groups(sale.clusters()), slices, sale.label(), predictions);
    }
    return rows;
  }

  private static SliceResult overall(ComparisonPlan plan, ClusterWays ways, List<Sale> sales) {
    return added(plan, ways, sales).comparison(1, ways).overall();
  }

  /** One way alone, by the name of the row's cluster there. */
  private static SliceResult alone(
      ComparisonPlan plan, JackknifeGroups groups, int way, List<Sale> sales) {
    Rows rows = new Rows();
    for (Sale sale : sales) {
      String cluster = sale.clusters().get(way);
      if (plan.task().isClassification()) {
        rows.binary(cluster, (int) sale.label(), sale.challenger(), sale.champion());
      } else {
        rows.number(cluster, Set.of(), sale.label(), sale.challenger(), sale.champion());
      }
    }
    return Comparison.of(plan, groups, rows.list()).overall();
  }

  /** The jackknife's variance of the mean gain, with rows numbered by their group. */
  private static double variance(List<Sale> sales, int[] group, int groups) {
    double all = sales.stream().mapToDouble(Sale::gain).sum();
    double[] sums = new double[groups];
    int[] rows = new int[groups];
    for (int i = 0; i < group.length; i++) {
      sums[group[i]] += sales.get(i).gain();
      rows[group[i]]++;
    }
    long present = Arrays.stream(rows).filter(n -> n > 0).count();
    double squares = 0;
    for (int g = 0; g < groups; g++) {
      if (rows[g] > 0) {
        double without = (all - sums[g]) / (sales.size() - rows[g]);
        squares += Math.pow(without - all / sales.size(), 2);
      }
    }
    return squares * (present - 1) / present;
  }

  @Test
  void addsBothWaysVariancesLessThatOfTheirCombinations() {
    List<Sale> sales = sales(5, false);

    Estimate gain =
        overall(Rows.regression(), crossing(sales), sales).gain(Role.CHAMPION, Metric.MAE);

    double byCustomer =
        variance(sales, sales.stream().mapToInt(Sale::customer).toArray(), CUSTOMERS);
    double byDay = variance(sales, sales.stream().mapToInt(Sale::day).toArray(), DAYS);
    double byBoth =
        variance(
            sales,
            sales.stream().mapToInt(s -> s.customer() * DAYS + s.day()).toArray(),
            CUSTOMERS * DAYS);
    assertThat(byCustomer + byDay - byBoth).isGreaterThan(Math.max(byCustomer, byDay) * 1.01);
    assertThat(gain.standardError())
        .isCloseTo(Math.sqrt(byCustomer + byDay - byBoth), within(1e-12));
    assertThat(gain.value())
        .isCloseTo(sales.stream().mapToDouble(Sale::gain).average().orElseThrow(), within(1e-12));
    assertThat(gain.groups()).isEqualTo(CUSTOMERS);
    // Customers alone are the fewer degrees of freedom; days keep what neighbours add.
    Spread ofCustomers =
        alone(Rows.regression(), customers(sales, MANY), 0, sales)
            .gain(Role.CHAMPION, Metric.MAE)
            .spread();
    Spread ofDays =
        alone(Rows.regression(), days(), 1, sales).gain(Role.CHAMPION, Metric.MAE).spread();
    assertThat(gain.degreesOfFreedom())
        .isEqualTo(Math.min(ofCustomers.degrees(), ofDays.degrees()));
    assertThat(gain.spread().serialDegrees())
        .isEqualTo(Math.min(ofCustomers.degrees(), ofDays.serialDegrees()));
    double serial = byCustomer + ofDays.serialError() * ofDays.serialError() - byBoth;
    assertThat(gain.spread().serialError())
        .isCloseTo(
            Math.max(Math.sqrt(Math.max(byCustomer, serial)), ofDays.serialError()), within(1e-12));
    assertThat(gain.neighbours()).isBetween(-1.0, 1.0);
    assertThat(gain.covariance(gain))
        .isCloseTo(gain.standardError() * gain.standardError(), within(1e-12));
  }

  @Test
  void widensThePartOfDaysAloneWhereDaysAreAlike() {
    List<Sale> sales =
        LongStream.range(0, 100)
            .mapToObj(seed -> sales(seed, false))
            .filter(it -> ofDays(it).neighbours() > 0.2)
            .findFirst()
            .orElseThrow();
    Estimate ofDays = ofDays(sales);
    Estimate both =
        overall(Rows.regression(), crossing(sales), sales).gain(Role.CHAMPION, Metric.MAE);

    double added = Math.pow(ofDays.standardError(), 2) * (Math.pow(ofDays.inflation(), 2) - 1);
    assertThat(Math.pow(both.standardError() * both.inflation(), 2))
        .isCloseTo(Math.pow(both.standardError(), 2) + added, within(1e-12));
    assertThat(both.inflation()).isGreaterThan(1.05).isLessThan(ofDays.inflation());
    Estimate ofCustomers =
        alone(Rows.regression(), customers(sales, MANY), 0, sales).gain(Role.CHAMPION, Metric.MAE);
    assertThat(ofCustomers.inflation()).isEqualTo(1);
  }

  private static Estimate ofDays(List<Sale> sales) {
    return alone(Rows.regression(), days(), 1, sales).gain(Role.CHAMPION, Metric.MAE);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void isNeverSurerThanEitherWayAlone(long seed) {
    List<Sale> sales = sales(seed, true);
    SliceResult both = overall(Rows.binary(), crossing(sales), sales);
    SliceResult byCustomer = alone(Rows.binary(), customers(sales, MANY), 0, sales);
    SliceResult byDay = alone(Rows.binary(), days(), 1, sales);

    for (Metric metric : Rows.binary().metrics()) {
      Estimate gain = both.gain(Role.CHAMPION, metric);
      Spread one = byCustomer.gain(Role.CHAMPION, metric).spread();
      Spread other = byDay.gain(Role.CHAMPION, metric).spread();
      assertThat(gain.value()).isCloseTo(byDay.gain(Role.CHAMPION, metric).value(), within(1e-12));
      assertThat(gain.standardError()).isGreaterThanOrEqualTo(one.error() - 1e-12);
      assertThat(gain.standardError()).isGreaterThanOrEqualTo(other.error() - 1e-12);
      assertThat(gain.spread().width(0.05))
          .isGreaterThanOrEqualTo(Math.max(one.width(0.05), other.width(0.05)) - 1e-12);
      assertThat(gain.covariance(gain))
          .isCloseTo(gain.standardError() * gain.standardError(), within(1e-12));
      for (Metric second : Rows.binary().metrics()) {
        Estimate more = both.gain(Role.CHAMPION, second);
        assertThat(Math.abs(gain.covariance(more)))
            .isLessThanOrEqualTo(gain.standardError() * more.standardError() + 1e-12);
      }
    }
  }

  @Test
  void leavesASingleWayAsItWasBeforeThereWereTwo() {
    List<Sale> numbers = sales(5, false);
    List<Sale> classes = sales(5, true);

    // What they were when each row had one group, to the last bit.
    assertThat(
            alone(Rows.regression(), customers(numbers, MANY), 0, numbers)
                .gain(Role.CHAMPION, Metric.RMSE)
                .standardError())
        .isEqualTo(0.023445591200109327);
    assertThat(
            alone(Rows.binary(), days(), 1, classes)
                .gain(Role.CHAMPION, Metric.AUC)
                .standardError())
        .isEqualTo(0.1248215457360496);
    assertThat(
            alone(Rows.binary(), JackknifeGroups.hashed(5), 1, classes)
                .gain(Role.CHAMPION, Metric.LOG_LOSS)
                .standardError())
        .isEqualTo(0.05510364496883914);
  }

  @Test
  void keepsTheLargerOfBothWhereCombinationsVaryMore() {
    // Losses swing from day to day with each customer, and cancel for customers and for days.
    List<Sale> sales = new ArrayList<>();
    for (int customer = 0; customer < 8; customer++) {
      for (int day = 0; day < DAYS; day++) {
        double swing = (customer + day) % 2 == 0 ? 1 : -1;
        sales.add(new Sale(customer, day, 0, 2, 2 + swing + 0.01 * customer));
      }
    }

    SliceResult both = overall(Rows.regression(), crossing(sales), sales);

    Estimate byCustomer =
        alone(Rows.regression(), customers(sales, MANY), 0, sales).gain(Role.CHAMPION, Metric.MAE);
    assertThat(byCustomer.standardError()).isPositive();
    assertThat(both.gain(Role.CHAMPION, Metric.MAE).standardError())
        .isCloseTo(byCustomer.standardError(), within(1e-12));
  }

  @Test
  void knowsNoMoreOfOneWayTwiceThanOnce() {
    List<Sale> sales = sales(8, false);
    JackknifeGroups days = days();
    Accumulator rows = new Accumulator(Rows.regression(), ClusterWays.crossing(days, days, days));
    for (Sale sale : sales) {
      int[] groups = {sale.day(), sale.day(), sale.day()};
      double[][] predictions = {{sale.challenger()}, {sale.champion()}};
      // Ways number days by their names' order, as ofPeriods does.
      rows.add(sale.hashCode(), groups, new int[0], sale.label(), predictions);
    }

    Estimate twice =
        rows.comparison(DAYS, ClusterWays.crossing(days, days, days))
            .overall()
            .gain(Role.CHAMPION, Metric.RMSE);

    Estimate once = alone(Rows.regression(), days, 1, sales).gain(Role.CHAMPION, Metric.RMSE);
    assertThat(twice.standardError()).isCloseTo(once.standardError(), within(1e-12));
    assertThat(twice.degreesOfFreedom()).isEqualTo(once.degreesOfFreedom());
  }

  @Test
  void cannotTellOfASliceThatIsOneCustomers() {
    List<Sale> sales = sales(3, false);
    ComparisonPlan plan = Rows.regression(NamedSlice.of("first customer"));
    ClusterWays ways = crossing(sales);

    Comparison comparison = added(plan, ways, sales).comparison(CUSTOMERS, ways);

    SliceResult slice = comparison.slices().get(0);
    assertThat(slice.groups()).isEqualTo(1);
    assertThat(slice.largest()).isEqualTo(1);
    assertThat(slice.gain(Role.CHAMPION, Metric.MAE).value()).isFinite();
    assertThat(slice.gain(Role.CHAMPION, Metric.MAE).undefined())
        .hasValue("its rows form 1 group, and an uncertainty needs two");
    assertThat(slice.rows()).isEqualTo(sales.stream().filter(s -> s.customer() == 0).count());
    assertThat(comparison.overall().groups()).isEqualTo(CUSTOMERS);
  }

  @Test
  void sharesGroupsWhereEitherWayHasManyClustersButNotForTheirCombinations() {
    List<Sale> sales = sales(4, false);
    JackknifeGroups hashed = JackknifeGroups.hashed(50);

    assertThat(crossing(sales).isShared()).isFalse();
    assertThat(ClusterWays.crossing(customers(sales, MANY), days(), hashed).isShared()).isFalse();
    assertThat(ClusterWays.crossing(customers(sales, 5), days(), hashed).isShared()).isTrue();
    assertThat(ClusterWays.crossing(customers(sales, MANY), hashed, hashed).isShared()).isTrue();
  }

  @Test
  void neverTakesTwoPairsForTheSameCombination() {
    assertThat(ClusterWays.crossed("a1", "2")).startsWith("a1", "2");
    assertThat(ClusterWays.crossed("a1", "2").get(2))
        .isNotEqualTo(ClusterWays.crossed("a", "12").get(2));
  }

  @Test
  void givesTheSameBitsHoweverRowsOfTwoWaysAreOrderedAndDivided() {
    List<Sale> sales = new ArrayList<>(sales(6, true));
    ClusterWays ways = crossing(sales);
    List<String> seen = new ArrayList<>();
    for (int parts : new int[] {1, 3, 8}) {
      Collections.shuffle(sales, new Random(parts));
      Accumulator all = new Accumulator(Rows.binary(), ways);
      for (int part = 0; part < parts; part++) {
        int size = sales.size() / parts + 1;
        List<Sale> some = sales.subList(part * size, Math.min(sales.size(), (part + 1) * size));
        all.merge(added(Rows.binary(), ways, some));
      }
      seen.add(all.comparison(CUSTOMERS, ways).toString());
    }
    assertThat(seen).hasSize(3).containsOnly(seen.get(0));
  }
}
