package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.cli.SharedRunner;
import reforest.testing.CommandResult;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/** A store that goes away half-way: the command says so, and the next one goes on. */
@ExtendWith(SparkExtension.class)
class OutageIT {

  @TempDir private Path folder;

  @BeforeEach
  void knowTheScheme(SparkSession spark) {
    FarFileSystem.in(spark.sparkContext().hadoopConfiguration());
  }

  @AfterEach
  void mendTheStore(SparkSession spark) {
    FarFileSystem.loseBefore("");
    FarFileSystem.out(spark.sparkContext().hadoopConfiguration());
  }

  @Test
  void goesOnWhereTheStoreWentAway(SparkSession spark) {
    Path home = folder.resolve("home");
    ShopSales.rows(spark).write().format("delta").save(home.resolve("data/shop/table").toString());
    ShopSales.conf(folder);

    FarFileSystem.loseBefore("/run.json");
    retrain(spark).failed(5, "run.json", "the store went away").hinting("can be run again");
    assertThat(home.resolve("models/shop/promotions")).doesNotExist();
    assertThat(home.resolve("models/shop/bundles")).doesNotExist();

    FarFileSystem.loseBefore("/promotions/00000000000000000001.json");
    retrain(spark).failed(5, "00000000000000000001.json", "the store went away");
    assertThat(home.resolve("models/shop/promotions/00000000000000000001.json")).doesNotExist();

    FarFileSystem.loseBefore("");
    CommandResult last = retrain(spark).succeeded();

    assertThat(last.result().path("verdict").textValue()).isEqualTo("PROMOTE");
    assertThat(last.result().path("champion").path("sequence").intValue()).isEqualTo(1);
    assertThat(last.err()).as("it was trained before").doesNotContain("train ...");
    assertThat(home.resolve("models/shop/promotions/00000000000000000001.json")).exists();
    for (String table : List.of("runs", "promotions")) {
      assertThat(
              spark
                  .read()
                  .format("delta")
                  .load(home.resolve("registry/" + table).toString())
                  .count())
          .as(table)
          .isPositive();
    }
  }

  @Test
  void saysThatAnIngestLostTheStoreAndLosesNothing(SparkSession spark) {
    Path source = ShopSales.csv(ShopSales.rows(spark), folder.resolve("shop.csv"));
    ShopSales.conf(folder);

    FarFileSystem.loseBefore("/_delta_log/00000000000000000001.json");
    ingest(spark, source).failed(5, "the store went away");

    FarFileSystem.loseBefore("");
    CommandResult again = ingest(spark, source).succeeded();
    assertThat(again.result().path("inserted").intValue()).isEqualTo(720);
  }

  private CommandResult ingest(SparkSession spark, Path source) {
    return run(spark, "ingest", "--source", source.toString());
  }

  private CommandResult retrain(SparkSession spark) {
    return run(spark, "retrain", "--publish");
  }

  private CommandResult run(SparkSession spark, String... command) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of("--conf", folder.resolve("shop.conf").toString()));
    args.addAll(List.of("--home", FarFileSystem.home(folder.resolve("home"))));
    args.addAll(List.of(FarFileSystem.options()));
    return CommandResult.inProcess(SharedRunner.on(spark), args.toArray(String[]::new));
  }
}
