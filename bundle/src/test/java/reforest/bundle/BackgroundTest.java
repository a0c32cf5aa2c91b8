package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.Explanation.Contribution;
import reforest.bundle.Explanation.Scale;
import reforest.bundle.Explanation.Way;
import reforest.bundle.Manifest.FileEntry;
import reforest.bundle.Manifest.Input;

class BackgroundTest {

  /** Numbers temp and wind, and the season with codes summer, winter, missing and rare. */
  private static final List<Input> INPUTS = Models.bikes(Models.AVERAGE).inputs();

  @TempDir Path folder;

  @Test
  void isReadAsItWasWritten() {
    List<double[]> rows =
        List.of(
            new double[] {0.1, Double.NaN, 0},
            new double[] {-0.0, 1e300, 3},
            new double[] {12, -7, 2});

    byte[] json = Background.of(INPUTS, rows).toJson();

    assertThat(new String(json, StandardCharsets.UTF_8)).contains("\"0.1,,0\"", "\"12,-7,2\"");
    Background read = Background.parse(json, INPUTS);
    assertThat(read.size()).isEqualTo(3);
    for (int row = 0; row < 3; row++) {
      assertThat(read.row(row)).containsExactly(rows.get(row));
    }
    assertThat(read.toJson()).isEqualTo(json);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '0.1,1,0'  | '0.1,1'     | rows are wrong: row 0 has 2 numbers for 3
          '0.1,1,0'  | '0.1,1,4'   | rows are wrong: row 0 has 4.0 as season
          '0.1,1,0'  | '0.1,1,'    | rows are wrong: row 0 has NaN as season
          '0.1,1,0'  | '0.1,1,0.5' | rows are wrong: row 0 has 0.5 as season
          '0.1,1,0'  | '0.1,x,0'   | rows hold no number in row 0: 'x'
          '"0.1,1,0"'|             | rows are wrong: a background needs a row
          wind       | wnd         | inputs are not those of the manifest: [temp, wnd, season]
          '"schema" : 1' | '"schema" : 2' | has schema version 2; this library reads version 1
          """)
  void refusesWhatItDoesNotUnderstand(String of, String other, String problem) {
    String json =
        new String(
            Background.of(INPUTS, List.of(new double[] {0.1, 1, 0})).toJson(),
            StandardCharsets.UTF_8);
    byte[] altered = json.replace(of, other == null ? "" : other).getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> Background.parse(altered, INPUTS))
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void ofABundleIsWhatItsScorerExplainsBy() {
    Manifest plain = Models.bikes(Models.AVERAGE);
    Background background =
        Background.of(INPUTS, List.of(new double[] {0.9, 3, 0}, new double[] {0.2, Double.NaN, 1}));
    Scorer scorer = scorer(plain, Models.AVERAGE, background.toJson());
    Map<String, Object> row = Map.of("temp", 0.1, "wind", 0.4, "season", "winter");
    double[] out = new double[1];
    double mean = 0;
    for (int i = 0; i < 2; i++) {
      scorer.predict(background.row(i), out);
      mean += out[0] / 2;
    }

    Explanation explanation = scorer.explain(row, Way.INTERVENTIONAL);

    assertThat(explanation.way()).isEqualTo(Way.INTERVENTIONAL);
    assertThat(explanation.base()).isCloseTo(mean, within(1e-12));
    assertThat(explanation.result()).isEqualTo(scorer.score(row).value());
    assertThat(explanation.contributions())
        .extracting(Contribution::feature)
        .containsExactly("temp", "wind", "season", "ratio", "band");
    assertThat(
            explanation.base()
                + explanation.contributions().stream().mapToDouble(Contribution::amount).sum())
        .isCloseTo(explanation.result(), within(1e-12));
  }

  @Test
  void explainsABoostedProbabilityOrItsLogOdds() {
    byte[] json =
        Background.of(
                Models.lateness(Models.CHAIN).inputs(), List.of(new double[] {1}, new double[] {5}))
            .toJson();
    Scorer scorer = scorer(Models.lateness(Models.CHAIN), Models.CHAIN, json);
    Map<String, Object> row = Map.of("x", 9);

    Explanation late = scorer.explain(row, "yes", Way.INTERVENTIONAL);
    Explanation intime = scorer.explain(row, "no", Way.INTERVENTIONAL);

    // Without counts it has no other way.
    assertThat(scorer.explains()).isFalse();
    assertThat(late.scale()).isEqualTo(Scale.PROBABILITY);
    assertThat(late.result()).isEqualTo(scorer.score(row).probabilities().get(1));
    assertThat(intime.result()).isEqualTo(scorer.score(row).probabilities().get(0));
    assertThat(late.base() + late.contributions().get(0).amount())
        .isCloseTo(late.result(), within(1e-15));
    assertThat(intime.contributions().get(0).amount())
        .isCloseTo(-late.contributions().get(0).amount(), within(1e-15));
    Explainer margins = scorer.marginExplainer(1);
    double[] amounts = new double[1];
    double base = margins.explain(new double[] {9}, amounts);
    assertThat(margins.scale()).isEqualTo(Scale.LOG_ODDS);
    assertThat(base + amounts[0])
        .isCloseTo(Math.log(late.result() / (1 - late.result())), within(1e-12));
  }

  @Test
  void isMissedOnlyByWhatNeedsIt() {
    Store store = new LocalStore(folder);
    Models.write(store, "bundle", Models.bikes(Models.AVERAGE), Models.AVERAGE);
    Scorer scorer = Scorer.of(Bundle.read(store, "bundle"));

    assertThat(scorer.explains(Way.PATH_DEPENDENT)).isTrue();
    assertThat(scorer.explains(Way.INTERVENTIONAL)).isFalse();
    assertThatThrownBy(() -> scorer.explain(Map.of(), Way.INTERVENTIONAL))
        .isInstanceOf(ReforestException.class)
        .hasMessage("the bundle of model 'bikes' cannot explain by background rows: it has none");
    assertThatThrownBy(() -> scorer.marginExplainer(0)).isInstanceOf(ReforestException.class);
  }

  private Scorer scorer(Manifest plain, String pmml, byte[] background) {
    byte[] model = pmml.getBytes(StandardCharsets.UTF_8);
    Manifest manifest =
        new Manifest(
            plain.model(),
            plain.task(),
            plain.label(),
            plain.classes(),
            plain.inputs(),
            List.of(FileEntry.of(Bundle.BACKGROUND, background), FileEntry.of(Bundle.MODEL, model)),
            plain.provenance(),
            plain.about());
    Store store = new LocalStore(folder);
    Bundle.write(
        store, "bundle", manifest, Map.of(Bundle.MODEL, model, Bundle.BACKGROUND, background));
    return Scorer.of(Bundle.read(store, "bundle"));
  }
}
