package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalStoreTest {

  private static final int WRITERS = 3;
  private static final int ROUNDS = 200;

  @TempDir Path folder;

  @Test
  void readsBackWhatItCreated() {
    Store store = new LocalStore(folder.resolve("not there yet"));
    assertThat(store.read("a/b.json")).isEmpty();
    assertThat(store.createIfAbsent("a/b.json", bytes("first"))).isTrue();
    assertThat(store.read("a/b.json")).hasValue(bytes("first"));
  }

  @Test
  void leavesWhatStandsThereAndKnowsItsOwnContentAgain() {
    Store store = new LocalStore(folder);
    assertThat(store.createIfAbsent("x", bytes("first"))).isTrue();
    assertThat(store.createIfAbsent("x", bytes("second"))).isFalse();
    assertThat(store.createIfAbsent("x", bytes("first"))).isTrue();
    assertThat(store.read("x")).hasValue(bytes("first"));
  }

  @Test
  void listsNamesInOrderWithoutTemporaryFiles() throws IOException {
    Store store = new LocalStore(folder);
    store.createIfAbsent("f/b", bytes(""));
    store.createIfAbsent("f/a/deep", bytes(""));
    Files.writeString(folder.resolve("f/.c.1234.tmp"), "left by a writer that was killed");

    assertThat(store.list("f")).containsExactly("a", "b");
    assertThat(store.listAll("f")).containsExactly(".c.1234.tmp", "a", "b");
    assertThat(store.list("")).containsExactly("f");
    assertThat(store.list("nowhere")).isEmpty();
    assertThat(store.list("f/b")).isEmpty();
    assertThat(store.read("f/a")).isEmpty();
  }

  @Test
  void leavesNoTemporaryFileBehind() throws IOException {
    Store store = new LocalStore(folder);
    store.createIfAbsent("x", bytes("first"));
    store.createIfAbsent("x", bytes("second"));
    try (var entries = Files.list(folder)) {
      assertThat(entries).containsExactly(folder.resolve("x"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/x", "x/", "a//b", "../x", "a/../x", "a/./x", ".x", "a/.x", "a\\b", "c:x"})
  void refusesPathsThatLeadElsewhere(String path) {
    Store store = new LocalStore(folder);
    assertThatThrownBy(() -> store.read(path)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.createIfAbsent(path, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesThePathWhenTheStoreCannotBeUsed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    Store store = new LocalStore(file);
    assertThatThrownBy(() -> store.createIfAbsent("x", new byte[0]))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ReforestException.Kind.STORE);
              assertThat(e.hint()).contains("check that the folder exists");
            })
        .hasMessageContaining("cannot create " + file.resolve("x"));
  }

  @Test
  void letsExactlyOneOfSeveralProcessesCreateEachFile() throws Exception {
    List<Process> writers = new ArrayList<>();
    try {
      for (int i = 0; i < WRITERS; i++) {
        writers.add(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Writer.class.getName(),
                    folder.toString(),
                    "writer-" + i)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out-" + i).toFile())
                .start());
      }
      for (int i = 0; i < WRITERS; i++) {
        assertThat(writers.get(i).waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(writers.get(i).exitValue())
            .as(Files.readString(folder.resolve("out-" + i)))
            .isZero();
      }
    } finally {
      writers.forEach(Process::destroyForcibly);
    }
    List<String> wins = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      wins.addAll(Files.readAllLines(folder.resolve("out-" + i)));
    }
    assertThat(wins).hasSize(ROUNDS).doesNotHaveDuplicates();
    for (String win : wins) {
      String[] roundAndWriter = win.split(" ", -1);
      assertThat(Files.readString(folder.resolve("raced/" + roundAndWriter[0])))
          .isEqualTo(roundAndWriter[1]);
    }
  }

  /** A process that waits for the others, then races them for each file and prints its wins. */
  static final class Writer {

    private Writer() {}

    public static void main(String[] args) throws Exception {
      Path folder = Path.of(args[0]);
      String name = args[1];
      Store store = new LocalStore(folder);
      Path barrier = Files.createDirectories(folder.resolve("barrier"));
      for (int round = 0; round < ROUNDS; round++) {
        if (round % 20 == 0) {
          // Meets the others again, since the fastest would run ahead and win all that follow.
          Files.createFile(barrier.resolve(round + "-" + name));
          while (waiting(barrier, round) < WRITERS) {
            Thread.onSpinWait();
          }
        }
        if (store.createIfAbsent("raced/" + round, bytes(name))) {
          System.out.println(round + " " + name);
        }
      }
    }

    private static long waiting(Path barrier, int round) throws IOException {
      try (var entries = Files.list(barrier)) {
        return entries.filter(f -> f.getFileName().toString().startsWith(round + "-")).count();
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
