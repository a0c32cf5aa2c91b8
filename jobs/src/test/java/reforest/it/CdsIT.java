package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting from an archive of the libraries' classes. */
class CdsIT {

  @TempDir private static Path folder;

  @BeforeAll
  static void archiveTheClasses() {
    Ended made = launcher(Map.of(), "cds");
    Ended again = launcher(Map.of(), "cds");

    assertThat(made.exitCode()).isZero();
    assertThat(made.err()).contains("Archiving", folder.resolve("archive.jsa").toString());
    assertThat(again.exitCode()).isZero();
    assertThat(again.err()).doesNotContain("Archiving");
  }

  @Test
  void loadsTheLibrariesFromTheArchiveAndTheProjectFromItsBuild() throws IOException {
    Path loaded = folder.resolve("loaded");

    Ended ended =
        launcher(Map.of("REFOREST_JAVA_OPTS", "-Xlog:class+load:file=" + loaded), "--help");

    assertThat(ended.exitCode()).isZero();
    assertThat(Files.readAllLines(loaded))
        .anyMatch(line -> line.contains("picocli.CommandLine source: shared objects file"))
        .anyMatch(line -> line.matches(".*reforest.cli.Reforest source: file:.*/classes/"));
  }

  @Test
  void keepsWarningsOfJavaOutOfTheResult() throws IOException {
    String home = Files.createDirectories(folder.resolve("home")).toString();

    Ended ended =
        launcher(Map.of("REFOREST_JAVA_OPTS", "-XX:+UseLargePages"), "models", "--home", home);

    assertThat(ended.err()).contains("UseLargePages");
    assertThat(ended.succeeded().result().path("command").textValue()).isEqualTo("models");
  }

  @Test
  void doesNotTakeArguments() {
    Ended ended = launcher(Map.of(), "cds", "again");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("cds takes no arguments, got 'again'");
  }

  private static Ended launcher(Map<String, String> environment, String... args) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("REFOREST_ARCHIVE", folder.resolve("archive").toString());
    return Jvm.launcher(folder, variables, args).await();
  }
}
