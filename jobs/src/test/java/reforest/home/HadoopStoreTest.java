package reforest.home;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.LocalStore;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.it.FarFileSystem;

class HadoopStoreTest {

  @TempDir private Path folder;

  /** Local files in the place of HDFS; Hadoop's own local files do not rename in one step. */
  private Store store() {
    return HadoopStore.open(
        URI.create(FarFileSystem.home(folder)), FarFileSystem.in(new Configuration()));
  }

  @Test
  void localFilesGetTheStoreWithHardLinks() {
    assertThat(HadoopStore.open(folder.toUri(), new Configuration()))
        .isInstanceOf(LocalStore.class);
  }

  @Test
  void aFileIsCreatedOnce() {
    Store store = store();

    assertThat(store.createIfAbsent("a/b.json", "one".getBytes(UTF_8))).isTrue();
    assertThat(store.createIfAbsent("a/b.json", "two".getBytes(UTF_8))).isFalse();

    assertThat(store.read("a/b.json")).hasValue("one".getBytes(UTF_8));
  }

  @Test
  void theSameContentCountsAsCreatedByThisCall() {
    Store store = store();
    store.createIfAbsent("a.json", "one".getBytes(UTF_8));

    assertThat(store.createIfAbsent("a.json", "one".getBytes(UTF_8))).isTrue();
  }

  @Test
  void absentFilesAndFoldersAreEmpty() {
    assertThat(store().read("none.json")).isEmpty();
    assertThat(store().list("none")).isEmpty();
  }

  @Test
  void listsNamesInOrderWithoutHiddenOnes() throws Exception {
    Store store = store();
    store.createIfAbsent("a/2", "x".getBytes(UTF_8));
    store.createIfAbsent("a/1/deep", "x".getBytes(UTF_8));
    Files.writeString(folder.resolve("a/.hidden"), "x");

    assertThat(store.list("a")).containsExactly("1", "2");
    assertThat(store.listAll("a")).containsExactly(".hidden", "1", "2");
    assertThat(store.list("")).containsExactly("a");
  }

  @Test
  void nothingTemporaryIsLeftBehind() throws Exception {
    Store store = store();
    store.createIfAbsent("a/1", "x".getBytes(UTF_8));
    store.createIfAbsent("a/1", "y".getBytes(UTF_8));

    try (var files = Files.list(folder.resolve("a"))) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gs://bucket/home",
        "abfss://c@account/home",
        "webhdfs://host/home",
        "nowhere://bucket/home",
        "home"
      })
  void aPlaceThatMayOverwriteIsAMistakeInTheArguments(String root) {
    assertThatThrownBy(() -> HadoopStore.open(URI.create(root), new Configuration()))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.ARGUMENTS);
              assertThat(e.hint()).contains("hdfs", "s3a");
            })
        .hasMessageContaining(root);
  }

  @Test
  void aPlaceThatNoFileSystemKnowsIsAMistakeInTheArguments() {
    assertThatThrownBy(
            () -> HadoopStore.files(URI.create("nowhere://bucket/home"), new Configuration()))
        .isInstanceOfSatisfying(
            ReforestException.class, e -> assertThat(e.kind()).isEqualTo(Kind.ARGUMENTS))
        .hasMessageContaining("nowhere://bucket/home");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../other", "a//b", "/a", ".hidden", "a/..", "hdfs:/a"})
  void aPathThatLeadsElsewhereIsABug(String path) {
    Store store = store();
    assertThatThrownBy(() -> store.read(path)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.list(path)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.createIfAbsent(path, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aClientWithoutItsJarIsAMistakeInTheArguments() {
    assertThatThrownBy(() -> HadoopStore.open(URI.create("s3a://bucket/home"), new Configuration()))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.ARGUMENTS);
              assertThat(e.hint()).contains("jobs/s3/target/reforest-s3.jar");
            })
        .hasMessageContaining("s3a://bucket/home");
  }

  @Test
  void ofManyWritersAtOnceOneWins() throws Exception {
    Store store = store();
    int writers = 8;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      for (int round = 0; round < 20; round++) {
        String path = "race/" + round;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> wins = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
          byte[] content = ("writer " + w).getBytes(UTF_8);
          wins.add(
              threads.submit(
                  () -> {
                    start.await();
                    return store.createIfAbsent(path, content);
                  }));
        }
        start.countDown();
        int won = 0;
        for (Future<Boolean> win : wins) {
          won += win.get() ? 1 : 0;
        }
        assertThat(won).as("round %d", round).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
