package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Manifest;
import reforest.bundle.Prediction;
import reforest.bundle.Scorer;
import reforest.config.ConfigReader;
import reforest.config.ModelConfig;
import reforest.registry.RunRecord;
import reforest.split.EarlierLooks;
import reforest.split.WindowId;
import reforest.split.Windows;
import reforest.table.Pin;
import reforest.testing.OneModelHome;
import reforest.testing.ParcelDeliveries;
import reforest.testing.SparkExtension;

/**
 * From rows to the predictions of a service, for each task. Nobody takes the reported figures on
 * trust: the published bundle scores the protected window's rows again, one by one, outside Spark.
 */
@ExtendWith(SparkExtension.class)
class EveryKindOfModelIT {

  private static final String VISITS =
      """
      task = binary
      data {
        source.format = parquet
        columns = [
          { name = id, type = bigint }
          { name = at, type = timestamp }
          { name = channel, type = string }
          { name = pages, type = int, min = 0 }
          { name = bought, type = string, values = [yes, no] }
        ]
        key = [id]
        event-time = at
        label = bought
        positive = yes
      }
      windows { protected = 7d, development = 7d, align = 7d, label-delay = 1d }
      features { numeric = [pages], categorical = [channel] }
      train {
        folds = 2
        engine = mllib
        random-forest = null
        gradient-boosting { iterations = [3], depth = [2], step-size = [0.5] }
      }
      evaluate.error-costs { false-positive = 1, false-negative = 4 }
      gate {
        worthwhile-gain = 0.05
        guardrails = [{ metric = auc, margin = 0.2 }, { metric = cost, margin = 0.1 }]
      }
      """;

  private static final String FLOWERS =
      """
      task = multiclass
      data {
        source.format = parquet
        columns = [
          { name = id, type = bigint }
          { name = petal, type = double }
          { name = leaf, type = double }
          { name = kind, type = string }
        ]
        key = [id]
        label = kind
      }
      features { numeric = [petal, leaf] }
      train {
        folds = 2
        random-forest { trees = [3], depth = [3], features = [all] }
        gradient-boosting = null
      }
      gate { worthwhile-gain = 0.05, guardrails = [{ metric = accuracy, margin = 0.1 }] }
      """;

  @TempDir private Path folder;

  @Test
  void publishesARegressionWithoutEventTime(SparkSession spark) {
    OneModelHome desk = ParcelDeliveries.desk(spark, folder);

    JsonNode result = desk.run("retrain", "--publish").succeeded().result();

    assertChampion(desk, result);
    Scorer scorer = desk.champion();
    double mse =
        mean(desk, (row, p) -> Math.pow(p.value() - row.<Double>getAs("minutes"), 2), scorer);
    assertThat(metric(result, "rmse")).isCloseTo(Math.sqrt(mse), within(1e-9));
    RunRecord.Window window = desk.record(result).window();
    assertThat(window.start()).isNull();
    assertThat(window.clusters()).isBetween(10L, 60L);
    assertThat(window.rows()).isEqualTo(10 * window.clusters());
    // Five parcels went to the island, too few to learn from: they count as a zone never seen.
    Map<String, Object> parcel = new HashMap<>(Map.of("weight", 10.0, "stops", 5, "zone", "hill"));
    double hill = scorer.score(parcel).value();
    parcel.put("zone", "island");
    double island = scorer.score(parcel).value();
    assertThat(scorer.outside(parcel)).hasSize(1).allMatch(why -> why.contains("zone"));
    parcel.put("zone", "moon");
    assertThat(scorer.score(parcel).value()).isEqualTo(island).isNotEqualTo(hill);
    parcel.remove("weight");
    assertThat(scorer.score(parcel).value()).isFinite();
  }

  @Test
  void publishesABinaryModelByTheWeek(SparkSession spark) {
    OneModelHome desk = OneModelHome.of(spark, folder, "visits", VISITS);
    desk.ingest(visits(spark));

    JsonNode result = desk.run("retrain", "--publish").succeeded().result();

    assertChampion(desk, result);
    Scorer scorer = desk.champion();
    int yes = scorer.manifest().classes().indexOf("yes");
    assertThat(metric(result, "log-loss")).isCloseTo(logLoss(desk, "bought"), within(1e-9));
    assertThat(scorer.score(Map.of("channel", "mail", "pages", 19)).probabilities().get(yes))
        .isGreaterThan(scorer.score(Map.of("channel", "ad", "pages", 0)).probabilities().get(yes));
    RunRecord record = desk.record(result);
    Instant start = Instant.parse(String.valueOf(record.window().start()));
    Instant end = Instant.parse(String.valueOf(record.window().end()));
    assertThat(Duration.between(start, end)).isEqualTo(Duration.ofDays(7));
    assertThat(end.getEpochSecond() % Duration.ofDays(7).toSeconds()).isZero();
    assertThat(record.window().clusters()).isEqualTo(7);
    assertThat(record.engine()).isEqualTo("mllib, because train.engine is mllib");
    double threshold = scorer.threshold().orElseThrow();
    double cost =
        mean(
            desk,
            (row, p) -> {
              boolean bought = row.<String>getAs("bought").equals("yes");
              boolean decided = p.probabilities().get(yes) >= threshold;
              return bought && !decided ? 4 : decided && !bought ? 1 : 0;
            },
            scorer);
    assertThat(threshold).isLessThan(0.5);
    assertThat(metric(result, "cost")).isCloseTo(cost, within(1e-12));
    assertThat(record.search().remarks())
        .anyMatch(remark -> remark.startsWith("It decides for 'yes' from a probability of 0."));
    assertThat(scorer.manifest().provenance().trainedBefore())
        .contains(start.minus(Duration.ofDays(1)));
    assertThat(record.window().leftOut())
        .containsEntry("label delay before the window", 48L)
        .containsEntry("younger than the label delay", 48L);
  }

  @Test
  void publishesAModelOfManyClasses(SparkSession spark) {
    OneModelHome desk = OneModelHome.of(spark, folder, "flowers", FLOWERS);
    desk.ingest(flowers(spark));

    JsonNode result = desk.run("retrain", "--publish").succeeded().result();

    assertChampion(desk, result);
    Scorer scorer = desk.champion();
    assertThat(scorer.manifest().classes()).containsExactly("iris", "lily", "rose");
    assertThat(metric(result, "log-loss")).isCloseTo(logLoss(desk, "kind"), within(1e-9));
    double accuracy =
        mean(desk, (row, p) -> p.label().orElseThrow().equals(row.getAs("kind")) ? 1 : 0, scorer);
    assertThat(metric(result, "accuracy")).isCloseTo(accuracy, within(1e-9));
    assertThat(scorer.score(Map.of("petal", 1.5, "leaf", 0.5)).label()).contains("lily");
  }

  @Test
  void publishesAModelOfManyClassesOfWhichTwoOccur(SparkSession spark) {
    OneModelHome desk = OneModelHome.of(spark, folder, "flowers", FLOWERS);
    desk.ingest(flowers(spark).where("kind <> 'lily'"));

    JsonNode result = desk.run("retrain", "--publish").succeeded().result();

    assertChampion(desk, result);
    Scorer scorer = desk.champion();
    assertThat(scorer.manifest().classes()).containsExactly("iris", "rose");
    assertThat(metric(result, "log-loss")).isCloseTo(logLoss(desk, "kind"), within(1e-9));
    assertThat(scorer.score(Map.of("petal", 1.5, "leaf", 1.5)).label()).contains("rose");
  }

  /** The result, the promotion log and what services read tell of one and the same bundle. */
  private static void assertChampion(OneModelHome desk, JsonNode result) {
    String digest = result.path("bundle").path("digest").textValue();
    assertThat(result.path("verdict").textValue()).as(result.toString()).isEqualTo("PROMOTE");
    assertThat(result.path("recorded").booleanValue()).isFalse();
    assertThat(result.path("champion").path("sequence").longValue()).isEqualTo(1);
    assertThat(result.path("champion").path("digest").textValue()).isEqualTo(digest);
    JsonNode shown = desk.shown();
    assertThat(shown.path("champion").path("digest").textValue()).isEqualTo(digest);
    assertThat(shown.at("/promotions/0/action").textValue()).isEqualTo("PROMOTE");
    Manifest.Provenance provenance = desk.champion().manifest().provenance();
    assertThat(provenance.run()).isEqualTo(result.path("run").textValue());
    assertThat(provenance.dataVersion()).isEqualTo(result.path("dataVersion").longValue());
  }

  private static double metric(JsonNode result, String name) {
    return result.path("metrics").path("challenger." + name).path("value").doubleValue();
  }

  private static double logLoss(OneModelHome desk, String label) {
    Scorer scorer = desk.champion();
    List<String> classes = scorer.manifest().classes();
    return mean(
        desk,
        (row, p) ->
            -Math.log(
                Math.min(
                    1 - 1e-6,
                    Math.max(1e-6, p.probabilities().get(classes.indexOf(row.getAs(label)))))),
        scorer);
  }

  /** A loss over the protected window's rows, scored as a service scores them. */
  private static double mean(
      OneModelHome desk, ToDoubleBiFunction<Row, Prediction> loss, Scorer scorer) {
    ModelConfig config =
        ConfigReader.read(List.of(desk.conf()), List.of("home=" + desk.home()), Map.of()).model();
    Pin pin = new Pin(desk.spark(), desk.home().resolve("data/" + desk.model() + "/table").toUri());
    List<Row> rows =
        new Windows(config.data(), config.windows(), config.task())
            .divide(desk.spark(), pin.newest(), WindowId.Kind.PROTECTED, EarlierLooks.NONE)
            .window()
            .collectAsList();
    assertThat(rows).isNotEmpty();
    List<Double> losses = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> inputs = new HashMap<>();
      for (String name : row.schema().fieldNames()) {
        inputs.put(name, row.getAs(name));
      }
      losses.add(loss.applyAsDouble(row, scorer.score(inputs)));
    }
    return losses.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /**
   * Two visits an hour for five whole weeks that end on a Wednesday, as weeks since 1970 do, and
   * for one day whose labels are not due yet.
   */
  private static Dataset<Row> visits(SparkSession spark) {
    return spark
        .range(1_728)
        .selectExpr(
            "id",
            "timestamp_seconds(unix_timestamp(timestamp '2026-01-01 00:00:00') + id div 2 * 3600)"
                + " as at",
            "element_at(array('mail', 'ad', 'search'), 1 + cast(pmod(xxhash64(id, 'c'), 3) as int))"
                + " as channel",
            "cast(pmod(xxhash64(id, 'p'), 20) as int) as pages",
            "pmod(xxhash64(id, 'n'), 100) as luck")
        .selectExpr(
            "id",
            "at",
            "channel",
            "pages",
            "if(luck < 10 + 3 * pages + if(channel = 'mail', 20, 0), 'yes', 'no') as bought");
  }

  private static Dataset<Row> flowers(SparkSession spark) {
    return spark
        .range(900)
        .selectExpr(
            "id",
            "pmod(xxhash64(id, 'p'), 100) / 50.0D as petal",
            "pmod(xxhash64(id, 'l'), 100) / 50.0D as leaf",
            "pmod(xxhash64(id, 'n'), 10) as luck")
        .selectExpr(
            "id",
            "petal",
            "leaf",
            "case when luck = 0 then 'rose' when petal < 1 then 'iris'"
                + " when leaf < 1 then 'lily' else 'rose' end as kind");
  }
}
