package reforest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Promotion;
import reforest.bundle.Promotion.Action;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.evaluate.Stumps;
import reforest.home.Home;

class PublishTest {

  private static final Instant NOW = Instant.parse("2026-01-05T06:00:00Z");

  @TempDir private Path folder;
  private LocalStore store;
  private Publish publish;
  private PromotionLog log;
  private Bundle one;
  private Bundle two;

  @BeforeEach
  void open() {
    store = new LocalStore(folder.resolve("model"));
    publish = new Publish(store, Clock.fixed(NOW, ZoneOffset.UTC));
    log = new PromotionLog(store);
    one = Stumps.regression(folder.resolve("one"), "x", 1, 2);
    two = Stumps.regression(folder.resolve("two"), "x", 3, 4);
  }

  private static Publish.Cause won(String run) {
    return new Publish.Cause(Action.PROMOTE, run, "PROMOTE", "it won", "file:/report.html");
  }

  @Test
  void thePromotedBundleIsTheJudgedOneByteForByte() {
    Promotion promotion = publish.promote(one, 0, won("r")).orElseThrow();

    Bundle published = Bundle.read(store, Home.bundle(one.digest()));
    assertThat(published.file(Bundle.MODEL)).isEqualTo(one.file(Bundle.MODEL));
    assertThat(log.champion()).hasValue(promotion);
    assertThat(promotion.sequence()).isEqualTo(1);
    assertThat(promotion.predecessor()).isEmpty();
    assertThat(promotion.at()).isEqualTo(NOW);
  }

  @Test
  void ofTwoPromotionsAfterTheSameChampionOneHappens() {
    assertThat(publish.promote(one, 0, won("first"))).isPresent();
    assertThat(publish.promote(two, 0, won("second"))).isEmpty();

    assertThat(log.all()).extracting(Promotion::run).containsExactly("first");
  }

  @Test
  void aRollbackIsANewEntryThatNamesTheOldBundle() {
    publish.promote(one, 0, won("first"));
    publish.promote(two, 1, won("second"));

    Promotion back = rollback(null, "orders dropped").promotion();

    assertThat(back.sequence()).isEqualTo(3);
    assertThat(back.bundle()).isEqualTo(one.digest());
    assertThat(back.predecessor()).hasValue(two.digest());
    assertThat(back.action()).isEqualTo(Action.ROLLBACK);
    assertThat(back.reason()).isEqualTo("orders dropped");
  }

  @Test
  void rollingBackTwiceNeverBringsBackWhatWasRolledBack() {
    publish.promote(one, 0, won("first"));
    publish.promote(two, 1, won("second"));
    rollback(null, "orders dropped");

    assertRefused(
        Kind.DATA,
        "promotion 1, which made the champion, is the first, nothing came before it",
        null);
  }

  @Test
  void anyEarlierPromotionCanComeBack() {
    publish.promote(one, 0, won("first"));
    publish.promote(two, 1, won("second"));
    rollback(null, "back");

    assertThat(rollback(2L, "forth").promotion().bundle()).isEqualTo(two.digest());
  }

  @Test
  void withoutAPromotionThereIsNothingToRollBack() {
    assertRefused(Kind.DATA, "nothing was promoted yet, so there is nothing to roll back", null);
  }

  @Test
  void theFirstPromotionHasNothingBeforeIt() {
    publish.promote(one, 0, won("first"));

    assertRefused(
        Kind.DATA,
        "promotion 1, which made the champion, is the first, nothing came before it",
        null);
  }

  @Test
  void thePromotionMustExist() {
    publish.promote(one, 0, won("first"));

    assertRefused(Kind.DATA, "there is no promotion 7", 7L);
  }

  @Test
  void theChampionItselfCannotComeBack() {
    publish.promote(one, 0, won("first"));

    assertRefused(Kind.DATA, "promotion 1 holds the bundle that is the champion already", 1L);
  }

  @Test
  void anAlteredBundleCannotComeBack() throws Exception {
    publish.promote(one, 0, won("first"));
    publish.promote(two, 1, won("second"));
    Path model = folder.resolve("model").resolve(Home.bundle(one.digest())).resolve(Bundle.MODEL);
    Files.writeString(model, Files.readString(model).replace("1.0", "9.0"));

    assertThatThrownBy(() -> rollback(null, "back"))
        .isInstanceOfSatisfying(
            ReforestException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DATA))
        .hasMessageStartingWith("cannot roll back to promotion 1: ");
    assertThat(log.lastSequence()).isEqualTo(2);
  }

  @Test
  void theSameRollbackAgainFindsItsOwnEntryAndWritesNothing() {
    promoteThree();
    Publish.Back first = rollback(null, "orders dropped");
    assertThat(first.repeated()).isFalse();
    assertThat(first.promotion().sequence()).isEqualTo(4);

    assertThat(rollback(null, "orders dropped"))
        .isEqualTo(new Publish.Back(first.promotion(), true));
    assertThat(expecting(3, null, "in other words"))
        .isEqualTo(new Publish.Back(first.promotion(), true));
    assertThat(rollback(2L, "by number")).isEqualTo(new Publish.Back(first.promotion(), true));
    assertThat(log.lastSequence()).isEqualTo(4);
  }

  @Test
  void aRollbackInOtherWordsGoesFurtherUnlessTheOneBeforeWasCutOff() {
    promoteThree();
    Promotion first = rollback(null, "orders dropped").promotion();

    Publish.Wish wish = new Publish.Wish(Optional.empty(), Optional.empty(), "returns rose");
    assertThat(publish.rollback(wish, first::equals)).isEqualTo(new Publish.Back(first, true));
    assertThat(publish.rollback(wish, p -> false).promotion().bundle()).isEqualTo(one.digest());
  }

  @Test
  void theChampionThatShallGoCanBeNamedAndIsThenTheOnlyOneThatDoes() {
    promoteThree();
    rollback(null, "orders dropped");

    assertThat(expecting(4, null, "orders dropped").promotion().bundle()).isEqualTo(one.digest());
    for (long wrong : new long[] {1, 3, 4, 9}) {
      assertThatThrownBy(() -> expecting(wrong, wrong == 4 ? 3L : null, "late"))
          .isInstanceOfSatisfying(
              ReforestException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DATA))
          .hasMessageStartingWith(
              "this was meant for promotion %d, but promotion 5 stands since ".formatted(wrong));
    }
    assertThat(log.lastSequence()).isEqualTo(5);
  }

  private void promoteThree() {
    publish.promote(one, 0, won("first"));
    publish.promote(two, 1, won("second"));
    publish.promote(Stumps.regression(folder.resolve("three"), "x", 5, 6), 2, won("third"));
  }

  private Publish.Back rollback(Long to, String reason) {
    return publish.rollback(
        new Publish.Wish(Optional.ofNullable(to), Optional.empty(), reason), p -> false);
  }

  private Publish.Back expecting(long champion, Long to, String reason) {
    return publish.rollback(
        new Publish.Wish(Optional.ofNullable(to), Optional.of(champion), reason), p -> false);
  }

  private void assertRefused(Kind kind, String message, Long to) {
    assertThatThrownBy(() -> rollback(to, "back"))
        .isInstanceOfSatisfying(ReforestException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessage(message);
  }
}
