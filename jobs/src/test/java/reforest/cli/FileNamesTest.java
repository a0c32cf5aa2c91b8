package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileNamesTest {

  @Test
  void namesTheLocaleThatLacksTheLettersOfAPath() {
    List<String> told = List.of("ingest", "--source", "/data/m\uFFFD\uFFFDrz.csv");

    assertThat(FileNames.unreadable(told, Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8"), "US-ASCII"))
        .hasValueSatisfying(
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(2);
              assertThat(failure.message())
                  .isEqualTo(
                      "'/data/m??rz.csv' has letters that the locale C (LC_ALL) lacks: Java reads"
                          + " names as US-ASCII");
              assertThat(failure.hint()).contains("LC_ALL=C.UTF-8");
            });
    assertThat(FileNames.unreadable(told, Map.of("LANG", "POSIX"), "US-ASCII").orElseThrow())
        .extracting(Failure::message)
        .asString()
        .contains("the locale POSIX (LANG) lacks");
    assertThat(FileNames.unreadable(told, Map.of(), "US-ASCII").orElseThrow().message())
        .contains("neither LC_ALL nor LANG is set");
  }

  @Test
  void looksAtTheHomeOfTheEnvironmentToo() {
    assertThat(
            FileNames.unreadable(
                List.of("models"), Map.of("REFOREST_HOME", "/m\uFFFD"), "US-ASCII"))
        .isPresent();
  }

  @Test
  void letsAllPassThatCanBeRead() {
    assertThat(FileNames.unreadable(List.of("/data/m\uFFFDrz.csv"), Map.of(), "UTF-8")).isEmpty();
    assertThat(FileNames.unreadable(List.of("/data/may.csv"), Map.of("LC_ALL", "C"), "US-ASCII"))
        .isEmpty();
  }

  @Test
  void knowsAPathOfAConfigurationThatCannotBeWritten() {
    Failure failure =
        Failure.of(
            new IllegalStateException(
                new InvalidPathException(
                    "/m\u00e4rz", "Malformed input or input contains unmappable characters")));

    assertThat(failure.exitCode()).isEqualTo(2);
    assertThat(failure.message()).startsWith("'/m\u00e4rz' has letters that the locale ");
    assertThat(Failure.of(new InvalidPathException("a\0b", "Nul character not allowed")).exitCode())
        .isEqualTo(1);
  }
}
