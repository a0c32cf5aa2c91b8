package reforest.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Which training rows count, and how much, by how long ago they happened.
 *
 * @param window rows of that long count; empty for all
 * @param halfLife a row that is older by this weighs half as much; empty where all weigh the same
 */
public record Recency(Optional<Duration> window, Optional<Duration> halfLife) {

  /** All rows, with the same weight. */
  public static final Recency ALL = new Recency(Optional.empty(), Optional.empty());

  /** The word for all rows. */
  public static final String EVERYTHING = "all";

  /** The word for the same weight of all rows. */
  public static final String NONE = "none";

  /** The window as the configuration writes it. */
  public String windowText() {
    return window.map(Values::words).orElse(EVERYTHING);
  }

  /** The half-life as the configuration writes it. */
  public String halfLifeText() {
    return halfLife.map(Values::words).orElse(NONE);
  }

  /**
   * What {@link #windowText} and {@link #halfLifeText} wrote.
   *
   * @throws IllegalArgumentException when they did not write it
   */
  public static Recency parse(String window, String halfLife) {
    return new Recency(parse(window, EVERYTHING, "window"), parse(halfLife, NONE, "half-life"));
  }

  private static Optional<Duration> parse(String text, String word, String what) {
    return text.equals(word) ? Optional.empty() : Optional.of(Values.duration(text, what));
  }
}
