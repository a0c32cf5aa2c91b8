package reforest.job;

import static java.time.temporal.ChronoUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.History;
import reforest.bundle.Scorer;
import reforest.config.ConfigReader;
import reforest.config.Configuration;
import reforest.config.Metric;
import reforest.home.Home;
import reforest.ingest.CsvDialect;
import reforest.registry.RunRecord;
import reforest.score.ObservedRows;
import reforest.score.ScoreRows;
import reforest.testing.SparkExtension;

/** A model that looks back on series: what it was trained on, judged by and scored with is one. */
@ExtendWith(SparkExtension.class)
class SeriesScoredAsTrainedTest {

  private static final int DAYS = 60;

  private static final String CONF =
      """
      model = docks
      task = regression
      home = "%s"
      data {
        source { format = csv, options { header = true } }
        columns = [
          { name = id, type = bigint }
          { name = at, type = timestamp }
          { name = station, type = string }
          { name = wind, type = double }
          { name = bikers, type = double }
        ]
        key = [id]
        event-time = at
        label = bikers
      }
      windows { protected = 14d, development = 7d, label-delay = 6h }
      features {
        numeric = [wind, day_before, level, gusts]
        derived = [{ name = rise, operation = ratio, of = [day_before, level] }]
        acknowledged = [day_before, level]
        series = [
          { name = day_before, take = lag, of = bikers, by = [station], lag = 24h }
          { name = level, take = rolling-mean, of = bikers, by = [station], lag = 6h, window = 2d }
          { name = gusts, take = rolling-mean, of = wind, lag = 1s, window = 9h }
        ]
      }
      gate.worthwhile-gain = 0.1
      train {
        folds = 2
        random-forest { trees = [5], depth = [6], features = [all], min-instances = [1] }
        gradient-boosting = null
      }
      """;

  private static final CsvDialect DIALECT = CsvDialect.of(Map.of("header", "true"));

  private record Written(String line, Instant at, double label) {}

  @TempDir private Path folder;

  @Test
  void judgesChallengerAndChampionByWhatTheLibraryGivesForTheFile(SparkSession spark)
      throws IOException {
    List<Written> rows = rows();
    Path file = Files.writeString(folder.resolve("docks.csv"), csv(rows));
    Home home = Home.at(folder.resolve("home").toUri());
    Configuration docks = configuration("", "");
    Jobs jobs = Jobs.on(spark, home);
    jobs.ingest(docks).from(file.toString()).execute();

    RunRecord first = jobs.retrain(docks).publish().execute().record();
    Scorer champion = scorer(home, first);
    assertThat(first.verdict()).as("%s", first.reasons()).isEqualTo("PROMOTE");
    assertThat(rmse(first, "challenger")).isCloseTo(rmse(champion, rows, first), within(1e-12));
    // The wind alone tells nothing.
    assertThat(rmse(first, "challenger")).isLessThan(rmse(first, "dummy") / 2);

    // The same names for other numbers: each model is judged by its own.
    Configuration changed = configuration("24h }", "48h }");
    RunRecord second = jobs.backtest(changed).execute().record();
    assertThat(rmse(second, "challenger")).isCloseTo(rmse(champion, rows, second), within(1e-12));
    RunRecord third = jobs.retrain(changed).publish().force("other numbers").execute().record();
    Scorer challenger = scorer(home, third);
    assertThat(rmse(third, "challenger")).isCloseTo(rmse(challenger, rows, third), within(1e-12));
    assertThat(rmse(third, "champion")).isCloseTo(rmse(champion, rows, third), within(1e-12));
    assertThat(rmse(third, "champion")).isNotEqualTo(rmse(third, "challenger"));
  }

  private Configuration configuration(String text, String replacement) throws IOException {
    String conf = CONF.formatted(folder.resolve("home"));
    assertThat(conf).contains(text);
    Path file = Files.writeString(folder.resolve("docks.conf"), conf.replace(text, replacement));
    return ConfigReader.read(List.of(file), List.of(), Map.of());
  }

  private static double rmse(RunRecord record, String role) {
    return record.metrics().stream()
        .filter(it -> it.role().equals(role) && it.slice().equals("overall"))
        .filter(it -> it.metric().equals(Metric.RMSE.key()))
        .map(it -> Objects.requireNonNull(it.value()))
        .findFirst()
        .orElseThrow();
  }

  private static Scorer scorer(Home home, RunRecord record) {
    String staged = record.bundle();
    return Scorer.of(
        Bundle.read(home.store("docks"), staged.substring(staged.indexOf("/runs/") + 1)));
  }

  /** Of the rows of a run's window, scored as a service would, from files in three ways. */
  private static double rmse(Scorer scorer, List<Written> rows, RunRecord record)
      throws IOException {
    Instant start = Instant.parse(Objects.requireNonNull(record.window().start()));
    Instant end = Instant.parse(Objects.requireNonNull(record.window().end()));
    List<Written> window =
        rows.stream()
            .filter(row -> !row.at().isBefore(start) && row.at().isBefore(end))
            // Younger than the label delay, counted from the newest.
            .filter(row -> !row.at().isAfter(rows.get(rows.size() - 1).at().minus(6, HOURS)))
            .toList();
    assertThat(window).hasSize((int) record.window().rows());
    List<Written> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(3));

    History history = History.of(scorer.manifest());
    new ObservedRows(history, ScoreRows.Format.CSV, DIALECT, "history")
        .read(new BufferedReader(new StringReader(csv(shuffled))));
    List<Double> fromHistory = scored(scorer, history, csv(window).replace(",bikers", ",later"));
    List<Double> fromAll = scored(scorer, History.of(scorer.manifest()), csv(rows));
    assertThat(fromHistory)
        .isEqualTo(window.stream().map(row -> fromAll.get(rows.indexOf(row))).toList());

    double squares = 0;
    for (int i = 0; i < window.size(); i++) {
      squares += Math.pow(fromHistory.get(i) - window.get(i).label(), 2);
    }
    return Math.sqrt(squares / window.size());
  }

  private static List<Double> scored(Scorer scorer, History history, String csv)
      throws IOException {
    List<Double> predictions = new ArrayList<>();
    ScoreRows.Summary summary =
        new ScoreRows(scorer, history, ScoreRows.Format.CSV, DIALECT, "rows", List.of(), null)
            .execute(
                new BufferedReader(new StringReader(csv)),
                row -> row.prediction().ifPresent(it -> predictions.add(it.value())));
    assertThat(summary.firstFailure()).isEmpty();
    return predictions;
  }

  private static String csv(List<Written> rows) {
    return rows.stream()
        .map(Written::line)
        .collect(Collectors.joining("\n", "id,at,station,wind,bikers\n", "\n"));
  }

  /** Three stations whose demand is another one every five days, with gaps and doubled hours. */
  private static List<Written> rows() {
    SplittableRandom random = new SplittableRandom(5);
    List<Written> rows = new ArrayList<>();
    for (int hour = 0; hour < 24 * DAYS; hour++) {
      Instant at = Instant.parse("2023-02-01T00:00:00Z").plus(hour, HOURS);
      for (int station = 0; station < 3; station++) {
        int level = 25 * ((hour / (5 * 24) + station) % 3 - 1);
        int copies = random.nextInt(20) == 0 ? 0 : random.nextInt(20) == 0 ? 2 : 1;
        for (int copy = 0; copy < copies; copy++) {
          double wind = random.nextInt(100) / 7.0;
          double label = 100 + level + (hour % 24) / 3.0 + random.nextDouble();
          rows.add(
              new Written(
                  "%d,%s,%s,%s,%s".formatted(rows.size(), at, "abc".charAt(station), wind, label),
                  at,
                  label));
        }
      }
    }
    return rows;
  }
}
