package reforest.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import reforest.bundle.Task;
import reforest.evaluate.Accumulator;
import reforest.evaluate.Comparison;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.statistics.JackknifeGroups;

/**
 * Windows of days on which the true gain of the challenger in mean absolute error is known. All
 * rows of a day share a part of the loss.
 *
 * @param days how many clusters
 * @param rowsADay rows in each of them
 * @param gain the true gain in mean absolute error, on every slice that has no harm of its own
 * @param alike correlation of neighbouring days' parts, 0 to below 1
 * @param heavyTails whether losses have a t distribution with 3 degrees of freedom, not a normal
 * @param slices how many slices share the rows evenly
 * @param harm how much is taken from the gain on the first slice
 * @param erratic how many times as large the challenger's own noise is on the first slice
 */
public record SimulatedWindows(
    int days,
    int rowsADay,
    double gain,
    double alike,
    boolean heavyTails,
    int slices,
    double harm,
    double erratic) {

  /** So far from zero that no error changes its sign, and the mean absolute error is a mean. */
  private static final double FAR = 1_000;

  /** Of days that are independent, and slices that are like the rest. */
  public static SimulatedWindows of(int days, int rowsADay, double gain) {
    return new SimulatedWindows(days, rowsADay, gain, 0, false, 0, 0, 1);
  }

  /** The same with another gain. */
  public SimulatedWindows gaining(double other) {
    return new SimulatedWindows(days, rowsADay, other, alike, heavyTails, slices, harm, erratic);
  }

  /** The same where neighbouring days are alike. */
  public SimulatedWindows alike(double correlation) {
    return new SimulatedWindows(
        days, rowsADay, gain, correlation, heavyTails, slices, harm, erratic);
  }

  /** The same with normal or with heavy tails. */
  public SimulatedWindows heavyTails(boolean heavy) {
    return new SimulatedWindows(days, rowsADay, gain, alike, heavy, slices, harm, erratic);
  }

  /** The same with slices, the first of which may be harmed or erratic. */
  public SimulatedWindows slices(int number, double harmOfFirst, double noiseOfFirst) {
    return new SimulatedWindows(
        days, rowsADay, gain, alike, heavyTails, number, harmOfFirst, noiseOfFirst);
  }

  /** One window; each seed is another one. */
  public Comparison window(long seed) {
    return challengers(seed, 1).get(0);
  }

  /** One window on which several challengers meet the same champion. */
  public List<Comparison> challengers(long seed, int count) {
    Random random = new Random(seed * 1_000_003 + 17);
    List<NamedSlice> named = new ArrayList<>();
    for (int slice = 0; slice < slices; slice++) {
      named.add(NamedSlice.of("s" + slice));
    }
    ComparisonPlan plan =
        new ComparisonPlan(
            Task.REGRESSION, List.of(), List.of(Role.CHALLENGER, Role.CHAMPION), named, 1e-6, 0);
    DayNoise noise = new DayNoise(random, alike, heavyTails);
    double[] common = noise.days(days);
    double[] champion = noise.days(days);
    List<double[]> challengers = IntStream.range(0, count).mapToObj(c -> noise.days(days)).toList();
    List<Accumulator> all =
        IntStream.range(0, count).mapToObj(c -> new Accumulator(plan, days)).toList();
    long row = 0;
    for (int day = 0; day < days; day++) {
      for (int hour = 0; hour < rowsADay; hour++) {
        double label = 100 * random.nextDouble();
        int[] in = slices == 0 ? new int[0] : new int[] {hour % slices};
        boolean first = slices > 0 && hour % slices == 0;
        double shared = FAR + common[day] + noise.draw();
        double better = first ? gain - harm : gain;
        double[] second = {label + shared + better + champion[day] + noise.draw()};
        for (int c = 0; c < count; c++) {
          double own = challengers.get(c)[day] + noise.draw();
          double[] one = {label + shared + (first ? erratic : 1) * own};
          all.get(c).add(row, day, in, label, new double[][] {one, second});
        }
        row++;
      }
    }
    JackknifeGroups grouping =
        JackknifeGroups.ofPeriods(LongStream.range(0, days).boxed().toList(), Math.max(2, days));
    return all.stream().map(a -> a.comparison(days, grouping)).toList();
  }
}
