package reforest.statistics;

/**
 * How the rows of a figure lie in its groups, and what follows from that for its uncertainty: the
 * degrees of freedom, which a few large groups leave few of, and where groups are periods of time
 * the weights of neighbours that are not independent.
 *
 * <p>Degrees of freedom are those of a sum of squares that has the same mean and variance where
 * rows are independent (Satterthwaite 1946; for clusters Bell and McCaffrey 2002). With groups of
 * one size they are the groups less one.
 *
 * <p>Neighbours count by a triangle that falls to zero at {@link #span} periods (Newey and West
 * 1987), with a span that stays a part of the window, so that the error itself is known to few
 * degrees of freedom and the bounds say so (fixed-b, Kiefer and Vogelsang 2005; the span of 1.3
 * roots of the periods after Lazarus, Lewis, Stock and Watson 2018). Windows of fewer than 28
 * periods take a span of 8, with which equal models whose days depend on each other keep the level
 * in simulation.
 */
public final class GroupShares {

  private static final double SPAN = 1.3;
  private static final int SHORT = 28;
  private static final double SHORT_SPAN = 8;

  private final double[] shares;
  private final boolean inTime;
  private final int present;
  private final double span;
  private final double degrees;
  private final double serialDegrees;
  private final double serialFactor;

  private GroupShares(double[] shares, boolean inTime) {
    this.shares = shares;
    this.inTime = inTime;
    int count = 0;
    for (double share : shares) {
      count += share > 0 ? 1 : 0;
    }
    present = count;
    span = count < SHORT ? Math.min(SHORT_SPAN, Math.max(1, count - 1)) : SPAN * Math.sqrt(count);
    Moments alone = new Moments(1);
    degrees = alone.degrees();
    Moments together = inTime ? new Moments(span) : alone;
    serialDegrees = together.degrees();
    serialFactor = together.mean / alone.mean;
  }

  /**
   * Of counts.
   *
   * @param rows rows by group, none below 0
   * @param inTime whether groups are periods of time, in their order
   */
  public static GroupShares of(long[] rows, boolean inTime) {
    double all = 0;
    for (long count : rows) {
      all += count;
    }
    double[] shares = new double[rows.length];
    for (int g = 0; g < shares.length; g++) {
      shares[g] = all > 0 ? rows[g] / all : 0;
    }
    return new GroupShares(shares, inTime);
  }

  /** How many groups there are, with rows or without. */
  public int size() {
    return shares.length;
  }

  /** How many groups have rows. */
  public int present() {
    return present;
  }

  /** Whether a group has rows. */
  public boolean has(int group) {
    return shares[group] > 0;
  }

  /** The largest group's share of the rows, 0 to 1; 0 without rows. */
  public double largest() {
    double largest = 0;
    for (double share : shares) {
      largest = Math.max(largest, share);
    }
    return largest;
  }

  /** Degrees of freedom where groups are independent; below 1 where nothing can be told. */
  double degrees() {
    return degrees;
  }

  /** Degrees of freedom where neighbours count. */
  double serialDegrees() {
    return serialDegrees;
  }

  /** From how many periods on rows are taken to be independent; 1 where all are. */
  double span() {
    return inTime ? span : 1;
  }

  /** The variance where neighbours count, from each group's part in the error. */
  double serialVariance(double[] parts) {
    double sum = 0;
    for (int g = 0; g < parts.length; g++) {
      for (int h = g; h < parts.length && h - g < span(); h++) {
        sum += (g == h ? 1 : 2) * weight(h - g, span()) * parts[g] * parts[h];
      }
    }
    return Math.max(0, sum) / serialFactor;
  }

  private static double weight(int distance, double span) {
    return Math.max(0, 1 - distance / span);
  }

  /**
   * Mean and variance of the sum of products of the groups' parts, where rows are independent of
   * each other and have variance 1: with shares w, parts are w/(1 - w) times a mean's distance from
   * the whole, which has the covariance diag(1/w) - 1.
   */
  private final class Moments {
    private final double mean;
    private final double square;

    Moments(double span) {
      int n = shares.length;
      double trace = 0;
      double crossed = 0;
      double[] rows = new double[n];
      for (int g = 0; g < n; g++) {
        for (int h = Math.max(0, g - (int) span); h < n && h - g <= span; h++) {
          double product = factor(g) * factor(h) * weight(Math.abs(g - h), span);
          if (product > 0) {
            rows[g] += product;
            trace += g == h ? product / shares[g] : 0;
            crossed += product * product / shares[g] / shares[h];
          }
        }
      }
      double all = 0;
      double mixed = 0;
      for (int g = 0; g < n; g++) {
        all += rows[g];
        mixed += shares[g] > 0 ? rows[g] * rows[g] / shares[g] : 0;
      }
      mean = trace - all;
      square = crossed - 2 * mixed + all * all;
    }

    private double factor(int group) {
      return shares[group] < 1 ? shares[group] / (1 - shares[group]) : 0;
    }

    double degrees() {
      return mean > 0 && square > 0 ? mean * mean / square : 0;
    }
  }
}
