package reforest.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Store;
import reforest.home.CommitRace;
import reforest.home.HadoopStore;
import reforest.s3server.S3Server;

/** The second jar against a real server that speaks S3. */
class S3StoreIT {

  @TempDir private static java.nio.file.Path folder;
  private static S3Server server;

  @BeforeAll
  static void startTheServer() {
    server = S3Server.start(folder);
  }

  @AfterAll
  static void stopTheServer() {
    server.close();
  }

  @Test
  void losesNoCommitOfWritersThatKnowNothingOfEachOther() throws Exception {
    CommitRace.run(new Path("s3a://forest/table/_delta_log"), hadoop(), 4, 8);
  }

  @Test
  void createsAFileOnceHoweverManyTry() throws Exception {
    Store store = HadoopStore.open(URI.create("s3a://forest/store"), hadoop());
    int writers = 8;
    CyclicBarrier barrier = new CyclicBarrier(writers);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<Boolean>> answers = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      byte[] content = ("writer " + i).getBytes(UTF_8);
      answers.add(
          threads.submit(
              () -> {
                barrier.await();
                return store.createIfAbsent("promotions/00000000000000000001.json", content);
              }));
    }
    List<Integer> winners = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      if (answers.get(i).get()) {
        winners.add(i);
      }
    }
    threads.shutdown();

    assertThat(winners).hasSize(1);
    assertThat(store.read("promotions/00000000000000000001.json"))
        .hasValue(("writer " + winners.get(0)).getBytes(UTF_8));
    assertThat(store.read("promotions/00000000000000000002.json")).isEmpty();
    assertThat(store.list("promotions")).containsExactly("00000000000000000001.json");
    assertThat(store.list("nothing")).isEmpty();
  }

  /** Nothing else here keeps its clients, and one for each commit would take long. */
  private static Configuration hadoop() {
    Configuration hadoop = S3Here.hadoop(server);
    hadoop.setBoolean("fs.s3a.impl.disable.cache", false);
    return hadoop;
  }
}
