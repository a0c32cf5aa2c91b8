package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.Sha256;
import reforest.bundle.Store;
import reforest.cli.JobRunner;
import reforest.cli.SharedRunner;
import reforest.gate.Ledger;
import reforest.gate.StoreLedger;
import reforest.job.PreparedJobs;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.testing.CommandResult;
import reforest.testing.InterleavedThreads;
import reforest.testing.OneModelHome;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/**
 * Ad hoc runs beside the weekly one, on a home where each of them would beat the champion.
 *
 * <p>A round is one home on which all runs start together and take turns: only one goes on at a
 * time, and each passes before it reads or creates a file of the model's store or lists a folder
 * there. Seeds draw the order, so a round that fails fails again.
 *
 * <p>What is counted as an interleaving is a whole round of four or five runs, and no two rounds
 * have the same order. In the hundred, the commands' own code runs from the command line to the
 * files, but what Spark computes for it is computed once and told again, and the registry's tables
 * are left out. In one more round nothing is left out; there, turns do not change while one writes
 * to the registry's tables, which Delta itself guards.
 */
@ExtendWith(SparkExtension.class)
class InterleavingIT {

  private static final int ROUNDS = 100;

  private static final String NEXT_PROMOTION = "promotions/00000000000000000002.json";

  private static final String[] FEEBLE = {
    "--publish", "train.random-forest.depth=[1]", "train.random-forest.trees=[1]"
  };

  private static final List<String> WEEKLY = List.of("--publish");

  /** The same run twice and another one. */
  private static final List<List<String>> AD_HOC =
      List.of(List.of("train.seed=1"), List.of("train.seed=1"), List.of("train.seed=2"));

  @TempDir private static Path folder;
  private static OneModelHome template;
  private static Promotion feeble;

  /**
   * What ran in a round.
   *
   * @param before what lay in the store when it began; digest by path
   * @param promoted each content that the next promotion's file has had at the end of a turn
   * @param order who went on after whom
   */
  private record Round(
      OneModelHome desk,
      Map<String, String> before,
      List<CommandResult> weekly,
      List<CommandResult> adHoc,
      Set<String> promoted,
      String order) {

    List<CommandResult> all() {
      return Stream.concat(weekly.stream(), adHoc.stream()).toList();
    }
  }

  /** It was judged on the two weeks before the newest ones, of which nobody has seen a row. */
  @BeforeAll
  static void publishAFeebleChampion(SparkSession spark) throws IOException {
    template = ShopSales.desk(spark, Files.createDirectory(folder.resolve("template")));
    String table = tableOf(template).toString();
    ShopSales.rows(spark).where("at < '2024-03-17'").write().format("delta").save(table);
    JsonNode first = template.run("retrain", FEEBLE).succeeded().result();
    assertThat(first.path("verdict").textValue()).isEqualTo("PROMOTE");
    feeble = new PromotionLog(template.store()).champion().orElseThrow();
    ShopSales.rows(spark)
        .where("at >= '2024-03-17'")
        .write()
        .format("delta")
        .mode("append")
        .save(table);
  }

  @BeforeEach
  void knowTheScheme(SparkSession spark) {
    FarFileSystem.in(spark.sparkContext().hadoopConfiguration());
  }

  @AfterEach
  void forgetTheScheme(SparkSession spark) {
    FarFileSystem.unwatch();
    FarFileSystem.out(spark.sparkContext().hadoopConfiguration());
  }

  @Test
  void onlyTheWeeklyRunPromotesInAHundredInterleavings(SparkSession spark) throws Exception {
    PreparedJobs prepared = new PreparedJobs(spark, tableOf(template));
    Set<String> orders = new HashSet<>();
    for (int number = 0; number < ROUNDS; number++) {
      List<PreparedJobs.Seen> seen = new ArrayList<>();
      Function<Integer, Supplier<JobRunner>> work = actor -> prepared.of(seen.get(actor));
      List<List<String>> weekly = weekly(number);
      for (int i = 0; i < weekly.size() + AD_HOC.size(); i++) {
        seen.add(new PreparedJobs.Seen());
      }

      Round round = play("round" + number, number, weekly, work);

      assertThat(orders.add(round.order())).as("an order of its own").isTrue();
      assertOnlyTheWeeklyRunPromoted(round);
      for (int i = 0; i < seen.size(); i++) {
        boolean isWeekly = i < weekly.size();
        // One that repeats its twin's verdict uses no rows.
        assertThat(seen.get(i).windows()).isSubsetOf(isWeekly ? "protected" : "development");
        CommandResult ended = round.all().get(i);
        if (ended.exitCode() == 0) {
          assertThat(seen.get(i).runs())
              .extracting(RunRecord::run)
              .containsExactly(ended.result().path("run").textValue());
        }
      }
    }
  }

  @Test
  void theRegistryTellsOfAllRunsAndOfOnePromotion(SparkSession spark) throws Exception {
    Round round = play("onSpark", ROUNDS, List.of(WEEKLY), actor -> SharedRunner.on(spark));

    assertOnlyTheWeeklyRunPromoted(round);
    assertThat(rows(round, "runs"))
        .extracting(row -> row.getAs("run") + " " + row.getAs("attempt"))
        .containsExactlyInAnyOrderElementsOf(attempts(round.desk()));
    assertThat(rows(round, "promotions"))
        .extracting(row -> row.<String>getAs("run"))
        .containsExactlyInAnyOrder(feeble.run(), runOf(round.weekly().get(0)));
    assertThat(rows(round, "metrics"))
        .extracting(row -> row.getAs("run") + " " + row.getAs("attempt"))
        .hasSameElementsAs(attempts(round.desk()));
  }

  /** Mostly one; sometimes the same once more, as after a lost driver, or a rival. */
  private static List<List<String>> weekly(int round) {
    return switch (round % 5) {
      case 3 -> List.of(WEEKLY, WEEKLY);
      case 4 -> List.of(WEEKLY, List.of("--publish", "train.seed=3", "gate.attempts=0"));
      default -> List.of(WEEKLY);
    };
  }

  private Round play(
      String name, int seed, List<List<String>> weekly, Function<Integer, Supplier<JobRunner>> work)
      throws Exception {
    OneModelHome desk =
        new OneModelHome(template.spark(), template.model(), template.conf(), folder.resolve(name));
    copy(template.home(), desk.home(), work.apply(0).get() instanceof SharedRunner);
    Path models = desk.home().resolve("models");
    Map<String, String> before = files(models);
    List<Supplier<CommandResult>> actors = new ArrayList<>();
    for (List<String> settings : Stream.concat(weekly.stream(), AD_HOC.stream()).toList()) {
      List<String> args = new ArrayList<>(List.of("retrain"));
      args.addAll(List.of("--conf", desk.conf().toString()));
      args.addAll(List.of("--home", FarFileSystem.home(desk.home())));
      args.addAll(List.of(FarFileSystem.options()));
      args.addAll(settings);
      int actor = actors.size();
      actors.add(() -> CommandResult.inProcess(work.apply(actor), args.toArray(String[]::new)));
    }
    InterleavedThreads turns = new InterleavedThreads(new Random(seed));
    Path next = models.resolve(desk.model()).resolve(NEXT_PROMOTION);
    Set<String> promoted = new HashSet<>();
    FarFileSystem.watch(
        file -> {
          if (file.startsWith(models)) {
            contentOf(next).ifPresent(promoted::add);
            turns.pass(models.relativize(file).toString());
          }
        });
    List<CommandResult> ends = turns.take(actors);
    FarFileSystem.unwatch();
    contentOf(next).ifPresent(promoted::add);
    int ofWeekly = weekly.size();
    return new Round(
        desk,
        before,
        ends.subList(0, ofWeekly),
        ends.subList(ofWeekly, ends.size()),
        promoted,
        turns.order());
  }

  private static Optional<String> contentOf(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertOnlyTheWeeklyRunPromoted(Round round) throws IOException {
    OneModelHome desk = round.desk();
    Store store = desk.store();
    String bundle = assertOnePromotion(round, new PromotionLog(store).all());

    assertThat(runsOf(round.adHoc())).hasSize(AD_HOC.size() - 1);
    for (CommandResult ended : round.adHoc()) {
      RunRecord record = desk.record(ended.succeeded().result());
      assertThat(record.kind()).isEqualTo("develop");
      assertThat(record.window().kind()).isEqualTo("development");
      assertThat(record.promotion()).isNull();
      // The next champion has been trained on the development window and is not compared there.
      assertThat(record.verdict())
          .isEqualTo(feeble.bundle().equals(record.champion()) ? "PROMOTE" : "INCONCLUSIVE");
    }

    Map<String, String> after = files(desk.home().resolve("models"));
    assertThat(after).as("what was there has not changed").containsAllEntriesOf(round.before());
    after.keySet().removeAll(round.before().keySet());
    Set<String> weekly = new HashSet<>();
    Set<String> ofAttempts = new HashSet<>();
    for (RunRecord record : new Runs(store).all()) {
      if (record.kind().equals("publish")) {
        weekly.add(record.run());
      }
    }
    Set<String> runs = new HashSet<>(runsOf(round.adHoc()));
    runs.addAll(weekly);
    for (String file : after.keySet()) {
      Path path = Path.of(file);
      switch (path.getName(1).toString()) {
        case "promotions" -> assertThat(file).endsWith("/" + NEXT_PROMOTION);
        case "bundles" -> assertThat(bundles(desk, weekly)).contains(path.getName(2).toString());
        case "ledger" -> {
          JsonNode entry = CommandResult.json(desk.home().resolve("models").resolve(path));
          boolean isTry = entry.path("kind").textValue().equals("try");
          assertThat(isTry ? weekly : runsOf(round.adHoc()))
              .as(file)
              .contains(entry.path("run").textValue());
        }
        case "runs" -> {
          assertThat(runs).as(file).contains(path.getName(2).toString());
          ofAttempts.add(path.subpath(4, path.getNameCount()).toString());
          assertOwn(desk, path);
        }
        default -> throw new AssertionError(file);
      }
    }
    assertThat(ofAttempts)
        .containsExactlyInAnyOrder(
            "claim",
            "bundle/model.pmml",
            "bundle/background.json",
            "bundle/manifest.json",
            "report.html",
            "run.json");
    assertThat(Bundle.read(store, "bundles/" + bundle).digest()).isEqualTo(bundle);
    if (round.weekly().size() == 1) {
      // An ad hoc run that had been counted would have taken from the weekly one's chances.
      assertThat(new StoreLedger(store).all())
          .filteredOn(entry -> entry.kind() == Ledger.Kind.TRY)
          .hasSize(2);
      assertThat(desk.record(round.weekly().get(0).result()).gate().attempt()).isEqualTo(1);
    }
  }

  /** Returns the digest of the bundle that has become the champion. */
  private static String assertOnePromotion(Round round, List<Promotion> promotions) {
    assertThat(promotions).extracting(Promotion::sequence).containsExactly(1L, 2L);
    assertThat(round.promoted()).as("it has stood as it was first written").hasSize(1);
    Promotion promotion = promotions.get(1);
    assertThat(promotion.action()).isEqualTo(Promotion.Action.PROMOTE);
    Set<String> promoted = new HashSet<>();
    for (CommandResult ended : round.weekly()) {
      if (ended.exitCode() == 0) {
        RunRecord record = round.desk().record(ended.succeeded().result());
        assertThat(record.kind()).isEqualTo("publish");
        assertThat(record.promotion()).isEqualTo(won(record) ? 2L : null);
        if (won(record)) {
          assertThat(promotion.bundle()).isEqualTo(record.challenger());
          promoted.add(record.run());
        }
      } else {
        ended
            .failed(ReforestException.Kind.RACE.exitCode(), "another promotion came first")
            .hinting("run the same command again: it goes on with the trained bundle");
      }
    }
    assertThat(promoted).containsExactly(promotion.run());
    return promotion.bundle();
  }

  private static boolean won(RunRecord record) {
    return record.verdict().equals("PROMOTE");
  }

  /** The bundles that these runs have staged. */
  private static Set<String> bundles(OneModelHome desk, Set<String> runs) {
    Set<String> bundles = new HashSet<>();
    for (String run : runs) {
      new Runs(desk.store()).of(run).forEach(record -> bundles.add(record.challenger()));
    }
    return bundles;
  }

  /** What tells whose it is must tell of the run in whose folder it lies. */
  private static void assertOwn(OneModelHome desk, Path path) {
    Path file = desk.home().resolve("models").resolve(path);
    String run = path.getName(2).toString();
    if (path.endsWith("run.json")) {
      assertThat(CommandResult.json(file).path("run").textValue()).isEqualTo(run);
      assertThat(CommandResult.json(file).path("attempt").asText())
          .isEqualTo(path.getName(3).toString());
    } else if (path.endsWith(Bundle.MANIFEST)) {
      assertThat(CommandResult.json(file).at("/provenance/run").textValue()).isEqualTo(run);
    }
  }

  private static List<Row> rows(Round round, String table) {
    return round
        .desk()
        .spark()
        .read()
        .format("delta")
        .load(round.desk().home().resolve("registry/" + table).toString())
        .collectAsList();
  }

  private static List<String> attempts(OneModelHome desk) {
    return new Runs(desk.store())
        .all().stream().map(record -> record.run() + " " + record.attempt()).toList();
  }

  private static String runOf(CommandResult ended) {
    return ended.succeeded().result().path("run").textValue();
  }

  private static Set<String> runsOf(List<CommandResult> ends) {
    Set<String> runs = new HashSet<>();
    ends.forEach(ended -> runs.add(runOf(ended)));
    return runs;
  }

  private static URI tableOf(OneModelHome desk) {
    return desk.home().resolve("data").resolve(desk.model()).resolve("table").toUri();
  }

  /** The store of the models alone, or the whole home. */
  private static void copy(Path from, Path to, boolean whole) throws IOException {
    Path root = whole ? from : from.resolve("models");
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  /** Digest by path. */
  private static Map<String, String> files(Path root) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        digests.put(
            root.relativize(file).toString().replace('\\', '/'),
            Sha256.of(Files.readAllBytes(file)));
      }
    }
    return digests;
  }
}
