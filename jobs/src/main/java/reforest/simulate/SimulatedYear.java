package reforest.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.LongStream;
import reforest.bundle.Task;
import reforest.evaluate.Accumulator;
import reforest.evaluate.Comparison;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.Role;
import reforest.gate.Allowance;
import reforest.gate.AlphaSpending;
import reforest.gate.AlphaSpending.Budget;
import reforest.gate.AlphaSpending.Wish;
import reforest.gate.Decision;
import reforest.gate.Gate;
import reforest.gate.Ledger.Window;
import reforest.statistics.JackknifeGroups;

/**
 * A year in which a new challenger of the same true gain meets one champion every so many days,
 * each time on the four weeks before. A day's gain has a standard deviation of 1; a part of it is
 * that of the day, whichever challenger is looked at.
 *
 * @param every days between two runs
 * @param gain the true gain, in standard deviations of a day
 * @param shared share of a day's variance that all challengers have in common, 0 to 1
 */
record SimulatedYear(int every, double gain, double shared) {

  static final int WINDOW = 28;
  private static final int DAYS = 52 * 7;
  private static final double FAR = 1_000;
  private static final Instant START = Instant.parse("2011-01-01T00:00:00Z");
  private static final Budget BUDGET = new Budget(Duration.ofDays(WINDOW), Duration.ofDays(14));
  private static final ComparisonPlan PLAN =
      new ComparisonPlan(
          Task.REGRESSION, List.of(), List.of(Role.CHALLENGER, Role.CHAMPION), List.of(), 1e-6, 0);

  /**
   * What became of it.
   *
   * @param promotedOn the first day on which a challenger was promoted, from 0; empty when none was
   * @param promotions how many of all were, each against the same champion
   * @param mostSpent the largest share of alpha that tries on one day's rows spent together
   */
  record Outcome(OptionalInt promotedOn, int promotions, double mostSpent) {}

  /** One year; each seed is another one. */
  Outcome run(Gate gate, long seed) {
    Random random = new Random(seed * 7_919 + 3);
    double[] common = new double[WINDOW + DAYS];
    for (int day = 0; day < common.length; day++) {
      common[day] = random.nextGaussian();
    }
    AlphaSpending spending = new AlphaSpending();
    double[] spent = new double[WINDOW + DAYS];
    OptionalInt first = OptionalInt.empty();
    int promotions = 0;
    for (int day = 0; day <= DAYS; day += every) {
      Instant end = START.plus(Duration.ofDays(day));
      Window window = Window.of(end.minus(Duration.ofDays(WINDOW)), end);
      Allowance allowance =
          spending.spend(
              new Wish(window, Optional.of(BUDGET), false, false, true, "run of day " + day));
      if (allowance.share() == 0) {
        continue;
      }
      for (int row = day; row < day + WINDOW; row++) {
        spent[row] += allowance.share();
      }
      boolean promoted =
          gate.decide(window(common, day, random), allowance).decision() == Decision.PROMOTE;
      promotions += promoted ? 1 : 0;
      first = promoted && first.isEmpty() ? OptionalInt.of(day) : first;
    }
    double most = 0;
    for (double sum : spent) {
      most = Math.max(most, sum);
    }
    return new Outcome(first, promotions, most);
  }

  private Comparison window(double[] common, int day, Random random) {
    Accumulator rows = new Accumulator(PLAN, WINDOW);
    for (int i = 0; i < WINDOW; i++) {
      double own = Math.sqrt(1 - shared) * random.nextGaussian();
      double better = gain + Math.sqrt(shared) * common[day + i] + own;
      rows.add(i, i, new int[0], 0, new double[][] {{FAR}, {FAR + better}});
    }
    return rows.comparison(
        WINDOW, JackknifeGroups.ofPeriods(LongStream.range(0, WINDOW).boxed().toList(), WINDOW));
  }
}
