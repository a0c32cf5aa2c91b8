package reforest.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Which candidates are tried, and how the winner is found among them.
 *
 * @param strategy which combinations of the settings are tried
 * @param budget how much may be tried
 * @param recency which training rows count, one candidate each
 * @param earlyStopping trees between two looks at a boosted ensemble's score, each look a
 *     candidate; empty when only its whole length is tried
 * @param choose who wins
 * @param limits what excludes a candidate however well it predicts
 */
public record SearchConfig(
    Strategy strategy,
    Budget budget,
    List<Recency> recency,
    OptionalInt earlyStopping,
    Choose choose,
    Limits limits) {
  public SearchConfig {
    recency = List.copyOf(recency);
  }

  /** All combinations; the candidate with the best mean wins, whatever it costs. */
  public static final SearchConfig PLAIN =
      new SearchConfig(
          Strategy.GRID,
          Budget.NONE,
          List.of(Recency.ALL),
          OptionalInt.empty(),
          Choose.BEST,
          Limits.NONE);

  /** Which combinations of the settings are tried. */
  public enum Strategy {
    /** All combinations of the lists. */
    GRID,
    /** Draws from lists and ranges (Bergstra and Bengio 2012). */
    RANDOM;

    /** The name in configuration and records. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * How much may be tried.
   *
   * <p>A fit is a setting of everything but the number of trees and the depth of a forest: the
   * binned trainer fits it once a fold and answers all of those.
   *
   * @param fits most fits of a fold; empty for all of a grid
   * @param time wall time of the search with the refit of the winner; empty for any
   */
  public record Budget(OptionalInt fits, Optional<Duration> time) {
    /** No bounds. */
    public static final Budget NONE = new Budget(OptionalInt.empty(), Optional.empty());
  }

  /**
   * Numbers to draw from.
   *
   * @param from the smallest
   * @param to the largest
   * @param log whether their logarithms are equally likely, rather than they themselves
   */
  public record Interval(double from, double to, boolean log) {}

  /** Who wins. */
  public enum Choose {
    /** The candidate with the best mean score. */
    BEST,
    /**
     * The cheapest to predict with of those that are within one standard error of the best (the
     * 1-SE rule of Breiman, Friedman, Olshen and Stone 1984, section 3.4.3).
     */
    SIMPLEST;

    /** The name in configuration and records. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a candidate may cost at most; both are counted, not timed, so that the same rows exclude
   * the same candidates on any machine.
   *
   * @param nodeVisits splits that a row passes on average, over all trees; empty for any number
   * @param bundleBytes size of the bundle; empty for any
   */
  public record Limits(OptionalDouble nodeVisits, OptionalLong bundleBytes) {
    /** Nothing is too dear. */
    public static final Limits NONE = new Limits(OptionalDouble.empty(), OptionalLong.empty());
  }
}
