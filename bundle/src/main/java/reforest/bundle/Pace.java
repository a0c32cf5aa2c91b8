package reforest.bundle;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a {@link Follower} looks at its store.
 *
 * <p>Each wait is drawn evenly between half of it and the whole, so that many services that started
 * together do not ask together.
 *
 * @param every the longest wait after a look that went well
 * @param longest the longest wait at all; after failures in a row the wait doubles up to it
 */
public record Pace(Duration every, Duration longest) {

  /** A look a minute, and one in five minutes while the store is away. */
  public static final Pace DEFAULT = new Pace(Duration.ofMinutes(1), Duration.ofMinutes(5));

  /** Doubled so often, a millisecond is half an hour and no duration has overflowed. */
  private static final int MOST_DOUBLINGS = 20;

  /**
   * @throws IllegalArgumentException when a wait is not positive, or the longest is shorter than
   *     the usual one
   */
  public Pace {
    if (every.compareTo(Duration.ofMillis(1)) < 0 || longest.compareTo(every) < 0) {
      throw new IllegalArgumentException(
          "every must be at least a millisecond and longest not below it, got "
              + every
              + " and "
              + longest);
    }
  }

  /**
   * The wait before the next look.
   *
   * @param failures how many looks in a row have failed, the last one included
   * @param random draws the wait
   */
  public Duration next(int failures, RandomGenerator random) {
    Duration whole = every;
    for (int i = 0; i < Math.min(failures, MOST_DOUBLINGS) && whole.compareTo(longest) < 0; i++) {
      whole = whole.multipliedBy(2);
    }
    long half = (whole.compareTo(longest) < 0 ? whole : longest).toNanos() / 2;
    return Duration.ofNanos(half + (long) (half * random.nextDouble()));
  }
}
