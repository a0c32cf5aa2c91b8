package reforest.simulate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import reforest.bundle.Task;
import reforest.config.GateConfig;
import reforest.config.GateConfig.Mode;
import reforest.config.Metric;
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
 * A year in which models get old, or are trained on worse and worse rows. Every so many days a new
 * one, trained on all rows before the four weeks that it is judged on, meets the champion there.
 * Losses are in standard deviations of a day's difference between two models.
 *
 * @param every days between two runs
 * @param aging by how much a model's loss grows in a week of its age
 * @param jump by how much the loss of all models grows that were trained before some day in the
 *     middle of the year
 * @param decay by how much a model is worse for each week after the first on which it was trained
 * @param rule who decides
 */
record DriftingYear(int every, double aging, double jump, double decay, Rule rule) {

  /** Who decides on a promotion. */
  enum Rule {
    /** The gate in mode superior. */
    SUPERIOR,
    /** The gate in mode refresh, with the first champion as anchor. */
    REFRESH,
    /** The same without an anchor. */
    REFRESH_UNANCHORED,
    /** Whatever has the better figure. */
    POINT
  }

  /** How much may be lost in mode refresh. */
  static final double MARGIN = 0.5;

  private static final int WINDOW = 28;
  private static final int DAYS = 364;
  private static final double FAR = 1_000;
  private static final Instant START = Instant.parse("2011-01-01T00:00:00Z");
  private static final Budget BUDGET = new Budget(Duration.ofDays(WINDOW), Duration.ofDays(14));

  /**
   * What became of it.
   *
   * @param loss mean loss of the champion over the year, less that of a model of the day
   * @param last how much worse the last champion is by the rows that it was trained on
   */
  record Outcome(double loss, double last) {}

  /** One year; each seed is another one. */
  Outcome run(long seed) {
    Gate gate =
        new Gate(
            new GateConfig(
                Metric.MAE,
                rule == Rule.SUPERIOR ? Mode.SUPERIOR : Mode.REFRESH,
                0,
                MARGIN,
                MARGIN,
                9,
                List.of(),
                0.05,
                3));
    Map<Integer, double[]> noise = new HashMap<>();
    AlphaSpending spending = new AlphaSpending();
    int middle = DAYS / 2 + (int) Math.floorMod(seed, (long) WINDOW);
    int first = -WINDOW;
    int champion = first;
    double loss = 0;
    for (int day = 0; day < DAYS; day++) {
      if (day % every == 0 && day > 0) {
        int challenger = day - WINDOW;
        List<Integer> models = new ArrayList<>(List.of(challenger, champion));
        if (rule == Rule.REFRESH && champion != first) {
          models.add(first);
        }
        if (isPromoted(gate, spending, day, models, middle, seed, noise)) {
          champion = challenger;
        }
      }
      loss += loss(champion, day, middle) / DAYS;
    }
    return new Outcome(loss, worse(champion));
  }

  private boolean isPromoted(
      Gate gate,
      AlphaSpending spending,
      int day,
      List<Integer> models,
      int middle,
      long seed,
      Map<Integer, double[]> noise) {
    Instant end = START.plus(Duration.ofDays(day));
    Window window = Window.of(end.minus(Duration.ofDays(WINDOW)), end);
    if (rule == Rule.POINT) {
      return window(day, models, middle, seed, noise)
              .overall()
              .gain(Role.CHAMPION, Metric.MAE)
              .value()
          > 0;
    }
    Allowance allowance =
        spending.spend(
            new Wish(window, Optional.of(BUDGET), false, false, true, "run of day " + day));
    return allowance.share() > 0
        && gate.decide(window(day, models, middle, seed, noise), allowance).decision()
            == Decision.PROMOTE;
  }

  private Comparison window(
      int day, List<Integer> models, int middle, long seed, Map<Integer, double[]> noise) {
    List<Role> roles = List.of(Role.CHALLENGER, Role.CHAMPION, Role.ANCHOR);
    ComparisonPlan plan =
        new ComparisonPlan(
            Task.REGRESSION, List.of(), roles.subList(0, models.size()), List.of(), 1e-6, 0);
    Accumulator rows = new Accumulator(plan, WINDOW);
    for (int i = 0; i < WINDOW; i++) {
      double[][] predictions = new double[models.size()][1];
      for (int m = 0; m < predictions.length; m++) {
        int model = models.get(m);
        double[] own = noise.computeIfAbsent(model, it -> noise(seed, it));
        predictions[m][0] = FAR + loss(model, day - WINDOW + i, middle) + own[day + i];
      }
      rows.add(i, i, new int[0], 0, predictions);
    }
    return rows.comparison(
        WINDOW, JackknifeGroups.ofPeriods(LongStream.range(0, WINDOW).boxed().toList(), WINDOW));
  }

  /** A model's own part of each day's loss, the same whenever the day is looked at. */
  private static double[] noise(long seed, int model) {
    Random random = new Random(seed * 1_000_003 + model);
    double[] days = new double[DAYS + WINDOW];
    for (int day = 0; day < days.length; day++) {
      days[day] = random.nextGaussian() / Math.sqrt(2);
    }
    return days;
  }

  /** The loss on a day of a model that was trained until another. */
  private double loss(int model, int day, int middle) {
    double age = (day - model) / 7.0;
    return aging * age + (day >= middle && model < middle ? jump : 0) + worse(model);
  }

  private double worse(int model) {
    return decay * (model + WINDOW) / 7.0;
  }
}
