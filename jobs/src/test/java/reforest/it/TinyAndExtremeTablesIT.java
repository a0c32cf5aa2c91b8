package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.testing.CommandResult;
import reforest.testing.OneModelHome;
import reforest.testing.SparkExtension;

/** Tables of a few rows, of one class, and of numbers whose sums are beyond a double. */
@ExtendWith(SparkExtension.class)
class TinyAndExtremeTablesIT {

  private static final String CONF =
      """
      task = regression
      data {
        source.format = parquet
        columns = [
          { name = id, type = bigint }
          { name = x, type = double }
          { name = z, type = double }
          { name = y, type = double }
        ]
        key = [id]
        label = y
      }
      features.numeric = [x, z]
      train {
        folds = 2
        random-forest { trees = [3], depth = [3], min-instances = [1], features = [all] }
        gradient-boosting { iterations = [3], depth = [2], min-instances = [1] }
      }
      gate.worthwhile-gain = 1
      """;

  @TempDir private Path folder;
  private SparkSession spark;

  @BeforeEach
  void session(SparkSession session) {
    spark = session;
  }

  @Test
  void takesThirtyRowsFromTheIngestToTheScore() throws IOException {
    OneModelHome desk =
        desk("double(id) AS x, CAST(NULL AS DOUBLE) AS z, 100D * (id % 2) + id AS y", 30, CONF);
    desk.run("retrain").failed(3, "in all 19 training rows");

    JsonNode result =
        desk.run(
                "retrain",
                "--publish",
                "features.numeric=[x]",
                "windows.protected-share=0.4",
                "features.acknowledged=[x]")
            .succeeded()
            .result();

    // Even and odd rows differ, which x does not tell from thirty of them.
    assertThat(result.path("verdict").textValue()).isIn("KEEP", "INCONCLUSIVE");
    assertThat(result.path("reasons").toString()).contains("against the dummy");
    long window = desk.record(result).window().rows();
    assertThat(window).isBetween(8L, 16L);
    desk.run(
            "promote",
            "--run",
            result.path("run").textValue(),
            "--override",
            "--reason",
            "a first try of 30 rows")
        .succeeded();
    Path rows = Files.writeString(folder.resolve("rows.csv"), "x\n4\n\"\"\n1e308\nNA\n");
    CommandResult scored =
        CommandResult.withoutSpark(
            "score", "--home", desk.home().toString(), "--model", "tiny", rows.toString());
    assertThat(scored.exitCode()).as(scored.err()).isEqualTo(3);
    List<String> lines = scored.out().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.subList(0, 3))
        .allMatch(line -> CommandResult.json(line).path("prediction").isNumber());
    assertThat(CommandResult.json(lines.get(0)).path("outside")).isEmpty();
    assertThat(CommandResult.json(lines.get(2)).path("outside").toString()).contains("x");
    assertThat(CommandResult.json(lines.get(3)).path("error").textValue()).contains("x");
  }

  @Test
  void saysHowFewRowsAreTooFew() {
    desk("1D AS x, 1D AS z, double(id) AS y", 1, CONF)
        .run("retrain", "--publish")
        .failed(3, "no labelled row lies in the window protected", "; the table has 1 row")
        .hinting("ingest more rows, or set a larger share (windows.protected-share");
  }

  @Test
  void refusesALabelOfASingleClassWhateverTheTask() {
    String classes = CONF.replace("name = y, type = double", "name = y, type = string");
    OneModelHome desk =
        desk(
            "double(id) AS x, 1D AS z, 'yes' AS y",
            60,
            classes
                .replace("regression", "binary")
                .replace("label = y", "label = y\n  positive = yes"));

    for (String[] settings :
        List.of(
            new String[] {"task=binary"},
            new String[] {"data.positive=no"},
            new String[] {
              "task=multiclass", "data.positive=null", "train.gradient-boosting=null"
            })) {
      desk.run("retrain", settings)
          .failed(3, "the label has only one class: yes")
          .hinting("a classification needs two");
    }
  }

  @Test
  void refusesLabelsWhoseSquaresOverflow() {
    desk("double(id) AS x, 1D AS z, if(id % 20 = 3, 1e308D, double(id)) AS y", 60, CONF)
        .run("retrain")
        .failed(3, "3 beyond 1.0E140, whose squares are too large to add up", "{id=3} {id=23}");
  }

  @Test
  void learnsFromFeaturesWhoseSumsOverflow() {
    // A third is missing, and the mean of the rest, 1e308 and -1e308 as 3 to 1, is 5e307.
    OneModelHome desk =
        desk(
            "if(id % 3 = 2, null, if(id % 12 = 0, -1e308D, 1e308D)) AS x,"
                + " pmod(xxhash64(id), 20) * 1e306D AS z,"
                + " if(id % 12 = 0, 30, 0) + pmod(xxhash64(id), 20) + pmod(xxhash64(id, 'n'), 9) AS y",
            240, CONF + "features.imputation = mean\nfeatures.acknowledged = [x, z]\n");

    for (String engine : List.of("binned", "mllib")) {
      JsonNode result =
          desk.run(
                  "retrain",
                  "--publish",
                  "train.engine=" + engine,
                  "train.gradient-boosting=null",
                  "train.seed=" + engine.length())
              .succeeded()
              .result();
      result
          .path("metrics")
          .forEach(metric -> assertThat(metric.path("value").isNumber()).isTrue());
    }
    Map<String, Object> row = new HashMap<>(Map.of("z", 1e307));
    double imputed = desk.champion().score(row).value();
    row.put("x", -1e308);
    double low = desk.champion().score(row).value();
    row.put("x", 1e308);
    double high = desk.champion().score(row).value();
    assertThat(low - high).isGreaterThan(10);
    assertThat(imputed).isCloseTo(high, within(10.0));
  }

  private OneModelHome desk(String columns, int rows, String conf) {
    OneModelHome desk = OneModelHome.of(spark, folder, "tiny", conf);
    desk.ingest(spark.sql("SELECT id, %s FROM range(%d)".formatted(columns, rows)));
    return desk;
  }
}
