package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FollowerTest {

  private static final Map<String, Object> ROW = Map.of("temp", 0.1, "wind", 4, "season", "winter");

  @TempDir Path home;
  private final MovedClock clock = new MovedClock();
  private WatchedStore store;
  private Publisher publisher;
  private Path folder;

  @BeforeEach
  void open() {
    LocalStore files = new LocalStore(home.resolve("models/bikes"));
    store = new WatchedStore(files);
    publisher = new Publisher(files);
    folder = home.resolve("service");
  }

  @Test
  void servesTheChampionAndThenTheNext() {
    String first = publisher.promote(1, Models.AVERAGE);
    try (Follower follower = follow()) {
      assertThat(follower.served().sequence()).isEqualTo(1);
      assertThat(follower.served().digest()).isEqualTo(first);
      assertThat(follower.scorer().score(ROW).value()).isEqualTo(5.75);
      assertThat(follower.look()).isFalse();

      String second = publisher.promote(2, Models.SUM);
      assertThat(follower.look()).isTrue();
      assertThat(follower.served().sequence()).isEqualTo(2);
      assertThat(follower.served().digest()).isEqualTo(second);
      assertThat(follower.scorer().score(ROW).value()).isEqualTo(11.5);
      assertThat(folder.resolve(first)).as("the bundle before stays").exists();
    }
  }

  @Test
  void looksWithOneReadAndOneListing() {
    publisher.promote(1, Models.AVERAGE);
    try (Follower follower = follow()) {
      store.calls.clear();
      assertThat(follower.look()).isFalse();
      assertThat(store.calls)
          .containsExactly("read promotions/00000000000000000001.json", "list promotions");
    }
  }

  @Test
  void followsARollbackForward() {
    publisher.promote(1, Models.AVERAGE);
    publisher.promote(2, Models.SUM);
    try (Follower follower = follow()) {
      publisher.promote(3, Models.AVERAGE);
      assertThat(follower.look()).isTrue();
      assertThat(follower.served().sequence()).isEqualTo(3);
      assertThat(follower.scorer().score(ROW).value()).isEqualTo(5.75);
    }
  }

  @Test
  void takesTheNumberOfANewEntryForTheBundleThatServes() {
    publisher.promote(1, Models.AVERAGE);
    try (Follower follower = follow()) {
      publisher.promote(2, Models.AVERAGE);
      assertThat(follower.look()).isFalse();
      assertThat(follower.served().sequence()).isEqualTo(2);
    }
  }

  @Test
  void goesOnServingThroughAnOutageAndARestartWithinIt() {
    String first = publisher.promote(1, Models.AVERAGE);
    follow().close();
    store.lose(true);

    try (Follower restarted = follow()) {
      for (int day = 1; day <= 400; day++) {
        clock.move(Duration.ofDays(1));
        assertThatThrownBy(restarted::look).hasMessage("the store is away");
        assertThat(restarted.served().digest()).isEqualTo(first);
        assertThat(restarted.scorer().score(ROW).value()).isEqualTo(5.75);
        assertThat(restarted.status().failures()).isEqualTo(day);
      }
      assertThat(restarted.status().succeededAt()).isEmpty();
      publisher.promote(2, Models.SUM);
      store.lose(false);
      assertThat(restarted.look()).isTrue();
      assertThat(restarted.served().sequence()).isEqualTo(2);
      assertThat(restarted.status())
          .isEqualTo(
              new Follower.Status(
                  java.util.Optional.of(clock.instant()), 0, java.util.Optional.empty()));
    }
  }

  @Test
  void saysSoWhenThereIsNothingToBeginWith() {
    assertThatThrownBy(this::follow).hasMessageContaining("there is no champion at");
    publisher.promote(1, Models.AVERAGE);
    store.lose(true);
    assertThatThrownBy(this::follow).hasMessage("the store is away");
  }

  @Test
  void keepsTheLastGoodOneWhenTheNextIsDamagedAndTakesTheOneAfter() throws IOException {
    String first = publisher.promote(1, Models.AVERAGE);
    try (Follower follower = follow()) {
      String second = publisher.promote(2, Models.SUM);
      Path pmml = home.resolve("models/bikes/bundles").resolve(second).resolve("model.pmml");
      Files.writeString(pmml, Files.readString(pmml).replace("10.0", "10.1"));

      assertThatThrownBy(follower::look).hasMessageContaining("model.pmml has the SHA-256");
      assertThat(follower.served().digest()).isEqualTo(first);
      assertThat(follower.status().lastFailure()).isPresent();
      assertThat(folder.resolve(second)).doesNotExist();

      publisher.promote(3, Models.AVERAGE.replace("description=\"bikes\"", ""));
      assertThat(follower.look()).isTrue();
      assertThat(follower.served().sequence()).isEqualTo(3);
    }
  }

  @Test
  void keepsTheLastGoodOneWhenTheNextPredictsOtherThanItsWriterSaw() {
    String first = publisher.promote(1, Models.AVERAGE);
    try (Follower follower = follow()) {
      publisher.promote(2, Models.AVERAGE.replace("score=\"10.0\"", "score=\"10.1\""));

      assertThatThrownBy(follower::look).hasMessageContaining("verification row 1 gives 5.8");
      assertThat(follower.served().digest()).isEqualTo(first);
    }
  }

  @Test
  void waitsForAHalfWrittenEntryBeforeItStepsPast() throws IOException {
    publisher.promote(1, Models.AVERAGE);
    try (Follower follower = follow()) {
      Path half = home.resolve("models/bikes/promotions/00000000000000000002.json");
      Files.writeString(half, "{ \"schema\" : 1, \"sequ");
      String third = publisher.promote(3, Models.SUM);

      assertThat(follower.look()).isFalse();
      clock.move(PromotionTail.GRACE);
      assertThat(follower.look()).isTrue();
      assertThat(follower.served().digest()).isEqualTo(third);
    }
  }

  @Test
  void saysAfterARestartThatTheLogHasGoneBackAndServesWhatItHeld() throws IOException {
    publisher.promote(1, Models.AVERAGE);
    String second = publisher.promote(2, Models.SUM);
    follow().close();
    Files.delete(home.resolve("models/bikes/promotions/00000000000000000002.json"));

    try (Follower restarted = follow()) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(restarted::look).hasMessageStartingWith("refused to go back");
        assertThat(restarted.served().digest()).isEqualTo(second);
      }
    }
  }

  @Test
  void countsAHomeThatIsGoneAsAFailureUntilItIsBack() throws IOException {
    publisher.promote(1, Models.AVERAGE);
    try (Follower follower = follow()) {
      follower.look();
      Path away = Files.move(home.resolve("models"), home.resolve("away"));
      for (int failures = 1; failures <= 2; failures++) {
        assertThatThrownBy(follower::look)
            .hasMessageStartingWith("refused to go back")
            .hasMessageEndingWith("there is no promotion any more");
        assertThat(follower.status().failures()).isEqualTo(failures);
      }
      assertThat(follower.scorer().score(ROW).value()).isEqualTo(5.75);

      Files.move(away, home.resolve("models"));
      assertThat(follower.look()).isFalse();
      assertThat(follower.status().failures()).isZero();
    }
  }

  @Test
  void countsALogThatHasGoneBackWhileItServesAsAFailure() throws IOException {
    publisher.promote(1, Models.AVERAGE);
    String second = publisher.promote(2, Models.SUM);
    try (Follower follower = follow()) {
      follower.look();
      Files.delete(entry(2));
      assertThatThrownBy(follower::look).hasMessageContaining("the newest in the log is 1");

      publisher.promote(2, Models.AVERAGE);
      assertThatThrownBy(follower::look)
          .hasMessageContaining("holds promotion 2 of bundle " + second)
          .hasMessageContaining("the newest in the log is 2 of bundle ");
      assertThat(follower.status().failures()).isEqualTo(2);
      assertThat(follower.served().digest()).isEqualTo(second);
    }
  }

  @Test
  void countsAnEntryThatIsMissingBeforeALaterOneAsAFailure() throws IOException {
    String first = publisher.promote(1, Models.AVERAGE);
    try (Follower follower = follow()) {
      follower.look();
      publisher.promote(2, Models.SUM);
      String third = publisher.promote(3, Models.AVERAGE.replace("description=\"bikes\"", ""));
      Path away = Files.move(entry(2), home.resolve("away"));

      assertThatThrownBy(follower::look)
          .hasMessage("promotion 2 is missing, although promotion 3 is there");
      assertThat(follower.status().failures()).isEqualTo(1);
      assertThat(follower.served().digest()).isEqualTo(first);

      Files.move(away, entry(2));
      assertThat(follower.look()).isTrue();
      assertThat(follower.served().digest()).isEqualTo(third);
    }
  }

  private Path entry(long sequence) {
    return home.resolve("models/bikes/promotions/%020d.json".formatted(sequence));
  }

  @Test
  void pullsAgainWhatWasDamagedInItsOwnFolder() throws IOException {
    String first = publisher.promote(1, Models.AVERAGE);
    follow().close();
    Files.writeString(folder.resolve(first).resolve("model.pmml"), "half");

    try (Follower restarted = follow()) {
      assertThat(restarted.scorer().score(ROW).value()).isEqualTo(5.75);
    }
  }

  @Test
  @Timeout(60)
  void keepsLookingInItsOwnThreadWhateverGoesWrongUntilItIsClosed() throws Exception {
    publisher.promote(1, Models.AVERAGE);
    Pace pace = new Pace(Duration.ofMillis(2), Duration.ofMillis(4));
    Follower follower = Follower.start(store, folder, pace, clock, 7);
    store.lose(true);
    while (follower.status().failures() < 3) {
      Thread.onSpinWait();
    }
    publisher.promote(2, Models.SUM);
    store.lose(false);
    while (follower.served().sequence() < 2) {
      Thread.onSpinWait();
    }
    assertThat(follower.scorer().score(ROW).value()).isEqualTo(11.5);

    follower.close();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("reforest-follower")) {
        thread.join();
      }
    }
    publisher.promote(3, Models.AVERAGE);
    assertThat(follower.served().sequence()).as("closed").isEqualTo(2);
    assertThat(follower.scorer().score(ROW).value()).isEqualTo(11.5);
  }

  private Follower follow() {
    return Follower.open(store, folder, clock);
  }
}
