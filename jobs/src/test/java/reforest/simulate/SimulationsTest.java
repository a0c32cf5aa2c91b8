package reforest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.Task;
import reforest.config.Metric;
import reforest.evaluate.Role;

/** Each case in small; {@code reforest simulate} runs it at full length. */
class SimulationsTest {

  private static final int SMALL = 300;

  @ParameterizedTest
  @ValueSource(
      strings = {"level", "coverage", "power", "slices", "weekly", "advice", "drift", "two-way"})
  void holdsWhatTheGatePromises(String name) {
    List<Claim> claims = new ArrayList<>();

    boolean holds = Simulations.run(List.of(name), SMALL, claims::add);

    assertThat(claims).isNotEmpty().allSatisfy(claim -> assertThat(claim.holds()).isTrue());
    assertThat(holds).isTrue();
  }

  @Test
  void simulatesEveryCaseInSmall() {
    assertThat(Simulations.names())
        .containsExactlyInAnyOrder(
            "level",
            "coverage",
            "metrics",
            "power",
            "slices",
            "weekly",
            "advice",
            "drift",
            "two-way",
            "weak-slices");
  }

  @Test
  void confirmsWhatIsPlantedAndHardlyEverWhatIsNot() {
    List<Claim> claims = new ArrayList<>();

    assertThat(Simulations.run(List.of("weak-slices"), 100, claims::add)).isTrue();

    assertThat(claims.get(0).figure()).as("of ten windows without any").isLessThan(0.25);
    assertThat(claims.get(1).figure()).as("of ten with a planted slice").isGreaterThan(0.75);
  }

  /** All but those that need a setting, or the rows of a regression or of several classes. */
  private static final Set<Metric> SIMULATED =
      Set.copyOf(
          EnumSet.complementOf(
              EnumSet.of(
                  Metric.MEDIAN_ABSOLUTE_ERROR,
                  Metric.QUANTILE_LOSS,
                  Metric.AUC_OVR,
                  Metric.BUSINESS_COST,
                  Metric.BUSINESS_VALUE)));

  @Test
  void holdsWhatTheGatePromisesForEveryMetric() {
    List<Claim> claims = new ArrayList<>();

    assertThat(Simulations.run(List.of("metrics"), 100, claims::add)).isTrue();

    assertThat(claims.stream().map(claim -> claim.name().split("/", -1)[2]).distinct())
        .containsExactlyInAnyOrder(SIMULATED.stream().map(Metric::key).toArray(String[]::new));
    // Of 18 kinds of window each metric promotes an equal model in 2 to 8 %, all together.
    for (Metric metric : SIMULATED) {
      assertThat(
              claims.stream()
                  .filter(it -> it.name().contains("/" + metric.key() + "/"))
                  .filter(it -> it.name().endsWith("/level"))
                  .mapToDouble(Claim::figure)
                  .average()
                  .orElseThrow())
          .as(metric.key())
          .isBetween(0.02, 0.08);
    }
  }

  @Test
  void hasDaysThatAreAlikeInLabelsAndPredictionsToo() {
    for (Task task : Task.values()) {
      for (Metric metric : new SimulatedPredictions(task, 56, 0, false).metrics()) {
        double independent = neighbours(new SimulatedPredictions(task, 56, 0, false), metric);
        double alike = neighbours(new SimulatedPredictions(task, 56, 0.6, false), metric);

        assertThat(independent).as(metric.key()).isBetween(-0.1, 0.1);
        assertThat(alike).as(metric.key()).isBetween(0.2, 0.6);
      }
    }
  }

  private static double neighbours(SimulatedPredictions windows, Metric metric) {
    return LongStream.range(0, 40)
        .mapToDouble(
            seed -> windows.window(seed).overall().gain(Role.CHAMPION, metric).neighbours())
        .average()
        .orElseThrow();
  }

  @Test
  void promotesEqualModelsFarTooOftenWhereOneOfTwoKindsOfDependenceIsNotDeclared() {
    List<Claim> claims = new ArrayList<>();
    Simulations.run(List.of("two-way"), SMALL, claims::add);

    assertThat(figure(claims, "two-way/customers-most/declared-both")).isBetween(0.003, 0.06);
    assertThat(figure(claims, "two-way/customers-most/declared-days")).isGreaterThan(0.12);
    assertThat(figure(claims, "two-way/days-most/declared-both")).isBetween(0.003, 0.06);
    assertThat(figure(claims, "two-way/days-most/declared-customers")).isGreaterThan(0.12);
  }

  private static double figure(List<Claim> claims, String name) {
    return claims.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow().figure();
  }

  @Test
  void promotesEqualModelsNowAndThenSoThatALevelTellsSomething() {
    List<Claim> claims = new ArrayList<>();
    Simulations.run(List.of("level"), SMALL, claims::add);

    assertThat(claims).allSatisfy(claim -> assertThat(claim.figure()).isBetween(0.003, 0.16));
  }

  @Test
  void losesMoreThanAnAnchorLetsItWithoutOne() {
    List<Claim> claims = new ArrayList<>();
    Simulations.run(List.of("drift"), 100, claims::add);

    assertThat(loss(claims, "drift/decay/refresh-unanchored/weekly/mean-loss"))
        .isGreaterThan(1.5 * loss(claims, "drift/decay/refresh/weekly/mean-loss"));
  }

  private static double loss(List<Claim> claims, String name) {
    return claims.stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow().figure();
  }

  @Test
  void givesTheSameFiguresTwice() {
    List<Claim> once = new ArrayList<>();
    List<Claim> twice = new ArrayList<>();
    Simulations.run(List.of("power"), 100, once::add);
    Simulations.run(List.of("power"), 100, twice::add);

    assertThat(once).isEqualTo(twice);
  }

  @Test
  void doesNotHoldAClaimThatIsUnknownOrBeyondChance() {
    assertThat(Claim.atMost("a", 0.07, 0.01, 0.05).holds()).isTrue();
    assertThat(Claim.atMost("a", 0.071, 0.01, 0.05).holds()).isFalse();
    assertThat(Claim.atLeast("a", 0.88, 0.01, 0.9).holds()).isTrue();
    assertThat(Claim.atLeast("a", 0.87, 0.01, 0.9).holds()).isFalse();
    assertThat(Claim.atMost("a", Double.NaN, 0.01, 0.05).holds()).isFalse();
    assertThat(Claim.atMost("a", 0.071, 0.01, 0.05).toJson())
        .isEqualTo(
            "{\"case\":\"a\",\"figure\":0.071,\"error\":0.01,\"limit\":0.05,"
                + "\"limit-is\":\"at-most\",\"holds\":false}");
  }

  @Test
  void refusesACaseThatItDoesNotKnow() {
    assertThatThrownBy(() -> Simulations.run(List.of("levels"), 100, claim -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
