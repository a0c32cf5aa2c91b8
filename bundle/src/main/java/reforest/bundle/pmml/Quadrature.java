package reforest.bundle.pmml;

/**
 * The points and weights of Gauss and Legendre on (0, 1): with n points, the weighted sum of a
 * polynomial's values is its integral, up to the degree 2n - 1. All weights are positive and sum up
 * to 1.
 *
 * @param points rising, inside of the interval
 * @param weights one for each point
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Quadrature(double[] points, double[] weights) {

  /** Newton's steps on the roots of Legendre's polynomial, from where Tricomi (1950) guesses. */
  static Quadrature of(int count) {
    double[] points = new double[count];
    double[] weights = new double[count];
    for (int i = 0; i < count; i++) {
      double x = -StrictMath.cos(Math.PI * (i + 0.75) / (count + 0.5));
      double slope = 1;
      for (int step = 0; step < 100; step++) {
        double before = 1;
        double value = x;
        for (int degree = 2; degree <= count; degree++) {
          double next = ((2 * degree - 1) * x * value - (degree - 1) * before) / degree;
          before = value;
          value = next;
        }
        slope = count * (x * value - before) / (x * x - 1);
        double move = value / slope;
        x -= move;
        if (Math.abs(move) <= Math.ulp(1.0)) {
          break;
        }
      }
      points[i] = (1 + x) / 2;
      weights[i] = 1 / ((1 - x * x) * slope * slope);
    }
    return new Quadrature(points, weights);
  }
}
