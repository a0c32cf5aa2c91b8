package reforest.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.behaviour.CaseResult;
import reforest.behaviour.Suite;
import reforest.bundle.ReforestException;
import reforest.bundle.Task;
import reforest.config.BehaviourCase;
import reforest.config.GateConfig;
import reforest.config.GateConfig.Guardrail;
import reforest.config.GateConfig.Mode;
import reforest.config.GateLimits;
import reforest.config.Metric;
import reforest.diagnose.WeakSlice;
import reforest.diagnose.WeakSlices;
import reforest.evaluate.Comparison;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.evaluate.RowLoss;
import reforest.evaluate.ScoredRow;
import reforest.gate.Check.Status;
import reforest.gate.Verdict.Inconclusive;
import reforest.gate.Verdict.Keep;
import reforest.gate.Verdict.Promote;

final class GateTest {

  private static final GateConfig SUPERIOR = config(Mode.SUPERIOR, List.of());
  private static final GateConfig REFRESH = config(Mode.REFRESH, List.of());

  private static GateConfig config(Mode mode, List<Guardrail> guardrails) {
    return new GateConfig(Metric.MAE, mode, 0, 1, 0.5, 1, guardrails, 0.05, 3);
  }

  /** Rows whose gains in absolute error over the reference are known, one cluster each. */
  private static final class Window {
    private final List<ScoredRow> rows = new ArrayList<>();
    private final List<NamedSlice> slices = new ArrayList<>();
    private final List<Role> roles = new ArrayList<>(List.of(Role.CHALLENGER));

    Window(Role... references) {
      roles.addAll(List.of(references));
    }

    /** Clusters whose gains lie alternately {@code spread} above and below {@code gain}. */
    Window clusters(int count, double gain, double spread, String... slices) {
      for (int i = 0; i < count; i++) {
        Map<Role, List<Double>> predictions = new HashMap<>();
        for (Role role : roles) {
          predictions.put(role, List.of(100 + gain + (i % 2 == 0 ? spread : -spread)));
        }
        predictions.put(Role.CHALLENGER, List.of(100.0));
        rows.add(new ScoredRow("c" + rows.size(), Set.of(slices), 0, predictions));
      }
      return this;
    }

    Window row(String cluster, double label, double challenger, double reference) {
      Map<Role, List<Double>> predictions = new HashMap<>();
      for (Role role : roles) {
        predictions.put(role, List.of(reference));
      }
      predictions.put(Role.CHALLENGER, List.of(challenger));
      rows.add(new ScoredRow(cluster, Set.of(), label, predictions));
      return this;
    }

    Window slice(String name, boolean critical, double margin) {
      slices.add(new NamedSlice(name, critical, margin));
      return this;
    }

    Comparison comparison() {
      ComparisonPlan plan = new ComparisonPlan(Task.REGRESSION, List.of(), roles, slices, 1e-6, 0);
      return Comparison.of(plan, 10_000, rows);
    }

    Verdict verdict(GateConfig config) {
      return new Gate(config).decide(comparison(), Allowance.first());
    }
  }

  private static Window champion() {
    return new Window(Role.CHAMPION);
  }

  private static Check check(Verdict verdict, String slice) {
    return verdict.findings().checks().stream()
        .filter(c -> c.rule() == Rule.Kind.SLICE && c.slice().equals(slice))
        .findFirst()
        .orElseThrow();
  }

  private static Check primary(Verdict verdict) {
    return verdict.findings().checks().get(0);
  }

  @Test
  void promotesAModelThatIsProvenBetter() {
    Verdict verdict = champion().clusters(30, 1, 1).verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Promote.class);
    assertThat(verdict.key()).isEqualTo("PROMOTE");
    assertThat(verdict.findings().reasons())
        .containsExactly(
            "mae against the champion: gain 1.0000, lower bound 0.67430 is above the required"
                + " 0.0000",
            "1 of 1 checks passed");
    assertThat(verdict.findings().alpha()).isCloseTo(0.045, within(1e-15));
  }

  @Test
  void keepsTheChampionWhenTheChallengerIsProvenWorse() {
    Verdict verdict = champion().clusters(30, -1, 1).verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Keep.class);
    assertThat(primary(verdict).status()).isEqualTo(Status.FAILED);
    assertThat(verdict.findings().reasons())
        .singleElement()
        .asString()
        .startsWith("mae against the champion: gain -1.0000, upper bound -0.68");
  }

  @Test
  void isInconclusiveInBetweenAndSaysHowMuchMoreWouldDecide() {
    Verdict verdict = champion().clusters(30, 0.25, 1).verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Inconclusive.class);
    long more = ((Inconclusive) verdict).moreClusters().orElseThrow();
    assertThat(more).isBetween(30L, 600L);
    assertThat(verdict.findings().reasons())
        .last()
        .isEqualTo(
            "a fresh window of about "
                + (more + 30)
                + " clusters would probably decide; this one has 30");
  }

  private static WeakSlices.Result harmed(boolean confirmed) {
    return new WeakSlices.Result(
        List.of(
            new WeakSlice(
                WeakSlice.Kind.HARMED,
                List.of("hr < 6", "season = winter"),
                Optional.empty(),
                1_200,
                0.1,
                RowLoss.ABSOLUTE_ERROR,
                61,
                50,
                48,
                13,
                5,
                0.00031,
                confirmed)),
        Optional.empty());
  }

  private static GateConfig weakSlices(GateLimits.Response response) {
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
        new GateLimits(
            GateLimits.Baseline.WARN,
            List.of(),
            GateLimits.Churn.ANY,
            GateLimits.Budget.ANY,
            response));
  }

  @Test
  void harmThatIsFoundAndConfirmedIsToldAndBlocksWhereItShall() {
    Comparison better = champion().clusters(30, 1, 1).comparison();
    String harm =
        "harm found and confirmed where hr < 6 and season = winter: mae 61.000 against the"
            + " champion's 48.000 (1,200 rows, p 0.00031000)";

    Verdict told =
        new Gate(weakSlices(GateLimits.Response.WARN))
            .decide(Evidence.of(better).with(harmed(true)), Allowance.first());
    Verdict blocked =
        new Gate(weakSlices(GateLimits.Response.BLOCK))
            .decide(Evidence.of(better).with(harmed(true)), Allowance.first());
    Verdict unconfirmed =
        new Gate(weakSlices(GateLimits.Response.BLOCK))
            .decide(Evidence.of(better).with(harmed(false)), Allowance.first());

    assertThat(told).isInstanceOf(Promote.class);
    assertThat(told.findings().reasons()).contains(harm);
    assertThat(blocked).isInstanceOf(Keep.class);
    assertThat(blocked.findings().reasons()).first().isEqualTo(harm);
    assertThat(unconfirmed).isInstanceOf(Promote.class);
    assertThat(unconfirmed.findings().reasons()).noneMatch(it -> it.contains("harm"));
  }

  @Test
  void neverPromotesWhereACaseFailsThatBlocksAndNamesIt() {
    Comparison better = champion().clusters(30, 1, 1).comparison();
    String failure = "expected from 0 to 9, got 40";

    Verdict blocked =
        new Gate(SUPERIOR).decide(Evidence.of(better).with(suite(true, false)), Allowance.first());
    Verdict told =
        new Gate(SUPERIOR).decide(Evidence.of(better).with(suite(false, false)), Allowance.first());
    Verdict held =
        new Gate(SUPERIOR).decide(Evidence.of(better).with(suite(true, true)), Allowance.first());

    assertThat(blocked).isInstanceOf(Keep.class);
    assertThat(blocked.findings().reasons())
        .first()
        .isEqualTo("behaviour fails in 1 case: 'the flood of 1978' (OPS-7), level 1: " + failure);
    assertThat(blocked.findings().limits())
        .extracting(Rule.Limit::name, Rule.Limit::holds)
        .contains(tuple("behaviour", false));
    assertThat(told).isInstanceOf(Promote.class);
    assertThat(told.findings().reasons()).anyMatch(it -> it.endsWith(failure));
    assertThat(held).isInstanceOf(Promote.class);
    assertThat(held.findings().limits())
        .extracting(Rule.Limit::sentence)
        .contains("1 case of behaviour that can block holds");
  }

  private static Suite.Result suite(boolean blocks, boolean holds) {
    CaseResult.Failure failure =
        new CaseResult.Failure(
            Map.of("rain", "200"), Optional.empty(), "from 0 to 9", "40", List.of());
    return new Suite.Result(
        List.of(
            new CaseResult(
                new BehaviourCase.Head(
                    "the flood of 1978", BehaviourCase.Kind.INCIDENT, 1, Optional.of("OPS-7")),
                blocks,
                1,
                holds ? 0 : 1,
                holds ? List.of() : List.of(failure))));
  }

  @Test
  void saysHowLongToWaitWhereClustersArePeriods() {
    WindowLength length = new WindowLength(Duration.ofDays(1), Duration.ofDays(30));
    Comparison comparison = champion().clusters(30, 0.25, 1).comparison();
    Verdict verdict = new Gate(SUPERIOR, Optional.of(length)).decide(comparison, Allowance.first());

    long needed = 30 + ((Inconclusive) verdict).moreClusters().orElseThrow();
    assertThat(verdict.findings().reasons())
        .last()
        .isEqualTo(
            "a fresh window of about %d clusters, some %d weeks of new rows, would probably decide;"
                    .formatted(needed, (needed + 6) / 7)
                + " this one has 30; windows.protected = 30d is too short for it: lengthen it to"
                + " %dd".formatted(needed));
  }

  @Test
  void tellsAFirstModelThePowerForWhatItIsLikelyToGain() {
    Verdict first = new Window(Role.DUMMY).clusters(30, 2, 1).verdict(SUPERIOR);
    Verdict later = champion().clusters(30, 2, 1).verdict(SUPERIOR);

    assertThat(first).isInstanceOf(Promote.class);
    assertThat(first.findings().power()).isGreaterThan(0.99);
    assertThat(later.findings().power()).as("for half a unit").isBetween(0.6, 0.95);
  }

  @Test
  void asksForMoreThanTheLeastGainInModeSuperior() {
    GateConfig config = new GateConfig(Metric.MAE, Mode.SUPERIOR, 0.9, 1, 2, 1, List.of(), 0.05, 3);

    assertThat(champion().clusters(30, 1, 1).verdict(config)).isInstanceOf(Inconclusive.class);
    assertThat(champion().clusters(30, 1.5, 1).verdict(config)).isInstanceOf(Promote.class);
  }

  @ParameterizedTest
  @CsvSource({"-0.5, PROMOTE", "-0.9, INCONCLUSIVE", "-2, KEEP"})
  void allowsALossWithinTheMarginInModeRefresh(double gain, String verdict) {
    assertThat(champion().clusters(30, gain, 1).verdict(REFRESH).key()).isEqualTo(verdict);
  }

  @Test
  void keepsTheChampionWhenBothPredictTheSame() {
    Verdict verdict = champion().clusters(30, 0, 0).verdict(REFRESH);

    assertThat(verdict).isInstanceOf(Keep.class);
    assertThat(verdict.findings().reasons())
        .first()
        .isEqualTo("the challenger predicts exactly what the champion predicts on all 30 rows");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY})
  void keepsTheChampionWhenOnePredictionOfTheChallengerFails(double prediction) {
    Verdict verdict =
        champion().clusters(30, 5, 1).row("one", 0, prediction, 100).verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Keep.class);
    assertThat(verdict.findings().reasons())
        .first()
        .isEqualTo("the challenger has no usable prediction for 1 of 31 rows");
    assertThat(verdict.findings().power()).isZero();
  }

  @Test
  void doesNotPromoteWhenThePrimaryMetricIsUndefined() {
    Verdict verdict = champion().clusters(30, 5, 1).row("one", 0, 1, Double.NaN).verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Inconclusive.class);
    assertThat(primary(verdict).status()).isEqualTo(Status.UNDEFINED);
    assertThat(verdict.findings().reasons())
        .first()
        .isEqualTo(
            "mae against the champion: undefined, because the champion has no usable prediction"
                + " for 1 of 31 rows");
    assertThat(verdict.findings().power()).isZero();
  }

  @Test
  void refusesFewerThanTwoGroups() {
    Window window = champion().row("a day", 0, 1, 2).row("a day", 0, 1, 3);

    assertThatThrownBy(() -> window.verdict(SUPERIOR))
        .isInstanceOf(ReforestException.class)
        .hasMessage(
            "the window's 2 rows form 1 group, and no uncertainty can be told from fewer than two");
    assertThatThrownBy(() -> champion().verdict(SUPERIOR)).isInstanceOf(ReforestException.class);
  }

  @Test
  void keepsTheChampionWhenOneSliceGetsWorse() {
    Verdict verdict =
        champion()
            .slice("night", false, Double.NaN)
            .clusters(200, 5, 1)
            .clusters(50, -2, 1, "night")
            .verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Keep.class);
    assertThat(check(verdict, "night").powered()).isTrue();
    assertThat(check(verdict, "night").status()).isEqualTo(Status.FAILED);
    assertThat(verdict.findings().reasons())
        .singleElement()
        .asString()
        .startsWith("mae on slice night against the champion: gain -2.0000, upper bound -1.7");
  }

  @Test
  void holdsASliceToItsOwnMargin() {
    Window window =
        champion().slice("night", false, 3).clusters(200, 5, 1).clusters(50, -2, 1, "night");

    assertThat(window.verdict(SUPERIOR)).isInstanceOf(Promote.class);
  }

  @Test
  void waitsForAPoweredSliceThatIsNotProven() {
    Verdict verdict =
        champion()
            .slice("night", false, Double.NaN)
            .clusters(200, 5, 1)
            .clusters(30, -0.9, 1, "night")
            .verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Inconclusive.class);
    assertThat(check(verdict, "night").status()).isEqualTo(Status.UNPROVEN);
    assertThat(check(verdict, "night").blocks()).isTrue();
  }

  @Test
  void listsASmallSliceButLetsItPassWithoutHarm() {
    Verdict verdict =
        champion()
            .slice("night", false, Double.NaN)
            .clusters(200, 5, 1)
            .clusters(9, -1, 0.5, "night")
            .verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Promote.class);
    assertThat(check(verdict, "night").status()).isEqualTo(Status.UNPROVEN);
    assertThat(check(verdict, "night").powered()).isFalse();
    assertThat(verdict.findings().reasons())
        .last()
        .isEqualTo("1 slice had too little data and shows no harm");
  }

  @Test
  void keepsTheChampionWhenASmallSliceIsProvenToBeHarmed() {
    Verdict verdict =
        champion()
            .slice("night", false, Double.NaN)
            .clusters(200, 5, 1)
            .clusters(6, -9, 1, "night")
            .verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Keep.class);
    assertThat(check(verdict, "night").powered()).isFalse();
    assertThat(check(verdict, "night").status()).isEqualTo(Status.FAILED);
  }

  @Test
  void asksForStrongerProofOfHarmWhenManySmallSlicesAreLookedAt() {
    Window few = champion().slice("s0", false, Double.NaN).clusters(200, 5, 1);
    few.clusters(8, -2, 1.2, "s0");
    Window many = champion().slice("s0", false, Double.NaN).clusters(200, 5, 1);
    many.clusters(8, -2, 1.2, "s0");
    for (int i = 1; i < 20; i++) {
      many.slice("s" + i, false, Double.NaN).clusters(8, 0, 1.2, "s" + i);
    }

    assertThat(few.verdict(SUPERIOR)).isInstanceOf(Keep.class);
    assertThat(many.verdict(SUPERIOR)).isInstanceOf(Inconclusive.class);
  }

  @Test
  void waitsWhenACriticalSliceHasTooLittleData() {
    Verdict verdict =
        champion()
            .slice("night", true, Double.NaN)
            .clusters(200, 5, 1)
            .clusters(9, 0, 2, "night")
            .verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Inconclusive.class);
    assertThat(verdict.findings().reasons())
        .first()
        .asString()
        .endsWith("too little data to judge this slice, and it is critical");
    assertThat(verdict.findings().power()).isLessThan(0.8);
  }

  @Test
  void letsACriticalSlicePassThatIsProvenThoughNobodyCouldExpectIt() {
    Verdict verdict =
        champion()
            .slice("night", true, Double.NaN)
            .clusters(200, 5, 1)
            .clusters(9, 9, 4, "night")
            .verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Promote.class);
    assertThat(check(verdict, "night").powered()).isFalse();
    assertThat(check(verdict, "night").status()).isEqualTo(Status.PASSED);
  }

  @Test
  void waitsWhenASmallSliceLosesMoreThanItsMarginThoughItsNoiseHidesHarm() {
    Verdict verdict =
        champion()
            .slice("night", false, Double.NaN)
            .clusters(200, 5, 1)
            .clusters(10, -1.5, 6, "night")
            .verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Inconclusive.class);
    assertThat(verdict.findings().reasons())
        .first()
        .asString()
        .endsWith("too little data to show harm on this slice, but it lost more than its margin");
  }

  @Test
  void waitsWhenACriticalSliceHasNoRows() {
    Verdict verdict =
        champion().slice("night", true, Double.NaN).clusters(200, 5, 1).verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Inconclusive.class);
    assertThat(check(verdict, "night").status()).isEqualTo(Status.UNDEFINED);
  }

  @Test
  void listsASliceWithoutRows() {
    Verdict verdict =
        champion().slice("night", false, Double.NaN).clusters(200, 5, 1).verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Promote.class);
    assertThat(check(verdict, "night").undefined()).hasValue("there are no rows (challenger)");
  }

  /** Labels vary by day but not at night, where R² is undefined therefore. */
  private static Verdict withNight(boolean critical, int nights, String night) {
    Window window = champion().slice("night", critical, Double.NaN);
    for (int i = 0; i < 60; i++) {
      double label = 10 * (i % 10);
      window.row("day " + i, label, label + 1, label + (i % 2 == 0 ? 8 : 12));
    }
    for (int i = 0; i < nights; i++) {
      window.rows.add(
          new ScoredRow(
              night.formatted(i),
              Set.of("night"),
              50,
              Map.of(Role.CHALLENGER, List.of(51.0), Role.CHAMPION, List.of(60.0))));
    }
    return window.verdict(
        new GateConfig(Metric.R2, Mode.SUPERIOR, 0, 0.1, 0.05, 0.1, List.of(), 0.05, 3));
  }

  @Test
  void waitsWhenASliceHasRowsButNoFigure() {
    Verdict verdict = withNight(false, 20, "night %d");

    assertThat(verdict).isInstanceOf(Inconclusive.class);
    assertThat(check(verdict, "night").status()).isEqualTo(Status.UNDEFINED);
    assertThat(check(verdict, "night").blocks()).isTrue();
    assertThat(verdict.findings().reasons())
        .containsExactly(
            "r2 on slice night against the champion: undefined, because the label has no variance"
                + " (challenger); it has rows and no harm can be ruled out, so it blocks",
            "more rows of the same kind do not define what is undefined: choose a metric that every"
                + " slice has, leave the slice out, or wait for rows of another kind");
    assertThat(verdict.findings().power()).isZero();
  }

  @Test
  void onlyListsASliceOfOneGroup() {
    Verdict verdict = withNight(false, 20, "one night");

    assertThat(verdict).isInstanceOf(Promote.class);
    assertThat(check(verdict, "night").sentence())
        .endsWith("; too small to judge, so it is only listed");
    assertThat(verdict.findings().reasons())
        .endsWith("1 of 2 checks passed", "1 slice is too small to tell anything of it");
  }

  @Test
  void waitsWhenACriticalSliceIsOfOneGroup() {
    Verdict verdict = withNight(true, 20, "one night");

    assertThat(verdict).isInstanceOf(Inconclusive.class);
    assertThat(check(verdict, "night").sentence())
        .endsWith("; the slice is critical, so it must be proven");
  }

  @Test
  void needsMoreDataForEachOfManySlicesThanForOne() {
    Window one = champion().slice("s0", false, Double.NaN).clusters(20, 5, 1.55, "s0");
    Window many = champion().slice("s0", false, Double.NaN).clusters(20, 5, 1.55, "s0");
    for (int i = 1; i < 20; i++) {
      many.slice("s" + i, false, Double.NaN).clusters(20, 5, 1.55, "s" + i);
    }

    assertThat(check(one.verdict(SUPERIOR), "s0").powered()).isTrue();
    assertThat(check(many.verdict(SUPERIOR), "s0").powered()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0.2, KEEP", "0.6, INCONCLUSIVE", "2, PROMOTE"})
  void guardsOtherMetricsByTheirMargins(double margin, String expected) {
    Window window = champion();
    for (int i = 0; i < 160; i++) {
      // The challenger is nearer on the whole, but always too high; the champion errs both ways.
      window.row("c" + i, 0, i % 2 == 0 ? 0.4 : 0.8, i % 2 == 0 ? 1.5 : -1.5);
    }

    Verdict verdict =
        window.verdict(config(Mode.SUPERIOR, List.of(new Guardrail(Metric.BIAS, margin))));

    assertThat(verdict.findings().checks().get(1).metric()).isEqualTo(Metric.BIAS);
    assertThat(verdict.key()).isEqualTo(expected);
  }

  @Test
  void waitsWhereAModelMayBeWorseThanTheAnchorByMoreThanTheMargin() {
    Window window = new Window(Role.CHAMPION, Role.ANCHOR);
    for (int i = 0; i < 30; i++) {
      double noise = i % 2 == 0 ? 0.5 : -0.5;
      window.rows.add(
          new ScoredRow(
              "c" + i,
              Set.of(),
              0,
              Map.of(
                  Role.CHALLENGER, List.of(100.0),
                  Role.CHAMPION, List.of(99.7 + noise),
                  Role.ANCHOR, List.of(99.1 + noise))));
    }

    Verdict verdict = window.verdict(REFRESH);

    assertThat(verdict).isInstanceOf(Inconclusive.class);
    assertThat(verdict.findings().reasons())
        .first()
        .asString()
        .startsWith("mae against the anchor: gain -0.90000 lies between");
  }

  @Test
  void saysWhyTheAnchorWasNotCompared() {
    Verdict verdict =
        champion().clusters(30, 1, 1).verdict(SUPERIOR).alsoSaying(Optional.of("it is gone"));

    assertThat(verdict).isInstanceOf(Promote.class);
    assertThat(verdict.findings().reasons()).last().isEqualTo("it is gone");
  }

  @Test
  void letsAFirstModelWinOnlyAgainstTheDummy() {
    Verdict better = new Window(Role.DUMMY).clusters(30, 1, 1).verdict(REFRESH);
    Verdict equal = new Window(Role.DUMMY).clusters(30, 0, 1).verdict(REFRESH);
    Verdict worse = new Window(Role.DUMMY).clusters(30, -1, 1).verdict(REFRESH);

    assertThat(better).isInstanceOf(Promote.class);
    assertThat(better.findings().reasons())
        .first()
        .isEqualTo("there is no champion to compare with, so the challenger meets the baselines");
    assertThat(equal).isInstanceOf(Inconclusive.class);
    assertThat(worse).isInstanceOf(Keep.class);
  }

  @Test
  void letsAFirstModelWinOnlyAgainstTheRuleToo() {
    Window window = new Window(Role.DUMMY, Role.RULE);
    for (int i = 0; i < 30; i++) {
      double rule = i % 2 == 0 ? 0.2 : 0.3;
      window.rows.add(
          new ScoredRow(
              "c" + i,
              Set.of(),
              0,
              Map.of(
                  Role.CHALLENGER, List.of(1.0),
                  Role.DUMMY, List.of(9.0 + rule),
                  Role.RULE, List.of(rule))));
    }

    Verdict verdict = window.verdict(SUPERIOR);

    assertThat(verdict).isInstanceOf(Keep.class);
    assertThat(verdict.findings().checks())
        .extracting(Check::reference, Check::status)
        .containsExactly(tuple(Role.DUMMY, Status.PASSED), tuple(Role.RULE, Status.FAILED));
  }

  @Test
  void letsAFirstModelProveACriticalSliceThoughErrorsAgainstADummyAreLarge() {
    Verdict verdict =
        new Window(Role.DUMMY)
            .slice("night", true, Double.NaN)
            .clusters(200, 90, 30)
            .clusters(20, 90, 30, "night")
            .verdict(SUPERIOR);

    assertThat(check(verdict, "night").powered()).isFalse();
    assertThat(verdict).isInstanceOf(Promote.class);
  }

  @Test
  void asksAFirstModelForTheLeastGain() {
    GateConfig config = new GateConfig(Metric.MAE, Mode.SUPERIOR, 0.9, 1, 2, 1, List.of(), 0.05, 3);

    assertThat(new Window(Role.DUMMY).clusters(30, 0.8, 1).verdict(config))
        .isInstanceOf(Inconclusive.class);
    assertThat(new Window(Role.DUMMY).clusters(30, 1.5, 1).verdict(config))
        .isInstanceOf(Promote.class);
  }

  @Test
  void refusesToJudgeAFirstModelWithoutABaseline() {
    assertThatThrownBy(() -> new Window().clusters(30, 1, 1).verdict(SUPERIOR))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decidesNothingWhereNothingMayBeSpent() {
    Comparison comparison = champion().clusters(30, 9, 1).comparison();

    assertThatThrownBy(
            () -> new Gate(SUPERIOR).decide(comparison, Allowance.none(2, "judged before")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void asksALaterTryForMore() {
    Comparison comparison = champion().clusters(30, 0.4, 1).comparison();

    assertThat(new Gate(SUPERIOR).decide(comparison, Allowance.first()))
        .isInstanceOf(Promote.class);
    assertThat(new Gate(SUPERIOR).decide(comparison, Allowance.of(2, 0.05)))
        .isInstanceOf(Inconclusive.class);
  }

  @Test
  void expectsAProofOfASliceByWhatTheTryMaySpend() {
    Comparison comparison =
        champion()
            .slice("night", false, Double.NaN)
            .clusters(200, 5, 1)
            .clusters(30, 0, 1.6, "night")
            .comparison();
    Gate gate = new Gate(SUPERIOR);

    assertThat(check(gate.decide(comparison, Allowance.first()), "night").powered()).isTrue();
    assertThat(check(gate.decide(comparison, Allowance.of(2, 0.05)), "night").powered()).isFalse();
  }

  @Test
  void advisesTheSameWindowHoweverLittleThisTryMaySpend() {
    Comparison comparison = champion().clusters(30, 0.3, 1).comparison();
    Gate gate = new Gate(SUPERIOR);

    Verdict first = gate.decide(comparison, Allowance.first());
    Verdict later = gate.decide(comparison, Allowance.of(3, 0.02));

    assertThat(((Inconclusive) first).moreClusters()).isPresent();
    assertThat(((Inconclusive) later).moreClusters())
        .isEqualTo(((Inconclusive) first).moreClusters());
  }

  @Test
  void givesTheSameAnswerTwice() {
    Comparison comparison =
        champion().slice("night", false, 1).clusters(25, 0.3, 1, "night").comparison();

    assertThat(new Gate(SUPERIOR).decide(comparison, Allowance.first()))
        .isEqualTo(new Gate(SUPERIOR).decide(comparison, Allowance.first()));
  }

  @Test
  void hasMorePowerOnMoreData() {
    double little = champion().clusters(12, 0, 1).verdict(SUPERIOR).findings().power();
    double much = champion().clusters(60, 0, 1).verdict(SUPERIOR).findings().power();

    assertThat(little).isBetween(0.2, 0.6);
    assertThat(much).isGreaterThan(0.9);
  }

  @Test
  void appliesTheFunctionOfTheCaseThatHolds() {
    Verdict promote = champion().clusters(30, 1, 1).verdict(SUPERIOR);
    Verdict keep = champion().clusters(30, -1, 1).verdict(SUPERIOR);
    Verdict open = champion().clusters(30, 0, 1).verdict(SUPERIOR);

    assertThat(List.of(promote, keep, open))
        .extracting(v -> v.<String>match(p -> "p", k -> "k", i -> "i"))
        .containsExactly("p", "k", "i");
  }
}
