package reforest.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reforest.bundle.Task;
import reforest.config.Metric;
import reforest.config.MetricSettings;
import reforest.evaluate.Comparison;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.Role;
import reforest.evaluate.ScoredRow;

class FoldMetricsTest {

  private static final MetricSettings SETTINGS = new MetricSettings(0.7, 0.2, null, true);

  /** What the folds define as MLlib does, which EnginesTest holds to MLlib itself. */
  private static final Set<Metric> AS_MLLIB =
      Set.of(Metric.PRECISION, Metric.RECALL, Metric.F1, Metric.LOG_LOSS);

  static Stream<Arguments> rankable() {
    return Arrays.stream(Task.values())
        .flatMap(
            task ->
                Arrays.stream(Metric.values())
                    .filter(it -> it.isMeasured(task, null, SETTINGS))
                    .filter(it -> it.noRanking().isEmpty() && !AS_MLLIB.contains(it))
                    .map(metric -> new Arguments(task, metric)));
  }

  private record Arguments(Task task, Metric metric) {}

  @ParameterizedTest
  @MethodSource("rankable")
  void theFoldsMeasureWhatIsJudged(Arguments asked) {
    Task task = asked.task();
    int classes = classes(task).size();
    SplittableRandom random = new SplittableRandom(4);
    FoldSums none = new FoldSums(asked.metric(), task, classes, 1e-6, 5, false, SETTINGS);
    List<FoldSums> parts = List.of(none.copy(), none.copy(), none.copy());
    List<ScoredRow> rows = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      FoldSums part = parts.get(i % 3);
      if (classes == 0) {
        double label = 1 + random.nextInt(20);
        double prediction = Math.rint(label + random.nextDouble(-6, 5));
        part.add(label, prediction);
        rows.add(row(i, label, prediction));
      } else {
        int label = random.nextInt(classes);
        double[] p = new double[classes];
        for (int c = 0; c < classes; c++) {
          p[c] = 1 + random.nextInt(5) + (c == label ? 2 : 0);
        }
        double all = DoubleStream.of(p).sum();
        double[] probabilities = DoubleStream.of(p).map(it -> it / all).toArray();
        int said = 0;
        for (int c = 1; c < classes; c++) {
          said = probabilities[c] > probabilities[said] ? c : said;
        }
        part.add(label, probabilities, said, probabilities[1]);
        rows.add(row(i, label, probabilities));
      }
    }

    FoldSums all = none.copy();
    parts.forEach(all::merge);

    ComparisonPlan plan =
        new ComparisonPlan(task, classes(task), List.of(Role.CHALLENGER), List.of(), 1e-6, 5)
            .with(SETTINGS);
    double judged =
        Comparison.of(plan, 50, rows).overall().metric(Role.CHALLENGER, asked.metric()).value();
    assertThat(all.scored().score()).isCloseTo(judged, within(1e-9));
  }

  @Test
  void aFoldWithoutAClassHasABalancedAccuracyOfTheOthers() {
    FoldSums sums =
        new FoldSums(Metric.BALANCED_ACCURACY, Task.BINARY, 2, 1e-6, 0, false, SETTINGS);
    sums.add(1, new double[] {.2, .8}, 1, .8);
    sums.add(1, new double[] {.7, .3}, 0, .3);

    assertThat(sums.scored().score()).isEqualTo(0.5);
  }

  @Test
  void aCandidateThatTellsNothingApartHasNoCorrelation() {
    FoldSums sums = new FoldSums(Metric.MATTHEWS, Task.BINARY, 2, 1e-6, 0, false, SETTINGS);
    sums.add(1, new double[] {.2, .8}, 1, .8);
    sums.add(0, new double[] {.2, .8}, 1, .8);

    assertThat(sums.scored().score()).isZero();
  }

  private static List<String> classes(Task task) {
    return switch (task) {
      case REGRESSION -> List.of();
      case BINARY -> List.of("no", "yes");
      case MULTICLASS -> List.of("a", "b", "c");
    };
  }

  private static ScoredRow row(int number, double label, double... prediction) {
    return new ScoredRow(
        "c" + number % 9,
        Set.of(),
        label,
        Map.of(Role.CHALLENGER, DoubleStream.of(prediction).boxed().toList()));
  }
}
