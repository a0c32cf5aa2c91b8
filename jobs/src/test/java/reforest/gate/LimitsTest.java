package reforest.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.Task;
import reforest.config.FairnessConfig;
import reforest.config.GateConfig;
import reforest.config.GateConfig.Mode;
import reforest.config.GateLimits;
import reforest.config.GateLimits.Budget;
import reforest.config.GateLimits.Churn;
import reforest.config.GateLimits.Floor;
import reforest.config.Metric;
import reforest.evaluate.Comparison;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.FairnessPlan;
import reforest.evaluate.Footprint;
import reforest.evaluate.Role;
import reforest.evaluate.ScoredRow;

/** What a challenger must keep to besides its gains. */
final class LimitsTest {

  private static final Footprint SMALL = new Footprint(2_000_000, 300);

  private static GateConfig config(List<Floor> floors, Churn churn, Budget budget) {
    return new GateConfig(
        Metric.MAE,
        Mode.SUPERIOR,
        0,
        1,
        0.5,
        1,
        List.of(),
        0.05,
        3,
        14,
        new GateLimits(GateLimits.Baseline.WARN, floors, churn, budget, GateLimits.Response.WARN));
  }

  private static GateConfig floor(Metric metric, double limit, boolean isLeast) {
    return config(List.of(new Floor(metric, limit, isLeast)), Churn.ANY, Budget.ANY);
  }

  private static GateConfig churn(Optional<Double> most, Optional<Double> worse) {
    return config(List.of(), new Churn(Optional.of(5.0), most, worse), Budget.ANY);
  }

  private static GateConfig budget(Optional<Long> bytes, Optional<Double> visits) {
    return config(List.of(), Churn.ANY, new Budget(bytes, visits));
  }

  /**
   * Forty days. The challenger errs by 9 and 11 in turns, and the champion by 12 and 14, but for
   * one day in ten, where the champion was right.
   */
  private static Comparison days(Role reference, double tolerance) {
    List<ScoredRow> rows = new ArrayList<>();
    for (int day = 0; day < 40; day++) {
      double error = day % 2 == 0 ? 9 : 11;
      double other = day % 10 == 0 ? 0 : error + 3;
      rows.add(
          new ScoredRow(
              "day " + day,
              Set.of(),
              100,
              Map.of(Role.CHALLENGER, List.of(100 + error), reference, List.of(100 + other))));
    }
    ComparisonPlan plan =
        new ComparisonPlan(
            Task.REGRESSION, List.of(), List.of(Role.CHALLENGER, reference), List.of(), 1e-6, 0);
    return Comparison.of(plan.tolerating(tolerance), 100, rows);
  }

  private static Verdict verdict(GateConfig config, Comparison comparison) {
    return new Gate(config).decide(comparison, Allowance.first());
  }

  private static Rule.Limit limit(Verdict verdict, String name) {
    return verdict.findings().limits().stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The mean is 10 and its one-sided upper bound 10.273. */
  @ParameterizedTest
  @CsvSource({"10.3, PROMOTE", "10.2, KEEP", "9, KEEP"})
  void holdsAFloorByTheBoundAndNotByTheFigure(double most, Decision decision) {
    Verdict verdict = verdict(floor(Metric.MAE, most, false), days(Role.CHAMPION, 5));

    assertThat(verdict.decision()).isEqualTo(decision);
    assertThat(limit(verdict, "floor mae").holds()).isEqualTo(decision == Decision.PROMOTE);
  }

  @Test
  void aGapBetweenGroupsMustBeShownToLieBelowItsLimitAndAnUnknownOneIsNot() {
    Rule.Limit held = gap(0.2, 40);
    Rule.Limit open = gap(0.04, 40);
    Rule.Limit unknown = gap(0.2, 500);

    assertThat(held.holds()).isTrue();
    assertThat(held.name()).isEqualTo("fairness demographic-parity by sex");
    assertThat(open.holds()).isFalse();
    assertThat(open.sentence()).contains("is not shown to be below 0.04");
    assertThat(unknown.holds()).isFalse();
    assertThat(unknown.sentence()).contains("and is not known: 0 of its 2 groups have enough rows");
  }

  /** Of two groups that are selected alike but for one cluster in twenty. */
  private static Rule.Limit gap(double limit, int minRows) {
    List<ScoredRow> rows = new ArrayList<>();
    for (int cluster = 0; cluster < 20; cluster++) {
      for (int row = 0; row < 10; row++) {
        for (String group : List.of("a", "b")) {
          boolean isSelected = row < 3 || (cluster == 0 && group.equals("b"));
          double probability = isSelected ? 0.75 : 0.25;
          rows.add(
              new ScoredRow(
                  "c" + cluster,
                  Set.of("sex=" + group),
                  row % 2,
                  Map.of(Role.CHALLENGER, List.of(1 - probability, probability))));
        }
      }
    }
    FairnessConfig asked =
        new FairnessConfig(
            List.of("sex"), minRows, Map.of(FairnessConfig.Gap.DEMOGRAPHIC_PARITY, limit));
    ComparisonPlan plan =
        new ComparisonPlan(
                Task.BINARY, List.of("no", "yes"), List.of(Role.CHALLENGER), List.of(), 1e-6, 0)
            .telling(
                new FairnessPlan(
                    asked,
                    Metric.LOG_LOSS,
                    List.of(
                        new FairnessPlan.Group("sex", "a"), new FairnessPlan.Group("sex", "b"))));
    return new Limits(GateLimits.NONE)
        .of(Comparison.of(plan, 200, rows)).stream()
            .filter(it -> it instanceof Rule.Gap)
            .findFirst()
            .orElseThrow();
  }

  @Test
  void saysWhichFloorWasNotShownWithItsBound() {
    Verdict verdict = verdict(floor(Metric.MAE, 10.2, false), days(Role.CHAMPION, 5));

    assertThat(verdict.findings().reasons())
        .first()
        .isEqualTo(
            "the challenger's mae of 10.000 is not shown to be at most 10.2: its upper 95 % bound is"
                + " 10.273");
    assertThat(verdict.findings().power()).isZero();
  }

  /** The bias is 10, too, and is to be at least as much. */
  @ParameterizedTest
  @CsvSource({"9.7, PROMOTE", "9.8, KEEP"})
  void holdsAFloorFromBelow(double least, Decision decision) {
    assertThat(verdict(floor(Metric.BIAS, least, true), days(Role.CHAMPION, 5)).decision())
        .isEqualTo(decision);
  }

  /** Of 1,000 rows in 40 clusters 30 are wrong; the symmetric bound, 0.956, would be too close. */
  @ParameterizedTest
  @CsvSource({"0.952, true", "0.955, false"})
  void drawsAFloorsBoundOnTheScaleOfIntervals(double least, boolean holds) {
    List<ScoredRow> rows = new ArrayList<>();
    for (int row = 0; row < 1_000; row++) {
      boolean wrong = row % 40 < 10 && row < 120;
      List<Double> right = wrong ? List.of(0.9, 0.1) : List.of(0.1, 0.9);
      rows.add(
          new ScoredRow(
              "c" + row % 40,
              Set.of(),
              1,
              Map.of(Role.CHALLENGER, right, Role.CHAMPION, List.of(0.6, 0.4))));
    }
    ComparisonPlan plan =
        new ComparisonPlan(
            Task.BINARY,
            List.of("no", "yes"),
            List.of(Role.CHALLENGER, Role.CHAMPION),
            List.of(),
            1e-6,
            0);
    Comparison comparison = Comparison.of(plan, 100, rows);
    Rule.Floor floor =
        new Rule.Floor(
            new Floor(Metric.ACCURACY, least, true),
            comparison.overall().metric(Role.CHALLENGER, Metric.ACCURACY));

    assertThat(floor.value()).isEqualTo(0.97);
    assertThat(floor.holds()).as(floor.sentence()).isEqualTo(holds);
  }

  @Test
  void doesNotTakeAnUndefinedFigureForAFloorThatIsReached() {
    Verdict verdict = verdict(floor(Metric.R2, -1e9, true), days(Role.CHAMPION, 5));

    assertThat(verdict.decision()).isEqualTo(Decision.KEEP);
    assertThat(verdict.findings().reasons())
        .first()
        .asString()
        .startsWith(
            "the challenger's r2 must be shown to be at least -1.0E9 and is not known: the label"
                + " has no variance");
  }

  @Test
  void asksAFirstModelForItsFloorsToo() {
    Comparison first = days(Role.DUMMY, 5);

    assertThat(verdict(floor(Metric.MAE, 10.3, false), first).decision())
        .isEqualTo(Decision.PROMOTE);
    assertThat(verdict(floor(Metric.MAE, 10.2, false), first).decision()).isEqualTo(Decision.KEEP);
  }

  /** On four days of forty the prediction moves by nine, on all others by three. */
  @ParameterizedTest
  @CsvSource({"0.1, 0.1, PROMOTE", "0.09, 1, KEEP", "1, 0.09, KEEP"})
  void keepsTheChampionWhenMoreChangesThanMay(double most, double worse, Decision decision) {
    GateConfig config = churn(Optional.of(most), Optional.of(worse));

    assertThat(verdict(config, days(Role.CHAMPION, 5)).decision()).isEqualTo(decision);
  }

  @Test
  void saysHowMuchChangesAndHowMuchMay() {
    Verdict verdict = verdict(churn(Optional.of(0.05), Optional.empty()), days(Role.CHAMPION, 5));

    assertThat(verdict.findings().reasons())
        .first()
        .isEqualTo("10 % of the predictions move by more than 5, and at most 5 % may");
    assertThat(limit(verdict, "churn for the worse").sentence())
        .isEqualTo("10 % of the predictions get worse by more than 5");
  }

  @Test
  void asksAFirstModelForNoChurn() {
    Verdict verdict = verdict(churn(Optional.of(0.0), Optional.of(0.0)), days(Role.DUMMY, 5));

    assertThat(verdict.decision()).isEqualTo(Decision.PROMOTE);
    assertThat(verdict.findings().limits()).isEmpty();
  }

  @Test
  void doesNotTakeChurnThatWasNotCountedForNone() {
    Verdict verdict =
        verdict(churn(Optional.of(1.0), Optional.empty()), days(Role.CHAMPION, Double.NaN));

    assertThat(verdict.decision()).isEqualTo(Decision.KEEP);
    assertThat(verdict.findings().reasons()).first().asString().startsWith("it is not known how");
  }

  @ParameterizedTest
  @ValueSource(longs = {2_000_000, 1_999_999})
  void keepsTheChampionWhenTheModelIsTooLarge(long most) {
    Comparison comparison = days(Role.CHAMPION, 5).with(SMALL);

    Verdict verdict = verdict(budget(Optional.of(most), Optional.empty()), comparison);

    if (most == 2_000_000) {
      assertThat(verdict.decision()).isEqualTo(Decision.PROMOTE);
    } else {
      assertThat(verdict.decision()).isEqualTo(Decision.KEEP);
      assertThat(verdict.findings().reasons())
          .first()
          .isEqualTo("the model takes 2,000,000 bytes, and at most 1,999,999 are allowed");
    }
  }

  @Test
  void keepsTheChampionWhenTheModelIsTooSlow() {
    Comparison comparison = days(Role.CHAMPION, 5).with(SMALL);

    Verdict verdict = verdict(budget(Optional.empty(), Optional.of(299.5)), comparison);

    assertThat(verdict.decision()).isEqualTo(Decision.KEEP);
    assertThat(verdict.findings().reasons())
        .first()
        .isEqualTo("a row passes 300 splits on average, and at most 299.5 are allowed");
    assertThat(verdict(budget(Optional.empty(), Optional.of(300.0)), comparison).decision())
        .isEqualTo(Decision.PROMOTE);
  }

  @Test
  void doesNotTakeAnUnknownCostForASmallOne() {
    Comparison uncounted = days(Role.CHAMPION, 5).with(new Footprint(2_000_000, Double.NaN));

    Verdict verdict = verdict(budget(Optional.empty(), Optional.of(1e9)), uncounted);

    assertThat(verdict.decision()).isEqualTo(Decision.KEEP);
    assertThat(verdict.findings().reasons())
        .first()
        .isEqualTo("it is not known how many splits a row passes, which has a limit");
  }

  @Test
  void tellsWhatHasNoLimitToo() {
    Verdict verdict =
        verdict(config(List.of(), Churn.ANY, Budget.ANY), days(Role.CHAMPION, 5).with(SMALL));

    assertThat(verdict.decision()).isEqualTo(Decision.PROMOTE);
    assertThat(verdict.findings().limits())
        .extracting(Rule.Limit::name, Rule.Limit::value, Rule.Limit::limit, Rule.Limit::holds)
        .containsExactly(
            tuple("churn", 0.1, Optional.empty(), true),
            tuple("churn for the worse", 0.1, Optional.empty(), true),
            tuple("size", 2_000_000.0, Optional.empty(), true),
            tuple("node visits", 300.0, Optional.empty(), true));
  }
}
