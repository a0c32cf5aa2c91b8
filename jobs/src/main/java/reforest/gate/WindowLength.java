package reforest.gate;

import java.time.Duration;
import java.util.Locale;

/**
 * How long a window is whose clusters are periods of time, so that advice can say how long to wait.
 *
 * @param cluster one cluster's period, above zero
 * @param longest the longest window that is judged
 */
public record WindowLength(Duration cluster, Duration longest) {

  /** From this on a length is told in weeks. */
  private static final int MANY_DAYS = 28;

  /** How many new rows so many clusters take: {@code some 11 weeks of new rows}. */
  String takes(long clusters) {
    Duration length = cluster.multipliedBy(clusters);
    long hours = -Math.floorDiv(-length.toSeconds(), 3_600L);
    long days = -Math.floorDiv(-hours, 24L);
    return days >= MANY_DAYS
        ? String.format(Locale.ROOT, "some %,d weeks of new rows", -Math.floorDiv(-days, 7L))
        : hours % 24 == 0
            ? "%d days of new rows".formatted(days)
            : "%d hours of new rows".formatted(hours);
  }

  /** What must be set so that a window may be so large; empty where it may. */
  String missing(long clusters) {
    Duration length = cluster.multipliedBy(clusters);
    if (length.compareTo(longest) <= 0) {
      return "";
    }
    long days = -Math.floorDiv(-length.toSeconds(), 86_400L);
    return "; windows.protected = %s is too short for it: lengthen it to %dd"
        .formatted(setting(longest), days);
  }

  private static String setting(Duration length) {
    return length.toSeconds() % 86_400 == 0 ? length.toDays() + "d" : length.toHours() + "h";
  }
}
