package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
import org.junit.jupiter.params.provider.ValueSource;
import reforest.SparkExtension;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Puller;
import reforest.bundle.Sha256;
import reforest.cli.SharedWork;
import reforest.gate.Ledger;
import reforest.gate.StoreLedger;
import reforest.publish.Publish;
import reforest.registry.RunRecord;
import reforest.registry.Runs;

/**
 * The shaded jar on a standalone cluster of two workers: the same results as in one JVM, also when
 * executors are lost.
 */
@ExtendWith(SparkExtension.class)
class ClusterIT {

  private static final double SAME = 1e-9;

  @TempDir private static Path folder;
  private static Cluster cluster;
  private static Path data;
  private static Found embedded;

  /**
   * What a retrain found, and what it published.
   *
   * @param pmml digest of the document
   */
  private record Found(RunRecord record, String pmml, List<Promotion> promotions) {}

  @BeforeAll
  static void retrainInThisJvm(SparkSession spark) throws IOException {
    cluster = Cluster.start(folder);
    Shop.conf(folder);
    data = folder.resolve("table");
    Shop.rows(spark).repartition(3).write().format("delta").save(data.toString());
    Path home = home("embedded");
    Ended.inProcess(SharedWork.on(spark), retrain(home)).succeeded();
    embedded = found(home);
    assertThat(embedded.promotions()).hasSize(1);
    // Boosted trees sum in an order of their own, which a forest of a few trees would not tell.
    assertThat(winner(embedded).family()).isEqualTo("gradient-boosting");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void findsAndPublishesWhatOneJvmFindsWhileOthersTryThings(SparkSession spark) throws Exception {
    Path home = home("cluster");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<Ended>> tries = new ArrayList<>();
    for (String seed : List.of("train.seed=1", "train.seed=2")) {
      List<String> args = new ArrayList<>(List.of(retrain(home)));
      args.remove("--publish");
      args.add(seed);
      tries.add(threads.submit(() -> cluster.submit(Cluster.small(), args.toArray(String[]::new))));
    }
    threads.shutdown();

    cluster.submit(Cluster.small(), retrain(home)).succeeded();

    Set<String> runs = new HashSet<>();
    for (Future<Ended> done : tries) {
      runs.add(done.get().succeeded().result().path("run").textValue());
    }
    assertSame(home);
    LocalStore store = new LocalStore(home.resolve("models/shop"));
    assertThat(runs).hasSize(2);
    for (String run : runs) {
      RunRecord tried = new Runs(store).latest(run).orElseThrow();
      assertThat(tried.verdict()).as("it would have won").isEqualTo("PROMOTE");
      assertThat(tried.window().kind()).isEqualTo("development");
      assertThat(tried.promotion()).isNull();
    }
    assertThat(new StoreLedger(store).all())
        .extracting(Ledger.Entry::run)
        .containsExactly(found(home).record().run());
    assertThat(registered(spark, home)).containsAll(runs).hasSize(3);
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

  /**
   * Each run loses an executor at each of its stages, one after the other on alternate workers; ten
   * stages in three runs, so that no job loses more than a cluster forgives.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1/7] snapshot ...|fold 1/2 candidate 1/|[4/7] export ...|[7/7] record ...",
        "[2/7] check ...|fold 2/2 candidate 1/|[5/7] evaluate ...",
        "[3/7] train ...|BinnedTrainer: fitted 1 of|[6/7] publish ..."
      })
  void losesExecutorsAndNothingElse(String stages) throws IOException {
    List<String> left = new ArrayList<>(List.of(stages.split("\\|")));
    int kills = left.size();
    Path home = home("loses" + left.get(0).charAt(1));

    Ended ended =
        cluster.watched(
            Cluster.small(),
            (line, driver) -> {
              if (!left.isEmpty() && line.contains(left.get(0))) {
                left.remove(0);
                List<ProcessHandle> executors = cluster.executors();
                assertThat(executors).as("at " + line).isNotEmpty();
                executors.get(left.size() % executors.size()).destroyForcibly();
              }
            },
            retrain(home));

    assertThat(left).as("stages that were not reached").isEmpty();
    assertThat(ended.err().lines().filter(line -> line.contains("is now EXITED")))
        .as("losses that the driver was told of while it ran")
        .hasSize(kills)
        .allMatch(line -> line.contains("exited with code 137"));
    ended.succeeded();
    assertSame(home);
  }

  private static void assertSame(Path home) throws IOException {
    Found found = found(home);
    RunRecord record = found.record();
    assertThat(record.verdict()).isEqualTo(embedded.record().verdict());
    assertThat(record.engine()).isEqualTo("binned");
    assertThat(record.candidates())
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*seconds")
        .withComparatorForType(new DoubleComparator(SAME), Double.class)
        .isEqualTo(embedded.record().candidates());
    assertThat(winner(found).parameters()).isEqualTo(winner(embedded).parameters());
    assertThat(record.metrics())
        .usingRecursiveComparison()
        .withComparatorForType(new DoubleComparator(SAME), Double.class)
        .isEqualTo(embedded.record().metrics());
    assertThat(found.pmml()).isEqualTo(embedded.pmml());
    assertThat(found.promotions()).hasSize(1);
    assertThat(found.promotions().get(0).run()).isEqualTo(record.run());
  }

  private static RunRecord.Candidate winner(Found found) {
    return found.record().candidates().get(found.record().winner());
  }

  /** A home of its own that begins with the same table. */
  private static Path home(String name) throws IOException {
    Path home = folder.resolve(name);
    Path table = home.resolve("data/shop/table");
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        Path copy = table.resolve(data.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    return home;
  }

  private static String[] retrain(Path home) {
    return new String[] {
      "retrain",
      "--publish",
      "--conf",
      folder.resolve("shop.conf").toString(),
      "--home",
      home.toString(),
      "train.random-forest.trees=[5, 10]",
      "train.gradient-boosting={enabled=true, iterations=[20, 60], depth=[3, 4], step-size=[0.2],"
          + " min-instances=[5], features=[all], subsample=[0.8]}"
    };
  }

  /** What lies in a home with one weekly run; all that is published is read back and verified. */
  private static Found found(Path home) throws IOException {
    LocalStore store = new LocalStore(home.resolve("models/shop"));
    List<RunRecord> records =
        new Runs(store).all().stream().filter(run -> run.kind().equals("publish")).toList();
    assertThat(records).hasSize(1);
    RunRecord record = records.get(0);
    List<Promotion> promotions = new PromotionLog(store).all();
    assertThat(store.list("bundles")).hasSameSizeAs(promotions);
    for (Promotion promotion : promotions) {
      assertThat(promotion.bundle()).isEqualTo(record.challenger());
      Bundle.read(store, Publish.folder(promotion.bundle()));
    }
    Optional<Path> served =
        promotions.isEmpty()
            ? Optional.empty()
            : Optional.of(new Puller(store, home.resolve("served")).pull().folder());
    byte[] pmml =
        Files.readAllBytes(
            served
                .orElse(home.resolve("models/shop").resolve(record.bundle()))
                .resolve(Bundle.MODEL));
    return new Found(record, Sha256.of(pmml), promotions);
  }
}
