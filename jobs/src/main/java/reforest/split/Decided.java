package reforest.split;

import java.time.Instant;
import java.util.Optional;

/**
 * Knows up to where rows have decided already, so that the next protected window starts with fresh
 * ones and owes nothing to earlier tries.
 */
@FunctionalInterface
public interface Decided {

  /** Nothing has been decided, or it does not matter. */
  Decided NOTHING = (start, end) -> Optional.empty();

  /**
   * The latest end of a protected window on which a verdict to promote or to keep was reached.
   *
   * @param start only ends after it count
   * @param end only ends before it count: another try on the rows of this very window is no reason
   *     to move it
   * @return empty when there is none
   */
  Optional<Instant> latest(Instant start, Instant end);
}
