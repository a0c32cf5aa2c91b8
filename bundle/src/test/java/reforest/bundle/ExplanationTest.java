package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.Explanation.Contribution;
import reforest.bundle.Explanation.Scale;

class ExplanationTest {

  /** {@link Models#CHAIN} with the rows that came to each node. */
  private static final String COUNTED_CHAIN =
      Models.CHAIN
          .replace("<Node><True/>", "<Node recordCount=\"8\"><True/>")
          .replace("<Node score=\"-0.5\"", "<Node recordCount=\"6\" score=\"-0.5\"")
          .replace("<Node score=\"1\"", "<Node recordCount=\"2\" score=\"1\"")
          .replace("<Node score=\"0.25\"", "<Node recordCount=\"8\" score=\"0.25\"");

  @TempDir Path folder;

  /**
   * The first tree says 10 for 4 of 10 rows by temp, else by season 20 or 30 for 3 each; the second
   * one asks for a derived column.
   */
  @Test
  void tellsWhatEachInputAndDerivedColumnAddsToTheAverage() {
    Scorer scorer = scorer(Models.bikes(Models.AVERAGE), Models.AVERAGE);
    Map<String, Object> row = Map.of("temp", 0.1, "wind", 0.4, "season", "winter");

    Explanation explanation = scorer.explain(row);

    assertThat(explanation.scale()).isEqualTo(Scale.VALUE);
    assertThat(explanation.label()).isEmpty();
    assertThat(explanation.result()).isEqualTo(scorer.score(row).value());
    assertAddsUp(explanation);
    assertThat(explanation.contributions())
        .extracting(Contribution::feature)
        .containsExactly("temp", "wind", "season", "ratio", "band");
    Contribution temp = explanation.contributions().get(0);
    assertThat(temp.value()).contains(0.1);
    assertThat(temp.min()).contains(0.02);
    assertThat(temp.max()).contains(0.98);
    // Of the tree: 10 - 19 knowing nothing, and 10 - 22 in winter; of the forest the half.
    assertThat(temp.amount()).isCloseTo(((10 - 19) + (10 - 22)) / 4.0, within(1e-12));
    Contribution season = explanation.contributions().get(2);
    assertThat(season.value()).contains("winter");
    assertThat(season.min()).isEmpty();
    assertThat(season.amount()).isCloseTo(((22 - 19) + (10 - 10)) / 4.0, within(1e-12));
    assertThat(explanation.contributions().get(1).amount()).isZero();
    Contribution ratio = explanation.contributions().get(3);
    assertThat(ratio.value()).contains(0.25);
    assertThat(ratio.max()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          0.41, 0.3, autumn
          ,     ,
          0.9,  0,   summer
          """)
  void takesMissingAndUnseenValuesAsTheScorerDoes(String temp, String wind, String season) {
    Scorer scorer = scorer(Models.bikes(Models.AVERAGE), Models.AVERAGE);
    Map<String, Object> row = new HashMap<>();
    row.put("temp", temp);
    row.put("wind", wind);
    row.put("season", season);

    Explanation explanation = scorer.explain(row);

    assertThat(explanation.result()).isEqualTo(scorer.score(row).value());
    assertAddsUp(explanation);
    assertThat(explanation.contributions().get(2).value()).isEqualTo(Optional.ofNullable(season));
    assertThat(explanation.contributions().get(0).value().isPresent()).isEqualTo(temp != null);
  }

  @Test
  void explainsAForestsClassByItsProbability() {
    Scorer scorer = scorer(Models.kinds(Models.COUNTED), Models.COUNTED);

    Explanation decided = scorer.explain(Map.of("x", 2));
    assertThat(decided.label()).contains("c d");
    assertThat(decided.scale()).isEqualTo(Scale.PROBABILITY);
    for (String label : List.of("a", "b", "c d")) {
      Explanation explanation = scorer.explain(Map.of("x", 2), label);
      int place = scorer.manifest().classes().indexOf(label);
      assertThat(explanation.label()).contains(label);
      assertThat(explanation.result())
          .isEqualTo(scorer.score(Map.of("x", 2)).probabilities().get(place));
      assertAddsUp(explanation);
    }
    assertThatThrownBy(() -> scorer.explain(Map.of("x", 2), "d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the model has no class 'd', only [a, b, c d]");
  }

  @ParameterizedTest
  @ValueSource(doubles = {2, 3, Double.NaN})
  void explainsABoostedClassByItsLogOdds(double x) {
    Scorer scorer = scorer(Models.lateness(COUNTED_CHAIN), COUNTED_CHAIN);

    Explanation late = scorer.explain(Map.of("x", x));
    Explanation intime = scorer.explain(Map.of("x", x), "no");

    assertThat(late.label()).contains("yes");
    assertThat(late.scale()).isEqualTo(Scale.LOG_ODDS);
    double probability = scorer.score(Map.of("x", x)).probabilities().get(1);
    assertThat(late.result()).isCloseTo(Math.log(probability / (1 - probability)), within(1e-12));
    // 0.5 + 2 * (0.25 - 0.5 * 6 / 8 + 1 * 2 / 8)
    assertThat(late.base()).isCloseTo(0.75, within(1e-12));
    assertAddsUp(late);
    assertAddsUp(intime);
    assertThat(intime.result()).isEqualTo(-late.result());
  }

  @Test
  void explainsEncodedRowsAsThoseByName() {
    Scorer scorer = scorer(Models.bikes(Models.AVERAGE), Models.AVERAGE);
    Explainer explainer = scorer.explainer(0);
    double[] amounts = new double[6];
    amounts[5] = 7;

    assertThat(explainer.result()).isNaN();
    assertThat(explainer.features()).containsExactly("temp", "wind", "season", "ratio", "band");
    for (Map<String, Object> row :
        List.<Map<String, Object>>of(
            Map.of("temp", 0.1, "wind", 0.4, "season", "winter"), Map.of("season", "autumn"))) {
      Explanation byName = scorer.explain(row);
      double base = explainer.explain(scorer.encode(row), amounts);

      assertThat(base).isEqualTo(byName.base());
      assertThat(explainer.result()).isEqualTo(byName.result());
      assertThat(explainer.scale()).isEqualTo(byName.scale());
      assertThat(explainer.way()).isEqualTo(byName.way());
      assertThat(amounts)
          .startsWith(byName.contributions().stream().mapToDouble(Contribution::amount).toArray())
          .endsWith(7);
    }
    double[][] many = new double[70][];
    Arrays.setAll(many, i -> scorer.encode(Map.of("temp", i / 70.0, "season", "winter")));
    double[][] all = new double[70][5];
    double[] bases = new double[70];
    explainer.explain(many, all, bases);
    for (int i = 0; i < many.length; i++) {
      assertThat(explainer.explain(many[i], amounts)).isEqualTo(bases[i]);
      assertThat(amounts).startsWith(all[i]);
    }
    assertThatThrownBy(() -> explainer.explain(many, all, new double[69]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("70 rows need as many arrays of amounts and bases, got 70 and 69");
    assertThatThrownBy(() -> explainer.explain(new double[3], new double[4]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("needs 3 inputs and 5 results, got 3 and 4");
    assertThatThrownBy(() -> scorer.explainer(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the model has no result 1, only 0 to 0");
  }

  @Test
  void givesTheStrongestReasonsFirstAndNoneThatSaysNothing() {
    Scorer scorer = scorer(Models.bikes(Models.AVERAGE), Models.AVERAGE);

    Explanation explanation = scorer.explain(Map.of("temp", 0.1, "wind", 0.4, "season", "winter"));

    List<Double> amounts =
        explanation.reasons(9).stream().map(reason -> Math.abs(reason.amount())).toList();
    assertThat(amounts).isSortedAccordingTo(Collections.reverseOrder()).doesNotContain(0.0);
    assertThat(explanation.reasons(1)).isEqualTo(explanation.reasons(9).subList(0, 1));
    assertThat(explanation.reasons(0)).isEmpty();
  }

  @Test
  void aBundleWithoutCountsScoresAndSaysThatItCannotExplain() {
    Scorer scorer = scorer(Models.kinds(Models.CLASSES), Models.CLASSES);

    assertThat(scorer.explains()).isFalse();
    assertThat(scorer.score(Map.of("x", 0)).label()).contains("a");
    assertThatThrownBy(() -> scorer.explain(Map.of("x", 0)))
        .isInstanceOf(ReforestException.class)
        .hasMessage(
            "the bundle of model 'bikes' cannot explain: it does not say how many training rows"
                + " came to its trees' nodes");
  }

  @Test
  void explainsTheSameInManyThreads() throws Exception {
    Scorer scorer = scorer(Models.bikes(Models.AVERAGE), Models.AVERAGE);
    Map<String, Object> row = Map.of("temp", 0.41, "wind", 1, "season", "summer");
    List<Callable<Explanation>> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      calls.add(() -> scorer.explain(row));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Explanation> all = new ArrayList<>();
      for (Future<Explanation> call : threads.invokeAll(calls)) {
        all.add(call.get());
      }
      assertThat(all).containsOnly(scorer.explain(row));
    } finally {
      threads.shutdown();
    }
  }

  private static void assertAddsUp(Explanation explanation) {
    double sum =
        explanation.base()
            + explanation.contributions().stream().mapToDouble(Contribution::amount).sum();
    assertThat(sum).isCloseTo(explanation.result(), within(1e-12));
  }

  private Scorer scorer(Manifest manifest, String pmml) {
    Store store = new LocalStore(folder);
    Models.write(store, "bundle", manifest, pmml);
    return Scorer.of(Bundle.read(store, "bundle"));
  }
}
