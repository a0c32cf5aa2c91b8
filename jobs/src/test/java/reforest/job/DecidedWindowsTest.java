package reforest.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.LocalStore;
import reforest.bundle.Store;
import reforest.gate.Ledger;
import reforest.gate.StoreLedger;
import reforest.registry.RunRecords;

class DecidedWindowsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;
  private Store store;

  @BeforeEach
  void store() {
    store = new LocalStore(folder);
  }

  @Test
  void namesTheLatestEndOfAWindowThatPromotedOrKept() throws IOException {
    tried("a", "03-07", "PROMOTE");
    tried("b", "03-14", "KEEP");
    tried("c", "03-21", "INCONCLUSIVE");

    assertThat(latest("02-28", "03-28")).isEqualTo(day("03-14"));
    assertThat(latest("02-28", "03-14")).isEqualTo(day("03-07"));
    assertThat(latest("03-14", "03-28")).isEmpty();
    assertThat(latest("02-28", "03-07")).isEmpty();
  }

  @Test
  void oneDecidedAttemptIsEnough() throws IOException {
    tried("a", "03-07", "KEEP");
    write("a", 2, "03-07", "publish", "INCONCLUSIVE");

    assertThat(latest("02-28", "03-28")).isEqualTo(day("03-07"));
  }

  @Test
  void aTryWithoutAVerdictDecidesNothing() throws IOException {
    register("killed", "03-07");
    register("unreadable", "03-14");
    store.createIfAbsent("runs/unreadable/1/run.json", "{".getBytes(UTF_8));
    register("backtest", "03-21");
    write("backtest", 1, "03-21", "backtest", "KEEP");

    assertThat(latest("02-28", "03-28")).isEmpty();
  }

  @Test
  void aWindowWithoutTimesIsPassedOver() {
    new StoreLedger(store).register(entry("hash", Ledger.Window.of("protected [0.8, 1.0)")));

    assertThat(latest("02-28", "03-28")).isEmpty();
  }

  private Optional<Instant> latest(String start, String end) {
    return new DecidedWindows(store).latest(day(start).orElseThrow(), day(end).orElseThrow());
  }

  private void tried(String run, String end, String verdict) throws IOException {
    register(run, end);
    write(run, 1, end, "publish", verdict);
  }

  private void register(String run, String end) {
    Instant to = day(end).orElseThrow();
    new StoreLedger(store).register(entry(run, Ledger.Window.of(to.minusSeconds(604_800), to)));
  }

  private static Ledger.Entry entry(String run, Ledger.Window window) {
    return new Ledger.Entry(
        window, run, Optional.empty(), "settings", "rows", false, run, Instant.EPOCH, run);
  }

  private void write(String run, int attempt, String end, String kind, String verdict)
      throws IOException {
    ObjectNode record =
        (ObjectNode) JSON.readTree(RunRecords.published("shop", run, attempt).toJson());
    record.put("kind", kind).put("verdict", verdict);
    ((ObjectNode) record.get("window")).put("end", day(end).orElseThrow().toString());
    store.createIfAbsent(
        "runs/" + run + "/" + attempt + "/run.json", JSON.writeValueAsBytes(record));
  }

  private static Optional<Instant> day(String day) {
    return Optional.of(Instant.parse("2011-" + day + "T00:00:00Z"));
  }
}
