package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import reforest.bundle.Manifest.Input;

class ScorerTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # temp, wind, season, mean of the trees
          0.4,  2,   winter, 5.75
          0.41, 2,   winter, 15.75
          0.41, 1,   summer, 11.25
          0.41, 0,   summer, 10.75
          0.41, 0.3, autumn, 16.25
          ,     ,    ,       11.25
          0.5,  0.5, ,       11.25
          0.1,  0.4, winter, 6.25
          """)
  void averagesTreesOverNumbersCategoriesAndDerivedFields(
      String temp, String wind, String season, double expected) {
    Map<String, Object> row = new HashMap<>();
    row.put("temp", temp);
    row.put("wind", wind);
    row.put("season", season);
    row.put("no input", "ignored");

    Prediction prediction = bikes(Models.AVERAGE).score(row);

    assertThat(prediction.value()).isEqualTo(expected);
    assertThat(prediction.probabilities()).isEmpty();
    assertThat(prediction.label()).isEmpty();
  }

  @Test
  void sumsBoostedTrees() {
    assertThat(bikes(Models.SUM).score(Map.of("temp", 0.9, "wind", 1, "season", "winter")).value())
        .isEqualTo(32.5);
  }

  @Test
  void averagesProbabilitiesAndNamesTheClass() {
    Scorer scorer = scorer(Models.kinds(Models.CLASSES), Models.CLASSES);

    Prediction low = scorer.score(Map.of("x", 1));
    assertThat(low.value()).isNaN();
    assertThat(low.probabilities()).containsExactly(0.5, 0.375, 0.125);
    assertThat(low.label()).contains("a");
    assertThat(scorer.score(Map.of("x", 1.0001)).label()).contains("c d");
    assertThat(scorer.outputs()).isEqualTo(3);
  }

  @Test
  void scalesProbabilitiesThatWereWrittenRoundedToSumUpToOne() {
    String rounded = Models.CLASSES.replace("probability=\"0.75\"", "probability=\"0.7500001\"");
    Prediction prediction = scorer(Models.kinds(rounded), rounded).score(Map.of("x", 1));

    double sum = prediction.probabilities().stream().mapToDouble(p -> p).sum();
    assertThat(sum).isCloseTo(1, within(1e-15));
  }

  @Test
  void makesAProbabilityOfTheMarginOfBoostedTrees() {
    Scorer scorer = scorer(Models.lateness(Models.CHAIN), Models.CHAIN);

    Prediction high = scorer.score(Map.of("x", 2.5));
    double expected = 1 / (1 + Math.exp(-(0.5 + 2 * 1.25)));
    assertThat(high.probabilities()).containsExactly(1 - expected, expected);
    assertThat(high.label()).contains("yes");
    assertThat(scorer.score(Map.of("x", 2)).label()).contains("no");
  }

  @Test
  void takesTheFirstOfEquallyProbableClassesLikeMllib() {
    Prediction tie = scorer(Models.lateness(Models.CHAIN), Models.CHAIN).score(Map.of("x", 1));

    assertThat(tie.probabilities()).containsExactly(0.5, 0.5);
    assertThat(tie.label()).contains("no");
  }

  @Test
  void decidesForThePositiveClassFromTheThresholdOn() {
    Scorer scorer = scorer(Models.lateness(Models.DECIDED), Models.DECIDED);
    Scorer plain = scorer(Models.lateness(Models.CHAIN), Models.CHAIN);

    assertThat(scorer.threshold()).hasValue(0.3);
    assertThat(plain.threshold()).isEmpty();
    // The first class is as probable, and would be taken without a threshold.
    assertThat(scorer.score(Map.of("x", 1)).label()).hasValue("yes");
    assertThat(plain.score(Map.of("x", 1)).label()).hasValue("no");
    assertThat(scorer.score(Map.of("x", 1)).probabilities())
        .isEqualTo(plain.score(Map.of("x", 1)).probabilities());
    assertThat(Scorer.decide(new double[] {0.7, 0.3}, 0.3)).isEqualTo(1);
    assertThat(Scorer.decide(new double[] {0.7, Math.nextDown(0.3)}, 0.3)).isZero();
  }

  @Test
  void encodesCategoriesAsTheirPlaceWithOneCodeForMissingAndOneForUnseen() {
    Scorer scorer = bikes(Models.AVERAGE);

    assertThat(scorer.encode(2, "summer")).isEqualTo(0);
    assertThat(scorer.encode(2, "winter")).isEqualTo(1);
    assertThat(scorer.encode(2, null)).isEqualTo(2);
    assertThat(scorer.encode(2, Double.NaN)).isEqualTo(2);
    assertThat(scorer.encode(2, "monsoon")).isEqualTo(3);
    assertThat(scorer.encode(2, "")).isEqualTo(3);
  }

  @Test
  void encodesWholeNumbersAndTruthValuesAsCategories() {
    Manifest manifest =
        Models.manifest(
            Task.REGRESSION,
            "cnt",
            List.of(),
            List.of(
                Models.number("temp", "0.5", 0, 1),
                Models.number("wind", "2.0", 0, 50),
                Models.category("season", "(missing)", "3", "summer", "true")),
            Models.AVERAGE);
    String pmml = Models.AVERAGE.replace("<data:c2>winter<", "<data:c2>3<");
    Scorer scorer = scorer(manifest(manifest, pmml), pmml);

    for (Object three : new Object[] {3, 3L, 3.0, 3f, new BigDecimal("3.00"), "3"}) {
      assertThat(scorer.encode(2, three)).as(three.getClass().getSimpleName()).isEqualTo(0);
    }
    assertThat(scorer.encode(2, true)).isEqualTo(2);
    assertThat(scorer.encode(2, "3.0")).isEqualTo(4);
    for (Object wrong : new Object[] {3.5, Double.POSITIVE_INFINITY, List.of("summer")}) {
      assertRefused(() -> scorer.encode(2, wrong), "season takes");
    }
    assertRefused(() -> scorer.encode(2, new BigDecimal("1e999999999")), "at most 64 digits");
  }

  @Test
  void encodesNumbersFromTextAndRefusesOtherText() {
    Scorer scorer = bikes(Models.AVERAGE);

    assertThat(scorer.encode(0, " 1.5e1 ")).isEqualTo(15);
    assertThat(scorer.encode(0, new BigDecimal("0.1"))).isEqualTo(0.1);
    assertThat(scorer.encode(0, "-.5")).isEqualTo(-0.5);
    for (Object missing : new Object[] {"", "  ", "NaN", Double.NaN, Float.NaN}) {
      assertThat(scorer.encode(0, missing)).isNaN();
    }
    assertThat(scorer.encode(0, null)).isNaN();
    for (Object wrong : new Object[] {"warm", "1d", "0x1p3", "Infinity", "1e999", "1,5", true}) {
      assertRefused(() -> scorer.encode(0, wrong), "temp takes a number, got");
    }
    assertRefused(() -> scorer.encode(0, new BigDecimal("1e999")), "that a double holds");
  }

  @Test
  void sendsCodesThatAreNoneTheWayOfUnseenCategories() {
    Scorer scorer = bikes(Models.AVERAGE);
    double[] out = new double[1];
    for (double code : new double[] {3, 4, 1e12, -1, Double.POSITIVE_INFINITY}) {
      scorer.predict(new double[] {0.9, 2, code}, out);
      assertThat(out[0]).as("code %s", code).isEqualTo(15.0 + 1.25);
    }
  }

  @Test
  void sendsUnseenCategoriesLeftWhereTheLeftSideIsEverythingElse() {
    String flipped =
        Models.AVERAGE
            .replace("isNotIn", "(other)")
            .replace("isIn", "isNotIn")
            .replace("(other)", "isIn")
            .replace("<data:y>11.25<", "<data:y>16.25<");
    assertThat(bikes(flipped).score(Map.of("temp", 0.9, "wind", 1, "season", "monsoon")).value())
        .isEqualTo(11.25);
  }

  @Test
  void leavesTheEncodedRowAsItWas() {
    double[] row = {Double.NaN, 0, 2};
    bikes(Models.AVERAGE).predict(row, new double[1]);
    assertThat(row).containsExactly(Double.NaN, 0, 2);
  }

  @Test
  void saysInASentenceWhatTheModelHasNotSeen() {
    Scorer scorer = bikes(Models.AVERAGE);

    assertThat(scorer.outside(Map.of("temp", 0.5, "wind", 50, "season", "winter"))).isEmpty();
    assertThat(scorer.outside(Map.of("temp", -3, "wind", "50.5", "season", "monsoon")))
        .containsExactly(
            "temp -3 lies below 0.02, the smallest value in training.",
            "wind 50.5 lies above 50.0, the largest value in training.",
            "season 'monsoon' was rare or absent in training.");
    assertThat(scorer.outside(Map.of()))
        .containsExactly(
            "temp is missing; the model takes 0.5.",
            "wind is missing; the model takes 2.0.",
            "season is missing; the model takes (missing).");
  }

  @Test
  void refusesARowThatNobodyCompletedAndTakesAnUnknownPast() {
    Input wind =
        HistoryTest.input(
            "wind",
            "2.0",
            new SeriesField(
                SeriesField.Take.LAG,
                SeriesFieldTest.column("gust", "double"),
                SeriesFieldTest.column("ts", "timestamp"),
                List.of(
                    new SeriesField.Column(
                        "mast", ColumnType.named("int").orElseThrow(), Optional.of("int(m)"))),
                List.of(),
                Duration.ofHours(1),
                Optional.empty()));
    List<Input> inputs = new ArrayList<>(Models.bikes("").inputs());
    inputs.set(1, wind);
    Manifest looking = Models.manifest(Task.REGRESSION, "cnt", List.of(), inputs, Models.AVERAGE);
    Scorer scorer = scorer(looking, Models.AVERAGE);
    Map<String, Object> row =
        Map.of("temp", 0.41, "season", "summer", "mast", 3, "ts", "2011-03-01 05:00:00");

    assertRefused(
        () -> scorer.score(row), "the row has no wind, which is gust 1h before ts, by mast");
    assertRefused(() -> scorer.outside(row), "the row has no wind");
    History history = History.of(scorer.manifest());
    assertThat(scorer.score(history.complete(row)).value()).isEqualTo(10.75);
    assertThat(scorer.outside(history.complete(row)))
        .containsExactly(
            "wind is missing; the model takes 2.0. It is gust 1h before ts, by mast, made before,"
                + " mast as int(m).");
    history.add(Map.of("mast", "3.0", "ts", "2011-03-01T04:00Z", "gust", "1"));
    assertThat(scorer.score(history.complete(row)).value()).isEqualTo(11.25);
    assertThat(scorer.outside(history.complete(row))).isEmpty();
  }

  @Test
  void refusesArraysOfTheWrongLength() {
    Scorer scorer = bikes(Models.AVERAGE);
    assertThatThrownBy(() -> scorer.predict(new double[2], new double[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> scorer.predict(new double[3], new double[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void givesManyThreadsTheSameAnswers() throws Exception {
    Scorer scorer = bikes(Models.AVERAGE);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<Double>>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Callable<List<Double>> all = () -> answers(scorer);
        answers.add(threads.submit(all));
      }
      List<Double> alone = answers(scorer);
      assertThat(alone).contains(5.75, 16.25).hasSize(20_000);
      for (Future<List<Double>> answer : answers) {
        assertThat(answer.get()).isEqualTo(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Double> answers(Scorer scorer) {
    List<Double> answers = new ArrayList<>();
    String[] seasons = {"summer", "winter", "monsoon"};
    for (int i = 0; i < 20_000; i++) {
      Map<String, Object> row =
          Map.of("temp", i % 100 / 100.0, "wind", i % 7, "season", seasons[i % 3]);
      answers.add(scorer.score(row).value());
    }
    return answers;
  }

  private Scorer bikes(String pmml) {
    return scorer(Models.bikes(pmml), pmml);
  }

  private static Manifest manifest(Manifest manifest, String pmml) {
    return Models.manifest(
        manifest.task(), manifest.label(), manifest.classes(), manifest.inputs(), pmml);
  }

  private Scorer scorer(Manifest manifest, String pmml) {
    Store store = new LocalStore(folder);
    String name = "bundles/" + Sha256.of(Models.bytes(pmml)).substring(0, 8);
    Models.write(store, name, manifest, pmml);
    return Scorer.of(Bundle.read(store, name));
  }

  private static void assertRefused(Callable<?> call, String message) {
    assertThatThrownBy(call::call)
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ReforestException.Kind.DATA);
              assertThat(e.hint()).isNotBlank();
            })
        .hasMessageContaining(message);
  }
}
