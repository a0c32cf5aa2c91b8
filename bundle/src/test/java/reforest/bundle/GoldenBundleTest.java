package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.pmml.Covers;
import reforest.bundle.pmml.PmmlModel;

/**
 * Bundles that earlier versions wrote load and predict what they did.
 *
 * <p>Below {@code golden} there is a folder for each version that changed what is written; nothing
 * in it is ever changed. It holds bundles, and beside each a file of the same name: rows, what the
 * bundle predicted for them when it was written, and for each tree the training rows that came to
 * its root, where the bundle says so.
 */
class GoldenBundleTest {

  /** {@link Math#exp} may differ by that much between machines, and the rest adds as much. */
  private static final int LAST_PLACES = 2;

  static List<Path> bundles() throws IOException, URISyntaxException {
    URL golden = GoldenBundleTest.class.getResource("golden");
    try (Stream<Path> files = Files.walk(Path.of(Objects.requireNonNull(golden).toURI()), 2)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .map(file -> file.resolveSibling(file.getFileName().toString().replace(".json", "")))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void loadsAndPredictsWhatItDidWhenItWasWritten(Path path) throws IOException {
    Bundle bundle = read(path);
    Scorer scorer = Scorer.of(bundle);
    JsonFields expected = expected(path);

    List<JsonFields> rows = expected.objects("rows");
    assertThat(rows).isNotEmpty();
    for (JsonFields row : rows) {
      Prediction prediction = scorer.score(inputs(scorer.manifest(), row.object("inputs")));
      assertThat(prediction.label()).isEqualTo(row.optionalText("label"));
      if (scorer.manifest().task() == Task.REGRESSION) {
        assertThat(Optional.of(prediction.value())).isEqualTo(row.optionalNumber("value"));
      } else {
        assertProbabilities(scorer.manifest(), prediction, row.object("probabilities"));
      }
      row.end();
    }
  }

  private static void assertProbabilities(
      Manifest manifest, Prediction prediction, JsonFields expected) {
    boolean boosted = manifest.provenance().family().equals("gradient-boosting");
    for (int k = 0; k < manifest.classes().size(); k++) {
      double actual = prediction.probabilities().get(k);
      double wanted = expected.optionalNumber(manifest.classes().get(k)).orElseThrow();
      assertThat(actual).isCloseTo(wanted, within(boosted ? LAST_PLACES * Math.ulp(wanted) : 0.0));
    }
    expected.end();
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void knowsHowManyRowsTrainedEachTreeWhereTheBundleSaysSo(Path path) throws IOException {
    Bundle bundle = read(path);
    JsonFields expected = expected(path);

    List<Double> roots =
        expected.objects("trees").stream()
            .flatMap(tree -> tree.optionalNumber("cover").stream())
            .toList();

    Optional<List<Double>> covers =
        Covers.ofTrees(PmmlModel.read(bundle.file(Bundle.MODEL), bundle.manifest()));
    assertThat(covers).isEqualTo(roots.isEmpty() ? Optional.empty() : Optional.of(roots));
    assertThat(covers.isPresent())
        .isEqualTo(!path.getParent().getFileName().toString().equals("0.1.0-before-counts"));
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void explainsWhatItPredictsWhereItCountsItsRows(Path path) throws IOException {
    Scorer scorer = Scorer.of(read(path));
    assertThat(scorer.explains())
        .isEqualTo(!path.getParent().getFileName().toString().equals("0.1.0-before-counts"));
    for (JsonFields row : expected(path).objects("rows")) {
      Map<String, Object> inputs = inputs(scorer.manifest(), row.object("inputs"));
      if (scorer.explains()) {
        Explanation explanation = scorer.explain(inputs);
        double sum = explanation.base();
        for (Explanation.Contribution each : explanation.contributions()) {
          sum += each.amount();
        }
        assertThat(sum).isCloseTo(explanation.result(), within(1e-12));
      }
    }
  }

  @Test
  void holdsTheBundlesOfEachVersion() throws IOException, URISyntaxException {
    List<String> names =
        bundles().stream()
            .map(path -> path.getParent().getFileName() + "/" + path.getFileName())
            .toList();

    assertThat(names)
        .contains(
            "0.1.0/boosted-decision",
            "0.1.0/boosted-regression",
            "0.1.0/forest-of-classes",
            "0.1.0-before-counts/boosted-decision",
            "0.1.0-before-counts/boosted-regression",
            "0.1.0-before-counts/forest-of-classes");
  }

  private static Bundle read(Path path) {
    return Bundle.read(
        new LocalStore(Objects.requireNonNull(path.getParent())), path.getFileName().toString());
  }

  private static JsonFields expected(Path path) throws IOException {
    Path file = path.resolveSibling(path.getFileName() + ".json");
    return JsonFields.parse(Files.readAllBytes(file), file.toString());
  }

  private static Map<String, Object> inputs(Manifest manifest, JsonFields row) {
    Map<String, Object> inputs = new HashMap<>();
    for (Input input : manifest.inputs()) {
      if (input.type() == InputType.NUMBER) {
        row.optionalNumber(input.name()).ifPresent(value -> inputs.put(input.name(), value));
      } else {
        row.optionalText(input.name()).ifPresent(value -> inputs.put(input.name(), value));
      }
    }
    row.end();
    return inputs;
  }
}
