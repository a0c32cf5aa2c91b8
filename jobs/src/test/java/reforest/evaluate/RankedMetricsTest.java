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
import org.junit.jupiter.params.provider.EnumSource;
import reforest.bundle.Task;
import reforest.config.Metric;
import reforest.config.MetricSettings;
import reforest.statistics.Estimate;

class RankedMetricsTest {

  private static final MetricSettings SETTINGS = new MetricSettings(0.9, 0.25, null, true);
  private static final int DAYS = 40;

  @Test
  void liftTakesPartOfTheRowsThatTieAtItsBorder() {
    List<ScoredRow> rows = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      // A quarter of eight are two: one of .9, which is positive, and one of four that tie at .7,
      // of
      // which three are positive. There are four positive rows.
      double probability = i == 0 ? .9 : i < 5 ? .7 : .1;
      rows.add(binary("c" + i % 4, i == 0 || (i > 1 && i < 5) ? 1 : 0, probability));
    }

    // One and three quarters positive among two, where all have one of two.
    assertThat(overall(Task.BINARY, rows, Metric.LIFT).value()).isEqualTo(1.75 / 2 / 0.5);
  }

  @Test
  void calibrationErrorIsTheMeanDistanceOfTheBins() {
    List<ScoredRow> rows = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rows.add(binary("c" + i % 5, i < 3 ? 1 : 0, 0.2));
      rows.add(binary("c" + i % 5, i < 7 ? 1 : 0, 0.9));
    }

    assertThat(overall(Task.BINARY, rows, Metric.CALIBRATION_ERROR).value())
        .isCloseTo((0.1 + 0.2) / 2, within(1e-12));
  }

  @Test
  void theMedianOfAnEvenNumberOfErrorsIsTheMeanOfTheMiddleTwo() {
    List<ScoredRow> rows =
        List.of(number("a", 5, 4), number("b", 5, 7), number("c", 5, 12), number("d", 5, 5));

    assertThat(overall(Task.REGRESSION, rows, Metric.MEDIAN_ABSOLUTE_ERROR).value()).isEqualTo(1.5);
  }

  /** Leaving days out for real, all else being the same. */
  @ParameterizedTest
  @EnumSource(
      value = Metric.class,
      names = {"AUC", "PR_AUC", "LIFT", "CALIBRATION_ERROR"})
  void theErrorIsThatOfLeavingDaysOut(Metric metric) {
    List<ScoredRow> rows = binaryDays(new Random(7), 50);
    Estimate whole = overall(Task.BINARY, rows, metric);
    double variance = 0;
    for (int day = 0; day < DAYS; day++) {
      String left = "d" + day;
      List<ScoredRow> others = rows.stream().filter(it -> !it.cluster().equals(left)).toList();
      double deviation = overall(Task.BINARY, others, metric).value() - whole.value();
      variance += deviation * deviation * (DAYS - 1) / DAYS;
    }

    assertThat(whole.standardError() / Math.sqrt(variance)).isBetween(0.75, 1.25);
  }

  @Test
  void theMeanOverTheClassesErrsAsItDoesWhenDaysAreLeftOut() {
    Random random = new Random(3);
    List<ScoredRow> rows = new ArrayList<>();
    for (int i = 0; i < DAYS * 30; i++) {
      int label = random.nextInt(3);
      double[] p = new double[3];
      double all = 0;
      for (int c = 0; c < 3; c++) {
        p[c] = random.nextDouble() + (c == label ? 0.4 : 0.1);
        all += p[c];
      }
      rows.add(
          new ScoredRow(
              "d" + i % DAYS,
              Set.of(),
              label,
              Map.of(Role.CHALLENGER, List.of(p[0] / all, p[1] / all, p[2] / all))));
    }
    Estimate whole = overall(Task.MULTICLASS, rows, Metric.AUC_OVR);
    double variance = 0;
    for (int day = 0; day < DAYS; day++) {
      String left = "d" + day;
      List<ScoredRow> others = rows.stream().filter(it -> !it.cluster().equals(left)).toList();
      double deviation = overall(Task.MULTICLASS, others, Metric.AUC_OVR).value() - whole.value();
      variance += deviation * deviation * (DAYS - 1) / DAYS;
    }

    assertThat(whole.standardError() / Math.sqrt(variance)).isBetween(0.9, 1.1);
  }

  /** Days that share a part of their errors, so that rows are no measure of what is known. */
  @Test
  void theMediansIntervalHoldsTheTruthAsOftenAsItSays() {
    Random random = new Random(11);
    // The median of |N(0, 1 + .25)|.
    double truth = 0.6744897501960817 * Math.sqrt(1.25);
    int held = 0;
    int windows = 300;
    for (int window = 0; window < windows; window++) {
      List<ScoredRow> rows = new ArrayList<>();
      for (int day = 0; day < 28; day++) {
        double shared = 0.5 * random.nextGaussian();
        for (int i = 0; i < 10; i++) {
          rows.add(number("d" + day, 0, shared + random.nextGaussian()));
        }
      }
      Estimate.Interval interval =
          overall(Task.REGRESSION, rows, Metric.MEDIAN_ABSOLUTE_ERROR).interval(0.95);
      held += interval.lower() <= truth && truth <= interval.upper() ? 1 : 0;
    }

    assertThat((double) held / windows).isBetween(0.925, 0.995);
  }

  @Test
  void aMetricOfRowsInOrderSaysWhyItIsUndefined() {
    List<ScoredRow> none = List.of(binary("a", 0, .1), binary("b", 0, .2));

    assertThat(overall(Task.BINARY, none, Metric.PR_AUC).undefined())
        .contains("there are no positive rows");
    assertThat(overall(Task.BINARY, none, Metric.LIFT).undefined())
        .contains("there are no positive rows");
    assertThat(overall(Task.BINARY, none, Metric.CALIBRATION_ERROR).value())
        .isCloseTo(0.15, within(1e-12));
  }

  @Test
  void sumsSayWhyTheyAreUndefined() {
    List<ScoredRow> zero = List.of(number("a", 0, 1), number("b", 2, 1), number("c", 4, 5));
    List<ScoredRow> one = List.of(binary("a", 1, .8), binary("b", 1, .3));

    assertThat(overall(Task.REGRESSION, zero, Metric.MAPE).undefined())
        .contains("the label is 0 in 1 of 3 rows (challenger)");
    assertThat(overall(Task.REGRESSION, zero, Metric.SMAPE).value())
        .isCloseTo((2 + 1 / 1.5 + 1 / 4.5) / 3, within(1e-12));
    assertThat(overall(Task.BINARY, one, Metric.BALANCED_ACCURACY).undefined())
        .contains("no row is of class no (challenger)");
    assertThat(overall(Task.BINARY, one, Metric.MATTHEWS).undefined())
        .contains("all rows are of class yes (challenger)");
  }

  @Test
  void neitherOrderNorDivisionChangesAnyBit() {
    List<ScoredRow> rows = binaryDays(new Random(5), 20);
    List<ScoredRow> backwards = new ArrayList<>(rows);
    java.util.Collections.shuffle(backwards, new Random(6));

    for (Metric metric : plan(Task.BINARY).metrics()) {
      Estimate one = overall(Task.BINARY, rows, metric);
      Estimate other = overall(Task.BINARY, backwards, metric);
      assertThat(other.value()).as(metric.key()).isEqualTo(one.value());
      assertThat(other.standardError()).as(metric.key()).isEqualTo(one.standardError());
    }
    assertThat(Comparison.of(plan(Task.BINARY), 200, rows).curves().get(Role.CHALLENGER).toString())
        .isEqualTo(
            Comparison.of(plan(Task.BINARY), 200, backwards)
                .curves()
                .get(Role.CHALLENGER)
                .toString());
  }

  @Test
  void curvesOfTwoClassesEndWhereTheyMust() {
    List<ScoredRow> rows = binaryDays(new Random(5), 50);

    RoleCurves curves = Comparison.of(plan(Task.BINARY), 200, rows).curves().get(Role.CHALLENGER);

    assertThat(curves.positive()).contains("yes");
    assertThat(curves.roc()).hasSizeBetween(20, 50);
    assertThat(curves.roc().get(0)).isEqualTo(new RoleCurves.Point(0, 0, Double.POSITIVE_INFINITY));
    RoleCurves.Point last = curves.roc().get(curves.roc().size() - 1);
    assertThat(last.x()).isEqualTo(1);
    assertThat(last.y()).isEqualTo(1);
    double area = 0;
    for (int i = 1; i < curves.roc().size(); i++) {
      RoleCurves.Point from = curves.roc().get(i - 1);
      RoleCurves.Point to = curves.roc().get(i);
      area += (to.x() - from.x()) * (from.y() + to.y()) / 2;
    }
    assertThat(area).isCloseTo(overall(Task.BINARY, rows, Metric.AUC).value(), within(0.01));
    assertThat(curves.precisionRecall()).hasSizeBetween(20, 50);
    assertThat(curves.precisionRecall().get(curves.precisionRecall().size() - 1).x()).isEqualTo(1);
    assertThat(curves.bins()).hasSize(10);
    double error =
        curves.bins().stream()
            .mapToDouble(it -> it.rows() * Math.abs(it.predicted() - it.observed().value()))
            .sum();
    assertThat(error / rows.size())
        .isCloseTo(overall(Task.BINARY, rows, Metric.CALIBRATION_ERROR).value(), within(1e-12));
    assertThat(curves.bins()).allMatch(it -> it.observed().standardError() > 0);
  }

  @Test
  void decilesTellWhatWasSeenWhereThisWasPredicted() {
    List<ScoredRow> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(number("c" + i % 4, i + 3, i));
    }

    RoleCurves curves =
        Comparison.of(plan(Task.REGRESSION), 200, rows).curves().get(Role.CHALLENGER);

    assertThat(curves.roc()).isEmpty();
    assertThat(curves.deciles()).hasSize(10);
    RoleCurves.Decile first = curves.deciles().get(0);
    assertThat(first.bin().rows()).isEqualTo(10);
    assertThat(first.bin().least()).isEqualTo(0);
    assertThat(first.bin().greatest()).isEqualTo(9);
    assertThat(first.bin().predicted()).isEqualTo(4.5);
    assertThat(first.bin().observed().value()).isEqualTo(7.5);
    assertThat(first.bin().observed().standardError()).isGreaterThan(0);
    assertThat(first.residuals()).containsExactly(-3.0, -3.0, -3.0, -3.0, -3.0);
  }

  @Test
  void equalPredictionsAreOneBin() {
    List<ScoredRow> rows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      rows.add(number("c" + i % 4, i, 7));
    }

    assertThat(
            Comparison.of(plan(Task.REGRESSION), 200, rows).curves().get(Role.CHALLENGER).deciles())
        .hasSize(1);
  }

  private static List<ScoredRow> binaryDays(Random random, int perDay) {
    List<ScoredRow> rows = new ArrayList<>();
    for (int day = 0; day < DAYS; day++) {
      double shared = 0.5 * random.nextGaussian();
      for (int i = 0; i < perDay; i++) {
        double logit = 1.5 * random.nextGaussian() - 1;
        double truth = 1 / (1 + Math.exp(-(logit + shared)));
        double probability = 1 / (1 + Math.exp(-0.7 * logit - 0.3));
        rows.add(binary("d" + day, random.nextDouble() < truth ? 1 : 0, probability));
      }
    }
    return rows;
  }

  private static ScoredRow binary(String cluster, int label, double probability) {
    return new ScoredRow(
        cluster, Set.of(), label, Map.of(Role.CHALLENGER, List.of(1 - probability, probability)));
  }

  private static ScoredRow number(String cluster, double label, double prediction) {
    return new ScoredRow(cluster, Set.of(), label, Map.of(Role.CHALLENGER, List.of(prediction)));
  }

  private static ComparisonPlan plan(Task task) {
    List<String> classes =
        switch (task) {
          case REGRESSION -> List.of();
          case BINARY -> List.of("no", "yes");
          case MULTICLASS -> List.of("a", "b", "c");
        };
    return new ComparisonPlan(task, classes, List.of(Role.CHALLENGER), List.of(), 1e-6, 0)
        .with(SETTINGS);
  }

  private static Estimate overall(Task task, List<ScoredRow> rows, Metric metric) {
    return Comparison.of(plan(task), 200, rows).overall().metric(Role.CHALLENGER, metric);
  }
}
