package reforest.bundle;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Follows a promotion log: one listing while nothing is new, which also tells a log without news
 * from one that has lost an entry.
 *
 * <p>An entry that cannot be read as one may still be on its way into a store that shows files
 * before they are whole. It stops the reader for a grace period, counted from when this object
 * first met it; after that it is void, is stepped past and not read again.
 *
 * <p>Safe for use by several threads.
 */
public final class PromotionTail {

  /** Long enough for any writer that is still alive to finish a file of one kilobyte. */
  public static final Duration GRACE = Duration.ofMinutes(1);

  private final PromotionLog log;
  private final Duration grace;
  private final Clock clock;
  private final TreeMap<Long, Unreadable> unreadable = new TreeMap<>();

  /**
   * @param grace how long an entry may be unreadable before it is void; zero for not at all
   * @param clock tells how long that was
   */
  public PromotionTail(PromotionLog log, Duration grace, Clock clock) {
    this.log = log;
    this.grace = grace;
    this.clock = clock;
  }

  private record Unreadable(Instant since, boolean isVoid) {}

  /**
   * The newest valid entry after the one that is held.
   *
   * @param held number of the promotion that the caller uses; 0 for none
   * @return empty when there is none yet
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached; of kind
   *     {@code DATA} for an entry that only a newer version of this library understands, and when
   *     the log ends before {@code held}, or lacks the entry after it although later ones are there
   */
  public synchronized Optional<Promotion> after(long held) {
    unreadable.headMap(held, true).clear();
    Optional<Promotion> newest = Optional.empty();
    long last = log.lastSequence();
    if (last < held) {
      throw lost("the promotion log ends with " + last + ", before promotion " + held);
    }
    for (long number = held + 1; number <= last; number++) {
      Unreadable known = unreadable.get(number);
      if (known != null && known.isVoid()) {
        continue;
      }
      PromotionLog.Entry entry = log.read(number);
      if (!entry.exists() && newest.isEmpty()) {
        throw lost("promotion " + number + " is missing, although promotion " + last + " is there");
      }
      if (!entry.exists() || (entry.valid().isEmpty() && !isVoidNow(number))) {
        return newest;
      }
      if (entry.valid().isPresent()) {
        newest = entry.valid();
      }
    }
    return newest;
  }

  private static ReforestException lost(String what) {
    return new ReforestException(
        ReforestException.Kind.DATA,
        what,
        "restore the promotion log; 'reforest models NAME' lists what it lacks");
  }

  private boolean isVoidNow(long number) {
    Instant now = clock.instant();
    Unreadable known = unreadable.get(number);
    Instant since = known == null ? now : known.since();
    boolean isVoid = !now.isBefore(since.plus(grace));
    unreadable.put(number, new Unreadable(since, isVoid));
    return isVoid;
  }
}
