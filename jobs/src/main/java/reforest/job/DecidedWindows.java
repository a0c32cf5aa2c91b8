package reforest.job;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.gate.Decision;
import reforest.gate.Ledger;
import reforest.gate.StoreLedger;
import reforest.registry.RunKind;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.split.Decided;
import reforest.split.WindowId;

/** What the ledger and the runs of a model tell of its decided windows. */
final class DecidedWindows implements Decided {

  private final Ledger ledger;
  private final Runs runs;

  /**
   * @param store the model's store
   */
  DecidedWindows(Store store) {
    this.ledger = new StoreLedger(store);
    this.runs = new Runs(store);
  }

  /** Reads the records of the newest tries alone, until one of them has decided. */
  @Override
  public Optional<Instant> latest(Instant start, Instant end) {
    List<Ledger.Entry> newestFirst =
        ledger.all().stream()
            .filter(entry -> entry.window().end().filter(it -> it.isAfter(start)).isPresent())
            .filter(entry -> entry.window().end().filter(it -> it.isBefore(end)).isPresent())
            .sorted(Comparator.comparing((Ledger.Entry e) -> e.window().end().get()).reversed())
            .toList();
    for (Ledger.Entry entry : newestFirst) {
      if (hasDecided(entry)) {
        return entry.window().end();
      }
    }
    return Optional.empty();
  }

  private boolean hasDecided(Ledger.Entry entry) {
    String end = entry.window().end().orElseThrow().toString();
    try {
      return runs.of(entry.run()).stream()
          .anyMatch(record -> decided(record) && end.equals(record.window().end()));
    } catch (ReforestException e) {
      if (e.kind() != Kind.DATA) {
        throw e;
      }
      // A record that nobody can read has decided nothing; its try counts all the same.
      return false;
    }
  }

  /** A backtest stands in the ledger, too, but decides nothing. */
  private static boolean decided(RunRecord record) {
    boolean verdict =
        record.decision().filter(decision -> decision != Decision.INCONCLUSIVE).isPresent();
    return verdict
        && record.runKind().map(RunKind::decides).orElse(true)
        && record.window().windowKind().filter(WindowId.Kind.PROTECTED::equals).isPresent();
  }
}
