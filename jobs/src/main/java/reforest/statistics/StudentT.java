package reforest.statistics;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.commons.math3.distribution.TDistribution;

/** Quantiles and tails of Student's t distribution, quantiles remembered. */
public final class StudentT {

  /** Beyond this many degrees of freedom the difference to the limit is below 0.0003. */
  private static final int MOST = 5_000;

  private static final ConcurrentMap<Key, Double> KNOWN = new ConcurrentHashMap<>();

  private StudentT() {}

  private record Key(double probability, double degrees) {}

  /**
   * The value below which a share {@code probability} of the distribution lies.
   *
   * @param probability above 0, below 1
   * @param degrees degrees of freedom; below 1 there is no bound and the answer is NaN
   */
  public static double quantile(double probability, double degrees) {
    if (!(degrees >= 1)) {
      return Double.NaN;
    }
    return KNOWN.computeIfAbsent(
        new Key(probability, rounded(degrees)),
        key -> distribution(key.degrees()).inverseCumulativeProbability(key.probability()));
  }

  /** The share of the distribution at or below {@code t}; NaN without degrees of freedom. */
  public static double below(double t, double degrees) {
    if (!(degrees >= 1) || Double.isNaN(t)) {
      return Double.NaN;
    }
    return distribution(rounded(degrees)).cumulativeProbability(t);
  }

  /** To hundredths, downwards, so that what is remembered stays small. */
  private static double rounded(double degrees) {
    return Math.floor(Math.min(degrees, MOST) * 100 + 1e-6) / 100;
  }

  private static TDistribution distribution(double degrees) {
    // No generator: nothing is sampled, and seeding one is most of the constructor's cost.
    return new TDistribution(null, degrees);
  }
}
