package reforest.gate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reforest.gate.Ledger.Entry;
import reforest.gate.Ledger.Kind;
import reforest.gate.Ledger.Window;

final class StoreLedgerTest {

  private static final Window MAY = window("2011-05-01", "2011-06-01");

  private final MemoryStore store = new MemoryStore();
  private final Ledger ledger = new StoreLedger(store);
  private int writes;

  private static Window window(String start, String end) {
    return Window.of(Instant.parse(start + "T00:00:00Z"), Instant.parse(end + "T00:00:00Z"));
  }

  private Entry entry(Window window, String challenger, String champion, boolean forced) {
    return entry(window, challenger, champion, "settings", "rows", forced);
  }

  private Entry entry(
      Window window,
      String challenger,
      String champion,
      String configuration,
      String data,
      boolean forced) {
    return new Entry(
        window,
        challenger,
        Optional.of(champion),
        configuration,
        data,
        Kind.TRY,
        Optional.of(MONTHS),
        forced,
        false,
        "run of " + challenger,
        Instant.parse("2011-07-01T00:00:00Z"),
        "write " + writes++);
  }

  private static final AlphaSpending.Budget MONTHS =
      new AlphaSpending.Budget(Duration.ofDays(31), Duration.ofDays(14));

  private int tried(Window window, String challenger) {
    return ledger.register(entry(window, challenger, "champion", false)).attempt();
  }

  @Test
  void countsChallengersOnOneWindow() {
    assertThat(tried(MAY, "a")).isEqualTo(1);
    assertThat(tried(MAY, "b")).isEqualTo(2);
    assertThat(tried(MAY, "c")).isEqualTo(3);
  }

  @Test
  void givesTheSamePairItsOwnNumberAgain() {
    tried(MAY, "a");
    tried(MAY, "b");

    assertThat(tried(MAY, "a")).isEqualTo(1);
    assertThat(tried(MAY, "b")).isEqualTo(2);
    assertThat(ledger.all()).hasSize(2);
  }

  @Test
  void countsAForcedAttemptOfTheSamePair() {
    tried(MAY, "a");
    Entry forced = entry(MAY, "a", "champion", true);

    assertThat(ledger.register(forced).attempt()).isEqualTo(2);
    assertThat(ledger.register(forced).attempt()).isEqualTo(2);
    assertThat(tried(MAY, "b")).isEqualTo(3);
  }

  @Test
  void countsAnotherChampionAsAnotherTry() {
    tried(MAY, "a");

    assertThat(ledger.register(entry(MAY, "a", "newer champion", false)).attempt()).isEqualTo(2);
  }

  @Test
  void countsOtherSettingsAsAnotherTry() {
    tried(MAY, "a");
    Entry eased = entry(MAY, "a", "champion", "a wider margin", "rows", false);

    assertThat(ledger.register(eased).attempt()).isEqualTo(2);
    assertThat(tried(MAY, "a")).isEqualTo(1);
  }

  @Test
  void countsOtherRowsOfTheSameWindowAsAnotherTry() {
    tried(MAY, "a");

    assertThat(
            ledger
                .register(entry(MAY, "a", "champion", "settings", "corrected rows", false))
                .attempt())
        .isEqualTo(2);
  }

  @Test
  void takesNoTryToRepeatAnEntryThatDoesNotTellItsSettings() {
    store.createIfAbsent(
        "ledger/00000000000000000001.json",
        """
        {"schema":1,"spends":true,"start":"2011-05-01T00:00:00Z","end":"2011-06-01T00:00:00Z",
        "challenger":"a","champion":"champion","forced":false,"run":"run",
        "at":"2011-07-01T00:00:00Z","writeId":"old"}"""
            .getBytes(UTF_8));

    assertThat(ledger.all()).extracting(Entry::challenger).containsExactly("a");
    assertThat(tried(MAY, "a")).isEqualTo(2);
    assertThat(ledger.register(entry(MAY, "a", "champion", "", "", false)).attempt()).isEqualTo(3);
  }

  @Test
  void countsOnlyWindowsThatShareRows() {
    tried(MAY, "a");

    assertThat(tried(window("2011-06-01", "2011-07-01"), "b")).isEqualTo(1);
    assertThat(tried(window("2011-05-31", "2011-06-02"), "c")).isEqualTo(3);
    assertThat(tried(window("2011-04-01", "2011-05-01"), "d")).isEqualTo(1);
  }

  @Test
  void takesHashSplitsToShareRows() {
    tried(Window.of("hash of key, salt a, 0.2"), "a");

    Allowance other =
        ledger.register(entry(Window.of("hash of key, salt b, 0.2"), "b", "champion", false));

    assertThat(other.nothing()).hasValue("nothing new to judge yet: its rows were judged before");
    assertThat(ledger.register(entry(MAY, "c", "champion", false)).share()).isZero();
  }

  @Test
  void takesRowsOfLaterDataVersionsForOtherRows() {
    Window old = Window.of("hash of key", OptionalLong.empty(), OptionalLong.of(4));
    Window fresh = Window.of("hash of key", OptionalLong.of(4), OptionalLong.of(9));
    Window salted = Window.of("salted", OptionalLong.of(4), OptionalLong.of(9));
    tried(old, "a");

    assertThat(ledger.register(entry(fresh, "b", "champion", false))).isEqualTo(Allowance.first());
    assertThat(ledger.register(entry(salted, "c", "champion", false)).share()).isZero();
  }

  @Test
  void takesTheTryOfATwinThatRegisteredAtTheSameMomentForItsOwn() {
    MemoryStore late = new MemoryStore();
    Entry twin = entry(MAY, "a", "champion", false);
    new StoreLedger(late).register(twin);
    tried(MAY, "a");
    store.createIfAbsent(
        "ledger/00000000000000000002.json",
        late.read("ledger/00000000000000000001.json").orElseThrow());

    assertThat(ledger.register(twin)).isEqualTo(Allowance.first());
    assertThat(tried(MAY, "b")).isEqualTo(2);
    assertThat(ledger.register(entry(MAY, "c", "champion", false)).attempt()).isEqualTo(3);
  }

  @Test
  void countsATryThatWasCutShortAsTheSameRun() {
    Entry begun = entry(MAY, "a", "champion", false);
    ledger.register(begun);

    assertThat(ledger.allowance(begun)).isEqualTo(Allowance.first());
    assertThat(ledger.allowance(entry(MAY, "b", "champion", false)).share()).isEqualTo(0.05);
    assertThat(ledger.all()).hasSize(1);
  }

  @Test
  void spendsNothingOnANote() {
    ledger.note(entry(MAY, "old", "champion", false));

    assertThat(tried(MAY, "a")).isEqualTo(1);
    assertThat(tried(MAY, "old")).isEqualTo(2);
    assertThat(ledger.all()).hasSize(3);
  }

  @Test
  void countsAnEntryThatCannotBeRead() {
    for (String broken : List.of("{", "{\"schema\":9}", "{\"schema\":1}", "[]", "")) {
      store.files.clear();
      store.createIfAbsent("ledger/00000000000000000001.json", broken.getBytes(UTF_8));

      assertThat(tried(MAY, "a")).as(broken).isEqualTo(2);
    }
  }

  @Test
  void readsBackWhatItWrote() {
    Entry time = entry(MAY, "a", "champion", true);
    Entry hash =
        new Entry(
            Window.of("hash of key"),
            "b",
            Optional.empty(),
            "settings",
            "rows",
            Kind.BACKTEST,
            Optional.empty(),
            false,
            true,
            "run",
            Instant.parse("2011-07-01T00:00:00.123456789Z"),
            "id");
    ledger.register(time);
    ledger.note(hash);

    assertThat(new StoreLedger(store).all()).containsExactly(time, hash);
  }

  @Test
  void givesEachOfManyRacersANumberOfItsOwn() throws Exception {
    int racers = 16;
    CyclicBarrier barrier = new CyclicBarrier(racers);
    ExecutorService threads = Executors.newFixedThreadPool(racers);
    try {
      List<Future<Integer>> numbers = new ArrayList<>();
      for (int i = 0; i < racers; i++) {
        Entry entry = entry(MAY, "challenger " + i, "champion", false);
        numbers.add(
            threads.submit(
                () -> {
                  barrier.await();
                  return new StoreLedger(store).register(entry).attempt();
                }));
      }
      List<Integer> got = new ArrayList<>();
      for (Future<Integer> number : numbers) {
        got.add(number.get());
      }
      assertThat(got)
          .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, racers).boxed().toList());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void refusesAWindowThatEndsBeforeItStarts() {
    assertThatThrownBy(() -> window("2011-05-02", "2011-05-01"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a window must end after it starts");
  }

  @Test
  void readsEveryKindOfLookBackAsItWasWritten() {
    List<Entry> written = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (Window window :
          List.of(MAY, Window.of("a hash", OptionalLong.of(3), OptionalLong.of(5)))) {
        Entry entry = entry(window, "a", "b", "settings", "rows", kind == Kind.TRY);
        written.add(
            new Entry(
                entry.window(),
                entry.challenger(),
                entry.champion(),
                entry.configuration(),
                entry.data(),
                kind,
                entry.budget(),
                entry.forced(),
                true,
                entry.run(),
                entry.at(),
                entry.writeId()));
      }
    }
    written.forEach(ledger::note);

    assertThat(ledger.all()).isEqualTo(written);
  }

  @Test
  void takesALookThatDoesNotSayWhatForForATryOnlyWhereItSpends() {
    ledger.note(entry(MAY, "a", "champion", false));
    ledger.register(entry(MAY, "b", "champion", false));
    store.files.replaceAll(
        (path, bytes) -> new String(bytes, UTF_8).replace("\"kind\"", "\"k\"").getBytes(UTF_8));

    assertThat(ledger.all()).extracting(Entry::kind).containsExactly(Kind.BACKTEST, Kind.TRY);
  }
}
