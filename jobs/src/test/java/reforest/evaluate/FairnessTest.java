package reforest.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import reforest.bundle.Task;
import reforest.config.FairnessConfig;
import reforest.config.FairnessConfig.Gap;
import reforest.config.FairnessConfig.Measure;
import reforest.config.Metric;
import reforest.evaluate.FairnessPlan.Group;

/** Figures of groups and the largest gaps between them. */
final class FairnessTest {

  private static final double LEVEL = 0.05;

  private final List<ScoredRow> rows = new ArrayList<>();

  private static ComparisonPlan plan(int minRows, String... groups) {
    List<Group> all = new ArrayList<>();
    for (String group : groups) {
      all.add(new Group("sex", group));
    }
    return new ComparisonPlan(
            Task.BINARY, List.of("no", "yes"), List.of(Role.CHALLENGER), List.of(), 1e-6, 0)
        .telling(
            new FairnessPlan(
                new FairnessConfig(List.of("sex"), minRows, Map.of(Gap.EQUALIZED_ODDS, 0.1)),
                Metric.LOG_LOSS,
                all));
  }

  private void add(int count, int cluster, String group, int label, double probability) {
    for (int i = 0; i < count; i++) {
      rows.add(
          new ScoredRow(
              "c" + cluster,
              Set.of("sex=" + group),
              label,
              Map.of(Role.CHALLENGER, List.of(1 - probability, probability))));
    }
  }

  private List<FairnessFigure> figures(ComparisonPlan plan) {
    return Comparison.of(plan, 200, rows).fairness();
  }

  private static FairnessFigure of(List<FairnessFigure> all, String group, Measure measure) {
    return all.stream()
        .filter(it -> it.group().equals(Optional.of(group)) && it.measure().equals(measure.key()))
        .findFirst()
        .orElseThrow();
  }

  private static FairnessFigure of(List<FairnessFigure> all, Gap gap) {
    return all.stream()
        .filter(it -> it.isGap() && it.measure().equals(gap.key()))
        .findFirst()
        .orElseThrow();
  }

  /** Of a: 40 rows, 20 positive, 15 of them and 5 others selected. Of b: 40, 10, 5 and 3. */
  private void twoGroups() {
    for (int cluster = 0; cluster < 5; cluster++) {
      add(3, cluster, "a", 1, 0.75);
      add(1, cluster, "a", 1, 0.25);
      add(1, cluster, "a", 0, 0.75);
      add(3, cluster, "a", 0, 0.25);
      add(1, cluster, "b", 1, 0.75);
      add(1, cluster, "b", 1, 0.25);
      add(6, cluster, "b", 0, 0.25);
    }
    for (int cluster = 0; cluster < 3; cluster++) {
      add(1, cluster, "b", 0, 0.75);
    }
  }

  @Test
  void tellsWhatCanBeCountedByHand() {
    twoGroups();
    List<FairnessFigure> all = figures(plan(10, "a", "b"));

    assertThat(of(all, "a", Measure.SELECTION_RATE).own().value()).isEqualTo(20 / 40.0);
    assertThat(of(all, "b", Measure.SELECTION_RATE).own().value()).isEqualTo(8 / 43.0);
    assertThat(of(all, "a", Measure.TRUE_POSITIVE_RATE).own().value()).isEqualTo(15 / 20.0);
    assertThat(of(all, "b", Measure.TRUE_POSITIVE_RATE).own().value()).isEqualTo(5 / 10.0);
    assertThat(of(all, "a", Measure.FALSE_POSITIVE_RATE).own().value()).isEqualTo(5 / 20.0);
    assertThat(of(all, "b", Measure.FALSE_POSITIVE_RATE).own().value()).isEqualTo(3 / 33.0);
    assertThat(of(all, "a", Measure.CALIBRATION).own().value()).isCloseTo(0, within(1e-12));
    assertThat(of(all, "b", Measure.CALIBRATION).own().value())
        .isCloseTo((8 * 0.75 + 35 * 0.25 - 10) / 43, within(1e-12));
    assertThat(of(all, Gap.DEMOGRAPHIC_PARITY).own().value())
        .isCloseTo(0.5 - 8 / 43.0, within(1e-12));
    assertThat(of(all, Gap.TRUE_POSITIVE_RATE).own().value()).isCloseTo(0.25, within(1e-12));
    assertThat(of(all, Gap.FALSE_POSITIVE_RATE).own().value())
        .isCloseTo(0.25 - 3 / 33.0, within(1e-12));
    assertThat(of(all, Gap.EQUALIZED_ODDS).own().value()).isCloseTo(0.25, within(1e-12));
    assertThat(of(all, Gap.EQUALIZED_ODDS).limit()).contains(0.1);
    assertThat(of(all, Gap.ERROR).own().isDefined()).isTrue();
  }

  @Test
  void doesNotTakeThreePositiveRowsForARate() {
    for (int cluster = 0; cluster < 10; cluster++) {
      add(6, cluster, "a", 0, 0.25);
      add(4, cluster, "a", 1, 0.75);
      add(10, cluster, "b", 0, 0.25);
    }
    for (int cluster = 0; cluster < 3; cluster++) {
      add(1, cluster, "b", 1, 0.75);
    }
    List<FairnessFigure> all = figures(plan(10, "a", "b"));

    assertThat(of(all, "b", Measure.TRUE_POSITIVE_RATE).own().undefined())
        .contains("it has 3 rows of class yes, and a rate needs 10");
    assertThat(of(all, Gap.TRUE_POSITIVE_RATE).own().isDefined()).isFalse();
    assertThat(of(all, Gap.EQUALIZED_ODDS).own().isDefined()).isFalse();
    assertThat(of(all, Gap.FALSE_POSITIVE_RATE).own().isDefined()).isTrue();
  }

  @Test
  void tellsAnErrorThatNeedsTheRowsInOrder() {
    twoGroups();
    ComparisonPlan byLoss = plan(10, "a", "b");
    ComparisonPlan byRank =
        byLoss.telling(
            new FairnessPlan(byLoss.fairness().config(), Metric.AUC, byLoss.fairness().groups()));
    List<FairnessFigure> all = figures(byRank);

    // Of a 15 of 20 positive rows are above 15 of 20 others: .75 .75, and half of all ties.
    assertThat(of(all, "a", Measure.ERROR).own().value()).isCloseTo(0.75, within(1e-12));
    assertThat(of(all, Gap.ERROR).own().isDefined()).isTrue();
  }

  @Test
  void keepsRowsInOrderApartHoweverManyGroupsThereAre() {
    List<String> names = new ArrayList<>();
    for (int group = 0; group < 70; group++) {
      names.add("g" + group);
      for (int cluster = 0; cluster < 4; cluster++) {
        add(2, cluster, "g" + group, 1, group % 2 == 0 ? 0.75 : 0.25);
        add(2, cluster, "g" + group, 0, 0.5);
      }
    }
    ComparisonPlan plan = plan(10, names.toArray(String[]::new));
    ComparisonPlan byRank =
        plan.telling(
            new FairnessPlan(plan.fairness().config(), Metric.AUC, plan.fairness().groups()));
    List<FairnessFigure> all = figures(byRank);

    assertThat(of(all, "g68", Measure.ERROR).own().value()).isEqualTo(1);
    assertThat(of(all, "g69", Measure.ERROR).own().value()).isZero();
  }

  @Test
  void makesTheWholeGapAgainWithoutEachCluster() {
    twoGroups();
    add(6, 0, "b", 1, 0.75);
    FairnessFigure gap = of(figures(plan(10, "a", "b")), Gap.TRUE_POSITIVE_RATE);

    double all = 15 / 20.0 - 11 / 16.0;
    assertThat(gap.own().value()).isCloseTo(all, within(1e-12));
    double variance = 0;
    for (int cluster = 0; cluster < 5; cluster++) {
      // Without the first cluster b has 4 of 8, without another 10 of 14.
      double without = 12 / 16.0 - (cluster == 0 ? 4 / 8.0 : 10 / 14.0);
      variance += 4 / 5.0 * Math.pow(all - without, 2);
    }
    assertThat(gap.own().standardError()).isCloseTo(Math.sqrt(variance), within(1e-12));
  }

  @Test
  void tellsGroupsThatAreTooSmallAsUndefinedAndLeavesThemOutOfTheGap() {
    twoGroups();
    add(20, 1, "c", 1, 0.25);
    add(4, 1, "d", 1, 0.25);
    add(5, 2, "e", 0, 0.75);
    List<FairnessFigure> all = figures(plan(30, "a", "b", "c", "d", "e"));

    assertThat(of(all, "c", Measure.SELECTION_RATE).own().undefined())
        .contains("it has 20 rows in 1 cluster, and fairness.min-rows asks for 30 in 2");
    assertThat(all).extracting(FairnessFigure::group).doesNotContain(Optional.of("d"));
    FairnessFigure nameless = of(all, "(2 groups of fewer than 10 rows)", Measure.SELECTION_RATE);
    assertThat(nameless.rows()).isEqualTo(9);
    assertThat(nameless.own().isDefined()).isFalse();
    assertThat(of(all, Gap.TRUE_POSITIVE_RATE).own().value()).isCloseTo(0.25, within(1e-12));
  }

  @Test
  void knowsNoGapWhereALargeGroupHasNoFigure() {
    twoGroups();
    for (int cluster = 0; cluster < 5; cluster++) {
      add(8, cluster, "f", 0, 0.25);
    }
    List<FairnessFigure> all = figures(plan(30, "a", "b", "f"));

    assertThat(of(all, Gap.DEMOGRAPHIC_PARITY).own().isDefined()).isTrue();
    assertThat(of(all, Gap.EQUALIZED_ODDS).own().value()).isNaN();
    assertThat(of(all, Gap.EQUALIZED_ODDS).own().undefined())
        .contains("f: it has no rows of class yes (challenger)");
    assertThat(of(all, "f", Measure.TRUE_POSITIVE_RATE).own().isDefined()).isFalse();
  }

  @Test
  void knowsNoGapOfOneGroup() {
    twoGroups();

    assertThat(of(figures(plan(41, "a", "b")), Gap.EQUALIZED_ODDS).own().undefined())
        .contains("1 of its 2 groups has enough rows, and a gap needs two");
    assertThat(figures(plan(30, "a", "b"))).noneMatch(it -> it.role() == Role.CHAMPION);
  }

  @Test
  void tellsOfARegressionItsCalibrationAndItsError() {
    for (int cluster = 0; cluster < 6; cluster++) {
      for (int i = 0; i < 10; i++) {
        rows.add(number(cluster, "a", i, i + 1.0));
        rows.add(number(cluster, "b", i, i - 2.0));
      }
    }
    ComparisonPlan plan =
        new ComparisonPlan(Task.REGRESSION, List.of(), List.of(Role.CHALLENGER), List.of(), 1e-6, 0)
            .telling(
                new FairnessPlan(
                    new FairnessConfig(List.of("sex"), 30, Map.of()),
                    Metric.MAE,
                    List.of(new Group("sex", "a"), new Group("sex", "b"))));

    List<FairnessFigure> all = figures(plan);

    assertThat(all).filteredOn(FairnessFigure::isGap).hasSize(2);
    assertThat(of(all, "b", Measure.CALIBRATION).own().value()).isCloseTo(-2, within(1e-12));
    assertThat(of(all, Gap.CALIBRATION).own().value()).isCloseTo(3, within(1e-12));
    assertThat(of(all, Gap.ERROR).own().value()).isCloseTo(1, within(1e-12));
  }

  private static ScoredRow number(int cluster, String group, double label, double predicted) {
    return new ScoredRow(
        "c" + cluster, Set.of("sex=" + group), label, Map.of(Role.CHALLENGER, List.of(predicted)));
  }

  /** How often bounds hold the true gap in selection rates, in clusters that rise and fall. */
  private static double[] held(double[] rates, int worlds) {
    double truth = 0;
    for (double one : rates) {
      for (double other : rates) {
        truth = Math.max(truth, one - other);
      }
    }
    String[] names = new String[rates.length];
    for (int g = 0; g < names.length; g++) {
      names[g] = "g" + g;
    }
    int below = 0;
    int above = 0;
    for (int world = 0; world < worlds; world++) {
      SplittableRandom random = new SplittableRandom(7_000 + world);
      FairnessTest drawn = new FairnessTest();
      for (int cluster = 0; cluster < 40; cluster++) {
        for (int g = 0; g < rates.length; g++) {
          // Each group has its own good and bad days.
          double rate = rates[g] + 0.2 * (random.nextDouble() - 0.5);
          for (int row = 0; row < 8; row++) {
            drawn.add(1, cluster, names[g], 0, random.nextDouble() < rate ? 0.75 : 0.25);
          }
        }
      }
      FairnessFigure gap = of(drawn.figures(plan(30, names)), Gap.DEMOGRAPHIC_PARITY);
      below += gap.own().upper(LEVEL) >= truth ? 1 : 0;
      above += gap.own().lower(LEVEL) <= truth ? 1 : 0;
    }
    return new double[] {below / (double) worlds, above / (double) worlds};
  }

  @Test
  void holdsTheTrueGapFromAboveWhetherGroupsDifferOrAreAlike() {
    double[] apart = held(new double[] {0.3, 0.5}, 100);
    double[] alike = held(new double[] {0.4, 0.4}, 100);
    double[] many = held(new double[] {0.4, 0.4, 0.4, 0.4, 0.4}, 50);

    // The same draws each time; three standard errors of a hundred below 95 % are 88 %.
    assertThat(apart[0]).isGreaterThan(0.88);
    assertThat(apart[1]).isGreaterThan(0.88);
    assertThat(alike[0]).isGreaterThan(0.97);
    assertThat(many[0]).isGreaterThan(0.98);
    // What is largest less smallest is above zero even where nothing differs.
    assertThat(many[1]).isLessThan(0.8);
  }
}
