package reforest.home;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.storage.CloseableIterator;
import io.delta.storage.LogStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
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

/** Writers of one Delta log that know nothing of each other, as in processes of their own. */
public final class CommitRace {

  private CommitRace() {}

  /** Lets each writer commit some versions, and checks that none is lost and none is double. */
  public static void run(Path log, Configuration hadoop, int writers, int commits)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    CyclicBarrier start = new CyclicBarrier(writers);
    List<Future<Map<Integer, String>>> running = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      String writer = "writer " + i;
      running.add(
          threads.submit(
              () -> {
                start.await();
                return commit(log, hadoop, writer, commits);
              }));
    }
    Map<Integer, String> committed = new TreeMap<>();
    for (Future<Map<Integer, String>> one : running) {
      one.get().forEach((version, line) -> assertThat(committed.put(version, line)).isNull());
    }
    threads.shutdown();

    assertThat(committed).hasSize(writers * commits).containsKey(writers * commits - 1);
    LogStore reader = new CommitFiles(hadoop);
    for (Map.Entry<Integer, String> one : committed.entrySet()) {
      try (CloseableIterator<String> lines = reader.read(file(log, one.getKey()), hadoop)) {
        assertThat(lines.next()).isEqualTo(one.getValue());
        assertThat(lines.hasNext()).isFalse();
      }
    }
  }

  private static Map<Integer, String> commit(
      Path log, Configuration hadoop, String writer, int commits) throws IOException {
    LogStore store = new CommitFiles(hadoop);
    Map<Integer, String> committed = new TreeMap<>();
    for (int version = 0; committed.size() < commits; version++) {
      String line = writer + " wrote version " + version;
      try {
        store.write(file(log, version), List.of(line).iterator(), false, hadoop);
        committed.put(version, line);
      } catch (FileAlreadyExistsException e) {
        assertThat(e).hasMessageContaining(file(log, version).getName());
      }
    }
    return committed;
  }

  private static Path file(Path log, int version) {
    return new Path(log, String.format(java.util.Locale.ROOT, "%020d.json", version));
  }
}
