package reforest.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How much larger our figure is than a peer's, over several divisions of the same rows.
 *
 * @param mean of the differences
 * @param standardError of that mean; NaN for a single division
 */
record Difference(double mean, double standardError) {

  /**
   * Of figures in pairs.
   *
   * @param ours not empty
   * @param theirs as many
   */
  static Difference of(List<Double> ours, List<Double> theirs) {
    double[] apart =
        IntStream.range(0, ours.size()).mapToDouble(i -> ours.get(i) - theirs.get(i)).toArray();
    double mean = mean(apart);
    double squares = 0;
    for (double one : apart) {
      squares += (one - mean) * (one - mean);
    }
    return new Difference(mean, Math.sqrt(squares / (apart.length - 1.0) / apart.length));
  }

  private static double mean(double[] of) {
    double sum = 0;
    for (double one : of) {
      sum += one;
    }
    return sum / of.length;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%+.5f ± %.5f", mean, standardError);
  }
}
