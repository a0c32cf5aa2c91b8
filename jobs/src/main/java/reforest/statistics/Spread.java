package reforest.statistics;

/**
 * How uncertain a figure is: its standard error where groups are independent, and the one where
 * neighbours in time are not, each with its degrees of freedom. Bounds take the wider of both.
 *
 * @param error standard error of independent groups, in the metric's unit; NaN when undefined
 * @param degrees its degrees of freedom; below 1 there are no bounds
 * @param serialError standard error where neighbours count; that of independent groups where there
 *     is no time
 * @param serialDegrees its degrees of freedom
 */
public record Spread(double error, double degrees, double serialError, double serialDegrees) {

  /** Of a figure whose uncertainty cannot be told. */
  static final Spread UNKNOWN = new Spread(Double.NaN, 0, Double.NaN, 0);

  /** Of independent groups. */
  public static Spread of(double error, double degrees) {
    return new Spread(error, degrees, error, degrees);
  }

  /** How far a one-sided bound lies from the figure that misses with probability {@code alpha}. */
  public double width(double alpha) {
    // From the lower tail, where a small alpha keeps its digits.
    return Math.max(
        -StudentT.quantile(alpha, degrees) * error,
        -StudentT.quantile(alpha, serialDegrees) * serialError);
  }

  /**
   * The chance of a figure that lies so far below the truth, or farther; the larger of both errors'
   * chances.
   *
   * @param distance figure less truth, in the metric's unit
   */
  public double below(double distance) {
    return Math.max(below(distance, error, degrees), below(distance, serialError, serialDegrees));
  }

  private static double below(double distance, double error, double degrees) {
    return StudentT.below(error > 0 ? distance / error : Math.signum(distance) * 1e300, degrees);
  }
}
