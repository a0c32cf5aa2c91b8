package reforest.train;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How long each fold of a search may take, so that all of them and the refit fit into its time. */
final class Deadline {

  private final LongSupplier nanoClock;
  private final long start;
  private final long shareNanos;

  /**
   * A search that starts now.
   *
   * @param time of the whole search; empty for any
   * @param nanoClock nanoseconds from any origin
   */
  Deadline(Optional<Duration> time, int folds, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.start = nanoClock.getAsLong();
    // The refit of the winner takes a share of its own.
    this.shareNanos = time.map(t -> t.toNanos() / (folds + 1)).orElse(Long.MAX_VALUE);
  }

  /** Whether the search may take any time. */
  boolean isNever() {
    return shareNanos == Long.MAX_VALUE;
  }

  /**
   * Whether a fold must start nothing more.
   *
   * @param fold its number; below 0 for the refit, which must be done
   */
  boolean isOver(int fold) {
    return !isNever() && fold >= 0 && nanoClock.getAsLong() - start >= shareNanos * (fold + 1);
  }
}
