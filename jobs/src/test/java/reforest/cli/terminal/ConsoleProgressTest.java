package reforest.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reforest.cli.terminal.ConsoleProgress.Style;
import reforest.config.Metric;
import reforest.job.Progress;
import reforest.train.FitsSoFar;

class ConsoleProgressTest {

  private static final Progress.Step CHECK = new Progress.Step("check", 2, 7);
  private static final Progress.Step TRAIN = new Progress.Step("train", 3, 7);

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();
  private final SparkTasks tasks = new SparkTasks(nanos::get);

  private ConsoleProgress progress(Style style) {
    return new ConsoleProgress(
        new PrintStream(err, true, StandardCharsets.UTF_8),
        known -> {},
        style,
        nanos::get,
        tasks,
        Duration.ofMinutes(5));
  }

  private void pass(ConsoleProgress progress, int seconds) {
    for (int second = 0; second < seconds; second++) {
      nanos.addAndGet(1_000_000_000L);
      progress.tick();
    }
  }

  private String told() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aLogIsNotSilentForLongerThanTenSeconds() {
    ConsoleProgress progress = progress(Style.LINES);

    progress.starts(CHECK);
    progress.does("counting rows");
    pass(progress, 9);
    assertThat(told()).isEqualTo("[2/7] check ...\n");
    pass(progress, 1);
    tasks.submitted(4, "count at Windows.java:7", 40);
    tasks.started(4, 1, "driver on localhost");
    tasks.ended(4, 1, true);
    pass(progress, 10);
    progress.ends(CHECK, true, 20);

    assertThat(told())
        .isEqualTo(
            """
            [2/7] check ...
            [2/7] check still running after 0:10: counting rows
            [2/7] check still running after 0:20: counting rows, 1 of 40 tasks
            [2/7] check  20.0 s
            """);
  }

  @Test
  void tellsWhatIsWaitedForBeforeTheFirstStep() {
    ConsoleProgress progress = progress(Style.LINES);

    progress.does("starting Spark");
    pass(progress, 10);

    assertThat(told()).isEqualTo("still running after 0:10: starting Spark\n");
  }

  @Test
  void onATerminalOneLineShowsHowFarTheSearchIs() {
    ConsoleProgress progress = progress(Style.CHANGING_LINE);

    progress.starts(TRAIN);
    pass(progress, 40);
    progress.fits(new FitsSoFar(24, 36, Metric.RMSE, 52.1));
    pass(progress, 1);
    assertThat(told()).endsWith("[3/7] train 24/36 fits, best rmse 52.1, 0:41\u001B[K\u001B[?7h");
    assertThat(told()).doesNotContain("\n");
    progress.ends(TRAIN, true, 41.2);

    assertThat(told()).endsWith("\r\u001B[K[3/7] train  41.2 s\n");
  }

  @Test
  void aQuietOneTellsOnlyThatNothingHappens() {
    ConsoleProgress progress = progress(Style.QUIET);

    progress.starts(TRAIN);
    progress.says("a line");
    tasks.submitted(9, "collect at Trees.java:1", 8);
    tasks.started(9, 1, "1 on host-a");
    tasks.started(9, 2, "2 on host-b");
    nanos.addAndGet(1_000_000_000L);
    tasks.ended(9, 2, true);
    pass(progress, 299);
    assertThat(told()).isEmpty();
    pass(progress, 1);

    assertThat(told())
        .startsWith(
            "[3/7] train has seen no task of Spark end for 5:00: 1 of 8 tasks of stage 9 (collect"
                + " at Trees.java:1) are done; 1 task runs, the oldest for 5:01 on executor 1 on"
                + " host-a\nhint: 'jstack ");
    pass(progress, 299);
    assertThat(told().lines()).hasSize(2);
    pass(progress, 1);
    assertThat(told().lines()).hasSize(3);
  }

  @Test
  void tellsApartAClusterWithoutRoomAndADriverThatIsAtWork() {
    assertThat(tasks.waitsFor()).startsWith("Spark has nothing to do");

    tasks.submitted(1, "count", 3);

    assertThat(tasks.waitsFor())
        .endsWith("no executor has taken one, perhaps because the cluster has no room");
  }
}
