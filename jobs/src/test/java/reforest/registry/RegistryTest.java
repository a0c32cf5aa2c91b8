package reforest.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Promotion;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class RegistryTest {

  @Test
  void runsMetricsAndPromotionsStandThereOnceHoweverOftenTheyAreAdded(
      SparkSession spark, @TempDir Path folder) {
    Registry registry = new Registry(spark, folder.toUri());
    RunRecord first = RunRecords.published("m", "k", 1);
    RunRecord second = RunRecords.published("m", "k", 2);
    Promotion promotion =
        new Promotion(
            1,
            "m",
            "a".repeat(64),
            Optional.empty(),
            Promotion.Action.PROMOTE,
            "k",
            "PROMOTE",
            "it won",
            "file:/report.html",
            Instant.parse("2026-01-05T06:04:00Z"),
            "w");

    registry.addRuns(List.of(first));
    registry.addRuns(List.of(first, second));
    registry.addPromotions(List.of(promotion));
    registry.addPromotions(List.of(promotion));

    assertThat(registry.table("runs").count()).isEqualTo(2);
    assertThat(registry.table("metrics").count()).isEqualTo(4);
    assertThat(registry.table("promotions").count()).isEqualTo(1);
    Row run =
        registry
            .table("runs")
            .where("attempt = 1")
            .selectExpr(
                "verdict",
                "data.version",
                "window.leftOut['label not yet known']",
                "gate.checks[0].lower",
                "candidates[0].scores[1]",
                "cast(finishedAt as string)",
                "provenance.versions['java']")
            .head();
    assertThat(run.toString()).isEqualTo("[PROMOTE,4,3,1.0,null,2026-01-05 06:03:00,17]");
    Row undefined = registry.table("metrics").where("slice = 'night' and attempt = 2").head();
    assertThat(undefined.isNullAt(undefined.fieldIndex("value"))).isTrue();
    assertThat(undefined.<String>getAs("undefined")).isEqualTo("the label has no variance");
    Row promoted = registry.table("promotions").head();
    assertThat(promoted.<String>getAs("action")).isEqualTo("promote");
    assertThat(promoted.<String>getAs("predecessor")).isNull();
  }

  @Test
  void theTablesLieInTheFolderThatWasNamedAlsoWithASpace(SparkSession spark, @TempDir Path folder) {
    Path home = folder.resolve("my home");
    Registry registry = new Registry(spark, home.toUri());

    registry.addPromotions(List.of());

    assertThat(home.resolve("promotions/_delta_log")).isDirectory();
    assertThat(registry.table("promotions").count()).isZero();
  }

  @Test
  void aFolderThatAnotherProcessHasJustBegunIsNoHindrance(SparkSession spark, @TempDir Path folder)
      throws IOException {
    Files.createDirectories(folder.resolve("runs/_delta_log"));
    Files.createDirectories(folder.resolve("promotions/_delta_log"));
    Registry registry = new Registry(spark, folder.toUri());

    registry.addRuns(List.of(RunRecords.published("m", "k", 1)));
    registry.addPromotions(List.of());

    assertThat(registry.table("runs").count()).isEqualTo(1);
    assertThat(registry.table("promotions").count()).isZero();
  }

  @Test
  void aTableOfAnEarlierReleaseGetsTheColumnsThatItDidNotKnow(
      SparkSession spark, @TempDir Path folder) {
    Registry first = new Registry(spark, folder.resolve("first").toUri());
    first.addRuns(List.of(RunRecords.published("m", "k", 1)));
    first
        .table("runs")
        .drop("confusion")
        .write()
        .format("delta")
        .save(folder.resolve("second/runs").toString());
    Registry second = new Registry(spark, folder.resolve("second").toUri());

    second.addRuns(List.of(RunRecords.published("m", "k", 2, RunRecords.CONFUSION)));

    assertThat(
            second
                .table("runs")
                .orderBy("attempt")
                .selectExpr("confusion[0].counts[0][1]")
                .collectAsList()
                .toString())
        .isEqualTo("[[null], [1]]");
  }

  @Test
  void thePromotionsCanBeQueriedBeforeTheFirst(SparkSession spark, @TempDir Path folder) {
    Registry registry = new Registry(spark, folder.toUri());

    registry.addPromotions(List.of());

    assertThat(registry.table("promotions").where("sequence > 0").count()).isZero();
  }
}
