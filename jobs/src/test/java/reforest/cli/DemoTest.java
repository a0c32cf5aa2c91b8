package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.ReforestException;
import reforest.job.Ask;
import reforest.job.Demo;
import reforest.job.Outcome;

class DemoTest {

  private static final String SAMPLE = Path.of("..", "conf", "bikeshare.conf").toString();

  @TempDir private Path folder;
  private final RecordedWork work = new RecordedWork(this::step);
  private String failing = "";
  private int retrains;

  @Test
  void namesNoRunWhenAnIngestFailsAfterIt() {
    JsonNode result = demoThatFailsAt("IngestOptions");

    assertThat(retrains).isEqualTo(1);
    assertThat(result.get("model").textValue()).isEqualTo("bikeshare");
    assertThat(result.get("run").isNull()).isTrue();
    assertThat(result.get("dataVersion").isNull()).isTrue();
    assertThat(result.get("bundle").isNull()).isTrue();
  }

  @Test
  void namesTheRunThatFailedWithoutTheBundleOfAnEarlierOne() {
    JsonNode result = demoThatFailsAt("RetrainOptions");

    assertThat(result.get("run").textValue()).isEqualTo("run 2");
    assertThat(result.get("dataVersion").longValue()).isEqualTo(2);
    assertThat(result.get("bundle").isNull()).isTrue();
  }

  private JsonNode demoThatFailsAt(String options) {
    failing = options;
    Cli cli = Cli.run(() -> work, "", "demo", "--conf", SAMPLE, "--home", folder.toString());
    assertThat(cli.exitCode()).isEqualTo(3);
    return cli.result();
  }

  /** Lets the first retrain succeed; from then on the named step fails. */
  private Outcome step(Ask ask) {
    String request = work.requests.get(work.requests.size() - 1);
    if (request.equals("demo")) {
      return new Demo(work, ask).run();
    }
    boolean fails = retrains > 0 && request.startsWith(failing);
    if (request.startsWith("RetrainOptions")) {
      retrains++;
      ask.known().run("run " + retrains).dataVersion(retrains);
    }
    if (fails) {
      throw new ReforestException(ReforestException.Kind.DATA, "no", "again");
    }
    if (request.startsWith("RetrainOptions")) {
      ask.known().bundle("d", "file:/staged");
    }
    return Outcome.of("bikeshare").dataVersion(1).build();
  }
}
