package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.testing.CommandResult;
import reforest.testing.GoldenHome;
import reforest.testing.JavaProcesses;

/**
 * What becomes of output that cannot be written: real processes on a full device and real pipes.
 */
class OutputTest {

  private static final String FULL = "standard output could not be written to its end: ";

  @TempDir private static Path folder;
  private static Path home;

  @BeforeAll
  static void layOut() throws IOException {
    home = GoldenHome.in(Files.createDirectory(folder.resolve("home")));
  }

  @Test
  void aFullDiskUnderTheResultIsAnErrorOfOneSentence() {
    CommandResult ended = shell("\"$@\" > /dev/full", "models", "--home", home.toString());

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(5);
    assertThat(ended.err().lines().skip(1))
        .hasSize(2)
        .first()
        .asString()
        .startsWith("error: " + FULL);
  }

  @Test
  void aFullDiskUnderHelpAndPredictionsIsOneToo() {
    CommandResult help = shell("\"$@\" > /dev/full", "score", "--help");
    assertThat(help.exitCode()).isEqualTo(5);
    assertThat(help.err()).startsWith("error: " + FULL);

    CommandResult scored = shell("\"$@\" > /dev/full", score(GoldenHome.rows()));
    assertThat(scored.exitCode()).isEqualTo(5);
    assertThat(scored.err()).startsWith("error: " + FULL);
  }

  @Test
  void aReaderThatHasHadEnoughEndsTheScoringWithoutAWord() throws IOException {
    Path many = folder.resolve("many.csv");
    List<String> rows = Files.readAllLines(GoldenHome.rows());
    List<String> lines = new ArrayList<>(rows);
    for (int i = 0; i < 1000; i++) {
      lines.addAll(rows.subList(1, rows.size()));
    }
    Files.write(many, lines);
    Path result = folder.resolve("score.json");

    List<String> args = new ArrayList<>(List.of(score(many)));
    args.addAll(List.of("--result", result.toString()));
    CommandResult ended =
        shell("\"$@\" | head -n 1; exit ${PIPESTATUS[0]}", args.toArray(String[]::new));

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(141);
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out().lines()).hasSize(1);
    assertThat(CommandResult.json(result).at("/error/code").textValue()).isEqualTo("pipe");
  }

  @Test
  void aReaderThatIsGoneBeforeTheResultIsWorthNoWord() {
    CommandResult ended =
        shell("\"$@\" | true; exit ${PIPESTATUS[0]}", "models", "--home", home.toString());

    assertThat(ended.exitCode()).isEqualTo(141);
    assertThat(ended.err()).doesNotContain("error");
  }

  @Test
  void theResultGoesIntoADeviceOrThroughALinkAndNeitherIsReplaced() throws IOException {
    CommandResult full = models(Path.of("/dev/full"));
    assertThat(full.exitCode()).isEqualTo(5);
    assertThat(full.err()).contains("error: cannot write the result to file:///dev/full: ");
    assertThat(Files.isRegularFile(Path.of("/dev/full"))).isFalse();

    assertThat(models(Path.of("/dev/null")).exitCode()).isZero();
    assertThat(Files.isRegularFile(Path.of("/dev/null"))).isFalse();

    Path file = Files.writeString(folder.resolve("file.json"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);
    assertThat(models(link).exitCode()).isZero();
    assertThat(link).isSymbolicLink();
    assertThat(CommandResult.json(file).path("command").textValue()).isEqualTo("models");
  }

  private static CommandResult models(Path result) {
    return CommandResult.withoutSpark(
        "models", "--home", home.toString(), "--result", result.toString());
  }

  private static String[] score(Path rows) {
    return new String[] {
      "score", "--home", home.toString(), "--model", "visits", rows.toAbsolutePath().toString()
    };
  }

  /** A line of bash in which {@code "$@"} is a command. */
  private static CommandResult shell(String line, String... args) {
    List<String> command = new ArrayList<>(List.of("bash", "-c", line, "bash"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(Reforest.class.getName());
    command.addAll(List.of(args));
    return JavaProcesses.command(folder, command, Map.of()).await();
  }
}
