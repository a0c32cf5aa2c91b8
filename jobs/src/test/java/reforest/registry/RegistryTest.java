package reforest.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.Encoders;
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
    RunRecord first = RunRecords.published("m", "k", 1, RunRecords.CONFUSION);
    RunRecord second = RunRecords.published("m", "k", 2);
    Promotion promotion = promotion(1);

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
                "gate.limits[0].value",
                "candidates[0].scores[1]",
                "cast(finishedAt as string)",
                "provenance.versions['java']")
            .head();
    assertThat(run.toString()).isEqualTo("[PROMOTE,4,3,1.0,2000.0,null,2026-01-05 06:03:00,17]");
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
  void aRunThatCameAnotherWayIsNotAddedAgain(SparkSession spark, @TempDir Path folder) {
    Registry registry = new Registry(spark, folder.toUri());
    RunRecord run = RunRecords.published("m", "k", 1);
    registry.repairRuns(List.of(run));

    registry.addMissingRuns(List.of(run));

    assertThat(registry.table("runs").count()).isEqualTo(1);
    assertThat(registry.table("metrics").count()).isEqualTo(2);
  }

  @Test
  void twoThatRecordOneRunAtOnceLeaveOneRow(SparkSession spark, @TempDir Path folder)
      throws Exception {
    Registry registry = new Registry(spark, folder.toUri());
    registry.addRuns(List.of(RunRecords.published("m", "other", 1)));
    CyclicBarrier meeting = new CyclicBarrier(2);
    Callable<Boolean> record =
        () -> {
          meeting.await();
          registry.addRuns(List.of(RunRecords.published("m", "k", 1)));
          return true;
        };
    ExecutorService both = Executors.newFixedThreadPool(2);
    try {
      for (Future<Boolean> each : both.invokeAll(List.of(record, record))) {
        assertThat(each.get()).isTrue();
      }
    } finally {
      both.shutdown();
    }

    assertThat(registry.table("runs").where("run = 'k'").count()).isEqualTo(1);
    assertThat(registry.table("metrics").where("run = 'k'").count()).isEqualTo(2);
  }

  @Test
  void aPromotionThatIsAddedAfterALaterOneIsThereAllTheSame(
      SparkSession spark, @TempDir Path folder) {
    Registry registry = new Registry(spark, folder.toUri());
    registry.addPromotions(List.of(promotion(1)));

    registry.addPromotions(List.of(promotion(1), promotion(2), promotion(3)));
    registry.addPromotions(List.of(promotion(5)));
    registry.addPromotions(List.of(promotion(1), promotion(2), promotion(3), promotion(4)));

    assertThat(registry.table("promotions").select("sequence").as(Encoders.LONG()).collectAsList())
        .containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void repairRemovesRowsThatStandTwice(SparkSession spark, @TempDir Path folder) {
    Registry registry = new Registry(spark, folder.toUri());
    RunRecord run = RunRecords.published("m", "k", 1);
    registry.addRuns(List.of(run));
    registry.addPromotions(List.of(promotion(1)));
    for (String table : List.of("runs", "metrics", "promotions")) {
      registry
          .table(table)
          .write()
          .format("delta")
          .mode("append")
          .save(folder.resolve(table).toString());
    }

    registry.repairRuns(List.of(run));
    registry.repairPromotions(List.of(promotion(1)));

    assertThat(registry.table("runs").count()).isEqualTo(1);
    assertThat(registry.table("metrics").count()).isEqualTo(2);
    assertThat(registry.table("promotions").count()).isEqualTo(1);
  }

  private static Promotion promotion(long sequence) {
    return new Promotion(
        sequence,
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
  }

  @Test
  void thePromotionsCanBeQueriedBeforeTheFirst(SparkSession spark, @TempDir Path folder) {
    Registry registry = new Registry(spark, folder.toUri());

    registry.addPromotions(List.of());

    assertThat(registry.table("promotions").where("sequence > 0").count()).isZero();
  }
}
