package reforest.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Promotion.Action;

class PromotionLogTest {

  static final String A = "a".repeat(64);
  static final String B = "b".repeat(64);

  @TempDir Path folder;
  private Store store;
  private PromotionLog log;

  @BeforeEach
  void open() {
    store = new LocalStore(folder);
    log = new PromotionLog(store);
  }

  @Test
  void hasNoChampionBeforeTheFirstPromotion() {
    assertThat(log.champion()).isEmpty();
    assertThat(log.all()).isEmpty();
    assertThat(log.lastSequence()).isZero();
    assertThat(log.entry(1)).isEmpty();
  }

  @Test
  void makesTheNewestEntryChampion() {
    assertThat(log.append(promotion(1, A, "w1"))).isTrue();
    assertThat(log.append(promotion(2, B, "w2"))).isTrue();

    assertThat(log.champion()).contains(promotion(2, B, "w2"));
    assertThat(log.all()).containsExactly(promotion(1, A, "w1"), promotion(2, B, "w2"));
    assertThat(log.lastSequence()).isEqualTo(2);
  }

  @Test
  void doesNotMindAnEntryThatIsBeingWritten() throws IOException {
    log.append(promotion(1, A, "w1"));
    Path promotions = folder.resolve("promotions");
    Files.writeString(promotions.resolve(StorePath.temporary("00000000000000000002.json")), "{");

    assertThat(log.champion()).contains(promotion(1, A, "w1"));
    assertThat(log.lastSequence()).isEqualTo(1);
  }

  @Test
  void refusesANumberThatIsTakenAndKnowsItsOwnEntryAgain() {
    assertThat(log.append(promotion(1, A, "w1"))).isTrue();
    assertThat(log.append(promotion(1, A, "w2"))).isFalse();
    assertThat(log.append(promotion(1, A, "w1"))).isTrue();
    assertThat(log.all()).containsExactly(promotion(1, A, "w1"));
  }

  @Test
  void leavesNoGapThatWouldHideAnEntryFromPolling() {
    log.append(promotion(1, A, "w1"));
    assertThatThrownBy(() -> log.append(promotion(3, B, "w3")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no 2");
  }

  @Test
  void stepsPastVoidEntriesAndKeepsTheirNumbersInUse() {
    log.append(promotion(1, A, "w1"));
    write("00000000000000000002", "{\"schema\" : 1, \"sequ");
    write("00000000000000000003", new String(promotion(2, B, "w2").toJson(), UTF_8));
    write("00000000000000000004", "");

    assertThat(log.champion()).contains(promotion(1, A, "w1"));
    assertThat(log.entry(3)).isEmpty();
    assertThat(log.lastSequence()).isEqualTo(4);

    assertThat(log.append(promotion(5, B, "w5"))).isTrue();
    assertThat(log.champion()).contains(promotion(5, B, "w5"));
    assertThat(log.all()).containsExactly(promotion(1, A, "w1"), promotion(5, B, "w5"));
  }

  @Test
  void refusesToStepPastAnEntryOfANewerLayout() {
    log.append(promotion(1, A, "w1"));
    write("00000000000000000002", "{\"schema\": 2, \"champion\": \"" + B + "\"}");
    assertThatThrownBy(() -> log.champion())
        .isInstanceOfSatisfying(
            ReforestException.class,
            e ->
                assertThat(e.hint())
                    .isEqualTo("upgrade reforest-bundle to the version that wrote it"))
        .hasMessage("the promotion has schema version 2; this library reads version 1");
  }

  @Test
  void ignoresFilesThatAreNoEntries() {
    log.append(promotion(1, A, "w1"));
    write("notes", "by hand");
    write("99999999999999999999", "{}");
    write("00000000000000000002.bak", "{}");
    assertThat(log.lastSequence()).isEqualTo(1);
    assertThat(log.champion()).contains(promotion(1, A, "w1"));
  }

  @Test
  void keepsReadingAndWritingAnEntryOfTheFirstLayout() throws IOException {
    Promotion rollback =
        new Promotion(
            3,
            "bikes",
            A,
            Optional.of(B),
            Action.ROLLBACK,
            "run-1",
            "PROMOTE",
            "the new one lags on holidays: \"zwölf\"",
            "runs/run-1/1/report.html",
            Instant.parse("2011-12-05T06:07:08.009Z"),
            "w3");
    byte[] golden = ManifestTest.golden("promotion-1.json");
    assertThat(Promotion.parse(golden)).isEqualTo(rollback);
    assertThat(new String(rollback.toJson(), UTF_8)).isEqualTo(new String(golden, UTF_8));
  }

  @Test
  void refusesAPromotionWithoutDigestNameOrNumber() {
    assertThatThrownBy(() -> promotion(1, "bundle-7", "w"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> promotion(0, A, "w")).isInstanceOf(IllegalArgumentException.class);
    byte[] json =
        new String(promotion(1, A, "w").toJson(), UTF_8)
            .replace("\"bikes\"", "\"Bikes\"")
            .getBytes(UTF_8);
    assertThatThrownBy(() -> Promotion.parse(json))
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining("not a model's name: 'Bikes'");
  }

  @Test
  void namesWhatIsMissingTornOrVoid() {
    String second = new String(promotion(2, B, "w2").toJson(), UTF_8);
    write("00000000000000000002", second.substring(0, 40));
    write("00000000000000000003", second);
    log.append(promotion(4, A, "w4"));
    write("00000000000000000006", "{}");

    assertThat(log.flaws())
        .containsExactly(
            new PromotionLog.Flaw(1, "missing"),
            new PromotionLog.Flaw(2, "torn"),
            new PromotionLog.Flaw(3, "void"),
            new PromotionLog.Flaw(5, "missing"),
            new PromotionLog.Flaw(6, "void"));
    assertThat(log.champion()).contains(promotion(4, A, "w4"));
  }

  static Promotion promotion(long sequence, String bundle, String writeId) {
    return new Promotion(
        sequence,
        "bikes",
        bundle,
        Optional.empty(),
        Action.PROMOTE,
        "run-1",
        "PROMOTE",
        "it wins",
        "runs/run-1/1/report.html",
        Instant.parse("2011-12-05T00:00:00Z"),
        writeId);
  }

  private void write(String name, String content) {
    store.createIfAbsent("promotions/" + name + ".json", content.getBytes(UTF_8));
  }
}
