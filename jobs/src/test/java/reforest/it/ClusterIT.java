package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.util.DoubleComparator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Puller;
import reforest.bundle.Sha256;
import reforest.cli.SharedRunner;
import reforest.gate.Ledger;
import reforest.gate.StoreLedger;
import reforest.home.Home;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.testing.CommandResult;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/**
 * The shaded jar on a standalone cluster of two workers: the same results as in one JVM, also when
 * executors are lost.
 */
@ExtendWith(SparkExtension.class)
class ClusterIT {

  private static final double SAME = 1e-9;

  /** So many retrain on the cluster beside the weekly one. */
  private static final int ON_CLUSTER = 2;

  private static final String FORESTS = "random-forest { trees = [5], depth = [4] }";
  private static final String NO_BOOSTING = "gradient-boosting = null";
  private static final String BOOSTING =
      """
      gradient-boosting {
        enabled = true, iterations = [20, 60], early-stopping = null, depth = [3, 4]
        step-size = [0.2], start = tree, min-instances = [5], features = [all], subsample = [0.8]
      }
      """;

  @TempDir private static Path folder;

  private static Path conf;
  private static Path data;
  private static Found embedded;
  private static Cluster cluster;

  /**
   * What a weekly retrain found, and what it published.
   *
   * @param pmml digest of the document that services then get
   */
  private record Found(RunRecord record, String pmml, Promotion promotion) {

    RunRecord.Candidate winner() {
      return record.candidates().get(record.winner());
    }
  }

  /**
   * How the weekly run ended beside others.
   *
   * @param files what only it may write, as it was then
   */
  private record Week(CommandResult ended, Map<String, String> files) {}

  @BeforeAll
  static void retrainInThisJvm(SparkSession spark) throws IOException {
    conf = ShopSales.conf(folder);
    String text = Files.readString(conf);
    assertThat(text).contains(FORESTS, NO_BOOSTING);
    Files.writeString(
        conf,
        text.replace(FORESTS, FORESTS.replace("[5]", "[5, 10]")).replace(NO_BOOSTING, BOOSTING));
    data = folder.resolve("table");
    ShopSales.rows(spark).repartition(3).write().format("delta").save(data.toString());
    Path home = home("embedded");
    CommandResult.inProcess(SharedRunner.on(spark), weekly(home)).succeeded();
    embedded = found(home);
    // Boosted trees sum in an order of their own, which a forest of a few trees would not tell.
    assertThat(embedded.winner().family()).isEqualTo("gradient-boosting");
    cluster = Cluster.start(folder);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void findsAndPublishesWhatOneJvmFindsWhileOthersTryThings(SparkSession spark) throws Exception {
    Path home = home("cluster");
    CompletableFuture<String> trains = new CompletableFuture<>();
    CompletableFuture<Week> weekly =
        CompletableFuture.supplyAsync(
            () -> {
              Consumer<String> told =
                  line -> {
                    if (line.contains("[3/7] train ...")) {
                      trains.complete(line);
                    }
                  };
              CommandResult ended = cluster.submit(told, weekly(home)).succeeded();
              return new Week(ended, filesOfTheWeek(home));
            });
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Future<CommandResult>> onCluster = new ArrayList<>();
    for (int i = 1; i <= ON_CLUSTER; i++) {
      String seed = "train.seed=" + i;
      onCluster.add(threads.submit(() -> cluster.submit(retrain(home, seed))));
    }
    threads.shutdown();
    CompletableFuture.anyOf(trains, weekly).join();

    CommandResult here =
        CommandResult.inProcess(
            SharedRunner.on(spark), retrain(home, "train.seed=" + (ON_CLUSTER + 1)));

    Week week = weekly.join();
    List<CommandResult> others = new ArrayList<>(List.of(here.succeeded()));
    for (Future<CommandResult> ended : onCluster) {
      others.add(ended.get().succeeded());
    }
    assertThat(filesOfTheWeek(home)).isEqualTo(week.files());
    assertSame(home);
    LocalStore store = new LocalStore(home.resolve("models/shop"));
    List<String> tries = others.stream().map(ClusterIT::run).toList();
    assertThat(store.list("runs"))
        .hasSize(2 + ON_CLUSTER)
        .contains(run(week.ended()))
        .containsAll(tries);
    for (String run : tries) {
      RunRecord tried = new Runs(store).latest(run).orElseThrow();
      assertThat(tried.window().kind()).isEqualTo("development");
      assertThat(tried.gate().attempt()).as("tries it spent").isZero();
      assertThat(tried.promotion()).isNull();
    }
    assertThat(new StoreLedger(store).all())
        .filteredOn(entry -> entry.kind() == Ledger.Kind.TRY)
        .extracting(Ledger.Entry::run)
        .containsExactly(run(week.ended()));

    assertThat(registered(spark, home))
        .hasSize(2 + ON_CLUSTER)
        .contains(run(week.ended()))
        .containsAll(tries);
  }

  /** Ten stages in two runs, so that neither loses more executors than a cluster forgives. */
  static Stream<List<String>> stages() {
    return Stream.of(
        List.of(
            "[1/7] snapshot ...",
            "[3/7] train ...",
            "BinnedTrainer: fitted 1 of",
            "[5/7] evaluate ...",
            "[7/7] record ..."),
        List.of(
            "[2/7] check ...",
            "fold 1/2 candidate 1/",
            "fold 2/2 candidate 1/",
            "[4/7] export ...",
            "[6/7] publish ..."));
  }

  @ParameterizedTest
  @MethodSource("stages")
  void losesExecutorsAndNothingElse(List<String> stages, SparkSession spark) {
    Path home = home("bereft" + stages.get(0).charAt(1));

    Cluster.Bereft bereft = cluster.bereave(stages, weekly(home));

    CommandResult ended = bereft.ended().succeeded();
    assertThat(bereft.killed()).as("one at each of %s", stages).hasSameSizeAs(stages);
    assertThat(bereft.missed()).as("what the driver noticed").containsAll(bereft.killed());
    for (String executor : bereft.killed()) {
      assertThat(ended.err())
          .containsPattern("/" + executor + " is now EXITED \\(Command exited with code 137\\)");
    }
    assertSame(home);
    assertThat(registered(spark, home)).containsExactly(found(home).record().run());
  }

  @Test
  void theJarIsAboutTwentyMegabytes() throws IOException {
    assertThat(Files.size(Cluster.JAR)).isBetween(10_000_000L, 25_000_000L);
  }

  private static void assertSame(Path home) {
    Found found = found(home);
    RunRecord record = found.record();
    RunRecord expected = embedded.record();
    assertThat(record.provenance().versions()).isEqualTo(expected.provenance().versions());
    assertThat(record.window()).isEqualTo(expected.window());
    assertThat(record.verdict()).isEqualTo(expected.verdict());
    assertThat(record.engine()).isEqualTo("binned");
    assertThat(record.candidates())
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*seconds")
        .withComparatorForType(new DoubleComparator(SAME), Double.class)
        .isEqualTo(expected.candidates());
    assertThat(found.winner().parameters()).isEqualTo(embedded.winner().parameters());
    assertThat(record.metrics())
        .isNotEmpty()
        .usingRecursiveComparison()
        .withComparatorForType(new DoubleComparator(SAME), Double.class)
        .isEqualTo(expected.metrics());
    assertThat(found.pmml()).isEqualTo(embedded.pmml());
    assertThat(found.promotion().run()).isEqualTo(record.run());
  }

  /** A home of its own that begins with the same table. */
  private static Path home(String name) {
    Path home = folder.resolve(name);
    Path table = home.resolve("data/shop/table");
    try {
      for (Path file : filesBelow(data)) {
        Path copy = table.resolve(data.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return home;
  }

  private static List<Path> filesBelow(Path top) {
    try (Stream<Path> files = Files.walk(top)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(Path file) {
    try {
      return Sha256.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String run(CommandResult ended) {
    return ended.result().path("run").textValue();
  }

  private static String[] retrain(Path home, String... more) {
    String[] args = {"retrain", "--conf", conf.toString(), "--home", home.toString()};
    return Stream.concat(Arrays.stream(args), Arrays.stream(more)).toArray(String[]::new);
  }

  private static String[] weekly(Path home) {
    return retrain(home, "--publish");
  }

  /** What lies in a home with one weekly run; all that is published is read back and verified. */
  private static Found found(Path home) {
    LocalStore store = new LocalStore(home.resolve("models/shop"));
    List<RunRecord> records =
        new Runs(store).all().stream().filter(run -> run.kind().equals("publish")).toList();
    assertThat(records).hasSize(1);
    List<Promotion> promotions = new PromotionLog(store).all();
    assertThat(promotions).hasSize(1);
    String bundle = promotions.get(0).bundle();
    assertThat(bundle).isEqualTo(records.get(0).challenger());
    assertThat(store.list("bundles")).containsExactly(bundle);
    Bundle.read(store, Home.bundle(bundle));
    Path served = new Puller(store, home.resolve("served")).pull().folder();
    return new Found(records.get(0), digest(served.resolve(Bundle.MODEL)), promotions.get(0));
  }

  /** Digests of what only the weekly run may write, and of the rows that all read. */
  private static Map<String, String> filesOfTheWeek(Path home) {
    String weekly = found(home).record().run();
    Map<String, String> digests = new TreeMap<>();
    for (String top :
        List.of(
            "data",
            "models/shop/promotions",
            "models/shop/bundles",
            "models/shop/ledger",
            "models/shop/runs/" + weekly)) {
      for (Path file : filesBelow(home.resolve(top))) {
        digests.put(home.relativize(file).toString(), digest(file));
      }
    }
    return digests;
  }

  private static List<String> registered(SparkSession spark, Path home) {
    return spark
        .read()
        .format("delta")
        .load(home.resolve("registry/runs").toString())
        .select("run")
        .as(Encoders.STRING())
        .collectAsList();
  }
}
