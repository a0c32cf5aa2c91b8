package reforest.config;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How the winner is found among the candidates.
 *
 * @param choose who wins
 * @param limits what excludes a candidate however well it predicts
 */
public record SearchConfig(Choose choose, Limits limits) {

  /** The candidate with the best mean wins, whatever it costs. */
  public static final SearchConfig PLAIN = new SearchConfig(Choose.BEST, Limits.NONE);

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
    static final Limits NONE = new Limits(OptionalDouble.empty(), OptionalLong.empty());
  }
}
