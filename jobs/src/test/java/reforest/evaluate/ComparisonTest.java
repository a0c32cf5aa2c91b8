package reforest.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.apache.commons.math3.stat.inference.TTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.ReforestException;
import reforest.bundle.Task;
import reforest.config.ErrorCosts;
import reforest.config.Metric;
import reforest.statistics.Estimate;
import reforest.statistics.JackknifeGroups;

final class ComparisonTest {

  private static final int MANY = 10_000;

  @Test
  void measuresARegression() {
    Comparison comparison =
        Comparison.of(
            Rows.regression(),
            MANY,
            new Rows()
                .number("a", Set.of(), 1, 2, 3)
                .number("b", Set.of(), 3, 3, 3)
                .number("c", Set.of(), 5, 3, 4)
                .list());

    SliceResult all = comparison.overall();
    assertThat(all.metric(Role.CHALLENGER, Metric.MAE).value()).isEqualTo(1);
    assertThat(all.metric(Role.CHALLENGER, Metric.RMSE).value()).isEqualTo(Math.sqrt(5.0 / 3));
    assertThat(all.metric(Role.CHALLENGER, Metric.BIAS).value()).isEqualTo(-1.0 / 3);
    assertThat(all.metric(Role.CHALLENGER, Metric.R2).value()).isEqualTo(1 - 5.0 / 8);
    assertThat(all.gain(Role.CHAMPION, Metric.MAE).value()).isEqualTo(0);
    assertThat(all.gain(Role.CHAMPION, Metric.BIAS).value()).isEqualTo(0);
    assertThat(comparison.rows()).isEqualTo(3);
    assertThat(comparison.clusters()).isEqualTo(3);
    assertThat(comparison.differing()).isEqualTo(2);
  }

  @Test
  void measuresABinaryTask() {
    Comparison comparison =
        Comparison.of(
            Rows.binary(),
            MANY,
            new Rows()
                .binary("a", 1, 0.9, 0.5)
                .binary("b", 1, 0.4, 0.5)
                .binary("c", 0, 0.6, 0.5)
                .binary("d", 0, 0.1, 0.5)
                .binary("e", 1, 0.5, 0.5)
                .list());

    SliceResult all = comparison.overall();
    assertThat(all.metric(Role.CHALLENGER, Metric.ACCURACY).value()).isEqualTo(0.4);
    assertThat(all.metric(Role.CHALLENGER, Metric.PRECISION).value()).isEqualTo(1.0 / 2);
    assertThat(all.metric(Role.CHALLENGER, Metric.RECALL).value()).isEqualTo(1.0 / 3);
    assertThat(all.metric(Role.CHALLENGER, Metric.F1).value()).isEqualTo(2.0 / 5);
    assertThat(all.metric(Role.CHALLENGER, Metric.AUC).value()).isEqualTo(4.0 / 6);
    assertThat(all.metric(Role.CHAMPION, Metric.AUC).value()).isEqualTo(0.5);
    assertThat(all.metric(Role.CHALLENGER, Metric.LOG_LOSS).value())
        .isCloseTo(-Math.log(0.9 * 0.4 * 0.4 * 0.9 * 0.5) / 5, within(1e-15));
    assertThat(all.confusion().get(Role.CHALLENGER))
        .containsExactly(List.of(1L, 1L), List.of(2L, 1L));
  }

  @Test
  void countsWhatTheDecisionsCostThatEachRoleMakesItsOwnWay() {
    ComparisonPlan plan =
        new ComparisonPlan(
            Task.BINARY,
            List.of("no", "yes"),
            List.of(Role.CHALLENGER, Role.CHAMPION),
            List.of(),
            new DecisionThresholds(List.of(0.2, Double.NaN), new ErrorCosts(1, 10)),
            1e-6,
            0);
    Rows rows = new Rows();
    double[][] cases = {{1, 0.3}, {1, 0.1}, {0, 0.2}, {0, 0.6}, {0, 0.1}};
    for (int i = 0; i < cases.length; i++) {
      List<Double> both = List.of(1 - cases[i][1], cases[i][1]);
      rows.add(
          new ScoredRow(
              "r" + i, Set.of(), cases[i][0], Map.of(Role.CHALLENGER, both, Role.CHAMPION, both)));
    }

    SliceResult all = Comparison.of(plan, MANY, rows.list()).overall();

    assertThat(all.confusion().get(Role.CHALLENGER))
        .containsExactly(List.of(1L, 2L), List.of(1L, 1L));
    assertThat(all.confusion().get(Role.CHAMPION))
        .containsExactly(List.of(2L, 1L), List.of(2L, 0L));
    assertThat(all.metric(Role.CHALLENGER, Metric.COST).value()).isEqualTo((2 * 1 + 10) / 5.0);
    assertThat(all.metric(Role.CHAMPION, Metric.COST).value()).isEqualTo((1 + 2 * 10) / 5.0);
    assertThat(all.gain(Role.CHAMPION, Metric.COST).value()).isCloseTo(1.8, within(1e-12));
    assertThat(Comparison.of(Rows.binary(), MANY, rows.list()).plan().metrics())
        .doesNotContain(Metric.COST);
  }

  @Test
  void averagesOverTheClassesWhenThereAreThree() {
    ComparisonPlan plan =
        new ComparisonPlan(
            Task.MULTICLASS, List.of("a", "b", "c"), List.of(Role.CHALLENGER), List.of(), 1e-6, 0);
    Rows rows = new Rows();
    int[][] pairs = {{0, 0}, {0, 1}, {1, 1}, {2, 2}, {2, 2}};
    for (int i = 0; i < pairs.length; i++) {
      List<Double> probabilities = new ArrayList<>(List.of(0.2, 0.2, 0.2));
      probabilities.set(pairs[i][1], 0.6);
      rows.add(
          new ScoredRow("r" + i, Set.of(), pairs[i][0], Map.of(Role.CHALLENGER, probabilities)));
    }

    SliceResult all = Comparison.of(plan, MANY, rows.list()).overall();

    assertThat(all.metric(Role.CHALLENGER, Metric.PRECISION).value())
        .isCloseTo((1 + 0.5 + 1) / 3, within(1e-15));
    assertThat(all.metric(Role.CHALLENGER, Metric.RECALL).value())
        .isCloseTo((0.5 + 1 + 1) / 3, within(1e-15));
    assertThat(all.metric(Role.CHALLENGER, Metric.F1).value())
        .isCloseTo((2.0 / 3 + 2.0 / 3 + 1) / 3, within(1e-15));
  }

  @Test
  void averagesOverTwoClassesToo() {
    ComparisonPlan plan =
        new ComparisonPlan(
            Task.MULTICLASS, List.of("a", "b"), List.of(Role.CHALLENGER), List.of(), 1e-6, 0);
    Rows rows = new Rows();
    int[][] pairs = {{0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}};
    for (int i = 0; i < pairs.length; i++) {
      List<Double> probabilities = pairs[i][1] == 0 ? List.of(0.6, 0.4) : List.of(0.4, 0.6);
      rows.add(
          new ScoredRow("r" + i, Set.of(), pairs[i][0], Map.of(Role.CHALLENGER, probabilities)));
    }

    SliceResult all = Comparison.of(plan, MANY, rows.list()).overall();

    assertThat(all.metric(Role.CHALLENGER, Metric.RECALL).value())
        .isCloseTo((2.0 / 3 + 1.0 / 2) / 2, within(1e-15));
    assertThat(all.metric(Role.CHALLENGER, Metric.PRECISION).value())
        .isCloseTo((2.0 / 3 + 1.0 / 2) / 2, within(1e-15));
  }

  @Test
  void doesWithoutTheAreaWhenThereAreTooManyRowsForIt() {
    int rows = 40;
    Accumulator within = new Accumulator(Rows.binary(), rows, rows);
    Accumulator beyond = new Accumulator(Rows.binary(), rows, rows - 1);
    Accumulator half = new Accumulator(Rows.binary(), rows, rows - 1);
    for (int i = 0; i < rows; i++) {
      double[][] predictions = {{0.75, 0.25}, {0.5, 0.5}};
      within.add(i, i, new int[0], i % 2, predictions);
      (i < rows / 2 ? beyond : half).add(i, i, new int[0], i % 2, predictions);
    }

    SliceResult all = beyond.merge(half).comparison(rows, JackknifeGroups.hashed(rows)).overall();

    Estimate area = all.gain(Role.CHAMPION, Metric.AUC);
    assertThat(area.value()).isNaN();
    assertThat(area.undefined()).hasValue("AUC is computed for at most 39 rows");
    SliceResult measured = within.comparison(rows, JackknifeGroups.hashed(rows)).overall();
    assertThat(measured.metric(Role.CHALLENGER, Metric.AUC).value()).isEqualTo(0.5);
    assertThat(all.metric(Role.CHALLENGER, Metric.LOG_LOSS).value())
        .isEqualTo(measured.metric(Role.CHALLENGER, Metric.LOG_LOSS).value());
  }

  @Test
  void clipsCertainMistakesBeforeTheLogarithm() {
    Comparison comparison =
        Comparison.of(
            Rows.binary(), MANY, new Rows().binary("a", 1, 0, 1).binary("b", 0, 1, 0).list());

    assertThat(comparison.overall().metric(Role.CHALLENGER, Metric.LOG_LOSS).value())
        .isEqualTo(-Math.log(1e-6));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void giveTheSameBitsHoweverRowsAreOrderedAndDivided(long seed) {
    Random random = new Random(seed);
    ComparisonPlan plan = Rows.regression(NamedSlice.of("odd"), NamedSlice.of("third"));
    @SuppressWarnings("ArrayRecordComponent")
    record Item(long id, int group, int[] slices, double label, double[][] predictions) {}
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      double label = 1e6 + random.nextGaussian() * Math.pow(10, random.nextInt(8));
      double[][] predictions = {
        {label + random.nextGaussian()}, {label + random.nextGaussian() * 1e3}
      };
      int[] slices = i % 6 == 3 ? new int[] {0, 1} : i % 2 == 1 ? new int[] {0} : new int[0];
      items.add(new Item(i, i % 17, slices, label, predictions));
    }
    List<String> seen = new ArrayList<>();
    for (int parts : new int[] {1, 2, 7, 40}) {
      Collections.shuffle(items, random);
      List<Accumulator> accumulators = new ArrayList<>();
      for (int part = 0; part < parts; part++) {
        accumulators.add(new Accumulator(plan, 17));
      }
      for (int i = 0; i < items.size(); i++) {
        Item item = items.get(i);
        accumulators
            .get(i % parts)
            .add(item.id, item.group, item.slices, item.label, item.predictions);
      }
      Accumulator all = new Accumulator(plan, 17);
      accumulators.forEach(all::merge);
      seen.add(all.comparison(17, JackknifeGroups.hashed(17)).toString());
    }
    assertThat(seen).hasSize(4).containsOnly(seen.get(0));
  }

  @Test
  void givesAMeanTheClassicalStandardError() {
    Random random = new Random(11);
    Rows rows = new Rows();
    double[] errors = new double[150];
    double[] others = new double[150];
    SummaryStatistics gains = new SummaryStatistics();
    for (int i = 0; i < errors.length; i++) {
      errors[i] = Math.abs(random.nextGaussian());
      others[i] = Math.abs(random.nextGaussian() * 2);
      gains.addValue(others[i] - errors[i]);
      rows.number("r" + i, Set.of(), 10, 10 + errors[i], 10 - others[i]);
    }

    Estimate gain =
        Comparison.of(Rows.regression(), MANY, rows.list())
            .overall()
            .gain(Role.CHAMPION, Metric.MAE);

    assertThat(gain.value()).isCloseTo(gains.getMean(), within(1e-12));
    assertThat(gain.standardError())
        .isCloseTo(gains.getStandardDeviation() / Math.sqrt(150), within(1e-12));
    assertThat(gain.degreesOfFreedom()).isCloseTo(149, within(1e-9));
    double p = new TTest().pairedTTest(others, errors) / 2;
    assertThat(gain.lower(p)).isCloseTo(0, within(1e-7));
  }

  @Test
  void agreesWithMcNemarOnAccuracy() {
    Random random = new Random(5);
    Rows rows = new Rows();
    int onlyChallenger = 0;
    int onlyChampion = 0;
    int n = 400;
    for (int i = 0; i < n; i++) {
      int label = random.nextInt(2);
      boolean one = random.nextDouble() < 0.8;
      boolean other = random.nextDouble() < 0.7;
      onlyChallenger += one && !other ? 1 : 0;
      onlyChampion += other && !one ? 1 : 0;
      rows.binary("r" + i, label, one ? label : 1 - label, other ? label : 1 - label);
    }

    Estimate gain =
        Comparison.of(Rows.binary(), MANY, rows.list())
            .overall()
            .gain(Role.CHAMPION, Metric.ACCURACY);

    double b = onlyChallenger;
    double c = onlyChampion;
    // McNemar's variance without its null hypothesis, with the sample's correction.
    double variance = (b + c - (b - c) * (b - c) / n) / n / (n - 1);
    assertThat(gain.value()).isCloseTo((b - c) / n, within(1e-12));
    assertThat(gain.standardError()).isCloseTo(Math.sqrt(variance), within(1e-12));
    double statistic = gain.value() / gain.standardError();
    double chiSquared = (b - c) * (b - c) / (b + c);
    assertThat(statistic * statistic).isCloseTo(chiSquared, within(0.05 * chiSquared));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void agreesWithDeLongOnIndependentRows(long seed) {
    Random random = new Random(seed);
    Rows rows = new Rows();
    List<double[]> positives = new ArrayList<>();
    List<double[]> negatives = new ArrayList<>();
    for (int i = 0; i < 160; i++) {
      int label = random.nextDouble() < 0.3 ? 1 : 0;
      double signal = label + random.nextGaussian();
      double[] scores = {
        round(sigmoid(signal + 0.5 * random.nextGaussian())),
        round(sigmoid(signal + 1.5 * random.nextGaussian()))
      };
      (label == 1 ? positives : negatives).add(scores);
      rows.binary("r" + i, label, scores[0], scores[1]);
    }

    SliceResult all = Comparison.of(Rows.binary(), MANY, rows.list()).overall();

    double[] areas = new double[2];
    double[][] v10 = new double[2][positives.size()];
    double[][] v01 = new double[2][negatives.size()];
    for (int m = 0; m < 2; m++) {
      for (int i = 0; i < positives.size(); i++) {
        for (int j = 0; j < negatives.size(); j++) {
          double psi = 0.5 + 0.5 * Math.signum(positives.get(i)[m] - negatives.get(j)[m]);
          v10[m][i] += psi / negatives.size();
          v01[m][j] += psi / positives.size();
          areas[m] += psi / negatives.size() / positives.size();
        }
      }
    }
    double[] one = new double[positives.size()];
    double[] zero = new double[negatives.size()];
    for (int i = 0; i < one.length; i++) {
      one[i] = v10[0][i] - v10[1][i];
    }
    for (int j = 0; j < zero.length; j++) {
      zero[j] = v01[0][j] - v01[1][j];
    }
    Estimate area = all.metric(Role.CHALLENGER, Metric.AUC);
    Estimate gain = all.gain(Role.CHAMPION, Metric.AUC);
    assertThat(area.value()).isCloseTo(areas[0], within(1e-12));
    assertThat(area.standardError()).isCloseTo(deLong(v10[0], v01[0]), within(1e-12));
    assertThat(gain.value()).isCloseTo(areas[0] - areas[1], within(1e-12));
    assertThat(gain.standardError()).isCloseTo(deLong(one, zero), within(1e-12));
  }

  private static double deLong(double[] positives, double[] negatives) {
    return Math.sqrt(
        variance(positives) / positives.length + variance(negatives) / negatives.length);
  }

  private static double variance(double[] values) {
    SummaryStatistics statistics = new SummaryStatistics();
    for (double value : values) {
      statistics.addValue(value);
    }
    return statistics.getVariance();
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Few digits, so that there are ties. */
  private static double round(double x) {
    return Math.rint(x * 20) / 20;
  }

  @Test
  void knowsLessWhenRowsOfAClusterRepeatEachOther() {
    Random random = new Random(3);
    Rows alone = new Rows();
    Rows together = new Rows();
    for (int cluster = 0; cluster < 40; cluster++) {
      double challenger = random.nextGaussian();
      double champion = random.nextGaussian();
      for (int row = 0; row < 25; row++) {
        together.number("c" + cluster, Set.of(), 0, challenger, champion);
        alone.number("c" + cluster + "." + row, Set.of(), 0, challenger, champion);
      }
    }

    double naive = gain(alone, MANY).standardError();
    double honest = gain(together, MANY).standardError();

    assertThat(honest).isCloseTo(5 * naive, within(0.1 * honest));
  }

  private static Estimate gain(Rows rows, int maxGroups) {
    return Comparison.of(Rows.regression(), maxGroups, rows.list())
        .overall()
        .gain(Role.CHAMPION, Metric.MAE);
  }

  @Test
  void sharesGroupsWhenThereAreManyClusters() {
    Random random = new Random(8);
    Rows rows = new Rows();
    for (int i = 0; i < 5_000; i++) {
      rows.number("customer " + i, Set.of(), 0, random.nextGaussian(), random.nextGaussian() * 2);
    }

    Comparison hashed = Comparison.of(Rows.regression(), 200, rows.list());

    assertThat(hashed.shared()).isTrue();
    assertThat(hashed.overall().groups()).isEqualTo(200);
    assertThat(hashed.clusters()).isEqualTo(5_000);
    assertThat(gain(rows, 200).standardError())
        .isCloseTo(gain(rows, MANY).standardError(), within(0.003));
  }

  @Test
  void countsOnlyTheGroupsThatHaveRowsInTheSlice() {
    Rows rows = new Rows();
    for (int i = 0; i < 20; i++) {
      rows.number("c" + i, i < 4 ? Set.of("few") : Set.of(), i, i + 1, i + i % 3);
    }

    Comparison comparison = Comparison.of(Rows.regression(NamedSlice.of("few")), MANY, rows.list());

    SliceResult few = comparison.slices().get(0);
    assertThat(few.rows()).isEqualTo(4);
    assertThat(few.groups()).isEqualTo(4);
    assertThat(few.gain(Role.CHAMPION, Metric.MAE).degreesOfFreedom()).isCloseTo(3, within(1e-9));
    assertThat(comparison.overall().groups()).isEqualTo(20);
  }

  @Test
  void saysWhyAnAreaWithoutNegativesIsUndefined() {
    Estimate area =
        Comparison.of(
                Rows.binary(), MANY, new Rows().binary("a", 1, 1, 0).binary("b", 1, 1, 0).list())
            .overall()
            .metric(Role.CHALLENGER, Metric.AUC);

    assertThat(area.value()).isNaN();
    assertThat(area.undefined()).hasValue("there are no negative rows");
    assertThat(area.lower(0.05)).isNaN();
  }

  @Test
  void saysWhyAPrecisionIsUndefined() {
    Estimate precision =
        Comparison.of(
                Rows.binary(), MANY, new Rows().binary("a", 1, 0, 0).binary("b", 0, 0, 1).list())
            .overall()
            .metric(Role.CHALLENGER, Metric.PRECISION);

    assertThat(precision.value()).isNaN();
    assertThat(precision.undefined())
        .hasValue("no row is predicted to be of class yes (challenger)");
  }

  @Test
  void hasNoExplainedVarianceWhereTheLabelHasNone() {
    Estimate explained =
        Comparison.of(
                Rows.regression(),
                MANY,
                new Rows().number("a", Set.of(), 7.3, 7, 7).number("b", Set.of(), 7.3, 7, 8).list())
            .overall()
            .metric(Role.CHALLENGER, Metric.R2);

    assertThat(explained.value()).isNaN();
    assertThat(explained.undefined()).hasValue("the label has no variance (challenger)");
  }

  @Test
  void hasNoUncertaintyWhenOneGroupHoldsAllPositives() {
    Estimate recall =
        Comparison.of(
                Rows.binary(),
                MANY,
                new Rows().binary("a", 1, 1, 0).binary("b", 0, 0, 0).binary("c", 0, 0, 0).list())
            .overall()
            .metric(Role.CHALLENGER, Metric.RECALL);

    assertThat(recall.value()).isEqualTo(1);
    assertThat(recall.standardError()).isNaN();
    assertThat(recall.undefined()).hasValue("it is undefined without one of its 3 groups");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void countsFailedPredictionsAndGivesNoFigureOfThem(double prediction) {
    SliceResult all =
        Comparison.of(
                Rows.regression(),
                MANY,
                new Rows()
                    .number("a", Set.of(), 1, prediction, 1)
                    .number("b", Set.of(), 2, 1, 1)
                    .list())
            .overall();

    assertThat(all.failed()).containsEntry(Role.CHALLENGER, 1L).containsEntry(Role.CHAMPION, 0L);
    assertThat(all.metric(Role.CHALLENGER, Metric.MAE).value()).isNaN();
    assertThat(all.metric(Role.CHAMPION, Metric.MAE).value()).isEqualTo(0.5);
    assertThat(all.gain(Role.CHAMPION, Metric.MAE).undefined())
        .hasValue("the challenger has no usable prediction for 1 of 2 rows");
  }

  @Test
  void refusesRolesThatSawDifferentRows() {
    Rows rows = new Rows().number("a", Set.of(), 1, 1, 1);
    rows.add(new ScoredRow("b", Set.of(), 1, Map.of(Role.CHALLENGER, List.of(1.0))));

    assertThatThrownBy(() -> Comparison.of(Rows.regression(), MANY, rows.list()))
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining("challenger and champion were not scored on the same rows: 2 rows")
        .hasMessageContaining("and 1 with");
  }

  @Test
  void refusesTheSameNumberOfDifferentRows() {
    Rows rows = new Rows();
    rows.add(new ScoredRow("a", Set.of(), 1, Map.of(Role.CHALLENGER, List.of(1.0))));
    rows.add(new ScoredRow("b", Set.of(), 1, Map.of(Role.CHAMPION, List.of(1.0))));

    assertThatThrownBy(() -> Comparison.of(Rows.regression(), MANY, rows.list()))
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining("were not scored on the same rows");
  }

  @Test
  void refusesALabelThatIsNoClass() {
    assertThatThrownBy(
            () -> Comparison.of(Rows.binary(), MANY, new Rows().binary("a", 2, 1, 1).list()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a label of this task: 2.0");
  }
}
