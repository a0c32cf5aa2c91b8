package reforest.split;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Names the rows that models are compared on.
 *
 * @param kind whether looking at it is free
 * @param start inclusive start of its event times; empty without event time
 * @param end exclusive end of its event times; empty without event time
 * @param share which part of the hashed groups it holds; empty with event time
 * @param after it holds only groups that came after this data version; empty where it holds all
 * @param text all of this in words; equal for equal windows
 */
public record WindowId(
    Kind kind,
    Optional<Instant> start,
    Optional<Instant> end,
    Optional<Share> share,
    OptionalLong after,
    String text) {

  /** Whether a window may be looked at as often as one likes. */
  public enum Kind {
    /** Looked at freely while developing. */
    DEVELOPMENT,
    /** Looked at only by runs that may publish; every look counts. */
    PROTECTED;

    /** The name in results: {@code development} or {@code protected}. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that name; empty for any other text. */
    public static Optional<Kind> of(String key) {
      return Arrays.stream(values()).filter(kind -> kind.key().equals(key)).findFirst();
    }
  }

  /**
   * A part of the hashed groups.
   *
   * @param of what is hashed, and with which salt
   * @param from inclusive start within [0, 1)
   * @param to exclusive end within (0, 1]
   */
  public record Share(String of, double from, double to) {}

  /**
   * A span of event time.
   *
   * @param shortened whether it starts where a development window ended
   */
  static WindowId ofTime(
      Kind kind, String eventTime, Instant start, Instant end, boolean shortened) {
    return new WindowId(
        kind,
        Optional.of(start),
        Optional.of(end),
        Optional.empty(),
        OptionalLong.empty(),
        kind.key()
            + " ["
            + start
            + ", "
            + end
            + ") of "
            + eventTime
            + (shortened ? ", from the end of the last window that was developed on" : ""));
  }

  static WindowId ofShare(Kind kind, Share share, OptionalLong after) {
    return new WindowId(
        kind,
        Optional.empty(),
        Optional.empty(),
        Optional.of(share),
        after,
        kind.key() + " [" + share.from() + ", " + share.to() + ") of " + share.of());
  }

  /**
   * The same for a person: borders of shares with as many digits as they were meant to have. {@link
   * #text} keeps them to the last bit, since equal windows are told by it.
   */
  public String words() {
    return share
        .map(
            it ->
                "%s [%s, %s) of %s"
                        .formatted(kind.key(), border(it.from()), border(it.to()), it.of())
                    + (after.isPresent()
                        ? ", those that came after data version " + after.getAsLong()
                        : ""))
        .orElse(text);
  }

  /** A border between shares: {@code 0.6} and not {@code 0.6000000000000001}. */
  static String border(double share) {
    return new BigDecimal(share).round(new MathContext(9)).stripTrailingZeros().toPlainString();
  }

  /** Whether a row may stand in both; windows that are cut in different ways do overlap. */
  public static boolean overlaps(WindowId a, WindowId b) {
    if (a.start().isPresent()
        && a.end().isPresent()
        && b.start().isPresent()
        && b.end().isPresent()) {
      return a.start().get().isBefore(b.end().get()) && b.start().get().isBefore(a.end().get());
    }
    if (a.share().isPresent() && b.share().isPresent()) {
      Share one = a.share().get();
      Share other = b.share().get();
      return !one.of().equals(other.of()) || (one.from() < other.to() && other.from() < one.to());
    }
    return true;
  }
}
