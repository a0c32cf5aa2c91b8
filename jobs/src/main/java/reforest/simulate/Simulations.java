package reforest.simulate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import reforest.bundle.Task;
import reforest.config.GateConfig;
import reforest.config.GateConfig.Mode;
import reforest.config.Metric;
import reforest.evaluate.Comparison;
import reforest.evaluate.Role;
import reforest.gate.Allowance;
import reforest.gate.Decision;
import reforest.gate.Gate;
import reforest.gate.Verdict;
import reforest.simulate.SimulatedCustomers.Declared;
import reforest.statistics.Estimate;

/** The cases in which the gate's promises are simulated; the same seeds give the same figures. */
public final class Simulations {

  private static final double ALPHA = 0.05;
  private static final double WIDE = 9;

  /** More false promotions than this come of a dependence that is not declared. */
  private static final double UNDECLARED = 0.12;

  private static final List<Integer> DAYS = List.of(14, 28, 56);
  private static final List<Double> ALIKE = List.of(0.0, 0.3, 0.6);
  private static final List<Double> LEVELS = List.of(0.05, 0.07, 0.09);
  private static final List<Double> COVERAGES = List.of(0.93, 0.92, 0.89);
  private static final Map<String, Function<Integer, List<Claim>>> CASES = new LinkedHashMap<>();

  static {
    CASES.put("level", Simulations::level);
    CASES.put("coverage", Simulations::coverage);
    CASES.put("metrics", Simulations::metrics);
    CASES.put("power", Simulations::power);
    CASES.put("slices", Simulations::slices);
    CASES.put("weekly", Simulations::weekly);
    CASES.put("advice", Simulations::advice);
    CASES.put("drift", Simulations::drift);
    CASES.put("two-way", Simulations::twoWay);
    CASES.put("weak-slices", Simulations::weakSlices);
  }

  private Simulations() {}

  /** The cases' names. */
  public static Set<String> names() {
    return CASES.keySet();
  }

  /**
   * Simulates cases.
   *
   * @param names of them; each must be one of {@link #names()}
   * @param size about how many windows or years each figure comes from, at least 100
   * @param told hears of each claim as soon as it is there
   * @return whether all hold
   */
  public static boolean run(List<String> names, int size, Consumer<Claim> told) {
    boolean all = true;
    for (String name : names) {
      Function<Integer, List<Claim>> simulated = CASES.get(name);
      if (simulated == null || size < 100) {
        throw new IllegalArgumentException("no simulation " + name + " of size " + size);
      }
      for (Claim claim : simulated.apply(size)) {
        told.accept(claim);
        all &= claim.holds();
      }
    }
    return all;
  }

  /** How often an equal model is promoted on a window that nobody has seen. */
  static List<Claim> level(int size) {
    List<Claim> claims = new ArrayList<>();
    Gate gate = new Gate(config(Metric.MAE, Mode.SUPERIOR, WIDE));
    each(
        (name, windows, at) ->
            claims.add(
                atMost("level/" + name, promoted(gate, windows, size), size, LEVELS.get(at))));
    return claims;
  }

  /** How often the 95 % interval of the gain holds the true gain. */
  static List<Claim> coverage(int size) {
    List<Claim> claims = new ArrayList<>();
    each(
        (name, windows, at) -> {
          int held = 0;
          for (int seed = 0; seed < size; seed++) {
            Estimate.Interval interval =
                windows.window(seed).overall().gain(Role.CHAMPION, Metric.MAE).interval(0.95);
            held += interval.lower() <= 0 && interval.upper() >= 0 ? 1 : 0;
          }
          double share = (double) held / size;
          claims.add(
              Claim.atLeast("coverage/" + name, share, error(share, size), COVERAGES.get(at)));
        });
    return claims;
  }

  /**
   * How often something is confirmed where no slice differs, and how often a slice of 3 % of 20,000
   * rows is that is harmed by a third of a standard deviation of the paired loss.
   */
  static List<Claim> weakSlices(int size) {
    // A search takes longer than a verdict.
    int windows = size / 10;
    SimulatedSlices nothing = new SimulatedSlices(20_000, 100, 0);
    SimulatedSlices harmed = new SimulatedSlices(20_000, 100, 1.0 / 3);
    int confirmed = 0;
    int found = 0;
    for (int seed = 0; seed < windows; seed++) {
      confirmed += nothing.found(seed).confirmed().isEmpty() ? 0 : 1;
      found += SimulatedSlices.isConfirmed(harmed.found(seed)) ? 1 : 0;
    }
    double share = (double) confirmed / windows;
    double power = (double) found / windows;
    return List.of(
        Claim.atMost("weak-slices/nothing", share, error(share, windows), 0.1),
        Claim.atLeast("weak-slices/harmed", power, error(power, windows), 0.95));
  }

  /**
   * For every metric of every task, how often the primary rule promotes an equal model on a window
   * that nobody has seen, and how often the 95 % interval of the gain holds that there is none.
   */
  static List<Claim> metrics(int size) {
    List<Claim> claims = new ArrayList<>();
    for (Task task : Task.values()) {
      for (int days : DAYS) {
        for (int at = 0; at < ALIKE.size(); at++) {
          for (boolean heavy : List.of(false, true)) {
            SimulatedPredictions windows =
                new SimulatedPredictions(task, days, ALIKE.get(at), heavy);
            claims.addAll(metrics(windows, named(days, ALIKE.get(at), heavy), at, size));
          }
        }
      }
    }
    return claims;
  }

  private static List<Claim> metrics(SimulatedPredictions windows, String name, int at, int size) {
    List<Metric> metrics = windows.metrics();
    double alpha = Allowance.first().alpha(ALPHA);
    int[] promoted = new int[metrics.size()];
    int[] held = new int[metrics.size()];
    for (int seed = 0; seed < size; seed++) {
      Comparison window = windows.window(seed);
      for (int m = 0; m < promoted.length; m++) {
        Estimate gain = window.overall().gain(Role.CHAMPION, metrics.get(m));
        Estimate.Interval interval = gain.interval(0.95);
        promoted[m] += gain.lower(alpha) > 0 ? 1 : 0;
        held[m] += interval.lower() <= 0 && interval.upper() >= 0 ? 1 : 0;
      }
    }
    List<Claim> claims = new ArrayList<>();
    for (int m = 0; m < promoted.length; m++) {
      String of = "metrics/" + windows.task().key() + "/" + metrics.get(m).key() + "/" + name;
      double covered = (double) held[m] / size;
      claims.add(atMost(of + "/level", (double) promoted[m] / size, size, LEVELS.get(at)));
      claims.add(Claim.atLeast(of + "/coverage", covered, error(covered, size), COVERAGES.get(at)));
    }
    return claims;
  }

  private interface EachWindow {
    void simulate(String name, SimulatedWindows windows, int alike);
  }

  private static void each(EachWindow simulation) {
    for (int days : DAYS) {
      for (int at = 0; at < ALIKE.size(); at++) {
        for (boolean heavy : List.of(false, true)) {
          double alike = ALIKE.get(at);
          simulation.simulate(
              named(days, alike, heavy),
              SimulatedWindows.of(days, 4, 0).alike(alike).heavyTails(heavy),
              at);
        }
      }
    }
  }

  private static String named(int days, double alike, boolean heavyTails) {
    return String.format(
        Locale.ROOT, "%d-days/alike-%.1f/%s", days, alike, heavyTails ? "heavy" : "normal");
  }

  /**
   * How often a model is promoted whose gain is half a day's standard deviation, in four weeks; and
   * by how much the stated power differs from that.
   */
  static List<Claim> power(int size) {
    int rows = 4;
    double gain = 0.5 * Math.sqrt(2 + 2.0 / rows);
    Gate gate = gate(gain);
    List<Claim> claims = new ArrayList<>();
    for (double alike : ALIKE) {
      SimulatedWindows windows = SimulatedWindows.of(28, rows, gain).alike(alike);
      Stated stated = stated(gate, size, windows::window);
      String name = String.format(Locale.ROOT, "power/28-days/alike-%.1f", alike);
      if (alike == 0) {
        double promoted = stated.promoted();
        claims.add(Claim.atLeast(name, promoted, error(promoted, size), 0.70));
      }
      claims.add(stated.atMost(name + "/stated-less-true", size, 0.06));
    }
    return claims;
  }

  /** A gate to which this gain is worth having. */
  private static Gate gate(double worthwhile) {
    return new Gate(
        new GateConfig(Metric.MAE, Mode.SUPERIOR, 0, 1, worthwhile, WIDE, List.of(), ALPHA, 3));
  }

  /**
   * What the gate says of its power.
   *
   * @param promoted how often it promotes
   * @param stated how often it says that it would, on average
   */
  private record Stated(double promoted, double stated) {

    Claim atMost(String name, int size, double limit) {
      return Claim.atMost(name, Math.abs(stated - promoted), error(promoted, size), limit);
    }
  }

  private static Stated stated(Gate gate, int size, LongFunction<Comparison> windows) {
    double promoted = 0;
    double stated = 0;
    for (int seed = 0; seed < size; seed++) {
      Verdict verdict = gate.decide(windows.apply(seed), Allowance.first());
      promoted += verdict.decision() == Decision.PROMOTE ? 1.0 / size : 0;
      stated += verdict.findings().power() / size;
    }
    return new Stated(promoted, stated);
  }

  /** How often a model is promoted that is better but for one slice, harmed by two margins. */
  static List<Claim> slices(int size) {
    record Case(int days, double noise, double limit) {}
    List<Claim> claims = new ArrayList<>();
    for (Case it :
        List.of(
            new Case(7, 1, 0.05),
            new Case(14, 1, 0.05),
            new Case(28, 1, 0.01),
            new Case(28, 2, 0.10),
            new Case(28, 5, 0.25))) {
      Gate gate = new Gate(config(Metric.MAE, Mode.SUPERIOR, 1));
      SimulatedWindows windows = SimulatedWindows.of(it.days(), 8, 3).slices(4, 5, it.noise());
      String name =
          String.format(Locale.ROOT, "slices/harmed/%d-days/noise-%.0f", it.days(), it.noise());
      claims.add(atMost(name, promoted(gate, windows, size), size, it.limit()));
    }
    Gate gate = new Gate(config(Metric.MAE, Mode.SUPERIOR, 1));
    double with = promoted(gate, SimulatedWindows.of(28, 20, 1).slices(20, 0, 1), size);
    double without = promoted(gate, SimulatedWindows.of(28, 20, 1), size);
    claims.add(
        Claim.atMost(
            "slices/what-twenty-cost-a-better-model", without - with, error(with, size), 0.02));
    return claims;
  }

  /** Years of runs every week and every four weeks. */
  static List<Claim> weekly(int size) {
    Gate gate = new Gate(config(Metric.MAE, Mode.SUPERIOR, WIDE));
    int years = Math.max(100, size / 4);
    List<Claim> claims = new ArrayList<>();
    double most = 0;
    for (double gain : List.of(0.0, 0.2, 0.35, 0.5)) {
      Years often = years(gate, new SimulatedYear(7, gain, 1), years);
      Years seldom = years(gate, new SimulatedYear(28, gain, 1), years);
      most = Math.max(most, Math.max(often.mostSpent, seldom.mostSpent));
      if (gain == 0) {
        claims.add(
            Claim.atMost(
                "weekly/false-promotions-a-year",
                often.promotions,
                Math.sqrt(often.promotions / years),
                ALPHA * 53 * 7 / SimulatedYear.WINDOW));
        continue;
      }
      String name = String.format(Locale.ROOT, "weekly/gain-%.2f", gain);
      claims.add(
          Claim.atMost(
              name + "/weeks-later-than-monthly",
              often.weeks - seldom.weeks,
              Math.sqrt((often.variance + seldom.variance) / years),
              0));
      if (gain == 0.35) {
        claims.add(
            Claim.atLeast(name + "/in-13-weeks", often.in13, error(often.in13, years), 0.88));
        claims.add(
            Claim.atLeast(name + "/in-26-weeks", often.in26, error(often.in26, years), 0.97));
      }
    }
    claims.add(Claim.atMost("weekly/share-of-alpha-spent-on-a-row", most, 0, 1));
    return claims;
  }

  /** How often a window decides that is as large as an open verdict has advised. */
  static List<Claim> advice(int size) {
    Gate gate = new Gate(config(Metric.MAE, Mode.SUPERIOR, WIDE));
    int advised = 0;
    int decided = 0;
    for (int seed = 0; seed < size; seed++) {
      // Gains from none to one and a half of a day's standard deviation.
      SimulatedWindows seen = SimulatedWindows.of(28, 4, 1.5 * (seed % 20) / 19.0);
      Verdict verdict = gate.decide(seen.window(seed), Allowance.first());
      if (verdict instanceof Verdict.Inconclusive open && open.moreClusters().isPresent()) {
        int days = (int) (28 + open.moreClusters().getAsLong());
        Comparison next = SimulatedWindows.of(days, 4, seen.gain()).window(1_000_000L + seed);
        advised++;
        boolean stillOpen =
            gate.decide(next, Allowance.first()).decision() == Decision.INCONCLUSIVE;
        decided += stillOpen ? 0 : 1;
      }
    }
    double share = (double) decided / advised;
    return List.of(
        Claim.atLeast("advice/followed/decides", share, error(share, advised), 0.70),
        Claim.atMost("advice/followed/decides-not-too-often", share, error(share, advised), 0.90));
  }

  /**
   * How often an equal model is promoted where rows depend on each other by day and by customer:
   * with both declared, and for comparison without the one that has more of the error.
   */
  static List<Claim> twoWay(int size) {
    List<Claim> claims = new ArrayList<>();
    twoWay(
        claims,
        size,
        "customers-most",
        new SimulatedCustomers(28, 40, 0.3, 0.8, 0, 0),
        Declared.DAYS);
    twoWay(
        claims,
        size,
        "days-most",
        new SimulatedCustomers(28, 40, 0.7, 0.5, 0, 0),
        Declared.CUSTOMERS);
    statedOfTwoWays(claims, size, "customers-most", 0.3, 0.8);
    statedOfTwoWays(claims, size, "days-most", 0.7, 0.5);
    return claims;
  }

  /** By how much the stated power differs from how often such a gain is promoted. */
  private static void statedOfTwoWays(
      List<Claim> claims, int size, String what, double ofDays, double ofCustomers) {
    int days = 28;
    int customers = 40;
    for (double alike : ALIKE) {
      // Two and a half true standard errors, a little more than what is promoted every other time.
      double ofMeans = ofDays * ofDays * (1 + alike) / (1 - alike) / days;
      double variance = ofMeans + ofCustomers * ofCustomers / customers;
      double gain = 2.5 * Math.sqrt(variance + 1.0 / days / customers);
      Gate gate = gate(gain);
      SimulatedCustomers windows =
          new SimulatedCustomers(days, customers, ofDays, ofCustomers, alike, gain);
      String name =
          String.format(Locale.ROOT, "two-way/%s/alike-%.1f/stated-less-true", what, alike);
      claims.add(
          stated(gate, size, seed -> windows.window(seed, Declared.BOTH)).atMost(name, size, 0.04));
    }
  }

  private static void twoWay(
      List<Claim> claims, int size, String what, SimulatedCustomers windows, Declared one) {
    Gate gate = new Gate(config(Metric.MAE, Mode.SUPERIOR, WIDE));
    for (Declared declared : List.of(Declared.BOTH, one)) {
      int promoted = 0;
      for (int seed = 0; seed < size; seed++) {
        Comparison window = windows.window(seed, declared);
        Decision decision = gate.decide(window, Allowance.first()).decision();
        promoted += decision == Decision.PROMOTE ? 1 : 0;
      }
      double share = (double) promoted / size;
      String name = "two-way/" + what + "/declared-" + declared.name().toLowerCase(Locale.ROOT);
      claims.add(
          declared == Declared.BOTH
              ? atMost(name, share, size, ALPHA)
              : Claim.atLeast(name, share, error(share, size), UNDECLARED));
    }
  }

  /**
   * Years in which models get old, jump or decay, by rule and rhythm: the champion's mean loss,
   * that no rule of the gate is slower weekly than monthly, and what an anchor keeps.
   */
  static List<Claim> drift(int size) {
    record World(String name, double aging, double jump, double decay) {}
    int years = Math.max(40, size / 10);
    List<Claim> claims = new ArrayList<>();
    for (World world :
        List.of(
            new World("steady", 0.05, 0, 0),
            new World("jump", 0, 1, 0),
            new World("none", 0, 0, 0),
            new World("decay", 0, 0, DriftingYear.MARGIN / 20))) {
      for (DriftingYear.Rule rule : DriftingYear.Rule.values()) {
        String name =
            "drift/" + world.name() + "/" + rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Losses weekly =
            Losses.of(new DriftingYear(7, world.aging(), world.jump(), world.decay(), rule), years);
        Losses monthly =
            Losses.of(
                new DriftingYear(28, world.aging(), world.jump(), world.decay(), rule), years);
        claims.add(Claim.told(name + "/weekly/mean-loss", weekly.mean, weekly.error));
        claims.add(Claim.told(name + "/monthly/mean-loss", monthly.mean, monthly.error));
        if (rule == DriftingYear.Rule.SUPERIOR || rule == DriftingYear.Rule.REFRESH) {
          claims.add(
              Claim.atMost(
                  name + "/weekly-less-monthly",
                  weekly.mean - monthly.mean,
                  Math.hypot(weekly.error, monthly.error),
                  0));
        }
        if (world.decay() > 0 && rule == DriftingYear.Rule.REFRESH) {
          claims.add(
              Claim.atMost(
                  name + "/weekly/lost-after-a-year",
                  weekly.last,
                  weekly.error,
                  DriftingYear.MARGIN));
        }
      }
    }
    return claims;
  }

  private record Losses(double mean, double error, double last) {

    static Losses of(DriftingYear year, int count) {
      double sum = 0;
      double squares = 0;
      double last = 0;
      for (int seed = 0; seed < count; seed++) {
        DriftingYear.Outcome outcome = year.run(seed);
        sum += outcome.loss() / count;
        squares += outcome.loss() * outcome.loss() / count;
        last += outcome.last() / count;
      }
      return new Losses(sum, Math.sqrt(Math.max(0, squares - sum * sum) / count), last);
    }
  }

  private record Years(
      double weeks,
      double variance,
      double in13,
      double in26,
      double promotions,
      double mostSpent) {}

  private static Years years(Gate gate, SimulatedYear year, int count) {
    double sum = 0;
    double squares = 0;
    double in13 = 0;
    double in26 = 0;
    double promotions = 0;
    double most = 0;
    for (int seed = 0; seed < count; seed++) {
      SimulatedYear.Outcome outcome = year.run(gate, seed);
      double weeks = outcome.promotedOn().orElse(53 * 7) / 7.0;
      sum += weeks / count;
      squares += weeks * weeks / count;
      in13 += weeks <= 13 ? 1.0 / count : 0;
      in26 += weeks <= 26 ? 1.0 / count : 0;
      promotions += (double) outcome.promotions() / count;
      most = Math.max(most, outcome.mostSpent());
    }
    return new Years(sum, squares - sum * sum, in13, in26, promotions, most);
  }

  private static GateConfig config(Metric metric, Mode mode, double sliceMargin) {
    return new GateConfig(metric, mode, 0, 1, 0.5, sliceMargin, List.of(), ALPHA, 3);
  }

  private static double promoted(Gate gate, SimulatedWindows windows, int size) {
    int promoted = 0;
    for (int seed = 0; seed < size; seed++) {
      Comparison window = windows.window(seed);
      Decision decision = gate.decide(window, Allowance.first()).decision();
      promoted += decision == Decision.PROMOTE ? 1 : 0;
    }
    return (double) promoted / size;
  }

  private static Claim atMost(String name, double share, int size, double limit) {
    return Claim.atMost(name, share, error(share, size), limit);
  }

  /** The standard error of a share; never nothing, since a share of 0 is not known to be 0. */
  private static double error(double share, int size) {
    double likely = Math.max(share, 1.0 / size);
    return Math.sqrt(Math.min(likely, 1 - 1.0 / size) * Math.max(1 - likely, 1.0 / size) / size);
  }
}
