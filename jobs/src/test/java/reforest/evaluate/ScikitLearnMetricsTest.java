package reforest.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import reforest.bundle.Task;
import reforest.config.Metric;
import reforest.config.MetricSettings;

/**
 * Metrics beside those of scikit-learn 1.9.1, of the same forty rows: {@code
 * mean_absolute_percentage_error}, {@code median_absolute_error}, {@code mean_pinball_loss}, {@code
 * brier_score_loss}, {@code average_precision_score}, {@code roc_auc_score}, {@code
 * balanced_accuracy_score}, {@code matthews_corrcoef}, {@code precision_score}, {@code
 * recall_score} and {@code f1_score}.
 */
class ScikitLearnMetricsTest {

  private static final int ROWS = 40;
  private static final MetricSettings SETTINGS = new MetricSettings(0.9, 0.1, null, true);

  @Test
  void numbersAreMeasuredAsThere() {
    double[] u = numbers(1);
    double[] v = numbers(2);
    double[] w = numbers(3);
    List<ScoredRow> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double label = 10 + 20 * u[i];
      rows.add(row(i, label, label + 6 * (v[i] - 0.5) + w[i]));
    }

    Map<Metric, Double> seen = measured(Task.REGRESSION, List.of(), rows);

    assertMetric(seen, Metric.MAPE, 0.08510016724640404);
    assertMetric(seen, Metric.MEDIAN_ABSOLUTE_ERROR, 1.4597075623460114);
    assertMetric(seen, Metric.QUANTILE_LOSS, 0.6368267670366914);
    // By its formula: scikit-learn has none.
    assertMetric(seen, Metric.SMAPE, 0.08251895396875471);
  }

  @Test
  void twoClassesAreMeasuredAsThere() {
    double[] u = numbers(1);
    double[] v = numbers(2);
    List<ScoredRow> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double probability = Math.rint(u[i] * 10) / 10 * 0.8 + 0.1;
      rows.add(row(i, v[i] < probability ? 1 : 0, 1 - probability, probability));
    }

    Map<Metric, Double> seen = measured(Task.BINARY, List.of("no", "yes"), rows);

    assertMetric(seen, Metric.BRIER, 0.21048);
    assertMetric(seen, Metric.PR_AUC, 0.7467155960113427);
    assertMetric(seen, Metric.AUC, 0.7186700767263426);
    assertMetric(seen, Metric.BALANCED_ACCURACY, 0.6572890025575449);
    assertMetric(seen, Metric.MATTHEWS, 0.3114083725739611);
  }

  @Test
  void severalClassesAreMeasuredAsThere() {
    double[][] p = {numbers(5), numbers(6), numbers(7)};
    double[] u = numbers(8);
    List<ScoredRow> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double[] one = {p[0][i] + .2, p[1][i] + .2, p[2][i] + .2};
      double all = one[0] + one[1] + one[2];
      double first = one[0] / all;
      double second = one[1] / all;
      int label = (u[i] > first ? 1 : 0) + (u[i] > first + second ? 1 : 0);
      rows.add(row(i, label, first, second, one[2] / all));
    }

    Map<Metric, Double> seen = measured(Task.MULTICLASS, List.of("a", "b", "c"), rows);

    assertMetric(seen, Metric.BRIER, 0.6134901491659857);
    assertMetric(seen, Metric.AUC_OVR, 0.6528108490474082);
    assertMetric(seen, Metric.BALANCED_ACCURACY, 0.39886039886039887);
    assertMetric(seen, Metric.MATTHEWS, 0.10116282977781399);
    assertMetric(seen, Metric.PRECISION_WEIGHTED, 0.43);
    assertMetric(seen, Metric.F1_WEIGHTED, 0.4062252964426877);
    assertMetric(seen, Metric.F1, 0.38866930171277997);
    assertMetric(seen, Metric.PRECISION, 0.39999999999999997);
    assertMetric(seen, Metric.RECALL, 0.39886039886039887);
  }

  private static void assertMetric(Map<Metric, Double> seen, Metric metric, double expected) {
    assertThat(seen.get(metric)).as(metric.key()).isCloseTo(expected, within(1e-12));
  }

  private static Map<Metric, Double> measured(
      Task task, List<String> classes, List<ScoredRow> rows) {
    ComparisonPlan plan =
        new ComparisonPlan(task, classes, List.of(Role.CHALLENGER), List.of(), 1e-6, 0)
            .with(SETTINGS);
    Map<Metric, Double> values = new java.util.EnumMap<>(Metric.class);
    Comparison.of(plan, 200, rows)
        .overall()
        .metrics()
        .get(Role.CHALLENGER)
        .forEach((metric, estimate) -> values.put(metric, estimate.value()));
    return values;
  }

  private static ScoredRow row(int number, double label, double... prediction) {
    return new ScoredRow(
        "c" + number % 8,
        Set.of(),
        label,
        Map.of(Role.CHALLENGER, DoubleStream.of(prediction).boxed().toList()));
  }

  /** The same numbers in any language: a linear congruential generator's. */
  private static double[] numbers(long seed) {
    long x = seed;
    double[] numbers = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      x = (x * 1103515245 + 12345) % (1L << 31);
      numbers[i] = x / (double) (1L << 31);
    }
    return numbers;
  }
}
