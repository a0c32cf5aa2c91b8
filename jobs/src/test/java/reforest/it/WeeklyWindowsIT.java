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

/** Which rows decide from week to week, when rows arrive and verdicts are reached. */
@ExtendWith(SparkExtension.class)
class WeeklyWindowsIT {

  /** One moment is too little for a critical slice, so that no verdict is reached. */
  private static final String UNDECIDABLE =
      "slices=[{ name = opening, where = \"at < '2024-03-02 03:00:00'\", critical = true }]";

  @TempDir private Path folder;

  @Test
  void rowsThatDecidedDoNotDecideAgainAndThoseThatLeftItOpenDo(SparkSession spark) {
    OneModelHome desk = ShopSales.desk(spark, folder);
    receive(desk, "2024-03-01");
    JsonNode first =
        publish(desk, "train.random-forest.depth=[1]", "train.random-forest.trees=[1]");
    assertThat(first.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertWindow(first, "protected [2024-02-16T00:00:00Z, 2024-03-01T00:00:00Z) of at");

    receive(desk, "2024-03-08");
    JsonNode open = publish(desk, UNDECIDABLE);
    assertThat(open.path("verdict").textValue()).isEqualTo("INCONCLUSIVE");
    assertWindow(
        open,
        "protected [2024-03-01T00:00:00Z, 2024-03-08T00:00:00Z) of at, from the end of the last"
            + " decided window");
    assertThat(desk.record(open).gate().attempt()).isEqualTo(1);

    receive(desk, "2024-03-13");
    JsonNode longer = publish(desk);
    assertThat(longer.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertWindow(
        longer,
        "protected [2024-03-01T00:00:00Z, 2024-03-13T00:00:00Z) of at, from the end of the last"
            + " decided window");
    assertThat(desk.record(longer).gate().attempt()).isEqualTo(2);
    // Another try on the very same rows does not move the window.
    assertWindow(publish(desk, "train.seed=5"), longer.path("window").textValue());
    assertWindow(
        desk.run("retrain").succeeded().result(),
        "development [2024-02-16T00:00:00Z, 2024-03-01T00:00:00Z) of at");

    receive(desk, "2024-03-14");
    desk.run("retrain", "--publish")
        .failed(3, "the window's rows form 1 cluster, and no uncertainty can be told")
        .hinting("Wait for newer rows");
    assertWindow(
        desk.run("backtest").succeeded().result(),
        "protected [2024-02-29T00:00:00Z, 2024-03-14T00:00:00Z) of at");
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
