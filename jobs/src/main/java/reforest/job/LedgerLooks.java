package reforest.job;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import reforest.bundle.Store;
import reforest.gate.Ledger;
import reforest.gate.StoreLedger;
import reforest.split.EarlierLooks;

/** What a model's ledger tells of rows that were looked at. */
final class LedgerLooks implements EarlierLooks {

  private final Ledger ledger;

  /**
   * @param store the model's store
   */
  LedgerLooks(Store store) {
    this.ledger = new StoreLedger(store);
  }

  @Override
  public Optional<Instant> developedUntil(Instant start, Instant end) {
    return ledger.all().stream()
        .filter(entry -> entry.kind() == Ledger.Kind.DEVELOPMENT)
        .filter(entry -> entry.window().start().filter(it -> it.isBefore(end)).isPresent())
        .flatMap(entry -> entry.window().end().stream())
        .filter(it -> it.isAfter(start))
        .max(Comparator.naturalOrder());
  }

  @Override
  public OptionalLong judgedVersion(String split) {
    return ledger.all().stream()
        .filter(entry -> entry.kind() == Ledger.Kind.TRY)
        .filter(entry -> entry.window().split().filter(split::equals).isPresent())
        .flatMapToLong(entry -> entry.window().until().stream())
        .max();
  }
}
