package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;
import reforest.testing.OneModelHome;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/** What a person types between two retrains, each command a process of its own. */
@ExtendWith(SparkExtension.class)
class CommandsIT {

  @TempDir private Path folder;

  @Test
  void lookPromoteGoBackRestoreAndRepairInAHomeOfTwoModels(SparkSession spark) throws IOException {
    OneModelHome shop = ShopSales.desk(spark, folder);
    Path delta = folder.resolve("delta");
    ShopSales.rows(spark).write().format("delta").save(delta.toString());

    CommandResult ingest =
        process(shop, "ingest", "--source", delta.toString(), "data.source.format=delta");
    assertThat(ingest.succeeded().result().path("inserted").longValue()).isEqualTo(720);
    assertThat(ingest.err()).contains("[1/1] ingest ...", "[1/1] ingest  ");
    long newest = ingest.result().path("dataVersion").longValue();

    // Another model on the same rows, with which it shares nothing but the registry.
    OneModelHome stall =
        OneModelHome.of(
            spark, folder, "stall", Files.readString(shop.conf()).replace("model = shop\n", ""));
    stall.ingest(ShopSales.rows(spark));
    JsonNode other = stall.run("retrain", "--publish").succeeded().result();
    JsonNode first = shop.run("retrain", "--publish").succeeded().result();
    assertThat(first.path("verdict").textValue()).isEqualTo("PROMOTE");
    String run = shop.run("retrain", "train.seed=2").succeeded().result().path("run").textValue();

    CommandResult promote =
        process(shop, "promote", "--run", run, "--override", "--reason", "recall 12");
    assertThat(promote.succeeded().result().at("/champion/sequence").longValue()).isEqualTo(2);
    assertThat(promote.err()).contains("[1/5] snapshot ...", "[5/5] record  ");
    killOnce("promotion 3 stands", shop, "rollback", "--reason", "late all week");
    CommandResult rollback = process(shop, "rollback", "--reason", "late all week");
    assertThat(rollback.succeeded().result().at("/champion/sequence").longValue()).isEqualTo(3);
    assertThat(rollback.result().path("recorded").booleanValue()).isTrue();
    assertThat(rollback.result().at("/reasons/0").textValue())
        .startsWith("promotion 3 stands since ")
        .endsWith("nothing more was done");
    assertThat(rollback.result().at("/bundle/digest")).isEqualTo(first.at("/bundle/digest"));
    assertThat(rollback.err()).contains("[1/2] rollback  ", "[2/2] record  ");
    CommandResult backtest = process(shop, "backtest", "--bundle", run.substring(0, 12));
    assertThat(backtest.succeeded().result().path("verdict").textValue()).isEqualTo("NONE");
    assertThat(backtest.result().at("/metrics/champion.rmse/value").doubleValue()).isPositive();
    assertThat(backtest.err()).contains("[4/4] record  ");

    CommandResult restore =
        process(shop, "restore", "--data-version", "0", "--reason", "all is wrong");
    assertThat(restore.succeeded().result().path("dataVersion").longValue()).isEqualTo(newest + 1);
    JsonNode empty =
        process(shop, "retrain", "--publish")
            .failed(3, "none of the 0 rows has a label in sold")
            .result();
    assertThat(empty.path("dataVersion").longValue()).isEqualTo(newest + 1);

    JsonNode repaired = process(shop, "repair").succeeded().result();
    assertThat(repaired.at("/models/shop/promotions").intValue()).isEqualTo(3);
    assertThat(repaired.at("/models/stall/promotions").intValue()).isEqualTo(1);
    Path runs = shop.home().resolve("registry/runs");
    assertThat(
            spark
                .read()
                .format("delta")
                .load(runs.toString())
                .groupBy("model")
                .count()
                .selectExpr("concat(model, ' ', count)")
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactlyInAnyOrder("shop 4", "stall 1");
    JsonNode listed = models(shop).path("models");
    assertThat(listed)
        .extracting(m -> m.path("model").textValue())
        .containsExactly("shop", "stall");
    JsonNode shown = models(shop, "stall");
    assertThat(shown.at("/champion/digest")).isEqualTo(other.at("/bundle/digest"));
    assertThat(shown.at("/champion/sequence").longValue()).isEqualTo(1);
    assertThat(models(shop, "shop").at("/promotions/1/reason").textValue()).isEqualTo("recall 12");
  }

  /** Kills a command once it has said that. */
  private void killOnce(String said, OneModelHome desk, String command, String... more)
      throws IOException {
    List<String> args = new ArrayList<>(List.of("--profile", "small", command));
    args.addAll(List.of("--conf", desk.conf().toString(), "--home", desk.home().toString()));
    args.addAll(List.of(more));
    JavaProcesses process = JavaProcesses.launcher(folder, Map.of(), args.toArray(String[]::new));
    while (process.isAlive() && !process.told().contains(said)) {
      Thread.onSpinWait();
    }
    process.kill();
    assertThat(process.await().exitCode()).as(process.told()).isNotZero();
  }

  private JsonNode models(OneModelHome desk, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("models", "--home", desk.home().toString()));
    args.addAll(List.of(more));
    return process(args).succeeded().result();
  }

  private CommandResult process(OneModelHome desk, String command, String... more)
      throws IOException {
    List<String> args = new ArrayList<>(List.of(command, "--conf", desk.conf().toString()));
    args.addAll(List.of("--home", desk.home().toString()));
    args.addAll(List.of(more));
    return process(args);
  }

  /** What stands on stdout is one JSON object, and the same as in the result file. */
  private CommandResult process(List<String> args) throws IOException {
    Path result = folder.resolve("result.json");
    Files.deleteIfExists(result);
    args.addAll(List.of("--result", result.toString()));
    CommandResult ended = JavaProcesses.reforest(folder, args.toArray(String[]::new));
    assertThat(ended.out()).isEqualTo(Files.readString(result));
    assertThat(ended.result().path("command").textValue()).isEqualTo(args.get(0));
    return ended;
  }
}
