package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;
import reforest.testing.SparkExtension;

/** The demo's whole story with a smaller search, as a process of its own. */
@ExtendWith(SparkExtension.class)
class DemoIT {

  private static final Path HOME = JavaProcesses.target().resolve("it-home");

  @TempDir private static Path folder;
  private static CommandResult first;

  @BeforeAll
  static void runTheDemo() throws IOException {
    if (Files.exists(HOME)) {
      try (Stream<Path> old = Files.walk(HOME)) {
        for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    first = demo(HOME).succeeded();
  }

  @Test
  void retrainsFourTimesAndLeavesWhatItSays(SparkSession spark) throws IOException {
    JsonNode result = first.result();

    assertThat(result.path("retrains")).hasSize(4);
    for (JsonNode retrain : result.path("retrains")) {
      assertThat(retrain.path("verdict").textValue()).isIn("PROMOTE", "KEEP", "INCONCLUSIVE");
      Path report = Path.of(URI.create(retrain.path("report").textValue()));
      assertThat(Files.readString(report))
          .contains("<!DOCTYPE html>", retrain.path("verdict").textValue());
    }
    Path bundle = Path.of(URI.create(result.path("bundle").path("location").textValue()));
    assertThat(bundle.resolve("model.pmml")).exists();
    assertThat(bundle.resolve("manifest.json")).exists();
    assertThat(Path.of(URI.create(result.path("home").textValue()))).isEqualTo(HOME);
    assertThat(first.err())
        .contains("Everything is written below", "Retraining", "without Spark", "Try next:");
    for (String table : List.of("runs", "metrics", "promotions")) {
      assertThat(spark.read().format("delta").load(HOME.resolve("registry/" + table).toString()))
          .satisfies(rows -> assertThat(rows.count()).isPositive());
    }
    assertThat(
            spark
                .read()
                .format("delta")
                .load(HOME.resolve("data/bikeshare/table").toString())
                .count())
        .isEqualTo(8645);
  }

  @Test
  void servesItsChampionWithoutSpark() throws IOException {
    Path served = folder.resolve("served");
    String row =
        "{\"season\":\"winter\",\"hr\":8,\"holiday\":0,\"weekday\":1,\"workingday\":1,"
            + "\"weathersit\":\"clear\",\"temp\":0.3,\"atemp\":0.3,\"hum\":0.5,\"windspeed\":0.1}\n";
    Path rows = Files.writeString(folder.resolve("hour.json"), row);

    CommandResult pull =
        CommandResult.withoutSpark(
            "pull", "bikeshare", served.toString(), "--home", HOME.toString());
    CommandResult score =
        CommandResult.withoutSpark("score", "--bundle", served.toString(), rows.toString());

    assertThat(pull.succeeded().result().path("champion"))
        .isEqualTo(first.result().path("champion"));
    assertThat(score.exitCode()).as(score.err()).isZero();
    assertThat(score.out()).contains("prediction");
  }

  @Test
  void repeatsItselfWithoutChangingAnything() throws IOException {
    Map<String, Long> before = files();
    // It tells of all runs, and the backtest at the end is one more.
    assertThat(before.remove("report-bikeshare.html")).isNotNull();

    CommandResult again = demo(HOME).succeeded();

    assertThat(again.result().path("retrains")).isEqualTo(first.result().path("retrains"));
    assertThat(again.result().path("champion")).isEqualTo(first.result().path("champion"));
    assertThat(again.err()).doesNotContain("Ingesting").doesNotContain("train ...");
    assertThat(files()).containsAllEntriesOf(before);
    assertThat(promotions()).isEqualTo(before.keySet().stream().filter(DemoIT::promotes).toList());
  }

  @Test
  void refusesAFolderThatIsNotItsOwn() throws IOException {
    Path foreign = Files.createDirectory(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("thesis.txt"), "do not touch");

    CommandResult ended = demo(foreign);

    ended.failed(2, "is not empty and not a demo's own", "thesis.txt").hinting("--home");
    try (Stream<Path> left = Files.list(foreign)) {
      assertThat(left).hasSize(1);
    }
  }

  private static CommandResult demo(Path home) {
    List<String> args = new ArrayList<>(List.of("demo", "--home", home.toString()));
    // Small, but good enough that a notebook can show a challenger that this champion keeps away.
    args.addAll(
        List.of(
            "demo.retrain-after=[\"2011-04-30\", \"2011-07-31\", \"2011-10-31\", \"2011-12-31\"]",
            "train.folds=2",
            "train.random-forest.enabled=false",
            "train.gradient-boosting.iterations=[100]",
            "train.gradient-boosting.depth=[6]"));
    return JavaProcesses.reforest(folder, args.toArray(String[]::new));
  }

  private static boolean promotes(String file) {
    return file.contains("/promotions/") && file.startsWith("models/");
  }

  private static List<String> promotions() throws IOException {
    return files().keySet().stream().filter(DemoIT::promotes).toList();
  }

  /** Size by path; Spark's and Delta's own side files apart. */
  private static Map<String, Long> files() throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(HOME)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        sizes.put(HOME.relativize(file).toString(), Files.size(file));
      }
    }
    return sizes;
  }
}
