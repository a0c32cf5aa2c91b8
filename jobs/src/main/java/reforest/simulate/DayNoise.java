package reforest.simulate;

import java.util.Random;

/**
 * Noise of rows and of days, each with a standard deviation of about 1.
 *
 * @param random where it comes from
 * @param alike correlation of neighbouring days' parts, 0 to below 1
 * @param heavyTails whether it has a t distribution with 3 degrees of freedom, not a normal
 */
record DayNoise(Random random, double alike, boolean heavyTails) {

  /** Days that depend on the one before start so long before the window. */
  private static final int RUN_IN = 30;

  /** A part that all rows of a day share, for each day. */
  double[] days(int count) {
    double[] parts = new double[count];
    double before = 0;
    double fresh = Math.sqrt(1 - alike * alike);
    for (int day = alike > 0 ? -RUN_IN : 0; day < count; day++) {
      before = alike * before + fresh * draw();
      if (day >= 0) {
        parts[day] = before;
      }
    }
    return parts;
  }

  /** A part of one row alone. */
  double draw() {
    double normal = random.nextGaussian();
    if (!heavyTails) {
      return normal;
    }
    double squares = 0;
    for (int i = 0; i < 3; i++) {
      double one = random.nextGaussian();
      squares += one * one;
    }
    return normal / Math.sqrt(squares / 3);
  }
}
