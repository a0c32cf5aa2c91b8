package reforest.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.PromotionLog;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.job.Jobs;
import reforest.job.Repair;
import reforest.job.Retrain;
import reforest.testing.GoldenHome;
import reforest.testing.SparkExtension;

/** What an earlier revision wrote is read, and its registry brought up to what is written now. */
@ExtendWith(SparkExtension.class)
class GoldenHomeTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void repairBringsTheTablesOfAnEarlierReleaseUpToWhatItsRecordsHold(SparkSession spark)
      throws IOException {
    Home home = Home.at(GoldenHome.in(folder).toUri());
    Registry registry = new Registry(spark, home.registry());
    assertThat(registry.table("runs").columns()).doesNotContain("search", "schema");
    long version = version(spark, home);

    Repair.Result repaired = Jobs.on(spark, home).repair(GoldenHome.configuration()).execute();

    assertThat(repaired.models()).containsEntry("visits", new Repair.Found(4, 1));
    List<RunRecord> records = new Runs(home.store("visits")).all();
    assertThat(records).hasSize(4);
    assertThat(registry.table("runs").count()).isEqualTo(4);
    for (RunRecord record : records) {
      assertThat(told(registry, record)).isEqualTo(plain(JSON.readTree(record.toJson())));
    }
    assertThat(version(spark, home)).isGreaterThan(version);
  }

  @Test
  void repairOfTablesThatAreCompleteWritesNothing(SparkSession spark) {
    Home home = Home.at(GoldenHome.in(folder).toUri());
    Jobs jobs = Jobs.on(spark, home);
    jobs.repair(GoldenHome.configuration()).execute();
    long version = version(spark, home);

    jobs.repair(GoldenHome.configuration()).execute();

    assertThat(version(spark, home)).isEqualTo(version);
  }

  @Test
  void repairSetsRightWhatSomebodyHasChanged(SparkSession spark) {
    Home home = Home.at(GoldenHome.in(folder).toUri());
    Jobs jobs = Jobs.on(spark, home);
    Registry registry = new Registry(spark, home.registry());
    jobs.repair(GoldenHome.configuration()).execute();
    String runs = new org.apache.hadoop.fs.Path(home.registry().getPath(), "runs").toString();
    spark.sql("UPDATE delta.`" + runs + "` SET verdict = 'KEEP' WHERE kind = 'develop'");

    jobs.repair(GoldenHome.configuration()).execute();

    assertThat(registry.table("runs").where("verdict = 'KEEP'").count()).isZero();
  }

  @Test
  void aHomeThatMovesKeepsItsRunsAndFindsItsReports(SparkSession spark) throws IOException {
    Path first = GoldenHome.in(Files.createDirectory(folder.resolve("first")));
    Configuration visits = GoldenHome.configuration("train.seed=11");
    Retrain.Result before = Jobs.on(spark, Home.at(first.toUri())).retrain(visits).execute();
    Path moved = Files.move(first, folder.resolve("moved to"));

    for (Path place : List.of(moved, Files.createSymbolicLink(folder.resolve("link"), moved))) {
      Home home = Home.at(place.toUri());
      Retrain.Result again = Jobs.on(spark, home).retrain(visits).execute();
      assertThat(again.recorded()).isTrue();
      assertThat(again.record()).isEqualTo(before.record());
      String report = again.record().report();
      assertThat(report).startsWith("models/visits/runs/");
      assertThat(Path.of(URI.create(home.find(report)))).startsWith(place).isRegularFile();
      String earlier = new PromotionLog(home.store("visits")).champion().orElseThrow().report();
      assertThat(earlier).as("of an earlier release").startsWith("file:/");
      assertThat(Path.of(URI.create(home.find(earlier)))).startsWith(place).isRegularFile();
    }
  }

  /** Every component of a record is a column, down to the last one that is nested. */
  @Test
  void theTablesHaveAColumnForEachComponentOfARecord() throws IOException {
    StructType schema = RecordSchema.of(RunRecord.class);
    RunRecord record = RunRecords.published("m", "k", 1);

    assertThat(schema.fieldNames())
        .containsExactlyElementsOf(() -> new ObjectMapperFields(record).names().iterator());
    assertThat(RecordSchema.covers(schema, schema)).isTrue();
    assertThat(
            RecordSchema.covers(
                new StructType(java.util.Arrays.copyOf(schema.fields(), 5)), schema))
        .isFalse();
  }

  private record ObjectMapperFields(RunRecord record) {
    List<String> names() {
      try {
        JsonNode json = JSON.readTree(record.toJson());
        return json.properties().stream().map(java.util.Map.Entry::getKey).toList();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  private static long version(SparkSession spark, Home home) {
    String runs = new org.apache.hadoop.fs.Path(home.registry().getPath(), "runs").toString();
    return spark.sql("DESCRIBE HISTORY delta.`" + runs + "` LIMIT 1").head().getLong(0);
  }

  /** What the tables tell of a run, put together as its record has it. */
  private static JsonNode told(Registry registry, RunRecord record) throws IOException {
    String which = "run = '%s' AND attempt = %d".formatted(record.run(), record.attempt());
    Dataset<Row> run = registry.table("runs").where(which);
    ObjectNode told = (ObjectNode) JSON.readTree(run.toJSON().head());
    Dataset<Row> metrics =
        registry
            .table("metrics")
            .where(which)
            .select(
                "role",
                "slice",
                "metric",
                "value",
                "lower",
                "upper",
                "rows",
                "groups",
                "undefined");
    for (String row : metrics.toJSON().collectAsList()) {
      told.withArray("metrics").add(JSON.readTree(row));
    }
    return plain(told);
  }

  /** Without nulls, times as instants, fields and metrics sorted: alike where they say the same. */
  private static JsonNode plain(JsonNode node) {
    if (node.isObject()) {
      ObjectNode plain = JSON.createObjectNode();
      TreeMap<String, JsonNode> sorted = new TreeMap<>();
      node.properties().forEach(field -> sorted.put(field.getKey(), field.getValue()));
      sorted.forEach(
          (name, value) -> {
            JsonNode inner = name.equals("metrics") ? sorted(value) : plain(value);
            if (!inner.isNull()) {
              plain.set(name, inner);
            }
          });
      return plain;
    }
    if (node.isArray()) {
      var array = JSON.createArrayNode();
      node.forEach(element -> array.add(plain(element)));
      return array;
    }
    if (node.isIntegralNumber()) {
      return JSON.getNodeFactory().numberNode(node.longValue());
    }
    if (node.isTextual()) {
      try {
        return JSON.getNodeFactory()
            .textNode(
                Instant.parse(node.textValue())
                    .truncatedTo(java.time.temporal.ChronoUnit.MILLIS)
                    .toString());
      } catch (DateTimeParseException e) {
        return node;
      }
    }
    return node;
  }

  private static JsonNode sorted(JsonNode metrics) {
    var array = JSON.createArrayNode();
    java.util.stream.StreamSupport.stream(metrics.spliterator(), false)
        .map(GoldenHomeTest::plain)
        .sorted(java.util.Comparator.comparing(JsonNode::toString))
        .forEach(array::add);
    return array;
  }
}
