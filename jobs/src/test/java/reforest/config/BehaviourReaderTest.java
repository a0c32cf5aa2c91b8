package reforest.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.ReforestException;
import reforest.config.BehaviourCase.Direction;
import reforest.config.BehaviourCase.Head;
import reforest.config.BehaviourCase.Invariance;
import reforest.config.BehaviourCase.Kind;
import reforest.config.BehaviourCase.Never;
import reforest.config.BehaviourCase.Within;

/** What a model must do, as it is written in its file and beside it. */
final class BehaviourReaderTest {

  private static final String MODEL =
      """
      model = trips
      task = regression
      data {
        columns = [
          { name = id, type = bigint }
          { name = kind, type = string, personal = true }
          { name = distance, type = double }
          { name = stops, type = int }
          { name = driver, type = string }
          { name = seconds, type = int }
        ]
        key = [id]
        label = seconds
      }
      features { numeric = [distance, stops], categorical = [kind] }
      gate { worthwhile-gain = 5 }
      """;

  @TempDir private Path folder;

  private List<BehaviourCase> cases(String text) throws IOException {
    return new Written(folder).read(MODEL + text).model().behaviour().cases();
  }

  private ReforestException refused(String text) {
    return new Written(folder).refused(MODEL + text);
  }

  @Test
  void readsEveryKindOfCase() throws IOException {
    List<BehaviourCase> cases =
        cases(
            """
            behaviour = [
              { name = short, kind = must-hold, row { distance = 0.5, kind = a }, at-least = 0, at-most = 900 }
              { name = night, kind = hard-case, level = 3, rows = [{ stops = 3 }, { stops = 4, kind = null }], at-least = 1 }
              { name = flood, kind = incident, reference = OPS-7, row {}, at-most = 5 }
              { name = who, kind = invariance, row { distance = 2 }, change { kind = [a, b, null], stops = 1 }, tolerance = 0.5 }
              { name = far, kind = direction, row { kind = a }, input = distance, from = 0, to = 1, steps = 5, never = falls }
            ]
            behaviour-level = 2
            """);

    assertThat(cases)
        .containsExactly(
            new Within(
                new Head("short", Kind.MUST_HOLD, 2, Optional.empty()),
                List.of(Map.of("distance", "0.5", "kind", "a")),
                Optional.empty(),
                Optional.of(0.0),
                Optional.of(900.0),
                Optional.empty()),
            new Within(
                new Head("night", Kind.HARD_CASE, 3, Optional.empty()),
                List.of(Map.of("stops", "3"), Map.of("stops", "4")),
                Optional.empty(),
                Optional.of(1.0),
                Optional.empty(),
                Optional.empty()),
            new Within(
                new Head("flood", Kind.INCIDENT, 2, Optional.of("OPS-7")),
                List.of(Map.of()),
                Optional.empty(),
                Optional.empty(),
                Optional.of(5.0),
                Optional.empty()),
            new Invariance(
                new Head("who", Kind.INVARIANCE, 2, Optional.empty()),
                List.of(Map.of("distance", "2")),
                Optional.empty(),
                Map.of(
                    "kind",
                    List.of(Optional.of("a"), Optional.of("b"), Optional.empty()),
                    "stops",
                    List.of(Optional.of("1"))),
                0.5),
            new Direction(
                new Head("far", Kind.DIRECTION, 2, Optional.empty()),
                List.of(Map.of("kind", "a")),
                Optional.empty(),
                "distance",
                List.of("0", "0.25", "0.5", "0.75", "1"),
                Never.FALLS,
                0));
    assertThat(cases).extracting(BehaviourCase::predictions).containsExactly(1L, 2L, 1L, 4L, 5L);
  }

  @Test
  void readsTheGroupsThatAreToldApartAndRefusesLimitsThatTheTaskHasNot() throws IOException {
    String groups = "fairness { groups = [kind], min-rows = 50, limits { error = 3 } }\n";

    assertThat(new Written(folder).read(MODEL + groups).model().fairness())
        .isEqualTo(new FairnessConfig(List.of("kind"), 50, Map.of(FairnessConfig.Gap.ERROR, 3.0)));
    assertThat(
            refused(
                """
                fairness {
                  groups = [kinds]
                  min-rows = 5
                  limits { equalized-odds = 0.1, error = 0, gini = 1 }
                }
                """))
        .hasMessage(
            """
            5 configuration problems:
              trips.conf: 18: fairness.groups names 'kinds', which is no declared column; did you mean 'kind'?
              trips.conf: 19: fairness.min-rows must be a whole number from 10 to 1000000, got 5
              trips.conf: 20: fairness.limits.equalized-odds is for binary tasks, but task is regression
              trips.conf: 20: fairness.limits.error must be above 0.0, got 0
              trips.conf: 20: fairness.limits.gini is not a known key; known here: calibration, demographic-parity, equalized-odds, error, false-positive-rate, true-positive-rate""");
    assertThat(refused("fairness.limits.error = 3\n"))
        .hasMessageContaining(
            "trips.conf: 17: fairness.limits.error needs fairness.groups, the columns");
  }

  @Test
  void asksNothingWhereNothingIsWritten() throws IOException {
    assertThat(new Written(folder).read(MODEL).model().behaviour()).isEqualTo(BehaviourConfig.NONE);
  }

  @Test
  void tellsAllThatIsWrongWithASuiteAtOnce() {
    assertThat(
            refused(
                """
                behaviour = [
                  { name = a, kind = must-hold, row { distanse = 1 }, at-least = 9, at-most = 3 }
                  { name = a, kind = incident, row { stops = few }, class = x }
                  { name = b, kind = must-hold, row { stops = 1.5 } }
                  { kind = invariance, row {}, change { driver = z } }
                  { name = c, kind = direction, row {}, input = driver, values = [x, y] }
                  { name = d, kind = direction, row {}, input = distance, from = 3, to = 1, steps = 4, never = up }
                  { name = e, kind = must-holt, row {}, at-least = 0, levl = 2 }
                  { name = f, kind = must-hold, at-least = 0, level = 4 }
                ]
                """))
        .hasMessage(
            """
            18 configuration problems:
              trips.conf: 18: behaviour[0].row.distanse is no declared column; did you mean 'distance'?
              trips.conf: 18: behaviour[0].at-most must not be below at-least, since nothing lies in between, got 3.0 and 9.0
              trips.conf: 19: behaviour[1].name declares 'a' twice
              trips.conf: 19: behaviour[1].reference is missing: where the incident is described, such as a ticket
              trips.conf: 19: behaviour[1].row.stops holds few, which is not of type int
              trips.conf: 19: behaviour[1].class is for classes, but task is regression
              trips.conf: 20: behaviour[2].row.stops holds 1.5, which is not of type int
              trips.conf: 20: behaviour[2].kind needs at-least, at-most or class, what is expected of the prediction
              trips.conf: 21: behaviour[3].name is missing: what the case is called in verdicts and reports
              trips.conf: 21: behaviour[3].change.driver is read by no feature, so that the case always holds
              trips.conf: 22: behaviour[4].input names 'driver', which is read by no feature, so that the case always holds
              trips.conf: 22: behaviour[4].never is missing: what the prediction does not do: rises or falls
              trips.conf: 23: behaviour[5].to must be above from, got 1.0 and 3.0
              trips.conf: 23: behaviour[5].never must be rises or falls, got up
              trips.conf: 24: behaviour[6].kind must be must-hold, hard-case, incident, invariance or direction, got must-holt; did you mean must-hold?
              trips.conf: 24: behaviour[6].levl is not a known key; did you mean level?
              trips.conf: 25: behaviour[7].level must be a whole number from 1 to 3, got 4
              trips.conf: 25: behaviour[7].row is missing: the inputs that the model is asked about, { column = value ... }""");
  }

  @Test
  void wantsProbabilitiesAndTheClassThatIsMeant() {
    String classes =
        MODEL
            .replace("task = regression", "task = multiclass")
            .replace(
                "{ name = seconds, type = int }",
                "{ name = seconds, type = string, values = [few, many] }");

    assertThat(
            new Written(folder)
                .refused(
                    classes
                        + """
                        behaviour = [
                          { name = a, kind = must-hold, row {}, at-least = 2 }
                          { name = b, kind = must-hold, row {}, at-least = 0.2 }
                          { name = c, kind = must-hold, row {}, of = none, at-least = 0.2 }
                          { name = d, kind = direction, row {}, input = stops, values = [1, 2], never = rises }
                          { name = e, kind = must-hold, row {}, class = few }
                          { name = f, kind = invariance, row {}, change { stops = 2 } }
                        ]
                        """))
        .hasMessage(
            """
            4 configuration problems:
              trips.conf: 18: behaviour[0].at-least must be from 0.0 to 1.0, got 2
              trips.conf: 19: behaviour[1].at-least needs 'of', the class whose probability is meant
              trips.conf: 20: behaviour[2].of names the class 'none', and seconds has few, many
              trips.conf: 21: behaviour[3].kind needs 'of', the class whose probability is meant""");
  }

  @Test
  void refusesASuiteThatTakesForEver() {
    assertThat(
            refused(
                """
                behaviour = [
                  { name = a, kind = invariance, row {}, change { distance = [%1$s], stops = [%1$s] } }
                ]
                """
                    .formatted(
                        String.join(
                            ",",
                            java.util.stream.IntStream.range(0, 1_000)
                                .mapToObj(String::valueOf)
                                .toList()))))
        .hasMessageContaining("takes 1000001 predictions, and at most 1000000 are made");
  }

  @Test
  void readsTheSameFromAFileBesideTheModels() throws IOException {
    Files.writeString(
        folder.resolve("suite.csv"),
        """
        case.name,case.kind,case.level,case.reference,case.at-least,case.at-most,case.input,case.values,case.never,case.change,distance,kind,stops
        short,must-hold,,,0,900,,,,,0.5,a,
        "the flood, once",incident,1,OPS-7,,5,,,,,,,3
        far,direction,2,,,,distance,0; 1; 2.5,falls,,,a,
        who,invariance,,,,,,,,kind = a; kind = ; stops = 1,2,b,
        short,must-hold,,,0,900,,,,,0.7,b,
        """);

    List<BehaviourCase> cases = cases("behaviour-file = suite.csv\n");

    assertThat(cases)
        .extracting(it -> it.head().name())
        .containsExactly("short", "the flood, once", "far", "who");
    assertThat(cases.get(0).rows())
        .containsExactly(
            Map.of("distance", "0.5", "kind", "a"), Map.of("distance", "0.7", "kind", "b"));
    assertThat(cases.get(1).head().reference()).contains("OPS-7");
    assertThat(((Direction) cases.get(2)).values()).containsExactly("0", "1", "2.5");
    assertThat(((Invariance) cases.get(3)).changes())
        .isEqualTo(
            Map.of(
                "kind",
                List.of(Optional.of("a"), Optional.empty()),
                "stops",
                List.of(Optional.of("1"))));
  }

  @Test
  void namesTheLineOfTheFileBesideTheModels() throws IOException {
    Files.writeString(
        folder.resolve("suite.csv"),
        """
        case.name,case.kind,case.at-least,case.leval,distance,stop
        short,must-hold,0,,x,
        far,must-hold,,,1,2
        short,must-hold,1,,,
        """);

    assertThat(refused("behaviour-file = suite.csv\nbehaviour = [{ name = far }]\n"))
        .hasMessage(
            """
            7 configuration problems:
              suite.csv: 2: case.rows[0].distance holds x, which is not of type double
              suite.csv: 3: case.name declares 'far' twice
              suite.csv: 3: case.rows[0].stop is no declared column; did you mean 'stops'?
              suite.csv: 3: case.kind needs at-least, at-most or class, what is expected of the prediction
              suite.csv: 4: case.at-least is 1, but the case's first line 2 says 0
              trips.conf: 18: behaviour[0].kind is missing: must-hold, hard-case, incident, invariance or direction
              trips.conf: 18: behaviour[0].row is missing: the inputs that the model is asked about, { column = value ... }""");
    assertThat(refused("behaviour-file = other.csv\n"))
        .hasMessageContaining("trips.conf: 17: behaviour-file does not exist: ")
        .hasMessageContaining("other.csv");
  }

  @Test
  void countsTheFilesContentIntoTheDigest() throws IOException {
    Path suite = folder.resolve("suite.csv");
    String line = "case.name,case.kind,case.at-least,distance\nshort,must-hold,%s,1\n";
    Files.writeString(suite, line.formatted(0));
    String first = digest();
    Files.writeString(suite, line.formatted(1));

    assertThat(digest()).isNotEqualTo(first);
  }

  private String digest() throws IOException {
    return new Written(folder).read(MODEL + "behaviour-file = suite.csv\n").model().digest();
  }

  @Test
  void recordsNoPersonalValueOfARow() throws IOException {
    Configuration read =
        new Written(folder)
            .read(
                MODEL
                    + """
                    behaviour = [{ name = a, kind = must-hold, row { kind = Smith, stops = 3 }, at-least = 1 }]
                    """);

    assertThat(read.effective().values().get("behaviour[0]"))
        .contains("\"stops\":3")
        .doesNotContain("Smith");
    assertThat(read.model().behaviour().cases().get(0).rows().get(0))
        .containsEntry("kind", "Smith");
  }
}
