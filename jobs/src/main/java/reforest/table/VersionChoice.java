package reforest.table;

import java.time.Instant;
import java.util.Optional;

/**
 * Which version of a table; at most one of both is named, and the newest version when neither is.
 *
 * @param dataVersion a version by its number
 * @param asOf the version that was the newest at that time, by when it was committed
 */
public record VersionChoice(Optional<Long> dataVersion, Optional<Instant> asOf) {
  public VersionChoice {
    if (dataVersion.isPresent() && asOf.isPresent()) {
      throw new IllegalArgumentException("a version is named by its number or by a time, not both");
    }
  }

  /** The newest version. */
  public static VersionChoice newest() {
    return new VersionChoice(Optional.empty(), Optional.empty());
  }

  /** The version of that number, from 0. */
  public static VersionChoice of(long version) {
    return new VersionChoice(Optional.of(version), Optional.empty());
  }

  /** The version that was the newest at that time. */
  public static VersionChoice asOf(Instant time) {
    return new VersionChoice(Optional.empty(), Optional.of(time));
  }
}
