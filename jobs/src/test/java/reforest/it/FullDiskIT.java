package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.gate.StoreLedger;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;
import reforest.testing.OneModelHome;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/**
 * Commands for whose files there is no room. A disk cannot be filled without harm to others, so the
 * operating system refuses to let a file of these processes grow, in the same call and as late.
 */
@ExtendWith(SparkExtension.class)
class FullDiskIT {

  /** Less than the model has, and what Spark unpacks where temporary files lie. */
  private static final int LARGEST_FILE_BYTES = 24_576;

  @TempDir private Path folder;

  @Test
  void leavesNothingHalfDoneAndIsDoneOnceThereIsRoom(SparkSession spark) {
    OneModelHome desk = ShopSales.desk(spark, folder);
    desk.ingest(ShopSales.rows(spark));

    JavaProcesses withoutHome = start(List.of(), desk);
    JavaProcesses withoutTemporary =
        start(List.of("prlimit", "--fsize=" + LARGEST_FILE_BYTES), desk);
    while (withoutHome.isAlive() && !withoutHome.told().contains("] train ...")) {
      Thread.onSpinWait();
    }
    withoutHome.limitFiles(LARGEST_FILE_BYTES);

    withoutHome
        .await()
        .failed(5, "cannot create", "model.pmml", "File too large")
        .hinting("that the disk has room");
    // Before that, libraries print traces of their own.
    CommandResult unpacked = withoutTemporary.await();
    assertThat(unpacked.exitCode()).as(unpacked.err()).isEqualTo(5);
    assertThat(unpacked.result().at("/error/message").textValue())
        .startsWith("a library could not be unpacked into ");
    unpacked.hinting("make room in " + System.getProperty("java.io.tmpdir"));
    assertThat(new StoreLedger(desk.store()).all()).isEmpty();
    assertThat(desk.store().list("bundles")).isEmpty();
    assertThat(desk.store().list("promotions")).isEmpty();

    JsonNode published = desk.run("retrain", "--publish").succeeded().result();
    assertThat(published.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertThat(published.at("/champion/sequence").longValue()).isEqualTo(1);
  }

  private JavaProcesses start(List<String> before, OneModelHome desk) {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        JavaProcesses.java(
            JavaProcesses.classPath(),
            "reforest.cli.Reforest",
            SparkExtension.SMALL,
            "retrain",
            "--publish",
            "--conf",
            desk.conf().toString(),
            "--home",
            desk.home().toString()));
    // What Java tells other programs of itself would not fit, either.
    return JavaProcesses.command(folder, command, Map.of("JAVA_TOOL_OPTIONS", "-XX:-UsePerfData"));
  }
}
