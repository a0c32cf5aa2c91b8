package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.LocalStore;
import reforest.cli.JobRunner;
import reforest.cli.SharedRunner;
import reforest.gate.Ledger;
import reforest.gate.StoreLedger;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/** Tables and configurations as they should not be: each is told in words, with its exit code. */
@ExtendWith(SparkExtension.class)
class BadInputIT {

  private static final String[] BROKEN = {
    "{ name = sold_nan, type = double }",
    "{ name = sold_infinite, type = double }",
    "{ name = sold_late, type = double }",
    "{ name = tier, type = string }",
    "{ name = gap_at, type = timestamp }",
    "{ name = nothing, type = double }",
    "{ name = code, type = string }",
    "{ name = region, type = string }",
    "{ name = twice, type = double }",
    "{ name = ghost, type = double }"
  };

  @TempDir private static Path folder;
  private static Path conf;
  private static Path home;
  private static Supplier<JobRunner> work;

  @BeforeAll
  static void writeOneTableWithAllThatCanBeBroken(SparkSession spark) {
    work = SharedRunner.on(spark);
    conf = ShopSales.conf(folder, BROKEN);
    home = folder.resolve("home");
    ShopSales.rows(spark)
        .selectExpr(
            "*",
            "if(at = timestamp'2024-01-05', double('NaN'), sold) as sold_nan",
            "if(at = timestamp'2024-01-05', double('Infinity'), sold) as sold_infinite",
            "if(at >= timestamp'2024-03-20', null, sold) as sold_late",
            "if(at < timestamp'2024-01-08', 'gold', if(sold > 30, 'high', 'low')) as tier",
            "if(at >= timestamp'2024-03-17', at + interval 60 days, at) as gap_at",
            "cast(null as double) as nothing",
            "concat('code-', pmod(xxhash64(at), 12)) as code",
            "'everywhere' as region",
            "2 * sold + 1 as twice")
        .write()
        .format("delta")
        .save(home.resolve("data/shop/table").toString());
  }

  /** Overrides of the configuration, and what the message and the hint must say. */
  record Fault(List<String> arguments, int exitCode, String message, String hint) {
    @Override
    public String toString() {
      return String.join(" ", arguments);
    }
  }

  static Stream<Fault> faultsOfTheTable() {
    return Stream.of(
        new Fault(
            List.of("--data-version", "7"), 3, "version 7 of", "name one of these, or the newest"),
        new Fault(
            List.of("--as-of", "2001-01-01"), 3, "has no version as old as", "name a later time"),
        new Fault(
            List.of("data.label=ghost"), 3, "has no column ghost, the label", "Its columns are"),
        new Fault(
            List.of("features.numeric=[price, ghost]"),
            3,
            "ghost is not a column of this data version",
            "from ="),
        new Fault(List.of("data.label=sold_nan"), 3, "2 NaN", "ingest corrected rows"),
        new Fault(List.of("data.label=sold_infinite"), 3, "2 infinite", "ingest corrected rows"),
        new Fault(
            List.of("data.label=sold_late", "windows.label-delay=3d"),
            3,
            "null",
            "windows.label-delay"),
        new Fault(
            List.of("features.numeric=[price, nothing]"),
            3,
            "features are null in all",
            "remove them from features"),
        new Fault(List.of("task=multiclass", "data.label=tier"), 3, "class gold", "ingest"),
        new Fault(
            List.of("data.event-time=gap_at"),
            3,
            "no labelled row lies in the window",
            "make the windows longer"),
        new Fault(
            List.of("windows.development=400d"),
            3,
            "no labelled row is left to train on",
            "make the windows shorter"),
        new Fault(
            List.of("features.categorical=[code]", "train.max-bins=8"),
            2,
            "features.max-categories must be at most train.max-bins less 2",
            "--print-config"),
        new Fault(List.of("features.numeric=[price, twice]"), 3, "twice", "features.acknowledged"),
        new Fault(
            List.of("features.numeric=[price, twice]", "data.derived-from-label=[twice]"),
            2,
            "features.numeric names 'twice', which data.derived-from-label says",
            "--print-config"),
        new Fault(
            List.of("evaluate.cluster.columns=[region]"),
            3,
            "the window's rows form 1 cluster",
            "choose smaller clusters"),
        new Fault(
            List.of("slices=[{ name = dear, where = \"prize > 5\" }]"),
            2,
            "the predicate of slice dear, prize > 5, is refused",
            "Write a Spark SQL predicate"),
        new Fault(
            List.of("evaluate.baseline=\"avg(solt) over (partition by shop)\""),
            2,
            "evaluate.baseline is no Spark SQL expression",
            "correct the expression"));
  }

  @ParameterizedTest
  @MethodSource("faultsOfTheTable")
  void tellsWhatIsWrongWithTheTable(Fault fault) {
    CommandResult ended = retrain(fault.arguments().toArray(String[]::new));

    ended.failed(fault.exitCode(), fault.message()).hinting(fault.hint());
    boolean pinned = ended.err().contains("check ...");
    assertThat(ended.result().path("dataVersion").isNull()).isEqualTo(!pinned);
    assertThat(ended.result().path("run").isNull()).isEqualTo(!pinned);
    assertThat(ended.err()).as("nothing is trained in vain").doesNotContain("export ...");
    assertThat(home.resolve("models/shop/promotions")).doesNotExist();
  }

  static Stream<Fault> faultsOfTheWindow() {
    return Stream.of(
        new Fault(
            List.of(
                "slices=[{ name = a, columns = [at, shop] }, { name = b, columns = [at, shop, kind] }]"),
            3,
            "the families of slices and fairness.groups make more than 200 slices",
            "Slice by columns with fewer values"),
        new Fault(
            List.of(
                "slices=[{ name = a, columns = [shop] }, { name = \"a=north\", where = true }]"),
            3,
            "two slices have the name a=north",
            "Rename a slice"),
        new Fault(
            List.of("slices=[{ name = shop, where = \"cast(shop as int) > 1\" }]"),
            2,
            "the predicate of slice shop, cast(shop as int) > 1, fails on a row: [CAST_INVALID_INPUT]",
            "try_cast"),
        new Fault(
            List.of("evaluate.baseline=\"visitors / (visitors - visitors)\""),
            2,
            "evaluate.baseline, visitors / (visitors - visitors), fails on a row: [DIVIDE_BY_ZERO]",
            "try_divide"),
        new Fault(
            List.of(
                "evaluate.business={ name = cost, sql = \"price / (prediction - label)\", better = lower }"),
            2,
            "evaluate.business, price / (prediction - label), fails on a row: [DIVIDE_BY_ZERO]",
            "try_divide"));
  }

  @ParameterizedTest
  @MethodSource("faultsOfTheWindow")
  void trainsNothingAndSpendsNoTryWhereTheWindowCannotBeJudged(Fault fault) {
    List<String> arguments = new ArrayList<>(List.of("--publish"));
    arguments.addAll(fault.arguments());

    CommandResult ended = retrain(arguments.toArray(String[]::new));

    ended.failed(fault.exitCode(), fault.message()).hinting(fault.hint());
    assertThat(ended.err()).contains("check ...").doesNotContain("train ...");
    String run = ended.result().path("run").textValue();
    assertThat(run).hasSize(32);
    assertThat(home.resolve("models/shop/runs").resolve(run)).doesNotExist();
    assertThat(new StoreLedger(new LocalStore(home.resolve("models/shop"))).all())
        .extracting(Ledger.Entry::run)
        .doesNotContain(run);
  }

  @Test
  void trainsOnAColumnThatLeaksOnceItIsAcknowledged() {
    CommandResult ended =
        retrain("features.numeric=[price, twice]", "features.acknowledged=[twice]").succeeded();

    assertThat(ended.result().path("bundle").path("digest").textValue()).hasSize(64);
  }

  @Test
  void asksForATableThatIsThere() {
    CommandResult.inProcess(
            work,
            "retrain",
            "--conf",
            conf.toString(),
            "--home",
            folder.resolve("empty").toString())
        .failed(3, "there is no Delta table at")
        .hinting("fill the table with 'reforest ingest'");
    CommandResult.withoutSpark(
            "retrain",
            "--dry-run",
            "--conf",
            conf.toString(),
            "--home",
            folder.resolve("empty").toString())
        .failed(3, "there is no table at")
        .hinting("fill it with 'reforest ingest' first");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yarnn", "local[few]", "local[0]"})
  void refusesAMasterThatSparkCannotRead(String master) throws IOException {
    Path result = folder.resolve("result.json");

    CommandResult ended =
        JavaProcesses.reforest(
            folder,
            "retrain",
            "--conf",
            conf.toString(),
            "--home",
            home.toString(),
            "--spark",
            "spark.master=" + master,
            "--result",
            result.toString());

    ended.failed(2, "'" + master + "' is no master that Spark knows").hinting("local[4]");
    assertThat(CommandResult.json(result)).isEqualTo(ended.result());
  }

  @Test
  void tellsAllProblemsOfAConfigurationAtOnceWithTheirLines() throws IOException {
    String text = Files.readString(conf);
    String broken =
        text.replace("folds = 2", "folds = two\n  fold = 3")
            .replace("gate { worthwhile-gain = 1.0, slice-margin", "gate { slice-margn")
            .replace("protected = 14d", "protected = 14 moons");
    Path file = Files.writeString(folder.resolve("broken.conf"), broken);

    CommandResult ended = CommandResult.withoutSpark("retrain", "--conf", file.toString());

    ended.failed(
        2,
        "configuration problems:",
        "broken.conf: "
            + line(broken, "fold = 3")
            + ": train.fold is not a known key; did you mean",
        "broken.conf: " + line(broken, "folds = two") + ": train.folds",
        "broken.conf: " + line(broken, "14 moons") + ": windows.protected",
        "slice-margin?",
        "gate.worthwhile-gain is missing");
  }

  private static int line(String text, String part) {
    return (int) text.substring(0, text.indexOf(part)).lines().count();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "include \"other.conf\"",
        "include file(\"/etc/hostname\")",
        "include url(\"http://localhost/x.conf\")",
        "include classpath(\"reforest-reference.conf\")",
        "include required(file(\"/etc/hostname\"))"
      })
  void refusesIncludes(String include) throws IOException {
    Path file =
        Files.writeString(folder.resolve("include.conf"), Files.readString(conf) + include + "\n");

    CommandResult.withoutSpark("retrain", "--conf", file.toString()).failed(2, "include");
  }

  @Test
  void refusesAConfigurationThatIsNotThere() {
    CommandResult.withoutSpark("retrain", "--conf", folder.resolve("none.conf").toString())
        .failed(2, "none.conf");
  }

  @Test
  void saysHowATimestampBecomesAFeature() {
    CommandResult.withoutSpark(
            "retrain", "--conf", conf.toString(), "features.numeric=[price, at]", "--dry-run")
        .failed(
            2,
            "features.numeric names 'at', a timestamp",
            "{ name = hour, type = int, from = \"hour(`at`)\" }");
  }

  @Test
  void keepsRowsThatBreakTheContractApartAndTellsWhich(SparkSession spark) {
    Path source =
        ShopSales.csv(
            ShopSales.rows(spark)
                .selectExpr(
                    "at",
                    "shop",
                    "kind",
                    "if(visitors < 50, -1.0D, price) as price",
                    "visitors",
                    "if(visitors = 60, 'NaN', cast(sold as string)) as sold"),
            folder.resolve("dirty.csv"));
    Path dirty = folder.resolve("dirty");

    ingest(dirty, source)
        .failed(3, "break the contract", "price is below 0", "Examples: {")
        .hinting("the rows lie in", "quarantine");

    String quarantine = dirty.resolve("data/shop/quarantine").toString();
    assertThat(spark.read().format("delta").load(quarantine).count()).isGreaterThan(300);
  }

  @Test
  void asksForASourceThatIsThere() {
    ingest(folder.resolve("empty"), folder.resolve("nothing.csv"))
        .failed(3, "there is no file or folder", "nothing.csv");
  }

  @Test
  void namesTheColumnThatASourceLacks(SparkSession spark) {
    Path source = ShopSales.csv(ShopSales.rows(spark).drop("price"), folder.resolve("short.csv"));

    ingest(folder.resolve("short"), source).failed(3, "price is missing").hinting("from");
  }

  private static CommandResult ingest(Path into, Path source) {
    return CommandResult.inProcess(
        work,
        "ingest",
        "--conf",
        ShopSales.conf(folder.resolve("clean")).toString(),
        "--home",
        into.toString(),
        "--source",
        source.toString());
  }

  static CommandResult retrain(String... arguments) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("retrain", "--conf", conf.toString(), "--home", home.toString()));
    args.addAll(List.of(arguments));
    return CommandResult.inProcess(work, args.toArray(String[]::new));
  }
}
