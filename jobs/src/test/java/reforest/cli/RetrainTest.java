package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reforest.config.ConfigReader;
import reforest.job.Ask;
import reforest.job.Console;
import reforest.job.Outcome;
import reforest.job.Retrain;

class RetrainTest {

  private static final Path SAMPLE = Path.of("..", "conf", "bikeshare.conf");

  private static Stream<Exception> failures() {
    return Stream.of(
        new SparkException("the table is broken"),
        new IOException("the folder is gone"),
        new IllegalStateException("stopped"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void onlyWarnsWhenTheRegistryFailsAfterAllElseIsDone(Exception thrown) {
    List<String> warnings =
        Retrain.registered(ask(), () -> Undeclared.thrown(thrown), registry -> {});

    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0))
        .contains(String.valueOf(thrown.getMessage()), "'reforest repair' adds what is missing");
  }

  private static Ask ask() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            nowhere,
            nowhere,
            Map.of(),
            Clock.systemUTC(),
            () -> 0);
    return new Ask(
        ConfigReader.read(List.of(SAMPLE), List.of(), Map.of()),
        Map.of(),
        console,
        new Outcome.Builder());
  }
}
