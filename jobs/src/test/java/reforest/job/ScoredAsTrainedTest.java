package reforest.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest;
import reforest.bundle.Scorer;
import reforest.config.ConfigReader;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.ingest.CsvDialect;
import reforest.score.ScoreRows;
import reforest.testing.SparkExtension;

/** The rows that a model was trained on, scored from the very file, however that writes them. */
@ExtendWith(SparkExtension.class)
class ScoredAsTrainedTest {

  private static final int ROWS = 480;

  private static final String CONF =
      """
      model = pipes
      task = regression
      home = "%s"
      data {
        source { format = csv, options { header = true } }
        columns = [
          { name = id, type = bigint }
          { name = at, type = timestamp }
          { name = x, type = double }
          { name = n, type = int }
          { name = price, type = "decimal(6,2)" }
          { name = ok, type = boolean }
          { name = size, type = string }
          { name = zone, type = int }
          { name = y, type = double }
        ]
        key = [id]
        event-time = at
        label = y
      }
      features {
        numeric = [x, n, price, hour, days], categorical = [ok, size, zone, weekday]
        acknowledged = [x, n, price, hour, days, ok, size, zone, weekday]
        calendar = [
          { name = hour, take = hour, of = at, zone = "Europe/Berlin" }
          { name = weekday, take = weekday, of = at, zone = "America/New_York" }
          { name = days, take = days-since, of = at, since = 2023-02-01, zone = "Asia/Tokyo" }
        ]
      }
      gate.worthwhile-gain = 0.1
      train {
        folds = 2
        random-forest { trees = [5], depth = [5], features = [all] }
        gradient-boosting = null
      }
      """;

  /** Each number, flag and text in one of the ways in which people's tools write it. */
  private static final List<List<String>> WAYS =
      List.of(
          List.of("%.3f", " %.3f", "%.3f ", "+%.3f", "%.3fe0"),
          List.of("%d", "%d.0", " %d", "%de0"),
          List.of("True", "true", "TRUE", "1", "t", "yes"),
          List.of("False", "false", "F", "0", "no", "0.0"),
          List.of(
              "\"6\"\" pipe\"", "\"10\"\" pipe, long\"", "\"C:\\out\\\"", "plain", " plain", ""));

  @TempDir private Path folder;

  @Test
  void givesThePredictionsThatTheGateSawToTheLastBit(SparkSession spark) throws IOException {
    Path file = Files.writeString(folder.resolve("pipes.csv"), "\uFEFF" + csv());
    Path conf =
        Files.writeString(folder.resolve("pipes.conf"), CONF.formatted(folder.resolve("home")));
    Configuration pipes = ConfigReader.read(List.of(conf), List.of(), Map.of());
    Home home = Home.at(folder.resolve("home").toUri());
    Jobs jobs = Jobs.on(spark, home);
    Ingesting.Result ingested = jobs.ingest(pipes).from(file.toString()).execute();
    assertThat(ingested.inserted()).isEqualTo(ROWS);
    String staged = jobs.retrain(pipes).execute().record().bundle();
    Scorer scorer = Scorer.of(Bundle.read(home.store("pipes"), below(staged)));
    assertThat(scorer.manifest().inputs())
        .extracting(input -> input.declared().orElseThrow().toString())
        .containsExactly(
            "double",
            "int",
            "decimal(6,2)",
            "timestamp",
            "timestamp",
            "boolean",
            "string",
            "int",
            "timestamp");

    Map<Long, Double> gate = fromTheTable(spark, home, scorer);
    List<Double> expected = new ArrayList<>(gate.values());
    assertThat(expected).hasSize(ROWS);
    assertThat(gate.values().stream().distinct().count()).isGreaterThan(20);

    assertSame(expected, scored(scorer, ScoreRows.Format.CSV, Files.readString(file)));
    assertSame(expected, scored(scorer, ScoreRows.Format.JSON, json(spark, file)));
  }

  private static void assertSame(List<Double> expected, List<Double> predictions) {
    assertThat(predictions).hasSameSizeAs(expected);
    List<String> different =
        IntStream.range(0, expected.size())
            .filter(i -> !expected.get(i).equals(predictions.get(i)))
            .mapToObj(i -> "row " + i + ": " + expected.get(i) + ", " + predictions.get(i))
            .toList();
    assertThat(different).isEmpty();
  }

  private static Map<Long, Double> fromTheTable(SparkSession spark, Home home, Scorer scorer) {
    Map<Long, Double> predictions = new LinkedHashMap<>();
    List<String> inputs = scorer.manifest().inputs().stream().map(Manifest.Input::reads).toList();
    for (Row row :
        spark
            .read()
            .format("delta")
            .load(home.table("pipes").toString())
            .orderBy("id")
            .collectAsList()) {
      double[] encoded = new double[inputs.size()];
      for (int i = 0; i < encoded.length; i++) {
        Object value = row.getAs(inputs.get(i));
        encoded[i] = scorer.encode(i, value instanceof Timestamp time ? time.toInstant() : value);
      }
      double[] prediction = new double[1];
      scorer.predict(encoded, prediction);
      predictions.put(row.getAs("id"), prediction[0]);
    }
    return predictions;
  }

  private static List<Double> scored(Scorer scorer, ScoreRows.Format format, String text)
      throws IOException {
    List<Double> predictions = new ArrayList<>();
    ScoreRows rows =
        new ScoreRows(
            scorer, format, CsvDialect.of(Map.of("header", "true")), "the file", List.of(), null);
    ScoreRows.Summary summary =
        rows.execute(
            new BufferedReader(new StringReader(text)),
            row -> row.prediction().ifPresent(it -> predictions.add(it.value())));
    assertThat(summary.firstFailure()).isEmpty();
    return predictions;
  }

  /** The same cells as JSON: as Spark writes texts, all of them in quotes. */
  private static String json(SparkSession spark, Path file) {
    return String.join(
        "\n",
        spark
            .read()
            .option("header", "true")
            .option("escape", "\"")
            .csv(file.toString())
            .toJSON()
            .collectAsList());
  }

  private String below(String location) {
    return location.substring(location.indexOf("/runs/") + 1);
  }

  private static String csv() {
    SplittableRandom random = new SplittableRandom(11);
    StringBuilder csv = new StringBuilder("id,at,x,n,price,ok,size,zone,y\n");
    LocalDateTime at = LocalDateTime.of(2023, 1, 1, 0, 0);
    for (int i = 0; i < ROWS; i++) {
      double x = random.nextDouble(-3, 3);
      int n = random.nextInt(9);
      boolean ok = random.nextBoolean();
      int size = random.nextInt(WAYS.get(4).size());
      int zone = random.nextInt(4);
      LocalDateTime time = at.plusHours(6L * i);
      double y =
          10 * x
              + 5 * n
              + (ok ? 40 : 0)
              + 30 * size
              + 7 * zone
              + 3 * time.getHour()
              + (time.getDayOfWeek().getValue() > 5 ? 50 : 0);
      csv.append(i)
          .append(',')
          .append(time.format(DateTimeFormatter.ISO_LOCAL_DATE_TIME))
          .append(',')
          .append(way(0, i).formatted(x).replace("+-", "-"))
          .append(',')
          .append(way(1, i).formatted(n))
          .append(',')
          .append(i % 7 == 0 ? "" : "%.3f".formatted(x + 4))
          .append(',')
          .append(way(ok ? 2 : 3, i))
          .append(',')
          .append(WAYS.get(4).get(size))
          .append(',')
          .append(way(1, i + 1).formatted(zone))
          .append(',')
          .append(y)
          .append('\n');
    }
    return csv.toString();
  }

  private static String way(int kind, int row) {
    List<String> ways = WAYS.get(kind);
    return ways.get(row % ways.size());
  }
}
