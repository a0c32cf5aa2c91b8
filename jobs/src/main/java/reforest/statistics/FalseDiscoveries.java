package reforest.statistics;

import java.util.Arrays;

/** Which of many findings hold when some would be found by chance. */
public final class FalseDiscoveries {

  private FalseDiscoveries() {}

  /**
   * The findings that hold, so that on average at most a share of them is false, however they
   * depend on each other (Benjamini and Yekutieli 2001).
   *
   * @param chances p-value of each; NaN holds never
   * @param share above 0, below 1
   */
  public static boolean[] hold(double[] chances, double share) {
    int count = chances.length;
    double harmonic = 0;
    for (int i = 1; i <= count; i++) {
      harmonic += 1.0 / i;
    }
    double[] sorted = chances.clone();
    // NaN comes last.
    Arrays.sort(sorted);
    double most = Double.NEGATIVE_INFINITY;
    for (int rank = 1; rank <= count; rank++) {
      if (sorted[rank - 1] <= share * rank / (count * harmonic)) {
        most = sorted[rank - 1];
      }
    }
    boolean[] holds = new boolean[count];
    for (int i = 0; i < count; i++) {
      holds[i] = chances[i] <= most;
    }
    return holds;
  }
}
