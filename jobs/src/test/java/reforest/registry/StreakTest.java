package reforest.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.LocalStore;

/** When runs that end alike are an alert. */
final class StreakTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BEHIND =
      "3 runs in a row trained nothing that is shown to be better than the rule: predict by that,"
          + " or give the model features that know what it knows";

  @TempDir private Path folder;
  private Runs runs;
  private int day;

  @BeforeEach
  void open() {
    runs = new Runs(new LocalStore(folder));
  }

  private RunRecord run(String verdict) throws IOException {
    return run(verdict, it -> {});
  }

  /** A run that ended a day after the last one. */
  private RunRecord run(String verdict, Consumer<ObjectNode> change) throws IOException {
    day++;
    return attempt("run " + day, 1, verdict, change);
  }

  private RunRecord attempt(String run, int attempt, String verdict, Consumer<ObjectNode> change)
      throws IOException {
    ObjectNode json = (ObjectNode) JSON.readTree(RunRecords.published("m", run, attempt).toJson());
    json.put("verdict", verdict);
    json.put("finishedAt", "2026-01-%02dT06:00:00Z".formatted(day));
    if (!verdict.equals("PROMOTE")) {
      json.putNull("promotion");
    }
    change.accept(json);
    RunRecord record = RunRecord.parse(JSON.writeValueAsBytes(json), "here");
    runs.write(record, "report");
    return record;
  }

  private static Consumer<ObjectNode> check(String rule, String reference, String status) {
    return json -> {
      ArrayNode checks = (ArrayNode) json.path("gate").path("checks");
      ((ObjectNode) checks.get(0))
          .put("rule", rule)
          .put("reference", reference)
          .put("status", status);
    };
  }

  private String alert(RunRecord record) {
    return new Streak(runs).alert(record).orElse("");
  }

  @Test
  void alertsAtTheThirdRunInARowThatDidNotDecide() throws IOException {
    assertThat(alert(run("INCONCLUSIVE"))).isEmpty();
    assertThat(alert(run("INCONCLUSIVE"))).isEmpty();
    assertThat(alert(run("INCONCLUSIVE")))
        .startsWith("3 runs in a row were INCONCLUSIVE, and more of them will not decide");
    assertThat(alert(run("INCONCLUSIVE"))).startsWith("4 runs in a row were INCONCLUSIVE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROMOTE", "KEEP"})
  void aDecisionEndsTheRow(String decision) throws IOException {
    run("INCONCLUSIVE");
    run("INCONCLUSIVE");
    assertThat(alert(run(decision))).isEmpty();
    assertThat(alert(run("INCONCLUSIVE"))).isEmpty();
    assertThat(alert(run("INCONCLUSIVE"))).isEmpty();
  }

  @Test
  void anOverrideEndsTheRow() throws IOException {
    run("INCONCLUSIVE");
    run("INCONCLUSIVE");

    assertThat(alert(run("INCONCLUSIVE", json -> json.put("promotion", 2)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"develop", "backtest", "of a later release"})
  void runsThatCannotPublishDoNotCount(String kind) throws IOException {
    run("INCONCLUSIVE");
    run("INCONCLUSIVE");
    assertThat(alert(run("INCONCLUSIVE", json -> json.put("kind", kind)))).isEmpty();
    assertThat(alert(run("INCONCLUSIVE"))).startsWith("3 runs in a row");
  }

  @Test
  void runsThatSpentNoTryDoNotCount() throws IOException {
    Consumer<ObjectNode> nothingNew = json -> ((ObjectNode) json.path("gate")).put("attempt", 0);
    run("INCONCLUSIVE");
    run("INCONCLUSIVE");

    assertThat(alert(run("INCONCLUSIVE", nothingNew))).isEmpty();
  }

  @Test
  void attemptsOfOneRunAreOneRun() throws IOException {
    run("INCONCLUSIVE");
    RunRecord second = run("INCONCLUSIVE");

    assertThat(alert(attempt(second.run(), 2, "INCONCLUSIVE", it -> {}))).isEmpty();
  }

  @Test
  void aRepeatedVerdictIsJudgedByWhatWasBeforeIt() throws IOException {
    run("INCONCLUSIVE");
    RunRecord second = run("INCONCLUSIVE");
    RunRecord third = run("INCONCLUSIVE");
    run("PROMOTE");

    assertThat(alert(second)).isEmpty();
    assertThat(alert(third)).startsWith("3 runs in a row");
  }

  @Test
  void alertsAtTheThirdChallengerInARowThatIsNotBetterThanTheRule() throws IOException {
    run("PROMOTE", check("baseline", "rule", "failed"));
    run("KEEP", check("baseline", "rule", "unproven"));

    assertThat(alert(run("PROMOTE", check("baseline", "rule", "undefined")))).isEqualTo(BEHIND);
    assertThat(alert(run("PROMOTE", check("baseline", "rule", "passed")))).isEmpty();
  }

  @Test
  void countsFirstModelsThatTheBaselinesKeptOut() throws IOException {
    run("KEEP", check("primary", "rule", "failed"));
    run("KEEP", check("primary", "rule", "failed"));

    assertThat(alert(run("KEEP", check("primary", "rule", "failed")))).isEqualTo(BEHIND);
  }

  @Test
  void aChampionThatIsNotBeatenIsNoRule() throws IOException {
    run("KEEP", check("primary", "champion", "failed"));
    run("KEEP", check("primary", "champion", "failed"));

    assertThat(alert(run("KEEP", check("primary", "champion", "failed")))).isEmpty();
  }

  @Test
  void saysBothWhereBothAreTrue() throws IOException {
    Consumer<ObjectNode> behind = check("baseline", "rule", "unproven");
    run("INCONCLUSIVE", behind);
    run("INCONCLUSIVE", behind);

    assertThat(alert(run("INCONCLUSIVE", behind)))
        .startsWith("3 runs in a row were INCONCLUSIVE")
        .endsWith("; " + BEHIND);
  }
}
