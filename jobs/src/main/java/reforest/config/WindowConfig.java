package reforest.config;

import java.time.Duration;
import java.util.List;

/**
 * How rows are divided into training rows, the development window and the protected window.
 *
 * <p>With an event time ({@code data.event-time}) the lengths and delays count; without one the
 * shares and the salt.
 *
 * @param protectedLength length of the protected window
 * @param developmentLength length of the development window before it
 * @param labelDelay how long after its event a row's label becomes known; also the gap between
 *     training and a window
 * @param align windows end at a multiple of this, counted from 1970-01-01T00:00Z
 * @param groups columns whose rows stay together. Empty means the key; with an event time it means
 *     none, so that one customer may stand on both sides, as in production
 * @param protectedShare share of the groups in the protected window, above 0, below 1
 * @param developmentShare share of the groups in the development window, above 0, below 1
 * @param salt enters the hash that divides the groups
 */
public record WindowConfig(
    Duration protectedLength,
    Duration developmentLength,
    Duration labelDelay,
    Duration align,
    List<String> groups,
    double protectedShare,
    double developmentShare,
    String salt) {
  public WindowConfig {
    groups = List.copyOf(groups);
  }

  /** Whether folds are blocks of event time, and no groups are kept together in their place. */
  public boolean hasBlocksOfTime(DataConfig data) {
    return data.eventTime().isPresent() && groups.isEmpty();
  }
}
