package reforest.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reforest.bundle.Task;
import reforest.config.Metric;
import reforest.statistics.Estimate;

/** Intervals that a person reads stay within what a metric can be, and hold the truth there. */
final class MetricIntervalTest {

  @ParameterizedTest
  @CsvSource({
    // The log of the odds of 0.97 is 3.4761, and its slope there 34.36.
    "ACCURACY, 0.97, 0.05, 0.8529, 0.9945",
    "AUC, 0.5, 0.1, 0.4013, 0.5987",
    "RMSE, 10, 5, 6.0653, 16.4872",
    "LOG_LOSS, 0.3, 0.03, 0.2715, 0.3316",
    "R2, 0.9, 0.1, 0.7282, 0.9632",
    "R2, -1, 0.5, -1.5681, -0.5576",
    "BIAS, -3, 5, -8, 2",
  })
  void areDrawnOnAScaleWithoutABorder(
      Metric metric, double value, double width, double lower, double upper) {
    Metric.Interval interval = metric.interval(value, width);

    assertThat(interval.lower()).isCloseTo(lower, within(5e-5));
    assertThat(interval.upper()).isCloseTo(upper, within(5e-5));
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void neverReachBeyondWhatAMetricCanBe(Metric metric) {
    for (double value : new double[] {0, 1e-300, 1e-6, 0.03, 0.5, 0.999, 1 - 1e-12, 1}) {
      for (double width : new double[] {0, 1e-300, 0.01, 0.5, 3, 1e9, 1e300}) {
        Metric.Interval interval = metric.interval(value, width);

        assertThat(interval.lower()).isBetween(metric.least(), value);
        assertThat(interval.upper()).isBetween(value, metric.greatest());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void areTheSymmetricOnesWhereTheyAreNarrow(Metric metric) {
    Metric.Interval interval = metric.interval(0.4, 1e-4);

    assertThat(interval.lower()).isCloseTo(0.4 - 1e-4, within(1e-7));
    assertThat(interval.upper()).isCloseTo(0.4 + 1e-4, within(1e-7));
  }

  @Test
  void areCutWhereTheValueIsOnTheBorderOrTheWidthBeyondMeasure() {
    assertThat(Metric.ACCURACY.interval(1, 0.1)).isEqualTo(new Metric.Interval(0.9, 1));
    assertThat(Metric.RMSE.interval(0, 2)).isEqualTo(new Metric.Interval(0, 2));
    assertThat(Metric.RMSE.interval(2, 5)).isEqualTo(new Metric.Interval(0, 7));
    assertThat(Metric.R2.interval(0.9, 0.5)).isEqualTo(new Metric.Interval(0.4, 1));
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void areUnknownWhereTheWidthIs(Metric metric) {
    assertThat(metric.interval(0.4, Double.NaN).lower()).isNaN();
    assertThat(metric.interval(Double.NaN, 0.1).upper()).isNaN();
  }

  /**
   * Of an accuracy of 0.97 on 28 days of 24 rows, whose share of errors differs from day to day.
   * The symmetric interval lies above the truth in 8 % of windows; it should in 2.5 %.
   */
  @Test
  void holdTheTruthOfAnAccuracyCloseToOne() {
    ComparisonPlan plan =
        new ComparisonPlan(
            Task.MULTICLASS, List.of("no", "yes"), List.of(Role.CHALLENGER), List.of(), 1e-6, 0);
    Random random = new Random(17);
    int windows = 1_000;
    int above = 0;
    int below = 0;
    int plainAbove = 0;
    for (int window = 0; window < windows; window++) {
      Estimate estimate =
          Comparison.of(plan, 100, days(random)).overall().metric(Role.CHALLENGER, Metric.ACCURACY);
      double width = estimate.interval(0.95).upper() - estimate.value();
      Metric.Interval interval = Metric.ACCURACY.interval(estimate.value(), width);
      above += interval.lower() > 0.97 ? 1 : 0;
      below += interval.upper() < 0.97 ? 1 : 0;
      plainAbove += estimate.value() - width > 0.97 ? 1 : 0;
    }

    assertThat(above).as("intervals above the truth").isBetween(10, 50);
    assertThat(above + below).as("intervals that miss the truth").isBetween(25, 75);
    assertThat(plainAbove).as("symmetric ones above the truth").isGreaterThan(60);
  }

  private static List<ScoredRow> days(Random random) {
    List<ScoredRow> rows = new ArrayList<>();
    for (int day = 0; day < 28; day++) {
      double errors = Math.min(1, -0.03 * Math.log(1 - random.nextDouble()));
      for (int row = 0; row < 24; row++) {
        List<Double> prediction =
            random.nextDouble() < errors ? List.of(0.9, 0.1) : List.of(0.1, 0.9);
        rows.add(new ScoredRow("day " + day, Set.of(), 1, Map.of(Role.CHALLENGER, prediction)));
      }
    }
    return rows;
  }
}
