package reforest.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.LocalStore;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;

class RunsTest {

  @TempDir private Path folder;
  private LocalStore store;
  private Runs runs;

  @BeforeEach
  void open() {
    store = new LocalStore(folder);
    runs = new Runs(store);
  }

  @Test
  void everyClaimGetsANumberOfItsOwn() {
    assertThat(runs.claim("k")).isEqualTo(1);
    assertThat(runs.claim("k")).isEqualTo(2);
    assertThat(runs.claim("other")).isEqualTo(1);
  }

  @Test
  void anAttemptWithoutRecordReachedNoVerdict() {
    runs.claim("k");

    assertThat(runs.latest("k")).isEmpty();
    assertThat(runs.all()).isEmpty();
  }

  @Test
  void theNewestAttemptWithAVerdictCounts() {
    runs.write(RunRecords.published("m", "k", runs.claim("k")), "one");
    runs.write(RunRecords.published("m", "k", runs.claim("k")), "two");
    runs.claim("k");

    assertThat(runs.latest("k")).hasValueSatisfying(r -> assertThat(r.attempt()).isEqualTo(2));
    assertThat(runs.all()).hasSize(2);
  }

  @Test
  void aRecordIsNeverOverwritten() {
    RunRecord first = RunRecords.published("m", "k", 1);
    runs.write(first, "one");

    assertThatThrownBy(() -> runs.write(first, "another report"))
        .isInstanceOfSatisfying(
            ReforestException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RACE))
        .hasMessageContaining("runs/k/1/report.html");
  }

  @Test
  void aRecordReadsBackAsItWasWritten() {
    RunRecord record = RunRecords.published("m", "k", 1);

    assertThat(RunRecord.parse(record.toJson(), "here")).isEqualTo(record);
  }

  @Test
  void aRecordReadsBackWithItsCountsOfClasses() {
    RunRecord record = RunRecords.published("m", "k", 1, RunRecords.CONFUSION);

    assertThat(RunRecord.parse(record.toJson(), "here")).isEqualTo(record);
    assertThat(record.confusion()).isEqualTo(RunRecords.CONFUSION);
    assertThat(record.curves()).isEqualTo(RunRecords.CURVES);
  }

  @Test
  void theFirstReleasesRecordIsStillRead() throws Exception {
    try (InputStream in = RunsTest.class.getResourceAsStream("run-schema-1.json")) {
      RunRecord golden = RunRecord.parse(in.readAllBytes(), "golden");

      assertThat(golden).isEqualTo(RunRecords.published("bikeshare", "0123456789abcdef", 2));
    }
  }

  @Test
  void aRecordOfALaterReleaseIsRefused() {
    String later =
        new String(RunRecords.published("m", "k", 1).toJson(), StandardCharsets.UTF_8)
            .replace("\"schema\" : 1", "\"schema\" : 2");

    assertThatThrownBy(() -> RunRecord.parse(later.getBytes(StandardCharsets.UTF_8), "run.json"))
        .isInstanceOf(ReforestException.class)
        .hasMessage("run.json has a layout that this release does not know");
  }

  @Test
  void whatIsNoRecordIsRefused() {
    assertThatThrownBy(() -> RunRecord.parse(new byte[] {'{'}, "run.json"))
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining("run.json is no run's record");
  }
}
