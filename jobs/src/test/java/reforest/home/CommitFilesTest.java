package reforest.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.storage.CloseableIterator;
import io.delta.storage.LogStore;
import io.delta.tables.DeltaTable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.storage.DelegatingLogStore;
import org.apache.spark.sql.delta.storage.LogStoreAdaptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.ReforestException;
import reforest.it.FarFileSystem;
import reforest.testing.SparkExtension;

class CommitFilesTest {

  @TempDir java.nio.file.Path folder;

  @Test
  void losesNoCommitOfWritersThatKnowNothingOfEachOther() throws Exception {
    CommitRace.run(path("_delta_log"), new Configuration(), 8, 25);
  }

  @Test
  void overwritesWhatMayBeOverwritten() throws IOException {
    Configuration hadoop = new Configuration();
    LogStore store = new CommitFiles(hadoop);
    Path pointer = path("_delta_log/_last_checkpoint");
    store.write(pointer, List.of("one").iterator(), false, hadoop);

    store.write(pointer, List.of("two", "lines").iterator(), true, hadoop);

    try (CloseableIterator<String> lines = store.read(pointer, hadoop)) {
      assertThat(lines).toIterable().containsExactly("two", "lines");
    }
    assertThat(store.isPartialWriteVisible(pointer, hadoop)).isTrue();
  }

  /** Other programs have that name in their settings. */
  @Test
  void theNameOfEarlierReleasesWritesAlike() throws IOException {
    Configuration hadoop = new Configuration();
    LogStore store = new reforest.publish.CommitFiles(hadoop);
    Path commit = path("_delta_log/0.json");
    Files.createDirectory(folder.resolve("_delta_log"));
    store.write(commit, List.of("one").iterator(), false, hadoop);

    assertThatThrownBy(() -> store.write(commit, List.of("two").iterator(), false, hadoop))
        .isInstanceOf(FileAlreadyExistsException.class);
    store.write(commit, List.of("three").iterator(), true, hadoop);

    assertThat(folder.resolve("_delta_log/0.json")).hasContent("three");
    assertThat(store.isPartialWriteVisible(commit, hadoop)).isTrue();
    assertThat(store.isPartialWriteVisible(new Path("s3a://bucket/0.json"), hadoop)).isFalse();
  }

  @Test
  void leavesHdfsToDelta() throws IOException {
    Configuration hadoop = FarFileSystem.in(new Configuration());
    LogStore store = new CommitFiles(hadoop);
    Files.createDirectory(folder.resolve("_delta_log"));
    Path commit = new Path(URI.create(FarFileSystem.home(folder.resolve("_delta_log/0.json"))));
    store.write(commit, List.of("one").iterator(), false, hadoop);

    assertThatThrownBy(() -> store.write(commit, List.of("two").iterator(), false, hadoop))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(folder.resolve("_delta_log/0.json")).hasContent("one");
  }

  @Test
  void saysWhatStandsInTheWay() throws IOException {
    Files.createFile(folder.resolve("_delta_log"));
    Configuration hadoop = new Configuration();
    LogStore store = new CommitFiles(hadoop);

    assertThatThrownBy(
            () -> store.write(path("_delta_log/0.json"), List.of("one").iterator(), false, hadoop))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot create ")
        .hasCauseInstanceOf(ReforestException.class);
  }

  @Test
  @ExtendWith(SparkExtension.class)
  void keepsEveryAppendOfTwoAtOnce(SparkSession spark) throws Exception {
    String table = folder.resolve("table").toString();
    spark.range(1).write().format("delta").save(table);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Future<?>> running = new ArrayList<>();
    for (int writer = 0; writer < 2; writer++) {
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 4; i++) {
                  spark.range(1).write().format("delta").mode("append").save(table);
                }
              }));
    }
    for (Future<?> one : running) {
      one.get();
    }
    threads.shutdown();

    assertThat(spark.read().format("delta").load(table).count()).isEqualTo(9);
    assertThat(DeltaTable.forPath(spark, table).history().count()).isEqualTo(9);
    LogStoreAdaptor used =
        (LogStoreAdaptor)
            ((DelegatingLogStore) DeltaLog.forTable(spark, table).store())
                .getDelegate(path("table/_delta_log"));
    assertThat(used.logStoreImpl()).isInstanceOf(CommitFiles.class);
  }

  private Path path(String name) {
    return new Path(folder.resolve(name).toUri());
  }
}
