package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;

/**
 * {@code ./reforest cds}: the archive of classes, where {@code REFOREST_ARCHIVE} wants it. It stays
 * there for the processes that later tests start.
 */
class ClassArchiveIT {

  @TempDir private static Path folder;

  @BeforeAll
  static void archiveTheClasses() throws IOException {
    Path archive = Path.of(JavaProcesses.archive() + ".jsa");
    Files.deleteIfExists(Path.of(JavaProcesses.archive() + ".txt"));
    Files.deleteIfExists(archive);

    CommandResult made = launcher(Map.of(), "cds");
    CommandResult again = launcher(Map.of(), "cds");

    assertThat(made.exitCode()).isZero();
    assertThat(made.err()).contains("Archiving", archive.toString());
    assertThat(again.exitCode()).isZero();
    assertThat(again.err()).doesNotContain("Archiving");
  }

  @Test
  void loadsTheLibrariesFromTheArchiveAndTheProjectFromItsBuild() throws IOException {
    Path loaded = folder.resolve("loaded");

    CommandResult ended =
        launcher(Map.of("REFOREST_JAVA_OPTS", "-Xlog:class+load:file=" + loaded), "--help");

    assertThat(ended.exitCode()).isZero();
    assertThat(Files.readAllLines(loaded))
        .anyMatch(line -> line.contains("picocli.CommandLine source: shared objects file"))
        .anyMatch(line -> line.matches(".*reforest.cli.Reforest source: file:.*/classes/"));
  }

  @Test
  void keepsWarningsOfJavaOutOfTheResult() throws IOException {
    String home = Files.createDirectories(folder.resolve("home")).toString();

    // A young generation that no heap of this size has room for.
    CommandResult ended =
        launcher(
            Map.of("REFOREST_JAVA_OPTS", "-XX:+UseSerialGC -Xmx256m -Xmn300m"),
            "models",
            "--home",
            home);

    assertThat(ended.err()).contains("greater than the entire heap");
    assertThat(ended.succeeded().result().path("command").textValue()).isEqualTo("models");
  }

  @Test
  void doesNotTakeArguments() {
    CommandResult ended = launcher(Map.of(), "cds", "again");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("cds takes no arguments, got 'again'");
  }

  private static CommandResult launcher(Map<String, String> environment, String... args) {
    return JavaProcesses.launcher(folder, environment, args).await();
  }
}
