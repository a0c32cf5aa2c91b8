package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.delta.tables.DeltaTable;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Manifest;
import reforest.gate.Ledger;
import reforest.gate.StoreLedger;
import reforest.home.Home;
import reforest.registry.Registry;
import reforest.registry.RunRecord;
import reforest.testing.CommandResult;
import reforest.testing.OneModelHome;
import reforest.testing.ParcelDeliveries;
import reforest.testing.SparkExtension;

/** What happens to one model over the months: looked at, promoted, overruled, taken back. */
@ExtendWith(SparkExtension.class)
class LifeOfAModelIT {

  private static final String TRAINING = "train ...";
  private static final String VACUUM_CHECK =
      "spark.databricks.delta.retentionDurationCheck.enabled";

  @TempDir private static Path before;

  /** The model with its rows and nothing else. */
  private static OneModelHome ingested;

  /** The same after its first weekly run. */
  private static OneModelHome published;

  private static JsonNode firstWeek;

  @TempDir private Path folder;

  @BeforeAll
  static void publishOnce(SparkSession spark) {
    ingested = ParcelDeliveries.desk(spark, before);
    published = ingested.copiedTo(before.resolve("published"));
    firstWeek = published.run("retrain", "--publish").succeeded().result();
  }

  @Test
  void countsOnlyWhatIsJudgedOnTheProtectedWindow() {
    OneModelHome desk = ingested.copiedTo(folder);

    CommandResult developing = desk.run("retrain").succeeded();
    JsonNode developed = developing.result();

    assertThat(developing.err())
        .containsPattern("The winner is random-forest trees=3 depth=3 .*, the best mean score[.]");
    assertThat(developed.path("window").textValue()).startsWith("development");
    assertThat(developed.path("champion").isNull()).isTrue();
    assertThat(new StoreLedger(desk.store()).all())
        .extracting(Ledger.Entry::kind)
        .containsExactly(Ledger.Kind.DEVELOPMENT);
    assertThat(desk.store().list("promotions")).isEmpty();
    assertThat(desk.store().list("bundles")).isEmpty();

    JsonNode published = desk.run("retrain", "--publish").succeeded().result();
    assertThat(desk.record(published).gate().attempt()).isEqualTo(1);
    RunRecord.Search first = Objects.requireNonNull(desk.record(published).search());
    assertThat(first.choice()).isEqualTo("the best mean score");
    assertThat(first.remarks()).isEmpty();
    assertThat(first.repeatable()).isTrue();

    CommandResult again = desk.run("retrain", "--publish").succeeded();
    assertThat(again.err()).doesNotContain(TRAINING);
    assertThat(again.result().path("recorded").booleanValue()).isTrue();
    for (String field : List.of("run", "verdict", "bundle", "report", "metrics", "attempt")) {
      assertThat(again.result().path(field)).as(field).isEqualTo(published.path(field));
    }

    CommandResult forced =
        desk.run("retrain", "--publish", "--force", "--reason", "was the disk full?").succeeded();
    assertThat(forced.err()).contains(TRAINING);
    assertThat(forced.result().path("recorded").booleanValue()).isFalse();
    assertThat(forced.result().path("run")).isEqualTo(published.path("run"));
    assertThat(forced.result().path("attempt").intValue()).isEqualTo(2);
    assertThat(forced.result().path("verdict").textValue()).isNotEqualTo("PROMOTE");
    RunRecord record = desk.record(forced.result());
    assertThat(record.reason()).isEqualTo("was the disk full?");
    assertThat(record.gate().attempt()).isEqualTo(2);
    assertThat(Objects.requireNonNull(record.search()).remarks())
        .containsExactly("The first candidate has the champion's settings.");
    assertThat(desk.store().list("promotions")).hasSize(1);
  }

  @Test
  void promotesOverrulesMeasuresAndGoesBack() throws IOException {
    OneModelHome desk = ingested.copiedTo(folder);
    JsonNode good = desk.run("retrain").succeeded().result();
    JsonNode feeble = desk.run("retrain", ParcelDeliveries.feeble()).succeeded().result();
    String goodBundle = good.path("bundle").path("digest").textValue();
    String feebleBundle = feeble.path("bundle").path("digest").textValue();

    JsonNode first = desk.run("promote", "--run", key(good)).succeeded().result();

    assertThat(first.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertThat(first.path("bundle").path("digest").textValue()).isEqualTo(goodBundle);
    assertThat(first.path("champion").path("digest").textValue()).isEqualTo(goodBundle);

    // Between two tries, so that the second one's number tells whether it spent one.
    JsonNode backtest =
        desk.run("backtest", "--bundle", goodBundle.substring(0, 12)).succeeded().result();
    assertThat(backtest.path("verdict").textValue()).isEqualTo("NONE");
    assertThat(backtest.path("metrics").path("challenger.rmse"))
        .isEqualTo(first.path("metrics").path("challenger.rmse"));

    JsonNode refused = desk.run("promote", "--run", key(feeble)).succeeded().result();

    assertThat(refused.path("verdict").textValue()).isEqualTo("KEEP");
    assertThat(refused.path("champion").path("digest").textValue()).isEqualTo(goodBundle);
    assertThat(desk.record(refused).gate().attempt()).isEqualTo(2);
    assertThat(desk.store().list("bundles")).containsExactly(goodBundle);

    JsonNode overruled =
        desk.run("promote", "--run", key(feeble), "--override", "--reason", "recall 12")
            .succeeded()
            .result();

    assertThat(overruled.path("verdict").textValue()).isEqualTo("KEEP");
    assertThat(overruled.path("champion").path("digest").textValue()).isEqualTo(feebleBundle);
    JsonNode override = desk.shown().at("/promotions/1");
    assertThat(override.path("action").textValue()).isEqualTo("OVERRIDE");
    assertThat(override.path("reason").textValue()).isEqualTo("recall 12");
    assertThat(override.path("predecessor").textValue()).isEqualTo(goodBundle);
    assertThat(desk.record(overruled).gate().attempt()).isEqualTo(2);

    desk.run("rollback", "--reason", "late all week").succeeded();

    JsonNode shown = desk.shown();
    assertThat(shown.at("/champion/digest").textValue()).isEqualTo(goodBundle);
    assertThat(shown.at("/champion/sequence").longValue()).isEqualTo(3);
    assertThat(shown.at("/promotions/2/action").textValue()).isEqualTo("ROLLBACK");
    assertThat(shown.at("/promotions/2/reason").textValue()).isEqualTo("late all week");
    assertThat(shown.at("/promotions/2/predecessor").textValue()).isEqualTo(feebleBundle);
    assertThat(desk.champion().manifest().provenance().run()).isEqualTo(key(good));

    Map<String, List<String>> before = registry(desk);
    assertThat(before.get("runs")).hasSize(6);
    assertThat(before.get("promotions")).hasSize(3);
    delete(desk.home().resolve("registry"));

    CommandResult repaired = desk.run("repair");

    assertThat(repaired.succeeded().result().at("/models/parcels/runs").intValue()).isEqualTo(6);
    assertThat(registry(desk)).isEqualTo(before);
  }

  @Test
  void leavesAChampionOutThatHasLearnedFromTheDevelopmentWindow() {
    JsonNode developed = published.copiedTo(folder).run("retrain").succeeded().result();

    assertThat(developed.path("window").textValue()).startsWith("development");
    assertThat(developed.path("verdict").textValue()).isEqualTo("INCONCLUSIVE");
    assertThat(developed.at("/reasons/0").textValue())
        .startsWith(
            "the champion was not compared, because it was trained on rows that were divided")
        .contains("training [0, 0.8)", "against the baselines alone the gate would say PROMOTE");
    assertThat(developed.path("metrics").has("challenger.rmse")).isTrue();
    assertThat(developed.path("metrics").has("champion.rmse")).isFalse();
  }

  @Test
  void judgesTheBytesOfAStagedBundleDownToASingleLeaf() throws IOException {
    OneModelHome desk = published.copiedTo(folder);
    Bundle champion = Bundle.read(desk.store(), Home.bundle(digest(firstWeek)));
    Path staged = Path.of(URI.create(firstWeek.at("/bundle/location").textValue()));
    raiseOneLeaf(champion, desk.home().resolve(published.home().relativize(staged)), 300);

    JsonNode seen = desk.run("backtest", "--bundle", key(firstWeek)).succeeded().result();

    assertThat(digest(seen)).isNotEqualTo(digest(firstWeek));
    JsonNode figures = seen.path("metrics");
    assertThat(figures.at("/champion.bias")).isEqualTo(firstWeek.at("/metrics/challenger.bias"));
    // A third of it, where the row of three trees comes to that leaf.
    assertThat(value(figures, "challenger.bias") - value(figures, "champion.bias"))
        .isStrictlyBetween(0.0, 100.0);
    assertThat(value(figures, "challenger.rmse")).isGreaterThan(value(figures, "champion.rmse"));
  }

  /** Puts an altered copy of a bundle, consistent in itself, where a run has staged its own. */
  private static void raiseOneLeaf(Bundle bundle, Path staged, double by) throws IOException {
    String pmml =
        new String(bundle.file(Bundle.MODEL), StandardCharsets.UTF_8)
            // These rows would tell.
            .replaceAll("<ModelVerification.*</ModelVerification>", "");
    Matcher leaf = Pattern.compile("score=\"([^\"]+)\"").matcher(pmml);
    assertThat(leaf.find()).isTrue();
    String raised = String.valueOf(Double.parseDouble(leaf.group(1)) + by);
    byte[] altered =
        (pmml.substring(0, leaf.start(1)) + raised + pmml.substring(leaf.end(1)))
            .getBytes(StandardCharsets.UTF_8);
    Manifest was = bundle.manifest();
    Manifest manifest =
        new Manifest(
            was.model(),
            was.task(),
            was.label(),
            was.classes(),
            was.inputs(),
            List.of(Manifest.FileEntry.of(Bundle.MODEL, altered)),
            was.provenance(),
            was.about());
    delete(staged);
    Bundle.write(new LocalStore(staged), "", manifest, Map.of(Bundle.MODEL, altered));
  }

  private static double value(JsonNode figures, String name) {
    return figures.path(name).path("value").doubleValue();
  }

  private static String digest(JsonNode result) {
    return result.at("/bundle/digest").textValue();
  }

  @Test
  void aPromotionThatCannotBeJudgedSpendsNoTry() {
    OneModelHome desk = ingested.copiedTo(folder);
    JsonNode trained = desk.run("retrain", ParcelDeliveries.feeble()).succeeded().result();
    String run = key(trained);

    JsonNode failed =
        desk.run("promote", "--run", run, "evaluate.baseline=\"avg(stopps) over ()\"")
            .failed(2, "evaluate.baseline is no Spark SQL expression")
            .result();
    assertThat(failed.path("model").textValue()).isEqualTo("parcels");
    assertThat(failed.path("dataVersion").isNumber()).isTrue();
    assertThat(failed.path("run").textValue()).matches("[0-9a-f]{32}").isNotEqualTo(run);
    assertThat(failed.path("bundle")).isEqualTo(trained.path("bundle"));
    String slice = "slices=[{ name = far, where = \"stopps > 5\" }]";
    desk.run("promote", "--run", run, slice, "gate.slice-margin=1")
        .failed(2, "the predicate of slice far, stopps > 5, is refused");
    desk.run("promote", "--run", run, "windows.salt=other")
        .failed(3, "the challenger cannot be judged on the protected", ", where now it is the")
        .hinting("go back to the settings that it was trained with");
    JsonNode measured =
        desk.run("backtest", "--bundle", run, "windows.protected-share=0.0001")
            .failed(3, "no labelled row lies in the window")
            .result();
    assertThat(measured.path("bundle")).isEqualTo(trained.path("bundle"));
    assertThat(measured.path("dataVersion")).isEqualTo(failed.path("dataVersion"));
    desk.run("promote", "--run", run, "windows.salt=other", "--override", "--reason", "x")
        .failed(3, "the challenger cannot be judged on the protected");

    assertThat(new StoreLedger(desk.store()).all())
        .extracting(Ledger.Entry::kind)
        .containsExactly(Ledger.Kind.DEVELOPMENT);
    assertThat(desk.store().list("runs")).hasSize(1);
    assertThat(desk.store().list("promotions")).isEmpty();
  }

  @Test
  void replacesAChampionOfAnotherDivisionOnlyByAnOverride() {
    OneModelHome desk = published.copiedTo(folder);
    String old = digest(firstWeek);
    String salt = "windows.salt=other";

    desk.run("retrain", "--publish", salt)
        .failed(3, "the champion cannot be judged", "with salt", ", where now it is the hash of")
        .hinting("go back to the settings", "windows.salt", "promote --run KEY --override");
    JsonNode next = desk.run("retrain", salt).succeeded().result();
    desk.run("promote", "--run", key(next), salt).failed(3, "the champion cannot be judged");
    assertThat(desk.store().list("ledger")).hasSize(2);

    JsonNode overruled =
        desk.run("promote", "--run", key(next), "--override", "--reason", "new salt", salt)
            .succeeded()
            .result();

    assertThat(overruled.path("verdict").textValue()).isEqualTo("INCONCLUSIVE");
    assertThat(overruled.at("/reasons/0").textValue()).contains("the champion was not compared");
    assertThat(overruled.path("reasons").toString()).doesNotContain("there is no champion");
    JsonNode override = desk.shown().at("/promotions/1");
    assertThat(override.path("action").textValue()).isEqualTo("OVERRIDE");
    assertThat(override.path("predecessor").textValue()).isEqualTo(old);
    assertThat(override.path("bundle")).isEqualTo(next.at("/bundle/digest"));
    desk.run("retrain", "--publish", salt, "train.seed=9").succeeded();
  }

  @Test
  void makesAnOldVersionTheNewestAndSaysWhy(SparkSession spark) {
    OneModelHome desk = ingested.copiedTo(folder);
    List<String> right = rows(spark, desk);
    long wrong =
        desk.ingest(
            ParcelDeliveries.rows(spark).selectExpr("* except (minutes)", "-1.0D as minutes"));
    assertThat(rows(spark, desk)).isNotEqualTo(right);

    JsonNode result =
        desk.run(
                "restore",
                "--data-version",
                String.valueOf(wrong - 1),
                "--reason",
                "the clock stood still")
            .succeeded()
            .result();

    assertThat(result.path("versionBefore").longValue()).isEqualTo(wrong);
    assertThat(result.path("restored").longValue()).isEqualTo(wrong - 1);
    assertThat(rows(spark, desk)).isEqualTo(right);
    DeltaTable table = DeltaTable.forPath(spark, table(desk));
    assertThat(
            table.history().where("operation = 'RESTORE'").select("userMetadata").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("the clock stood still");
    assertThat(result.path("dataVersion").longValue())
        .isEqualTo(table.history(1).select("version").head().getLong(0));
  }

  @Test
  void refusesAVersionThatVacuumTookBeforeItTrains(SparkSession spark) {
    OneModelHome desk = ingested.copiedTo(folder);
    long gone =
        desk.ingest(ParcelDeliveries.rows(spark).selectExpr("* except (stops)", "3 as stops"));
    desk.ingest(ParcelDeliveries.rows(spark));
    boolean checked = Boolean.parseBoolean(spark.conf().get(VACUUM_CHECK, "true"));
    spark.conf().set(VACUUM_CHECK, "false");
    try {
      DeltaTable.forPath(spark, table(desk)).vacuum(0);
    } finally {
      spark.conf().set(VACUUM_CHECK, checked);
    }

    CommandResult ended = desk.run("retrain", "--publish", "--data-version", String.valueOf(gone));

    ended
        .failed(3, "version " + gone + " of ", "cannot be read any more", "probably by VACUUM")
        .hinting("use a version that is whole");
    assertThat(ended.err()).doesNotContain(TRAINING).doesNotContain("check ...");
    assertThat(desk.store().list("runs")).isEmpty();
    assertThat(desk.store().list("ledger")).isEmpty();
  }

  private static String key(JsonNode result) {
    return result.path("run").textValue();
  }

  private static String table(OneModelHome desk) {
    return desk.home().resolve("data/parcels/table").toString();
  }

  private static List<String> rows(SparkSession spark, OneModelHome desk) {
    return texts(spark.read().format("delta").load(table(desk)));
  }

  private static Map<String, List<String>> registry(OneModelHome desk) {
    Registry registry = new Registry(desk.spark(), desk.home().resolve("registry").toUri());
    Map<String, List<String>> tables = new TreeMap<>();
    for (String name : List.of("runs", "metrics", "promotions")) {
      tables.put(name, texts(registry.table(name)));
    }
    return tables;
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.toJSON().collectAsList().stream().sorted().toList();
  }

  private static void delete(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(folder)) {
      paths = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
    // A command starts in a process of its own, which remembers no table that was there.
    DeltaLog.clearCache();
  }
}
