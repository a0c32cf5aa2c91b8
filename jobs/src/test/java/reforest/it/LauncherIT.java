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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;

/** {@code ./reforest} itself: which Java it takes, and from which archive of classes it starts. */
class LauncherIT {

  @TempDir private static Path folder;

  @BeforeAll
  static void archiveTheClasses() {
    CommandResult made = launcher(Map.of(), "cds");
    CommandResult again = launcher(Map.of(), "cds");

    assertThat(made.exitCode()).isZero();
    assertThat(made.err()).contains("Archiving", folder.resolve("archive.jsa").toString());
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

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_402", "11.0.2", "23.0.1", "25"})
  void refusesAJavaThatSparkDoesNotRunOn(String version) throws IOException {
    Path java = folder.resolve(version).resolve("bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"" + version + "\"' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();

    CommandResult ended =
        launcher(Map.of("JAVA_HOME", folder.resolve(version).toString()), "--help");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("error: " + java + " has version " + version + ", Reforest needs 17 to 22")
        .contains("hint: install a JDK of version 17 or 21");
  }

  @Test
  void asksForAJavaWhereThereIsNone() {
    CommandResult ended = launcher(Map.of("JAVA_HOME", folder.toString()), "--help");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith("error: JAVA_HOME is " + folder + ", which has no bin/java");
  }

  private static CommandResult launcher(Map<String, String> environment, String... args) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("REFOREST_ARCHIVE", folder.resolve("archive").toString());
    return JavaProcesses.launcher(folder, variables, args).await();
  }
}
