package reforest.statistics;

import java.util.Arrays;
import java.util.Optional;

/**
 * A figure with its uncertainty, from leaving out one group of rows at a time (delete-a-group
 * jackknife around the figure of all rows, Kott 2001) with Student's t, and where groups are
 * periods of time at least as wide as their dependence on neighbours makes it.
 *
 * <p>A figure that cannot be computed is NaN and says why; so is a standard error. Bounds are then
 * NaN too, and fail every comparison. Immutable.
 */
public final class Estimate {

  /** A correlation of neighbours that is seen larger than this is taken to be this. */
  private static final double MOST_ALIKE = 0.9;

  private final double value;
  private final Spread spread;
  private final double neighbours;
  private final double inflation;
  private final int groups;
  private final double[] deviations;
  private final Optional<String> undefined;

  private Estimate(
      double value,
      Spread spread,
      double neighbours,
      double inflation,
      int groups,
      double[] deviations,
      Optional<String> undefined) {
    this.value = value;
    this.spread = spread;
    this.neighbours = neighbours;
    this.inflation = inflation;
    this.groups = groups;
    this.deviations = deviations;
    this.undefined = undefined;
  }

  /**
   * From the groups' deviations.
   *
   * @param value the figure of all rows
   * @param groups groups that carry information, which limit the degrees of freedom
   * @param deviations for each group of the comparison its part in the error; their squares sum up
   *     to the variance
   * @param shares how rows lie in the groups
   */
  static Estimate of(double value, int groups, double[] deviations, GroupShares shares) {
    double variance = 0;
    double product = 0;
    for (int g = 0; g < deviations.length; g++) {
      variance += deviations[g] * deviations[g];
      product += g > 0 ? deviations[g - 1] * deviations[g] : 0;
    }
    boolean inTime = shares.span() > 1;
    double most = groups - 1.0;
    Spread spread =
        new Spread(
            Math.sqrt(variance),
            Math.min(most, shares.degrees()),
            Math.sqrt(inTime ? shares.serialVariance(deviations) : variance),
            Math.min(most, shares.serialDegrees()));
    double neighbours = inTime && variance > 0 ? product / variance : Double.NaN;
    double alike = Math.min(MOST_ALIKE, neighbours);
    double inflation = alike > 0 ? Math.sqrt((1 + alike) / (1 - alike)) : 1;
    return new Estimate(
        value, spread, neighbours, inflation, groups, deviations.clone(), Optional.empty());
  }

  /**
   * Where rows depend on each other in two ways that cross: the variance is that of the one and
   * that of the other, less that of their combinations, which both count (Cameron, Gelbach and
   * Miller 2011), and never below the larger of both.
   *
   * <p>Degrees of freedom are the fewer of both. Nothing is taken off where the combinations tell
   * of no variance.
   *
   * @param one the figure in the one way's groups
   * @param other the same figure in the other way's
   * @param both the same figure in groups of combinations
   */
  static Estimate crossed(Estimate one, Estimate other, Estimate both) {
    int groups = Math.min(one.groups, other.groups);
    int all = one.deviations.length + other.deviations.length;
    if (!one.isDefined() || !other.isDefined()) {
      Estimate unknown = one.isDefined() ? other : one;
      return undefined(unknown.value, groups, all, unknown.undefined.orElseThrow());
    }
    double twice = both.isDefined() ? square(both.spread.error()) : 0;
    Spread first = one.spread;
    Spread second = other.spread;
    Spread spread =
        new Spread(
            crossedError(first.error(), second.error(), twice),
            Math.min(first.degrees(), second.degrees()),
            crossedError(first.serialError(), second.serialError(), twice),
            Math.min(first.serialDegrees(), second.serialDegrees()));
    // Both ways' parts, in such a size that their squares sum up to the variance. Covariances that
    // were differences of sums could exceed what their variances allow.
    double sum = square(first.error()) + square(second.error());
    double scale = sum > 0 ? spread.error() / Math.sqrt(sum) : 0;
    double[] deviations = Arrays.copyOf(one.deviations, all);
    System.arraycopy(
        other.deviations, 0, deviations, one.deviations.length, other.deviations.length);
    for (int g = 0; g < all; g++) {
      deviations[g] *= scale;
    }
    double neighbours = Double.isNaN(one.neighbours) ? other.neighbours : one.neighbours;
    double alike =
        crossedError(first.error() * one.inflation, second.error() * other.inflation, twice);
    double inflation = spread.error() > 0 ? alike / spread.error() : 1;
    return new Estimate(
        one.value, spread, neighbours, inflation, groups, deviations, Optional.empty());
  }

  private static double crossedError(double one, double other, double twice) {
    double larger = Math.max(one, other);
    return Math.max(larger, Math.sqrt(Math.max(0, square(one) + square(other) - twice)));
  }

  private static double square(double x) {
    return x * x;
  }

  /** A figure without a standard error, or (with a NaN as value) no figure at all. */
  static Estimate undefined(double value, int groups, int allGroups, String why) {
    return new Estimate(
        value, Spread.UNKNOWN, Double.NaN, 1, groups, new double[allGroups], Optional.of(why));
  }

  /** The figure of all rows, in the metric's unit; NaN when it is undefined. */
  public double value() {
    return value;
  }

  /**
   * Its standard error where groups are independent of each other, in the metric's unit; NaN when
   * it is undefined.
   */
  public double standardError() {
    return spread.error();
  }

  /** All that is known of its uncertainty. */
  public Spread spread() {
    return spread;
  }

  /**
   * The correlation of neighbouring periods' parts in it, −1 to 1; NaN where groups are no periods
   * of time, or it is undefined.
   */
  public double neighbours() {
    return neighbours;
  }

  /**
   * How many times as large as {@link #standardError} the error is, at least 1, where each period's
   * part depends on the one before as {@link #neighbours} says and on no other (an autoregression
   * of first order). Where two ways cross, of the periods' part alone.
   */
  public double inflation() {
    return inflation;
  }

  /** How many groups carry information about it. */
  public int groups() {
    return groups;
  }

  /** Degrees of freedom of its t distribution; at most the groups less one, 0 when undefined. */
  public double degreesOfFreedom() {
    return spread.degrees();
  }

  /** Why the figure or its standard error cannot be computed; empty when both can. */
  public Optional<String> undefined() {
    return undefined;
  }

  /** Whether both figure and standard error are numbers. */
  public boolean isDefined() {
    return undefined.isEmpty();
  }

  /** The one-sided lower bound that the truth lies below with probability {@code alpha}. */
  public double lower(double alpha) {
    return value - spread.width(alpha);
  }

  /** The one-sided upper bound that the truth lies above with probability {@code alpha}. */
  public double upper(double alpha) {
    return value + spread.width(alpha);
  }

  /** The two-sided interval that holds the truth with probability {@code level}, such as 0.95. */
  public Interval interval(double level) {
    double alpha = (1 - level) / 2;
    return new Interval(lower(alpha), upper(alpha));
  }

  /**
   * A lower and an upper bound, both NaN when undefined.
   *
   * @param lower the lower end
   * @param upper the upper end
   */
  public record Interval(double lower, double upper) {}

  /**
   * The figure as it is likely to be seen again, drawn towards zero by its own uncertainty: what
   * was chosen because it is large is flattered. The factor 1 − error² / figure² is that of
   * Robbins' empirical Bayes for one normal mean, cut at zero (Efron and Morris 1973).
   *
   * @return NaN when the figure or its error is undefined
   */
  public double shrunk() {
    double ratio = spread.error() / value;
    return value == 0 ? 0 : value * Math.max(0, 1 - ratio * ratio);
  }

  /**
   * The covariance with another estimate of the same comparison; NaN when either is undefined.
   * Where two ways cross, the correlation is that of both ways' parts.
   */
  public double covariance(Estimate other) {
    if (!isDefined() || !other.isDefined()) {
      return Double.NaN;
    }
    double covariance = 0;
    for (int g = 0; g < deviations.length; g++) {
      covariance += deviations[g] * other.deviations[g];
    }
    return covariance;
  }

  @Override
  public String toString() {
    return undefined.map(why -> value + " (" + why + ")").orElse(value + " ± " + spread.error());
  }
}
