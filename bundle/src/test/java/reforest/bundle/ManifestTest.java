package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;

class ManifestTest {

  private static final Manifest BIKES = Models.bikes("model");

  @Test
  void keepsReadingAndWritingTheManifestOfTheFirstLayout() throws IOException {
    byte[] golden = golden("manifest-1.json");
    assertThat(Manifest.parse(golden)).isEqualTo(BIKES);
    assertThat(new String(BIKES.toJson(), StandardCharsets.UTF_8))
        .isEqualTo(new String(golden, StandardCharsets.UTF_8));
  }

  @Test
  void writesTheSameBytesWhateverTheOrderOfItsMaps() {
    Map<String, String> about = new HashMap<>();
    for (int i = 40; i > 0; i--) {
      about.put("key " + i, "v");
    }
    Manifest one = with(about, BIKES.inputs());
    Manifest two = Manifest.parse(one.toJson());
    assertThat(two).isEqualTo(one);
    assertThat(two.toJson()).isEqualTo(one.toJson());
  }

  @Test
  void keepsNamesWithAnyCharacters() {
    List<Input> inputs =
        List.of(
            Models.category("a.b `c` \"d\" \\ 🚲\n", "", "\t", "<&>", "é"),
            new Input(
                "",
                InputType.NUMBER,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("°C"),
                List.of(),
                "-0.0",
                Optional.empty(),
                Optional.empty()));
    Manifest manifest = with(Map.of(), inputs);
    assertThat(Manifest.parse(manifest.toJson())).isEqualTo(manifest);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "schema" : 1,              | "schema" : 2,                | schema version 2; this library reads version 1
          "schema" : 1,              | "schema" : "1",              | schema must be a whole number
          "schema" : 1,              | "schema" : 1, "schema" : 1,  | is not JSON
          "schema" : 1,              | "schema" : 1, "verdict" : 1, | verdict is not a known field
          "unit" : "1",              | "units" : "1",               | units is not a known field
          "model" : "bikes"          | "model" : "../bikes"         | is no model's name
          "task" : "regression"      | "task" : "guess"             | task has the unknown value 'guess'
          "task" : "regression"      | "task" : "binary"            | classes has 0 entries for task binary
          "label" : "cnt"            | "label" : "temp"             | label is an input too
          "label" : "cnt",           | ''                           | label is missing
          "label" : "cnt"            | "label" : null               | label must be a text
          "name" : "model.pmml"      | "name" : "../model.pmml"     | name is not allowed
          "name" : "model.pmml"      | "name" : "manifest.json"     | name is not allowed
          "name" : "model.pmml"      | "name" : ".hidden"           | name is not allowed
          "sizeBytes" : 5            | "sizeBytes" : -5             | must be at least 0
          "sizeBytes" : 5            | "sizeBytes" : 5.5            | must be a whole number
          "name" : "wind"            | "name" : "temp"              | stands twice
          "missing" : "2.0"          | "missing" : "NaN"            | must be a finite number
          "min" : 0.02               | "min" : 1e999                | must be a finite number
          "min" : 0.02               | "min" : 0.99                 | in order
          "min" : 0.02,              | ''                           | in order
          "summer"                   | "winter"                     | names a category twice
          2011-11-01T00:00:00Z       | last autumn                  | must be a UTC time
          """)
  void refusesWhatItDoesNotKnow(String text, String replacement, String message) {
    String json = new String(BIKES.toJson(), StandardCharsets.UTF_8);
    assertThat(json).contains(text);
    assertThatThrownBy(() -> Manifest.parse(Models.bytes(json.replace(text, replacement))))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.DATA))
        .hasMessageContaining("manifest.json")
        .hasMessageContaining(message);
  }

  @Test
  void keepsReadingAndWritingWhatInputsLookBackOn() throws IOException {
    Manifest manifest = with(Map.of(), List.of(looking(Optional.of("upper(s)"))));
    byte[] golden = golden("manifest-1-looking-back.json");

    assertThat(Manifest.parse(golden)).isEqualTo(manifest);
    assertThat(new String(manifest.toJson(), StandardCharsets.UTF_8))
        .isEqualTo(new String(golden, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "take" : "rolling_mean" | "take" : "lead"       | take has the unknown value 'lead'
          "lag" : "PT1H"          | "lag" : "PT0S"        | must be above 0
          "lag" : "PT1H"          | "lag" : "1h"          | lag or another field of it is wrong
          "window" : "PT24H"      | "windows" : "PT24H"   | windows is not a known field
          "type" : "timestamp"    | "type" : "int"        | ts must be a timestamp or date
          "type" : "timestamp"    | "type" : "instant"    | type is no type of a column: 'instant'
          "declared" : "double"   | "declared" : "int"    | series goes with a number
          """)
  void refusesALookBackThatItDoesNotKnow(String text, String replacement, String message) {
    byte[] written = with(Map.of(), List.of(looking(Optional.empty()))).toJson();
    String json = new String(written, StandardCharsets.UTF_8);
    assertThat(json).contains(text);

    assertThatThrownBy(() -> Manifest.parse(Models.bytes(json.replace(text, replacement))))
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining(message);
  }

  private static Input looking(Optional<String> made) {
    return HistoryTest.input(
        "day",
        "1.5",
        new SeriesField(
            SeriesField.Take.ROLLING_MEAN,
            SeriesFieldTest.column("cnt", "int"),
            SeriesFieldTest.column("ts", "timestamp"),
            List.of(
                new SeriesField.Column("station", ColumnType.named("string").orElseThrow(), made)),
            List.of(),
            Duration.ofHours(1),
            Optional.of(Duration.ofDays(1))));
  }

  @Test
  void aTaskOfManyClassesMayHaveTwo() {
    String pmml = "";
    List<Input> inputs = List.of(Models.number("x", "0", -1, 3));

    Manifest two = Models.manifest(Task.MULTICLASS, "kind", List.of("a", "b"), inputs, pmml);
    Manifest one = Models.manifest(Task.MULTICLASS, "kind", List.of("a"), inputs, pmml);

    assertThat(Manifest.parse(two.toJson())).isEqualTo(two);
    assertThatThrownBy(() -> Manifest.parse(one.toJson()))
        .hasMessageContaining("classes has 1 entries for task multiclass");
  }

  @ParameterizedTest
  @CsvSource({"''", "[]", "null", "{} {}", "1"})
  void refusesWhatIsNoObject(String json) {
    assertThatThrownBy(() -> Manifest.parse(Models.bytes(json)))
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining("manifest.json is not");
  }

  private static Manifest with(Map<String, String> about, List<Input> inputs) {
    return new Manifest(
        BIKES.model(),
        BIKES.task(),
        BIKES.label(),
        BIKES.classes(),
        inputs,
        BIKES.files(),
        BIKES.provenance(),
        about);
  }

  static byte[] golden(String name) throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(ManifestTest.class.getResourceAsStream(name), name)) {
      return stream.readAllBytes();
    }
  }
}
