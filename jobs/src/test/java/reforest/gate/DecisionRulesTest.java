package reforest.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import reforest.config.Metric;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.gate.Check.Status;
import reforest.gate.DecisionRules.Seen;
import reforest.simulate.SimulatedWindows;
import reforest.statistics.Estimate;
import reforest.statistics.StudentT;

/** What the rules make of errors, of which there are two where clusters are periods of time. */
final class DecisionRulesTest {

  private static final double ALPHA = 0.045;

  /** The gain of 28 days, of which only the degrees of freedom count here. */
  private static final Estimate DAYS =
      SimulatedWindows.of(28, 4, 0).window(1).overall().gain(Role.CHAMPION, Metric.MAE);

  private static DecisionRules onSlice(double margin) {
    NamedSlice night = NamedSlice.of("night");
    return new DecisionRules(
        List.of(new Rule.OnSlice(Role.CHAMPION, night, Metric.MAE, DAYS, -margin, 0, 28)),
        ALPHA,
        1);
  }

  private static Seen seen(double gain, double error, double serialError) {
    Seen seen = new Seen(1);
    seen.values[0] = gain;
    seen.errors[0] = error;
    seen.serialErrors[0] = serialError;
    return seen;
  }

  @Test
  void drawsBoundsByTheWiderOfBothErrors() {
    DecisionRules rules = onSlice(1);
    double plain = -StudentT.quantile(ALPHA, 27);
    double serial = -StudentT.quantile(ALPHA, DAYS.spread().serialDegrees());

    assertThat(rules.lower(0, seen(1, 1, 0.1))).isCloseTo(1 - plain, within(1e-9));
    assertThat(rules.lower(0, seen(1, 1, 2))).isCloseTo(1 - 2 * serial, within(1e-9));
    assertThat(rules.upper(0, seen(1, 1, 0.1)))
        .isCloseTo(1 - StudentT.quantile(0.05, 27), within(1e-9));
  }

  @Test
  void takesNoHarmForShownThatNeighboursHide() {
    DecisionRules rules = onSlice(1);

    assertThat(rules.statuses(seen(-3.5, 1, 1))).containsExactly(Status.FAILED);
    assertThat(rules.statuses(seen(-3.5, 1, 3))).containsExactly(Status.UNPROVEN);
    assertThat(rules.statuses(seen(-3.5, 3, 1))).containsExactly(Status.UNPROVEN);
  }

  @Test
  void expectsNoProofOfASliceWhoseNeighboursAreTooMuchAlike() {
    DecisionRules rules = onSlice(1);

    assertThat(rules.isPowered(0, seen(0, 0.3, 0.3))).isTrue();
    assertThat(rules.isPowered(0, seen(0, 0.3, 0.9))).isFalse();
    assertThat(rules.isPowered(0, seen(0, 0.9, 0.3))).isFalse();
  }

  @Test
  void hasMoreDegreesOfFreedomInALargerWindow() {
    NamedSlice all = NamedSlice.of(NamedSlice.OVERALL);
    DecisionRules rules =
        new DecisionRules(
            List.of(new Rule.Primary(Role.CHAMPION, all, Metric.MAE, DAYS, 0, 1)), ALPHA, 4);

    assertThat(rules.degrees(0)).isCloseTo(4 * 27, within(1e-9));
    assertThat(rules.serialDegrees(0)).isCloseTo(2 * DAYS.spread().serialDegrees(), within(1e-9));
  }
}
