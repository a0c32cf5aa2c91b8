package reforest.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reforest.cli.Outcome;
import reforest.cli.terminal.ConsoleProgress;

class RunStepsTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();
  private final RunSteps steps =
      new RunSteps(
          7,
          nanos::get,
          new ConsoleProgress(
              new PrintStream(err, true, StandardCharsets.UTF_8), new Outcome.Builder()::known));

  @Test
  void tellsWhenEachStageBeginsAndHowLongItTook() {
    steps.run("pin", () -> nanos.addAndGet(40_000_000));
    String trained =
        steps.run(
            "train",
            () -> {
              nanos.addAndGet(12_340_000_000L);
              return "forest";
            });

    assertThat(trained).isEqualTo("forest");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("[1/7] pin ...\n[1/7] pin  0.0 s\n[2/7] train ...\n[2/7] train  12.3 s\n");
  }

  @Test
  void keepsTheNumberOfAStageThatRunsOnceMore() {
    for (String stage : List.of("evaluate", "publish", "evaluate", "publish", "record")) {
      steps.run(stage, () -> {});
    }

    assertThat(err.toString(StandardCharsets.UTF_8).lines().filter(line -> line.endsWith("...")))
        .containsExactly(
            "[1/7] evaluate ...",
            "[2/7] publish ...",
            "[1/7] evaluate ...",
            "[2/7] publish ...",
            "[3/7] record ...");
  }

  @Test
  void saysThatAStageFailed() {
    assertThatThrownBy(
            () ->
                steps.run(
                    "pin",
                    () -> {
                      throw new IllegalStateException("gone");
                    }))
        .hasMessage("gone");

    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("[1/7] pin ...\n[1/7] pin  failed after 0.0 s\n");
  }
}
