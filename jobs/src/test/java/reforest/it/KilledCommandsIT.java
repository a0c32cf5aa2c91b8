package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.PromotionLog;
import reforest.cli.SharedRunner;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;
import reforest.testing.OneModelHome;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/**
 * Processes that are killed in the moment before a file appears: the home is then as it was before
 * that file, and the same command once more ends as if nothing had been.
 */
@ExtendWith(SparkExtension.class)
class KilledCommandsIT {

  private static final String TABLE = "data/shop/table";
  private static final String PROMOTION = "models/shop/promotions/00000000000000000001.json";

  @TempDir private static Path before;

  /** A model with its rows as two versions of a table, and a run that may be promoted. */
  private static OneModelHome developed;

  private static String run;
  private static Path changed;

  @TempDir private Path folder;

  @BeforeAll
  static void developOnce(SparkSession spark) {
    developed = ShopSales.desk(spark, before);
    developed.ingest(ShopSales.rows(spark));
    run = developed.run("retrain").succeeded().result().path("run").textValue();
    changed = before.resolve("changed");
    Dataset<Row> rows =
        ShopSales.rows(spark)
            .selectExpr(
                "at",
                "shop",
                "kind",
                "if(visitors = 7, -1, price) as price",
                "visitors",
                "sold + 1 as sold");
    rows.coalesce(1).write().parquet(changed.toString());
  }

  @BeforeEach
  void knowTheScheme(SparkSession spark) {
    FarFileSystem.in(spark.sparkContext().hadoopConfiguration());
  }

  @AfterEach
  void forgetTheScheme(SparkSession spark) {
    FarFileSystem.out(spark.sparkContext().hadoopConfiguration());
  }

  @Test
  void anIngestBeforeTheTablesFirstCommitAndBeforeItsRows(SparkSession spark) {
    OneModelHome create = desk("create");
    OneModelHome fill = desk("fill");
    Path source = before.resolve("shop-source");

    List<JavaProcesses> killed =
        List.of(
            killedBefore(commit(TABLE, 0), create, "ingest", "--source", source.toString()),
            killedBefore(commit(TABLE, 1), fill, "ingest", "--source", source.toString()));
    killed.forEach(KilledCommandsIT::assertKilled);

    assertThat(create.home().resolve(TABLE).resolve("_delta_log/00000000000000000000.json"))
        .doesNotExist();
    assertThat(rows(spark, fill)).isZero();
    for (OneModelHome desk : List.of(create, fill)) {
      JsonNode again = run(desk, "ingest", "--source", source.toString()).succeeded().result();
      assertThat(again.path("inserted").longValue()).isEqualTo(720);
      assertThat(rows(spark, desk)).isEqualTo(720);
    }
  }

  @Test
  void anIngestBetweenItsQuarantineAndItsRowsAndARemovalBeforeItsCommit(SparkSession spark) {
    OneModelHome ingesting = developed.copiedTo(folder.resolve("ingesting"));
    OneModelHome removing = developed.copiedTo(folder.resolve("removing"));
    String[] ingest = {"ingest", "--source", changed.toString(), "data.max-quarantined=0.5"};
    String[] remove = {"remove", "--where", "visitors < 50", "--reason", "too few"};
    long refused = ShopSales.rows(spark).where("visitors = 7").count();

    List<JavaProcesses> killed =
        List.of(
            killedBefore(commit(TABLE, 2), ingesting, ingest),
            killedBefore(commit(TABLE, 2), removing, remove));
    killed.forEach(KilledCommandsIT::assertKilled);

    for (OneModelHome desk : List.of(ingesting, removing)) {
      assertThat(labels(spark, desk)).isEqualTo(labels(spark, developed));
    }
    assertThat(quarantined(spark, ingesting)).isEqualTo(refused);
    JsonNode ingested = run(ingesting, ingest).succeeded().result();
    assertThat(ingested.path("updated").longValue()).isEqualTo(720 - refused);
    assertThat(quarantined(spark, ingesting)).as("once").isEqualTo(refused);
    long rows = run(removing, remove).succeeded().result().path("rows").longValue();
    assertThat(rows(spark, removing)).isEqualTo(720 - rows).isPositive();
  }

  @Test
  void aPromotionBeforeItStandsAndBeforeTheRegistryTellsOfIt(SparkSession spark) {
    OneModelHome open = developed.copiedTo(folder.resolve("open"));
    OneModelHome standing = developed.copiedTo(folder.resolve("standing"));
    String[] promote = {"promote", "--run", run};

    List<JavaProcesses> killed =
        List.of(
            killedBefore(PROMOTION, open, promote),
            killedBefore(commit("registry/promotions", 1), standing, promote));
    killed.forEach(KilledCommandsIT::assertKilled);

    assertThat(open.shown().path("champion").isNull()).isTrue();
    assertThat(open.store().list("promotions")).isEmpty();
    assertThat(standing.shown().at("/champion/sequence").longValue()).isEqualTo(1);
    for (OneModelHome desk : List.of(open, standing)) {
      JsonNode again = run(desk, promote).succeeded().result();
      assertThat(again.path("verdict").textValue()).isEqualTo("PROMOTE");
      assertThat(again.path("recorded").booleanValue()).isEqualTo(desk.equals(standing));
      assertThat(new PromotionLog(desk.store()).all()).hasSize(1);
      assertThat(desk.champion()).isNotNull();
      assertThat(registered(spark, desk, "promotions")).isEqualTo(1);
    }
  }

  @Test
  void aRepairHalfWayAndAnIngestThatIsToldToEnd(SparkSession spark) throws IOException {
    OneModelHome repairing = developed.copiedTo(folder.resolve("repairing"));
    OneModelHome ending = desk("ending");
    Files.move(repairing.home().resolve("registry"), folder.resolve("lost"));

    JavaProcesses killed = killedBefore(commit("registry/metrics", 0), repairing, "repair");
    JavaProcesses told = start("", ending, "ingest", "--source", changed.toString());
    while (told.isAlive() && !told.told().contains("[1/1] ingest ...")) {
      Thread.onSpinWait();
    }
    told.end();
    assertKilled(killed);
    CommandResult ended = told.await();

    assertThat(ended.exitCode()).as("as for SIGTERM").isEqualTo(143);
    if (!ended.out().isEmpty()) {
      assertThat(ended.result().at("/error/message").textValue())
          .startsWith("the process was told to end while it worked: ");
      assertThat(ended.err()).contains("hint: run the same command again");
    }
    run(repairing, "repair").succeeded();
    assertThat(registered(spark, repairing, "runs")).isEqualTo(1);
    assertThat(registered(spark, repairing, "metrics")).isPositive();
    assertThat(spark.read().format("delta").load(folder.resolve("lost/metrics").toString()).count())
        .isEqualTo(registered(spark, repairing, "metrics"));
    run(ending, "ingest", "--source", changed.toString(), "data.max-quarantined=0.5").succeeded();
  }

  private OneModelHome desk(String name) {
    return new OneModelHome(
        developed.spark(),
        developed.model(),
        developed.conf(),
        folder.resolve(name).resolve("home"));
  }

  private static String commit(String table, int version) {
    return String.format(Locale.ROOT, "%s/_delta_log/%020d.json", table, version);
  }

  private JavaProcesses killedBefore(String file, OneModelHome desk, String... command) {
    return start(desk.home().resolve(file).toString(), desk, command);
  }

  private JavaProcesses start(String endingBefore, OneModelHome desk, String... command) {
    List<String> classPath = new ArrayList<>(JavaProcesses.classPath());
    classPath.add(JavaProcesses.target().resolve("test-classes").toString());
    Map<String, String> properties = new HashMap<>(SparkExtension.SMALL);
    if (!endingBefore.isEmpty()) {
      properties.put(FarFileSystem.ENDING_BEFORE, endingBefore);
    }
    return JavaProcesses.start(
        folder, classPath, "reforest.cli.Reforest", properties, args(desk, command));
  }

  private static CommandResult run(OneModelHome desk, String... command) {
    return CommandResult.inProcess(SharedRunner.on(desk.spark()), args(desk, command));
  }

  private static String[] args(OneModelHome desk, String... command) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of("--conf", desk.conf().toString()));
    args.addAll(List.of("--home", FarFileSystem.home(desk.home())));
    args.addAll(List.of(FarFileSystem.options()));
    return args.toArray(String[]::new);
  }

  private static void assertKilled(JavaProcesses process) {
    CommandResult ended = process.await();
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(FarFileSystem.KILLED);
    assertThat(ended.out()).isEmpty();
  }

  private static Dataset<Row> table(SparkSession spark, OneModelHome desk, String table) {
    return spark.read().format("delta").load(FarFileSystem.home(desk.home()) + "/" + table);
  }

  private static long rows(SparkSession spark, OneModelHome desk) {
    return table(spark, desk, TABLE).count();
  }

  private static long quarantined(SparkSession spark, OneModelHome desk) {
    return table(spark, desk, "data/shop/quarantine").count();
  }

  private static long registered(SparkSession spark, OneModelHome desk, String table) {
    return table(spark, desk, "registry/" + table).count();
  }

  private static double labels(SparkSession spark, OneModelHome desk) {
    return table(spark, desk, TABLE).selectExpr("round(sum(sold), 6)").head().getDouble(0);
  }
}
