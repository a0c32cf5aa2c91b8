package reforest.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static reforest.bundle.PromotionLogTest.A;
import static reforest.bundle.PromotionLogTest.B;
import static reforest.bundle.PromotionLogTest.promotion;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromotionTailTest {

  @TempDir Path folder;
  private final MovedClock clock = new MovedClock();
  private WatchedStore store;
  private PromotionLog log;
  private PromotionTail tail;

  @BeforeEach
  void open() {
    store = new WatchedStore(new LocalStore(folder));
    log = new PromotionLog(store);
    tail = new PromotionTail(log, Duration.ofMinutes(1), clock);
  }

  @Test
  void listsOnceAndReadsNothingWhenThereIsNothingNew() {
    log.append(promotion(1, A, "w1"));
    store.calls.clear();

    assertThat(tail.after(1)).isEmpty();
    assertThat(store.calls).containsExactly("list promotions");
  }

  @Test
  void findsTheNewestOfSeveralEntries() {
    log.append(promotion(1, A, "w1"));
    log.append(promotion(2, B, "w2"));
    log.append(promotion(3, A, "w3"));

    assertThat(tail.after(1)).contains(promotion(3, A, "w3"));
    assertThat(tail.after(0)).contains(promotion(3, A, "w3"));
    assertThat(tail.after(3)).isEmpty();
  }

  @Test
  void findsAnEntryAgainUntilTheCallerHoldsIt() {
    log.append(promotion(1, A, "w1"));

    assertThat(tail.after(0)).isPresent();
    assertThat(tail.after(0)).isPresent();
  }

  @Test
  void stopsBeforeAnUnreadableEntryForAsLongAsItMayStillBeWritten() throws IOException {
    log.append(promotion(1, A, "w1"));
    String whole = new String(promotion(2, B, "w2").toJson(), UTF_8);
    Path half = write(2, whole.substring(0, 40));
    write(3, new String(promotion(3, A, "w3").toJson(), UTF_8));

    assertThat(tail.after(1)).isEmpty();
    clock.move(Duration.ofSeconds(59));
    assertThat(tail.after(1)).isEmpty();
    Files.writeString(half, whole);
    assertThat(tail.after(1)).contains(promotion(3, A, "w3"));
  }

  @Test
  void stepsPastAVoidEntryAfterTheGracePeriodAndReadsItNoMore() throws IOException {
    log.append(promotion(1, A, "w1"));
    write(2, "");
    assertThat(tail.after(1)).isEmpty();

    clock.move(Duration.ofMinutes(1));
    assertThat(tail.after(1)).isEmpty();
    store.calls.clear();
    assertThat(tail.after(1)).isEmpty();
    assertThat(store.calls).containsExactly("list promotions");

    log.append(promotion(3, B, "w3"));
    assertThat(tail.after(1)).contains(promotion(3, B, "w3"));
  }

  @Test
  void givesEachUnreadableEntryItsOwnGracePeriod() throws IOException {
    write(1, "first");
    assertThat(tail.after(0)).isEmpty();
    clock.move(Duration.ofMinutes(1));
    write(2, "second");
    write(3, new String(promotion(3, B, "w3").toJson(), UTF_8));

    assertThat(tail.after(0)).as("the second was just met").isEmpty();
    clock.move(Duration.ofMinutes(1));
    assertThat(tail.after(0)).contains(promotion(3, B, "w3"));
  }

  @Test
  void waitsForNothingWithoutAGracePeriod() throws IOException {
    write(1, "void");
    write(2, new String(promotion(1, A, "a copy under a wrong number").toJson(), UTF_8));
    write(3, new String(promotion(3, B, "w3").toJson(), UTF_8));

    assertThat(new PromotionTail(log, Duration.ZERO, clock).after(0))
        .contains(promotion(3, B, "w3"));
  }

  @Test
  void refusesToStepPastAnEntryOfANewerLayout() throws IOException {
    write(1, "{\"schema\": 2, \"champion\": \"" + B + "\"}");
    clock.move(Duration.ofDays(1));

    assertThatThrownBy(() -> tail.after(0))
        .isInstanceOf(ReforestException.class)
        .hasMessage("the promotion has schema version 2; this library reads version 1");
  }

  @Test
  void tellsALogThatHasLostEntriesFromOneWithoutNews() throws IOException {
    log.append(promotion(1, A, "w1"));
    write(3, new String(promotion(3, B, "w3").toJson(), UTF_8));
    write(5, new String(promotion(5, A, "w5").toJson(), UTF_8));

    assertThatThrownBy(() -> tail.after(1))
        .hasMessage("promotion 2 is missing, although promotion 5 is there");
    assertThat(tail.after(2)).as("as far as it is whole").contains(promotion(3, B, "w3"));
    assertThatThrownBy(() -> tail.after(3)).hasMessageStartingWith("promotion 4 is missing");
    assertThatThrownBy(() -> tail.after(6))
        .hasMessage("the promotion log ends with 5, before promotion 6");
  }

  private Path write(int number, String content) throws IOException {
    Path promotions = Files.createDirectories(folder.resolve("promotions"));
    return Files.writeString(promotions.resolve("0000000000000000000" + number + ".json"), content);
  }
}
