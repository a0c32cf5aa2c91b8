package reforest.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.Task;
import reforest.diagnose.WeakSlice;
import reforest.diagnose.WeakSlices;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.Role;
import reforest.evaluate.RowLoss;
import reforest.evaluate.ScoredWindow;
import reforest.evaluate.ScoredWindow.Scored;
import reforest.statistics.ClusterWays;
import reforest.statistics.JackknifeGroups;

/**
 * Windows with six numbers and two categories, of which the first number is the same for all rows
 * of a cluster, as weather is for a day. Losses of both models vary with the cluster and do not
 * depend on any feature, but for a slice that may be planted: where the first category is the first
 * of four and the second number is among the lowest eighth.
 *
 * @param rows how many
 * @param clusters how many, of about equal size
 * @param harm what the challenger loses more on the planted slice, in standard deviations of the
 *     paired loss
 */
record SimulatedSlices(int rows, int clusters, double harm) {

  private static final int NUMBERS = 6;
  private static final double ALIKE = 0.2;
  private static final double LOWEST = 0.125;

  private static final ComparisonPlan PLAN =
      new ComparisonPlan(
          Task.REGRESSION, List.of(), List.of(Role.CHALLENGER, Role.CHAMPION), List.of(), 1e-6, 0);

  /** What a search finds in one window. */
  WeakSlices.Result found(long seed) {
    Random random = new Random(seed * 7_919 + 17);
    List<String> names = IntStream.range(0, clusters).mapToObj(c -> "c" + c).toList();
    JackknifeGroups groups = JackknifeGroups.of(names, clusters);
    double[] weather = random.doubles(clusters).toArray();
    double[] common = IntStream.range(0, clusters).mapToDouble(c -> gauss(random)).toArray();
    double[] between = IntStream.range(0, clusters).mapToDouble(c -> gauss(random)).toArray();
    double deviation = Math.sqrt(1 + ALIKE * ALIKE);
    List<Scored> scored = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      int cluster = random.nextInt(clusters);
      double[] values = new double[NUMBERS + 2];
      values[0] = weather[cluster];
      for (int i = 1; i < NUMBERS; i++) {
        values[i] = random.nextDouble();
      }
      values[NUMBERS] = random.nextInt(4);
      values[NUMBERS + 1] = random.nextInt(10);
      double champion = 10 + gauss(random) + ALIKE * common[cluster];
      double difference = gauss(random) + ALIKE * between[cluster];
      if (isPlanted(values)) {
        difference += harm * deviation;
      }
      scored.add(
          new Scored(
              random.nextLong(),
              new int[] {groups.group(names.get(cluster))},
              values,
              champion + difference,
              champion));
    }
    return WeakSlices.of(
        ScoredWindow.of(PLAN, ClusterWays.of(groups), inputs(), scored), RowLoss.ABSOLUTE_ERROR);
  }

  private static double gauss(Random random) {
    return random.nextGaussian();
  }

  private static boolean isPlanted(double[] values) {
    return values[NUMBERS] == 0 && values[1] < LOWEST;
  }

  /** Whether the planted slice was confirmed, by both of its conditions and none besides. */
  static boolean isConfirmed(WeakSlices.Result result) {
    return result.confirmed().stream()
        .filter(slice -> slice.kind() == WeakSlice.Kind.HARMED)
        .map(WeakSlice::conditions)
        .anyMatch(
            it -> it.size() == 2 && it.get(0).startsWith("n1 < 0.1") && it.get(1).equals("k0 = a"));
  }

  private static List<Input> inputs() {
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < NUMBERS; i++) {
      inputs.add(input("n" + i, InputType.NUMBER, List.of(), "0"));
    }
    inputs.add(input("k0", InputType.CATEGORY, letters(4), "(missing)"));
    inputs.add(input("k1", InputType.CATEGORY, letters(10), "(missing)"));
    return inputs;
  }

  private static List<String> letters(int count) {
    return IntStream.range(0, count).mapToObj(i -> String.valueOf((char) ('a' + i))).toList();
  }

  private static Input input(String name, InputType type, List<String> categories, String missing) {
    return new Input(
        name,
        type,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        categories,
        missing,
        Optional.empty(),
        Optional.empty());
  }
}
