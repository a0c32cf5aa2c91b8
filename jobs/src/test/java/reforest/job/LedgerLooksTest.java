package reforest.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.LocalStore;
import reforest.gate.AlphaSpending.Budget;
import reforest.gate.Ledger.Entry;
import reforest.gate.Ledger.Kind;
import reforest.gate.Ledger.Window;
import reforest.gate.StoreLedger;

/** Which rows of a new window earlier looks have seen. */
final class LedgerLooksTest {

  private static final Instant MAY = Instant.parse("2011-05-01T00:00:00Z");

  private LocalStore store;
  private int writes;

  @BeforeEach
  void store(@TempDir Path folder) {
    store = new LocalStore(folder);
  }

  private static Instant day(int of) {
    return MAY.plus(Duration.ofDays(of));
  }

  private void look(Kind kind, Window window) {
    Entry entry =
        new Entry(
            window,
            "challenger",
            Optional.of("champion"),
            "settings",
            "rows",
            kind,
            Optional.of(Budget.of(Duration.ofDays(28), Optional.empty(), 14)),
            false,
            false,
            "run",
            MAY,
            "write " + writes++);
    if (kind == Kind.TRY) {
      new StoreLedger(store).register(entry);
    } else {
      new StoreLedger(store).note(entry);
    }
  }

  @Test
  void tellsUntilWhenRowsOfAWindowWereDevelopedOn() {
    look(Kind.DEVELOPMENT, Window.of(day(0), day(10)));
    look(Kind.DEVELOPMENT, Window.of(day(0), day(7)));
    look(Kind.TRY, Window.of(day(0), day(20)));
    look(Kind.BACKTEST, Window.of(day(0), day(20)));
    LedgerLooks looks = new LedgerLooks(store);

    assertThat(looks.developedUntil(day(3), day(31))).contains(day(10));
    assertThat(looks.developedUntil(day(10), day(31))).isEmpty();
    assertThat(looks.developedUntil(day(-5), day(0))).isEmpty();
  }

  @Test
  void tellsUpToWhichDataVersionAHashHasJudged() {
    look(Kind.TRY, Window.of("a hash", OptionalLong.empty(), OptionalLong.of(4)));
    look(Kind.TRY, Window.of("a hash", OptionalLong.of(4), OptionalLong.of(6)));
    look(Kind.DEVELOPMENT, Window.of("a hash", OptionalLong.empty(), OptionalLong.of(9)));
    LedgerLooks looks = new LedgerLooks(store);

    assertThat(looks.judgedVersion("a hash")).hasValue(6);
    assertThat(looks.judgedVersion("another hash")).isEmpty();
  }
}
