package reforest.split;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Knows which rows were looked at before, so that a protected window is made of others. */
public interface EarlierLooks {

  /** Nobody has looked at anything, or it does not matter. */
  EarlierLooks NONE =
      new EarlierLooks() {
        @Override
        public Optional<Instant> developedUntil(Instant start, Instant end) {
          return Optional.empty();
        }

        @Override
        public OptionalLong judgedVersion(String split) {
          return OptionalLong.empty();
        }
      };

  /**
   * The latest end of a development window that has rows of a span of event times.
   *
   * @param start first event time
   * @param end first event time that is not in it
   * @return empty when there is none; may lie after {@code end}
   */
  Optional<Instant> developedUntil(Instant start, Instant end);

  /**
   * The newest data version whose rows were judged in a window that a hash divides off.
   *
   * @param split how the hash divides, in words
   * @return empty when there is none
   */
  OptionalLong judgedVersion(String split);
}
