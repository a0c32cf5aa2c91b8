package reforest.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Store;
import reforest.cli.SharedRunner;
import reforest.home.CommitRace;
import reforest.home.HadoopStore;
import reforest.testing.CommandResult;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/** Models, data and Delta's commits on a real HDFS. */
@ExtendWith(SparkExtension.class)
class HdfsIT {

  @TempDir private static java.nio.file.Path folder;
  private static HdfsServer server;

  @BeforeAll
  static void startTheServer() throws Exception {
    server = HdfsServer.start(folder);
  }

  @AfterAll
  static void stopTheServer() {
    server.close();
  }

  @Test
  void aModelIsTrainedPublishedAndPulledThere(SparkSession spark) throws Exception {
    String home = server.root().resolve("/models").toString();
    String conf = ShopSales.conf(folder).toString();
    String source =
        ShopSales.csv(ShopSales.rows(spark), folder.resolve("shop.csv")).toUri().toString();
    String result = server.root().resolve("/results/shop.json").toString();

    run(spark, "ingest", "--conf", conf, "--home", home, "--source", source);
    JsonNode published =
        run(spark, "retrain", "--publish", "--conf", conf, "--home", home, "--result", result);
    JsonNode again = run(spark, "retrain", "--publish", "--conf", conf, "--home", home);

    assertThat(published.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertThat(again.path("recorded").booleanValue()).isTrue();
    assertThat(again.path("bundle")).isEqualTo(published.path("bundle"));
    assertThat(
            HadoopStore.open(server.root().resolve("/results"), new Configuration())
                .read("shop.json"))
        .hasValueSatisfying(json -> assertThat(new String(json, UTF_8)).contains("PROMOTE"));
    java.nio.file.Path served = folder.resolve("served");
    run(spark, "pull", "shop", served.toString(), "--home", home);
    try (var names = Files.walk(served)) {
      assertThat(names.map(name -> name.getFileName().toString())).contains("model.pmml");
    }
  }

  @Test
  void createsAFileOnceHoweverManyTry() throws Exception {
    Store store = HadoopStore.open(server.root().resolve("/store"), new Configuration());
    int writers = 8;
    CyclicBarrier barrier = new CyclicBarrier(writers);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    for (int round = 0; round < 25; round++) {
      String file = "promotions/" + round + ".json";
      Map<Integer, Future<Boolean>> answers = new TreeMap<>();
      for (int i = 0; i < writers; i++) {
        byte[] content = ("writer " + i).getBytes(UTF_8);
        answers.put(
            i,
            threads.submit(
                () -> {
                  barrier.await();
                  return store.createIfAbsent(file, content);
                }));
      }
      List<Integer> winners = new ArrayList<>();
      for (Map.Entry<Integer, Future<Boolean>> answer : answers.entrySet()) {
        if (answer.getValue().get()) {
          winners.add(answer.getKey());
        }
      }
      assertThat(winners).hasSize(1);
      assertThat(store.read(file)).hasValue(("writer " + winners.get(0)).getBytes(UTF_8));
    }
    threads.shutdown();
    assertThat(store.listAll("promotions")).hasSize(25);
  }

  @Test
  void losesNoCommitOfWritersThatKnowNothingOfEachOther() throws Exception {
    Path log = new Path(server.root().resolve("/table/_delta_log"));
    // As Delta does before its first commit.
    HadoopStore.files(server.root(), new Configuration()).mkdirs(log);
    CommitRace.run(log, new Configuration(), 4, 8);
  }

  private static JsonNode run(SparkSession spark, String... args) {
    return CommandResult.inProcess(SharedRunner.on(spark), args).succeeded().result();
  }
}
