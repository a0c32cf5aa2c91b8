package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.testing.OneModelHome;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/** Which rows decide from week to week, and what a try on them may spend. */
@ExtendWith(SparkExtension.class)
class WeeklyWindowsIT {

  private static final String EACH_WEEK = "gate.fresh-clusters=7";

  @TempDir private Path folder;

  @Test
  void alwaysJudgesTheLongestWindowAndSpendsByWhatOfItIsFresh(SparkSession spark) {
    OneModelHome desk = ShopSales.desk(spark, folder);
    receive(desk, "2024-03-01");
    JsonNode first =
        publish(
            desk, EACH_WEEK, "train.random-forest.depth=[1]", "train.random-forest.trees=[1]");
    assertThat(first.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertWindow(first, "protected [2024-02-16T00:00:00Z, 2024-03-01T00:00:00Z) of at");
    assertThat(desk.record(first).gate().alpha()).isEqualTo(0.0225);

    receive(desk, "2024-03-02");
    JsonNode early = publish(desk, EACH_WEEK);
    assertThat(early.path("verdict").textValue()).isEqualTo("INCONCLUSIVE");
    assertThat(early.path("reasons").path(0).textValue())
        .isEqualTo(
            "nothing new to judge yet: rows before 2024-03-01T00:00:00Z have been judged, and a"
                + " window that ends at 2024-03-08T00:00:00Z or later has enough others");
    assertThat(early.path("bundle").isNull()).isTrue();
    assertThat(desk.store().list("ledger")).hasSize(1);

    receive(desk, "2024-03-08");
    JsonNode second = publish(desk, EACH_WEEK);
    assertThat(second.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertWindow(second, "protected [2024-02-23T00:00:00Z, 2024-03-08T00:00:00Z) of at");
    assertThat(desk.record(second).gate().attempt()).isEqualTo(2);
    assertThat(desk.record(second).gate().alpha()).isEqualTo(0.0225);
    // Another try on the very same rows spends of what is kept for repeats.
    JsonNode repeated = publish(desk, EACH_WEEK, "train.seed=5");
    assertThat(desk.record(repeated).gate().alpha()).isEqualTo(0.0025);

    assertWindow(
        desk.run("retrain").succeeded().result(),
        "development [2024-02-09T00:00:00Z, 2024-02-23T00:00:00Z) of at");
    // An older version's newest rows were developed on meanwhile.
    receive(desk, "2024-03-22");
    desk.run("retrain").succeeded();
    desk.run("retrain", "--publish", "--data-version", second.path("dataVersion").asText())
        .failed(3, "a plain retrain was judged on rows before 2024-03-08T00:00:00Z")
        .hinting("publish on a newer data version");
  }

  private static void receive(OneModelHome desk, String before) {
    desk.ingest(ShopSales.rows(desk.spark()).where("at < '" + before + "'"));
  }

  private static JsonNode publish(OneModelHome desk, String... settings) {
    String[] arguments = new String[settings.length + 1];
    arguments[0] = "--publish";
    System.arraycopy(settings, 0, arguments, 1, settings.length);
    return desk.run("retrain", arguments).succeeded().result();
  }

  private static void assertWindow(JsonNode result, String window) {
    assertThat(result.path("window").textValue()).isEqualTo(window);
  }
}
