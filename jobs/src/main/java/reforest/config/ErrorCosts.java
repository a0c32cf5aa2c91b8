package reforest.config;

import java.io.Serializable;

/**
 * What the errors of a decision between two classes cost, in one unit.
 *
 * @param falsePositive of deciding for the positive class where it is the other, above 0
 * @param falseNegative of deciding for the other class where it is the positive one, above 0
 */
public record ErrorCosts(double falsePositive, double falseNegative) implements Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * The probability from which on deciding for the positive class costs least, where probabilities
   * are right (Elkan 2001, equation 2).
   */
  public double threshold() {
    return falsePositive / (falsePositive + falseNegative);
  }

  /** What so many errors cost. */
  public double of(double falsePositives, double falseNegatives) {
    return falsePositive * falsePositives + falseNegative * falseNegatives;
  }
}
