package reforest.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.config.GateConfig;
import reforest.config.GateConfig.Mode;
import reforest.config.Metric;
import reforest.evaluate.Comparison;
import reforest.simulate.SimulatedWindows;

/** Whether the gate's promises hold on windows whose truth is known. */
final class GateSimulationTest {

  private static final int WINDOWS = 1_000;

  /** 5 % and two standard errors of 1,000 windows. */
  private static final double AT_MOST = 0.05 + 2 * Math.sqrt(0.05 * 0.95 / WINDOWS);

  /** A gate that never promotes would pass every test of its mistakes. */
  private static final double AT_LEAST = 0.015;

  private static final double WIDE = 9;

  @ParameterizedTest
  @CsvSource({
    "28, 24, false",
    "28, 24, true",
    "10, 24, false",
    "200, 1, true",
  })
  void seldomPromotesAnEqualModel(int days, int rowsADay, boolean heavyTails) {
    Gate gate = new Gate(config(Mode.SUPERIOR, 1, 0.5, WIDE));

    assertThat(promoted(gate, SimulatedWindows.of(days, rowsADay, 0).heavyTails(heavyTails)))
        .isBetween(AT_LEAST, AT_MOST);
  }

  @ParameterizedTest
  @CsvSource({"28, 24, false", "28, 24, true", "12, 12, true"})
  void seldomPromotesAModelThatIsWorseByTheMargin(int days, int rowsADay, boolean heavyTails) {
    double margin = 0.7;
    Gate gate = new Gate(config(Mode.REFRESH, margin, 0.5, WIDE));

    assertThat(promoted(gate, SimulatedWindows.of(days, rowsADay, -margin).heavyTails(heavyTails)))
        .isBetween(AT_LEAST, AT_MOST);
  }

  @Test
  void seldomPromotesAnyOfTenEqualModelsOnOneWindow() {
    Gate gate = new Gate(config(Mode.SUPERIOR, 1, 0.5, WIDE));
    SimulatedWindows windows = SimulatedWindows.of(28, 4, 0);
    AlphaSpending.Wish again =
        new AlphaSpending.Wish(
            Ledger.Window.of("hash"), Optional.empty(), false, false, false, "run");
    int promoted = 0;
    for (int seed = 0; seed < WINDOWS; seed++) {
      List<Comparison> tries = windows.challengers(seed, 10);
      boolean any = false;
      AlphaSpending spending = new AlphaSpending();
      for (int attempt = 1; attempt <= tries.size(); attempt++) {
        Allowance allowance = spending.spend(again);
        any |= gate.decide(tries.get(attempt - 1), allowance) instanceof Verdict.Promote;
      }
      promoted += any ? 1 : 0;
    }
    assertThat((double) promoted / WINDOWS).isBetween(AT_LEAST, AT_MOST);
  }

  @Test
  void seldomPromotesAModelThatBreaksAPoweredSliceByItsMargin() {
    double margin = 1.5;
    Gate gate = new Gate(config(Mode.REFRESH, WIDE, 0.5, margin));

    assertThat(promoted(gate, SimulatedWindows.of(56, 6, -margin).slices(1, 0, 1)))
        .isBetween(AT_LEAST, AT_MOST);
  }

  @ParameterizedTest
  @CsvSource({
    "28, 24, 1.0, SUPERIOR, 0, 9",
    "40, 12, 0.8, SUPERIOR, 0, 9",
    "28, 24, 0.3, REFRESH, 0, 9",
    "60, 12, 0.5, SUPERIOR, 3, 1.0",
    "60, 12, 0.1, REFRESH, 3, 1.0",
  })
  void promotesABetterModelAsOftenAsThePowerSays(
      int days, int rowsADay, double gain, Mode mode, int slices, double sliceMargin) {
    Gate gate = new Gate(config(mode, 0.5, gain, sliceMargin));
    SimulatedWindows windows = SimulatedWindows.of(days, rowsADay, gain).slices(slices, 0, 1);
    int promoted = 0;
    double said = 0;
    for (int seed = 0; seed < WINDOWS; seed++) {
      Verdict verdict = gate.decide(windows.window(seed), Allowance.first());
      promoted += verdict instanceof Verdict.Promote ? 1 : 0;
      said += verdict.findings().power();
    }
    assertThat(said / WINDOWS).isBetween(0.3, 0.99);
    assertThat((double) promoted / WINDOWS).isCloseTo(said / WINDOWS, within(0.05));
  }

  /** A configuration of the primary metric alone; slices have the given margin. */
  private static GateConfig config(
      Mode mode, double margin, double worthwhile, double sliceMargin) {
    return new GateConfig(Metric.MAE, mode, 0, margin, worthwhile, sliceMargin, List.of(), 0.05, 3);
  }

  private static double promoted(Gate gate, SimulatedWindows windows) {
    int promoted = 0;
    for (int seed = 0; seed < WINDOWS; seed++) {
      promoted +=
          gate.decide(windows.window(seed), Allowance.first()) instanceof Verdict.Promote ? 1 : 0;
    }
    return (double) promoted / WINDOWS;
  }
}
