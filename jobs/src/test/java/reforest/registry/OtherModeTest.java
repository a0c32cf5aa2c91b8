package reforest.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.LocalStore;
import reforest.config.GateConfig;
import reforest.config.GateConfig.Mode;
import reforest.config.Metric;
import reforest.evaluate.Role;
import reforest.gate.Check;
import reforest.gate.Check.Status;
import reforest.gate.Rule;
import reforest.gate.Verdict;
import reforest.gate.Verdict.Findings;
import reforest.gate.Verdict.Inconclusive;
import reforest.gate.Verdict.Keep;

/** When the last runs speak for the gate's other mode. */
final class OtherModeTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REFRESH =
      "the last 3 runs were left open, and each is shown to lose less than 2 in rmse, the gain worth"
          + " having: gate.mode = refresh with gate.margin = 2 would have promoted them, as far as"
          + " the anchor allows (docs/statistics.md says what that costs)";

  @TempDir private Path folder;
  private Runs runs;
  private int day;

  @BeforeEach
  void open() {
    runs = new Runs(new LocalStore(folder));
  }

  private static GateConfig gate(Mode mode) {
    return new GateConfig(Metric.RMSE, mode, 0, 2, 2, 1, List.of(), 0.05, 3);
  }

  /** A run that ended a day after the last one, with a bound of the gain over the champion. */
  private void ended(String verdict, String mode, Double lower, String... besides)
      throws IOException {
    day++;
    ObjectNode json =
        (ObjectNode) JSON.readTree(RunRecords.published("m", "run " + day, 1).toJson());
    json.put("verdict", verdict).put("finishedAt", "2026-01-%02dT06:00:00Z".formatted(day));
    ((ObjectNode) json.path("configuration")).put("gate.mode", mode);
    ArrayNode checks = (ArrayNode) json.path("gate").path("checks");
    ObjectNode primary = (ObjectNode) checks.get(0);
    primary.put("reference", "champion").put("lower", lower).put("blocks", true);
    for (String rule : besides) {
      // A baseline that is only told does not block.
      boolean blocks = !rule.equals("baseline");
      checks.add(
          primary.deepCopy().put("rule", rule).put("status", "unproven").put("blocks", blocks));
    }
    runs.write(RunRecord.parse(JSON.writeValueAsBytes(json), "here"), "report");
  }

  private static Verdict open(double lower) {
    Check primary =
        new Check(
            Rule.Kind.PRIMARY,
            Role.CHAMPION,
            "overall",
            Metric.RMSE,
            0.5,
            1,
            lower,
            2,
            0,
            28,
            false,
            true,
            Status.UNPROVEN,
            true,
            Optional.empty());
    return new Inconclusive(
        new Findings(List.of(), List.of(primary), 1, 0.05, 0.5), OptionalLong.empty());
  }

  private Optional<String> before(Mode mode) {
    return new OtherMode(runs, gate(mode)).before();
  }

  private Optional<String> after(Verdict verdict) {
    return new OtherMode(runs, gate(Mode.SUPERIOR)).after(verdict, "now");
  }

  @Test
  void threeOpenRunsThatAreShownHarmlessSpeakForRefresh() throws IOException {
    ended("INCONCLUSIVE", "superior", -0.5);
    ended("INCONCLUSIVE", "superior", -1.9);

    assertThat(before(Mode.SUPERIOR)).isEmpty();
    assertThat(after(open(-1.0))).contains(REFRESH);
    assertThat(after(open(-2.1))).as("may lose more than is worth having").isEmpty();
    assertThat(after(open(Double.NaN))).as("is unknown").isEmpty();

    ended("INCONCLUSIVE", "superior", -1.0);

    assertThat(before(Mode.SUPERIOR)).contains(REFRESH);
  }

  @Test
  void whatElseStandsInTheWayWouldStandThereInModeRefresh() throws IOException {
    ended("INCONCLUSIVE", "superior", -0.5);
    ended("INCONCLUSIVE", "superior", -0.5, "slice");

    assertThat(after(open(-1.0))).isEmpty();
  }

  @Test
  void aModelThatIsNotBetterThanTheRuleIsNotToBeRefreshed() throws IOException {
    ended("INCONCLUSIVE", "superior", -0.5);
    ended("INCONCLUSIVE", "superior", -0.5, "baseline");

    assertThat(after(open(-1.0))).isEmpty();
  }

  @Test
  void aDecisionInBetweenSpeaksForTheModeThatIsSet() throws IOException {
    ended("INCONCLUSIVE", "superior", -0.5);
    ended("KEEP", "superior", -0.5);

    assertThat(after(open(-1.0))).isEmpty();
    ended("INCONCLUSIVE", "superior", -0.5);
    assertThat(after(new Keep(open(-1.0).findings()))).as("it was decided").isEmpty();
  }

  @Test
  void threePromotionsThatAreShownBetterSpeakForSuperior() throws IOException {
    for (int i = 0; i < 3; i++) {
      ended("PROMOTE", "refresh", 0.1);
    }

    assertThat(before(Mode.REFRESH))
        .contains(
            "the last 3 runs were promoted, and each is shown to be better: gate.mode = superior"
                + " would have promoted them, too, and never follows worse rows"
                + " (docs/statistics.md)");
    assertThat(before(Mode.SUPERIOR)).isEmpty();

    ended("PROMOTE", "refresh", -0.1);
    assertThat(before(Mode.REFRESH)).as("that one needed the margin").isEmpty();
  }
}
