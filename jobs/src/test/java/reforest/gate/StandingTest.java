package reforest.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.Task;
import reforest.config.GateConfig;
import reforest.config.GateConfig.Mode;
import reforest.config.GateLimits;
import reforest.config.GateLimits.Baseline;
import reforest.config.Metric;
import reforest.evaluate.Comparison;
import reforest.evaluate.ComparisonPlan;
import reforest.evaluate.Role;
import reforest.evaluate.ScoredRow;
import reforest.gate.Check.Status;

/** Whether what would ship is better than the rule that needs no model. */
final class StandingTest {

  private static GateConfig config(Baseline baseline) {
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
            baseline,
            List.of(),
            GateLimits.Churn.ANY,
            GateLimits.Budget.ANY,
            GateLimits.Response.WARN));
  }

  /**
   * Thirty days; each role errs by so much, and those behind the challenger by one more or less.
   */
  private static Comparison days(double challenger, Map<Role, Double> others) {
    List<Role> roles = new ArrayList<>(List.of(Role.CHALLENGER));
    List.of(Role.CHAMPION, Role.DUMMY, Role.RULE).stream()
        .filter(others::containsKey)
        .forEach(roles::add);
    List<ScoredRow> rows = new ArrayList<>();
    for (int day = 0; day < 30; day++) {
      Map<Role, List<Double>> predictions = new HashMap<>();
      for (Role role : roles) {
        double noise = day % 2 == 0 ? 1 : -1;
        predictions.put(role, List.of(others.getOrDefault(role, Double.NaN) + noise));
      }
      predictions.put(Role.CHALLENGER, List.of(challenger));
      rows.add(new ScoredRow("day " + day, Set.of(), 0, predictions));
    }
    return Comparison.of(
        new ComparisonPlan(Task.REGRESSION, List.of(), roles, List.of(), 1e-6, 0), 100, rows);
  }

  private static Comparison days(double challenger, double champion, double rule) {
    return days(challenger, Map.of(Role.CHAMPION, champion, Role.DUMMY, 90.0, Role.RULE, rule));
  }

  private static Verdict verdict(Baseline baseline, Comparison comparison) {
    return new Gate(config(baseline)).decide(comparison, Allowance.first());
  }

  private static Check check(Verdict verdict) {
    return verdict.findings().checks().stream()
        .filter(it -> it.rule() == Rule.Kind.BASELINE)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void saysFirstOfAllThatAWinnerIsStillWorseThanTheRule() {
    Verdict verdict = verdict(Baseline.WARN, days(20, 25, 17));

    assertThat(verdict.decision()).isEqualTo(Decision.PROMOTE);
    assertThat(verdict.findings().reasons())
        .first()
        .isEqualTo(
            "still worse than the rule: mae 20.000 against 17.000; the champion is worse than it on"
                + " these rows: 25.000");
    assertThat(check(verdict).status()).isEqualTo(Status.FAILED);
    assertThat(check(verdict).reference()).isEqualTo(Role.RULE);
    assertThat(check(verdict).blocks()).isFalse();
  }

  @Test
  void doesNotPromoteWhatIsWorseThanTheRuleWhereThatBlocks() {
    Verdict verdict = verdict(Baseline.BLOCK, days(20, 25, 17));

    assertThat(verdict.decision()).isEqualTo(Decision.KEEP);
    assertThat(verdict.findings().reasons()).first().asString().startsWith("still worse than");
    assertThat(verdict.findings().power()).isZero();
    assertThat(check(verdict).blocks()).isTrue();
  }

  @Test
  void saysThatABetterModelIsNotYetShownToBeat() {
    Comparison close = days(20, 25, 20.2);

    Verdict warned = verdict(Baseline.WARN, close);
    Verdict blocked = verdict(Baseline.BLOCK, close);

    assertThat(warned.decision()).isEqualTo(Decision.PROMOTE);
    assertThat(blocked.decision()).isEqualTo(Decision.INCONCLUSIVE);
    for (Verdict verdict : List.of(warned, blocked)) {
      assertThat(verdict.findings().reasons())
          .first()
          .asString()
          .startsWith(
              "not shown to be better than the rule: mae 20.000 against 20.200, and the gain lies"
                  + " between -0.1");
    }
  }

  @ParameterizedTest
  @CsvSource({"WARN", "BLOCK"})
  void saysNothingOfARuleThatBothBeat(Baseline baseline) {
    Verdict verdict = verdict(baseline, days(20, 25, 30));

    assertThat(verdict.decision()).isEqualTo(Decision.PROMOTE);
    assertThat(verdict.findings().reasons())
        .first()
        .asString()
        .startsWith("mae against the champion");
    assertThat(verdict.findings().reasons()).noneMatch(it -> it.contains("rule"));
    assertThat(check(verdict).status()).isEqualTo(Status.PASSED);
  }

  @Test
  void remarksThatTheRuleBeatsTheChampionWhichIsReplaced() {
    Verdict verdict = verdict(Baseline.WARN, days(20, 30, 25));

    assertThat(verdict.decision()).isEqualTo(Decision.PROMOTE);
    assertThat(verdict.findings().reasons())
        .last()
        .isEqualTo("the champion is worse than the rule on these rows: mae 30.000 against 25.000");
  }

  @Test
  void asksAgainstTheDummyWhereNoRuleIsDeclared() {
    Comparison comparison = days(20, Map.of(Role.CHAMPION, 25.0, Role.DUMMY, 18.0));

    assertThat(verdict(Baseline.WARN, comparison).findings().reasons())
        .first()
        .asString()
        .startsWith("still worse than the dummy: mae 20.000 against 18.000");
  }

  @Test
  void doesNotTakeAnUndefinedRuleForABeatenOne() {
    Comparison comparison = days(20, 25, Double.NaN);

    Verdict warned = verdict(Baseline.WARN, comparison);

    assertThat(warned.findings().reasons())
        .first()
        .asString()
        .startsWith("not known to be better than the rule: mae is undefined, because");
    assertThat(verdict(Baseline.BLOCK, comparison).decision()).isEqualTo(Decision.INCONCLUSIVE);
  }

  @Test
  void asksNothingWithoutAnyBaseline() {
    Verdict verdict = verdict(Baseline.BLOCK, days(20, Map.of(Role.CHAMPION, 25.0)));

    assertThat(verdict.decision()).isEqualTo(Decision.PROMOTE);
    assertThat(verdict.findings().checks()).hasSize(1);
  }

  @Test
  void leavesAFirstModelToTheBaselinesAsBefore() {
    Comparison comparison = days(20, Map.of(Role.DUMMY, 90.0, Role.RULE, 17.0));

    Verdict verdict = verdict(Baseline.WARN, comparison);

    assertThat(verdict.decision()).isEqualTo(Decision.KEEP);
    assertThat(verdict.findings().reasons()).first().isEqualTo(Gate.NO_CHAMPION);
    assertThat(verdict.findings().checks())
        .extracting(Check::rule)
        .containsExactly(Rule.Kind.PRIMARY, Rule.Kind.PRIMARY);
  }

  /** The worthwhile gain over the champion is no gain over a rule that is far ahead. */
  @Test
  void countsTheRuleInThePowerWhereItBlocks() {
    Comparison behind = days(25, 25.2, 17);

    assertThat(verdict(Baseline.WARN, behind).findings().power()).isGreaterThan(0.5);
    assertThat(verdict(Baseline.BLOCK, behind).findings().power()).isLessThan(0.01);
  }
}
