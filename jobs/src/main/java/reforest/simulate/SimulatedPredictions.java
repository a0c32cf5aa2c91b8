package reforest.simulate;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import reforest.bundle.Task;
import reforest.config.ErrorCosts;
import reforest.config.Metric;
import reforest.evaluate.Accumulator;
import reforest.evaluate.Comparison;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.DecisionThresholds;
import reforest.evaluate.Role;
import reforest.statistics.JackknifeGroups;

/**
 * Windows of labels and of the predictions of two models that are equally good by every metric. On
 * some days a model is nearer to the truth than on others, and neighbouring days are alike in that.
 *
 * @param task what is predicted; with several classes there are three
 * @param days how many clusters, each of 24 rows
 * @param alike correlation of neighbouring days' parts, 0 to below 1
 * @param heavyTails whether parts have a t distribution with 3 degrees of freedom, not a normal
 */
record SimulatedPredictions(Task task, int days, double alike, boolean heavyTails) {

  private static final int ROWS_A_DAY = 24;

  /** Of a day's part in a model's log-odds, and of a row's. */
  private static final double DAY = 0.7;

  private static final double ROW = 0.5;

  /** A regression's errors lie around it, so that a bias has a sign. */
  private static final double BIAS = 2;

  /** Log-odds of the positive class, whose rows are the fewer. */
  private static final double RARE = -1;

  /** Labels are far from zero, beside which a relative error would say nothing. */
  private static final double USUAL = 20;

  private static final ErrorCosts COSTS = new ErrorCosts(1, 2);

  /** The metrics that such a task has. */
  List<Metric> metrics() {
    return plan().metrics();
  }

  /** One window; each seed is another one. */
  Comparison window(long seed) {
    Random random = new Random(seed * 1_000_003 + 41);
    DayNoise noise = new DayNoise(random, alike, heavyTails);
    double[] common = noise.days(days);
    double[][] own = {noise.days(days), noise.days(days)};
    Accumulator rows = new Accumulator(plan(), days);
    for (int day = 0; day < days; day++) {
      double[] nearer = {DAY * (common[day] + own[0][day]), DAY * (common[day] + own[1][day])};
      for (int hour = 0; hour < ROWS_A_DAY; hour++) {
        add(rows, (long) day * ROWS_A_DAY + hour, day, noise, nearer);
      }
    }
    return rows.comparison(
        days, JackknifeGroups.ofPeriods(LongStream.range(0, days).boxed().toList(), days));
  }

  private void add(Accumulator rows, long row, int day, DayNoise noise, double[] nearer) {
    double[][] predictions = new double[2][];
    double label;
    if (task == Task.REGRESSION) {
      label = USUAL + 3 * noise.random().nextGaussian();
      for (int model = 0; model < 2; model++) {
        predictions[model] = new double[] {label + BIAS - nearer[model] + noise.draw()};
      }
    } else {
      double[] truth = truth(noise.random());
      label = drawn(shares(truth), noise.random().nextDouble());
      for (int model = 0; model < 2; model++) {
        double[] odds = truth.clone();
        for (int k = 0; k < odds.length; k++) {
          odds[k] += ROW * noise.draw() + (k == label ? nearer[model] : 0);
        }
        predictions[model] = shares(odds);
      }
    }
    rows.add(row, day, new int[0], label, predictions);
  }

  /** The log-odds of a row's classes. */
  private double[] truth(Random random) {
    return task == Task.BINARY
        ? new double[] {0, RARE + 1.5 * random.nextGaussian()}
        : random.doubles(3, -1.5, 1.5).toArray();
  }

  /** The classes' probabilities. */
  private static double[] shares(double[] odds) {
    double[] shares = new double[odds.length];
    double sum = 0;
    for (int k = 0; k < odds.length; k++) {
      shares[k] = Math.exp(Math.min(30, odds[k]));
      sum += shares[k];
    }
    for (int k = 0; k < odds.length; k++) {
      shares[k] /= sum;
    }
    return shares;
  }

  private static int drawn(double[] shares, double uniform) {
    int label = 0;
    double below = shares[0];
    while (uniform >= below && label < shares.length - 1) {
      label++;
      below += shares[label];
    }
    return label;
  }

  private ComparisonPlan plan() {
    List<Role> roles = List.of(Role.CHALLENGER, Role.CHAMPION);
    if (task == Task.BINARY) {
      return new ComparisonPlan(
          task,
          List.of("no", "yes"),
          roles,
          List.of(),
          new DecisionThresholds(List.of(COSTS.threshold(), COSTS.threshold()), COSTS),
          1e-6,
          0);
    }
    List<String> classes =
        task == Task.MULTICLASS
            ? IntStream.range(0, 3).mapToObj(k -> "class " + k).toList()
            : List.of();
    return new ComparisonPlan(task, classes, roles, List.of(), 1e-6, 0);
  }
}
