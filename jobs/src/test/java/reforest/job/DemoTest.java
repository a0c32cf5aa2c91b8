package reforest.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;
import reforest.config.ConfigReader;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.registry.RunRecords;

class DemoTest {

  private static final Path SAMPLE = Path.of("..", "conf", "bikeshare.conf");

  @TempDir private Path folder;
  private Progress.Known known = Progress.Known.NOTHING;
  private String failing = "";
  private int retrains;

  @Test
  void namesNoRunWhenAnIngestFailsAfterIt() {
    demoThatFailsAt("ingest");

    assertThat(retrains).isEqualTo(1);
    assertThat(known.run()).isEmpty();
    assertThat(known.dataVersion()).isEmpty();
    assertThat(known.bundle()).isEmpty();
  }

  @Test
  void namesTheRunThatFailedWithoutTheBundleOfAnEarlierOne() {
    demoThatFailsAt("retrain");

    assertThat(known.run()).contains("run 2");
    assertThat(known.dataVersion()).contains(2L);
    assertThat(known.bundle()).isEmpty();
  }

  private void demoThatFailsAt(String step) {
    failing = step;
    Configuration configuration = ConfigReader.read(List.of(SAMPLE), List.of(), Map.of());
    Progress progress =
        new Progress() {
          @Override
          public void knows(Known found) {
            known = found;
          }
        };
    JobContext context =
        new JobContext(
            () -> {
              throw new AssertionError("Spark was asked for");
            },
            Home.at(folder.toUri()),
            Clock.systemUTC(),
            () -> 0,
            progress);

    assertThatThrownBy(() -> new Demo(context, new OneRetrain(context), configuration).execute())
        .isInstanceOf(ReforestException.class)
        .hasMessage("no");
  }

  /** Lets the first retrain succeed; from then on the named step fails. */
  private final class OneRetrain implements Demo.Steps {

    private final JobContext context;

    OneRetrain(JobContext context) {
      this.context = context;
    }

    @Override
    public long ingest(String source) {
      failIf("ingest");
      return 1;
    }

    @Override
    public RunResult retrain(long version, LocalDate date) {
      boolean fails = retrains > 0;
      retrains++;
      RunSteps steps = context.steps(1);
      steps.knowsRun("run " + retrains);
      steps.knowsDataVersion(retrains);
      if (fails) {
        failIf("retrain");
      }
      steps.knowsBundle("d", "file:/staged");
      return new Retrain.Result(
          RunRecords.published("bikeshare", "run " + retrains, 1),
          false,
          Optional.empty(),
          List.of(),
          Optional.empty());
    }

    private void failIf(String step) {
      if (retrains > 0 && step.equals(failing)) {
        throw new ReforestException(ReforestException.Kind.DATA, "no", "again");
      }
    }

    @Override
    public Promotion rollback(String reason) {
      throw new AssertionError("nothing was promoted");
    }

    @Override
    public RunResult backtest(String bundle) {
      throw new AssertionError("nothing was promoted");
    }
  }
}
