package reforest.gate;

import java.util.Optional;

/**
 * What a try may spend of the chance of a wrong promotion.
 *
 * @param attempt the number of the try among those that share rows with it, from 1
 * @param share of {@code gate.alpha}; 0 where nothing may be spent
 * @param nothing why nothing may be spent, if so
 */
public record Allowance(int attempt, double share, Optional<String> nothing) {
  public Allowance {
    if (attempt < 1) {
      throw new IllegalArgumentException("tries are numbered from 1, got " + attempt);
    }
    if (!(share >= 0 && share <= 1) || (share == 0) != nothing.isPresent()) {
      throw new IllegalArgumentException("a share of " + share + " and " + nothing);
    }
  }

  /** Of a try that shares no row with an earlier one, or that is not counted. */
  public static Allowance first() {
    return new Allowance(1, AlphaSpending.MAIN, Optional.empty());
  }

  static Allowance of(int attempt, double share) {
    return new Allowance(attempt, share, Optional.empty());
  }

  static Allowance none(int attempt, String why) {
    return new Allowance(attempt, 0, Optional.of(why));
  }

  /** The chance of a wrong promotion that the try may spend. */
  public double alpha(double all) {
    return share * all;
  }
}
