package reforest.bundle;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the champion of a model loaded for a service, and follows the promotion log.
 *
 * <p>A new champion is brought into a local folder, verified and tried on its own test rows before
 * it takes the place of the one that serves; whatever goes wrong with it, and however long the
 * store is away, the last good one goes on serving. A restarted service begins with the bundle that
 * the folder holds and needs the store for nothing but news. It never goes back to an earlier
 * promotion: a rollback is a new one.
 *
 * <p>Safe for use by several threads; reading {@link #scorer()} costs nothing.
 */
public final class Follower implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Follower.class.getName());

  private final Puller puller;
  private final PromotionTail tail;
  private final Clock clock;
  private volatile Served served;
  private volatile Status status;
  private boolean compared;
  private volatile @Nullable Thread thread;

  /**
   * The model that serves.
   *
   * @param sequence number of its promotion
   * @param digest digest of its bundle
   * @param scorer the model itself
   */
  public record Served(long sequence, String digest, Scorer scorer) {}

  /**
   * How the looks at the store went.
   *
   * @param succeededAt when one last went well; empty when none did since the start
   * @param failures how many have failed since
   * @param lastFailure why the last look failed; empty when it went well
   */
  public record Status(
      Optional<Instant> succeededAt, int failures, Optional<Throwable> lastFailure) {}

  private Follower(Puller puller, PromotionTail tail, Clock clock) {
    this.puller = puller;
    this.tail = tail;
    this.clock = clock;
    this.status = new Status(Optional.empty(), 0, Optional.empty());
    this.served = first();
  }

  /**
   * Loads a model without looking for news until {@link #look} is called.
   *
   * @param modelStore the model's own store, such as that of {@code models/bikeshare} in a home
   * @param folder this service's own folder for bundles; created if absent
   * @param clock tells the time of day
   * @throws ReforestException when the folder holds no sound bundle and none can be pulled
   */
  public static Follower open(Store modelStore, Path folder, Clock clock) {
    PromotionTail tail =
        new PromotionTail(new PromotionLog(modelStore), PromotionTail.GRACE, clock);
    return new Follower(new Puller(modelStore, folder, tail), tail, clock);
  }

  /**
   * Loads a model and keeps looking for a newer one, from now on and in a thread of its own.
   *
   * @throws ReforestException as {@link #open}
   */
  public static Follower start(Store modelStore, Path folder) {
    long seed = ThreadLocalRandom.current().nextLong();
    return start(modelStore, folder, Pace.DEFAULT, Clock.systemUTC(), seed);
  }

  /**
   * The same at another pace.
   *
   * @param seed of what is random in the waits; should differ from service to service
   * @throws ReforestException as {@link #open}
   */
  public static Follower start(Store modelStore, Path folder, Pace pace, Clock clock, long seed) {
    Follower follower = open(modelStore, folder, clock);
    Runnable log = () -> follower.status().lastFailure().ifPresent(follower::logFailure);
    Thread thread = new Thread(() -> follower.follow(pace, seed, log), "reforest-follower");
    thread.setDaemon(true);
    follower.thread = thread;
    thread.start();
    return follower;
  }

  /** The model that serves now. */
  public Served served() {
    return served;
  }

  /** Scores with the model that serves now; ask anew for each request. */
  public Scorer scorer() {
    return served.scorer();
  }

  /** How the looks at the store went, for a health check. */
  public Status status() {
    return status;
  }

  /**
   * Looks for a newer champion now, and serves it.
   *
   * @return whether another model serves than before
   * @throws ReforestException of kind {@code DATA} when the newer one is refused, or the log is
   *     gone, has gone back or lacks an entry, of kind {@code STORE} when a store cannot be
   *     reached. What served goes on
   */
  public synchronized boolean look() {
    try {
      boolean changed = hasNews() && serve();
      status = new Status(Optional.of(clock.instant()), 0, Optional.empty());
      return changed;
    } catch (RuntimeException | Error e) {
      status = new Status(status.succeededAt(), status.failures() + 1, Optional.of(e));
      throw e;
    }
  }

  /** Stops looking; the model that serves stays usable. */
  @Override
  public void close() {
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  private Served first() {
    try {
      Optional<Served> held = loaded();
      if (held.isPresent()) {
        return held.get();
      }
    } catch (ReforestException damaged) {
      if (damaged.kind() != ReforestException.Kind.DATA) {
        throw damaged;
      }
      LOG.log(Level.WARNING, "pulling again: {0}", damaged.getMessage());
    }
    puller.pull();
    compared = true;
    return loaded().orElseThrow();
  }

  private Optional<Served> loaded() {
    return puller
        .held()
        .map(
            held ->
                new Served(
                    held.current().sequence(), held.bundle().digest(), Scorer.of(held.bundle())));
  }

  /** A log that does not hold what serves is news, too, which the pull then refuses. */
  private boolean hasNews() {
    return !compared
        || !puller.isKept(served.sequence(), served.digest())
        || tail.after(served.sequence()).isPresent();
  }

  private boolean serve() {
    puller.pull();
    Served next = loaded().orElseThrow();
    compared = true;
    if (next.sequence() <= served.sequence()) {
      return false;
    }
    boolean changed = !next.digest().equals(served.digest());
    served = next;
    LOG.log(
        Level.INFO,
        "promotion {0} serves: bundle {1}",
        String.valueOf(next.sequence()),
        next.digest());
    return changed;
  }

  /**
   * Looks again and again, until this thread is interrupted.
   *
   * @param seed of what is random in the waits
   * @param looked called after each look, however it went
   */
  public void follow(Pace pace, long seed, Runnable looked) {
    SplittableRandom random = new SplittableRandom(seed);
    while (!Thread.currentThread().isInterrupted()) {
      try {
        look();
      } catch (RuntimeException | Error e) {
        // Its status tells. Whatever it is, such as a model too large for this heap, the one that
        // serves goes on.
      }
      looked.run();
      try {
        Thread.sleep(pace.next(status.failures(), random).toMillis());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void logFailure(Throwable failure) {
    LOG.log(Level.WARNING, "promotion " + served.sequence() + " goes on serving: " + failure);
  }
}
