package reforest.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.home.HadoopStore;
import reforest.s3server.S3Server;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;
import reforest.testing.SparkExtension;

/**
 * The whole demo as a person starts it, with a smaller search and everything on S3: keys from the
 * environment, the endpoint from settings, and secrets planted all around it.
 */
@ExtendWith(SparkExtension.class)
class S3DemoIT {

  private static final String HOME = "s3a://forest/demo";
  private static final String RESULT = "s3a://forest/results/demo.json";

  @TempDir private static Path folder;
  private static S3Server server;
  private static FileSystem bucket;
  private static CommandResult demo;

  @BeforeAll
  static void runTheDemo() throws IOException {
    server = S3Server.start(folder);
    bucket = FileSystem.newInstance(URI.create(HOME), S3Here.hadoop(server));
    Files.createDirectory(folder.resolve("events"));
    demo =
        reforest(
            "demo",
            "--home",
            HOME,
            "--result",
            RESULT,
            "--verbose",
            "train.folds=2",
            "train.random-forest.enabled=false",
            "train.gradient-boosting.iterations=[50]",
            "train.gradient-boosting.depth=[4]");
  }

  @AfterAll
  static void stopTheServer() throws IOException {
    bucket.close();
    server.close();
  }

  @Test
  void leavesTablesBundlesPromotionsAndResultInTheBucket() throws IOException {
    JsonNode result = demo.succeeded().result();

    assertThat(result.path("retrains")).hasSize(10);
    assertThat(result.path("home").textValue()).isEqualTo(HOME);
    assertThat(CommandResult.json(new String(read(RESULT), ISO_8859_1))).isEqualTo(result);
    Store store = HadoopStore.open(URI.create(HOME + "/models/bikeshare"), S3Here.hadoop(server));
    Promotion champion = new PromotionLog(store).champion().orElseThrow();
    assertThat(champion.sequence()).isEqualTo(result.path("champion").path("sequence").longValue());
    assertThat(Bundle.read(store, "bundles/" + champion.bundle()).digest())
        .isEqualTo(result.path("bundle").path("digest").textValue());
    for (JsonNode retrain : result.path("retrains")) {
      assertThat(new String(read(retrain.path("report").textValue()), ISO_8859_1))
          .contains("<!DOCTYPE html>");
    }
  }

  @Test
  void servesItsChampionFromTheBucketWithoutSpark() {
    Path served = folder.resolve("served");

    CommandResult pull = reforest("pull", "bikeshare", served.toString(), "--home", HOME);

    assertThat(pull.succeeded().result().path("champion"))
        .isEqualTo(demo.result().path("champion"));
    assertThat(served.resolve("current.json")).exists();
  }

  @Test
  void tellsNoneOfTwentyPlantedSecrets(SparkSession spark) throws IOException {
    assertThat(PlantedSecrets.TEXTS).hasSizeGreaterThanOrEqualTo(20).doesNotHaveDuplicates();
    Map<String, String> told = new TreeMap<>();
    told.put("stdout", demo.out());
    told.put("stderr", demo.err());
    for (Path file : files(folder.resolve("events"))) {
      told.merge("event log", Files.readString(file, ISO_8859_1), String::concat);
    }
    RemoteIterator<LocatedFileStatus> all =
        bucket.listFiles(new org.apache.hadoop.fs.Path("s3a://forest/"), true);
    while (all.hasNext()) {
      String path = all.next().getPath().toString();
      told.put(path, new String(read(path), ISO_8859_1));
    }
    for (String table : List.of("runs", "metrics", "promotions")) {
      Path copy = folder.resolve("copy").resolve(table);
      bucket.copyToLocalFile(
          new org.apache.hadoop.fs.Path(HOME + "/registry/" + table),
          new org.apache.hadoop.fs.Path(copy.toUri()));
      List<String> rows =
          spark.read().format("delta").load(copy.toString()).toJSON().collectAsList();
      assertThat(rows).isNotEmpty();
      told.put("rows of " + table, String.join("\n", rows));
    }

    assertThat(told.get("event log")).contains("SparkListenerEnvironmentUpdate", "signing");
    assertThat(told.keySet()).anyMatch(path -> path.endsWith("/run.json"));
    assertThat(told.keySet()).anyMatch(path -> path.endsWith("/report.html"));
    told.forEach(
        (place, text) -> {
          for (String secret : PlantedSecrets.TEXTS) {
            assertThat(text.contains(secret)).as(secret + " in " + place).isFalse();
          }
        });
  }

  private static CommandResult reforest(String... command) {
    List<String> args = new ArrayList<>(List.of(command));
    Map<String, String> spark = new TreeMap<>(PlantedSecrets.SPARK);
    S3Server.hadoop(server.endpoint()).forEach((k, v) -> spark.put("spark.hadoop." + k, v));
    spark.put("spark.eventLog.enabled", "true");
    spark.put("spark.eventLog.compress", "false");
    spark.put("spark.eventLog.dir", folder.resolve("events").toUri().toString());
    spark.forEach((key, value) -> args.addAll(List.of("--spark", key + "=" + value)));
    Map<String, String> environment = new TreeMap<>(PlantedSecrets.ENVIRONMENT);
    environment.put("REFOREST_JAVA_OPTS", options());
    return JavaProcesses.launcher(folder, environment, args.toArray(String[]::new)).await();
  }

  /** Flags that start fast, as this demo searches little, and the properties. */
  private static String options() {
    Map<String, String> properties = new TreeMap<>(PlantedSecrets.PROPERTIES);
    properties.putAll(SparkExtension.SMALL);
    return properties.entrySet().stream()
        .map(property -> " -D" + property.getKey() + "=" + property.getValue())
        .collect(Collectors.joining("", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx2g", ""));
  }

  private static List<Path> files(Path below) throws IOException {
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .filter(file -> !file.getFileName().toString().startsWith("appstatus"))
          .toList();
    }
  }

  private static byte[] read(String path) throws IOException {
    try (InputStream in = bucket.open(new org.apache.hadoop.fs.Path(path))) {
      return in.readAllBytes();
    }
  }
}
