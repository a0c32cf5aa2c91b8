package reforest.bundle;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A number that is taken from earlier rows of the same series, by event time and never by counting
 * rows, so that a gap stays a gap.
 *
 * <p>A row at time t looks at the values observed from t - lag - window, exclusive, to t - lag,
 * inclusive; a lag without a window looks at t - lag exactly. What is taken is the mean of these
 * values, each row's counting once: their exact sum, rounded once, divided by how many they are.
 * Rows whose value is missing do not count; without any the number is missing.
 *
 * @param take what is taken
 * @param of the column whose values are looked back on, of a type of numbers
 * @param time the column with the event time, a timestamp, or a date that begins at midnight UTC
 * @param by columns whose equal values make rows one series, missing ones being equal, too; empty
 *     where all rows are one
 * @param key columns that name a row, so that a row that is observed again replaces itself
 * @param lag how long before a row's time the newest value lies that it looks at; above 0
 * @param window how long the values reach back from there; empty for a lag
 */
public record SeriesField(
    Take take,
    Column of,
    Column time,
    List<Column> by,
    List<Column> key,
    Duration lag,
    Optional<Duration> window) {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  /**
   * @throws IllegalArgumentException when a column's type cannot be used where it stands, a
   *     duration is not positive, not of whole microseconds or longer than 36500 days, or the
   *     window is there for another taking than the one that needs it
   */
  public SeriesField {
    by = List.copyOf(by);
    key = List.copyOf(key);
    require(of.type().isNumber(), of.name() + " must be of a type of numbers");
    require(time.type().isTime(), time.name() + " must be a timestamp or date");
    require(
        window.isPresent() == (take == Take.ROLLING_MEAN),
        "window goes with rolling-mean alone, got " + take);
    Stream.concat(Stream.of(lag), window.stream())
        .forEach(
            length ->
                require(
                    length.compareTo(Duration.ZERO) > 0
                        && length.compareTo(LONGEST) <= 0
                        && length.toNanos() % 1_000 == 0,
                    "lag and window must be above 0 and at most 36500 days, got " + length));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** What is taken. */
  public enum Take {
    /** The value at exactly {@code lag} before; the mean where several rows have that time. */
    LAG,
    /** The mean of the values in the window that ends {@code lag} before. */
    ROLLING_MEAN
  }

  /**
   * A column of the rows that are observed.
   *
   * @param name its name
   * @param type the type by which its values are read
   * @param madeBefore the expression by which an ingest makes it of the source; a service must make
   *     it, too; empty where the source has the column
   */
  public record Column(String name, ColumnType type, Optional<String> madeBefore) {}

  /** How far before a row's time the oldest value may lie that it looks at. */
  public Duration reach() {
    return lag.plus(window.orElse(Duration.ZERO));
  }

  /** It in words, such as {@code the mean of bikers over 24h, up to 1h before ts, by station}. */
  public String words() {
    return (window.isPresent()
            ? "the mean of "
                + of.name()
                + " over "
                + words(window.get())
                + ", up to "
                + words(lag)
                + " before "
            : of.name() + " " + words(lag) + " before ")
        + time.name()
        + (by.isEmpty()
            ? ""
            : by.stream().map(Column::name).collect(Collectors.joining(", ", ", by ", "")));
  }

  private static String words(Duration length) {
    long seconds = length.toSeconds();
    if (!length.equals(Duration.ofSeconds(seconds))) {
      return length.toString();
    }
    return seconds % 3_600 == 0
        ? length.toHours() + "h"
        : seconds % 60 == 0 ? length.toMinutes() + "m" : seconds + "s";
  }

  /** Microseconds since 1970 of a value that a column of times reads. */
  static long micros(Object time) {
    Instant instant =
        time instanceof LocalDate date
            ? date.atStartOfDay().toInstant(ZoneOffset.UTC)
            : (Instant) time;
    return micros(instant);
  }

  static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
  }
}
