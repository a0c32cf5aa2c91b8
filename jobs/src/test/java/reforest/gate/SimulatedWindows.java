package reforest.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import reforest.bundle.Task;
import reforest.config.GateConfig;
import reforest.config.GateConfig.Mode;
import reforest.config.Metric;
import reforest.evaluate.Accumulator;
import reforest.evaluate.Comparison;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;

/**
 * Windows of days whose rows depend on each other, with a known true gain of the challenger.
 *
 * @param days how many clusters
 * @param rowsADay rows in each of them
 * @param gain the true gain in mean absolute error, the same on every slice
 * @param heavyTails whether losses have a t distribution with 3 degrees of freedom, not a normal
 * @param slices how many slices share the rows evenly
 */
record SimulatedWindows(int days, int rowsADay, double gain, boolean heavyTails, int slices) {

  /** So far from zero that no error changes its sign, and the mean absolute error is a mean. */
  private static final double FAR = 1_000;

  /** A configuration of the primary metric alone; slices have the given margin. */
  static GateConfig config(Mode mode, double margin, double worthwhile, double sliceMargin) {
    return new GateConfig(Metric.MAE, mode, 0, margin, worthwhile, sliceMargin, List.of(), 0.05, 3);
  }

  /** One window; each seed is another one. */
  Comparison window(long seed) {
    return challengers(seed, 1).get(0);
  }

  /** One window on which several challengers meet the same champion. */
  List<Comparison> challengers(long seed, int count) {
    Random random = new Random(seed * 1_000_003 + 17);
    List<NamedSlice> named = new ArrayList<>();
    for (int slice = 0; slice < slices; slice++) {
      named.add(NamedSlice.of("s" + slice));
    }
    ComparisonPlan plan =
        new ComparisonPlan(
            Task.REGRESSION, List.of(), List.of(Role.CHALLENGER, Role.CHAMPION), named, 1e-6, 0);
    List<Accumulator> all = new ArrayList<>();
    for (int c = 0; c < count; c++) {
      all.add(new Accumulator(plan, days));
    }
    long row = 0;
    for (int day = 0; day < days; day++) {
      double common = draw(random);
      double champion = draw(random);
      double[] challenger = new double[count];
      for (int c = 0; c < count; c++) {
        challenger[c] = draw(random);
      }
      for (int hour = 0; hour < rowsADay; hour++) {
        double label = 100 * random.nextDouble();
        int[] in = slices == 0 ? new int[0] : new int[] {hour % slices};
        double shared = FAR + common + draw(random);
        double[] second = {label + shared + gain + champion + draw(random)};
        for (int c = 0; c < count; c++) {
          double[] first = {label + shared + challenger[c] + draw(random)};
          all.get(c).add(row, day, in, label, new double[][] {first, second});
        }
        row++;
      }
    }
    return all.stream().map(a -> a.comparison(days, false)).toList();
  }

  private double draw(Random random) {
    double normal = random.nextGaussian();
    if (!heavyTails) {
      return normal;
    }
    double squares = 0;
    for (int i = 0; i < 3; i++) {
      double one = random.nextGaussian();
      squares += one * one;
    }
    return normal / Math.sqrt(squares / 3);
  }
}
