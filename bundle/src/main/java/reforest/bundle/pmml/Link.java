package reforest.bundle.pmml;

import java.util.Arrays;
import reforest.bundle.Explanation.Scale;

/** How the trees' values become the model's results. */
interface Link {

  /**
   * How a result depends on the trees: {@code offset + factor * sum}, where the sum is over all
   * trees.
   *
   * @param value which of the leaves' values is added up
   * @param result what comes of it
   */
  record Line(int value, double factor, double offset, double result) {}

  void apply(Forest forest, double[] fields, double[] out);

  /** How one of the results depends on the trees, or its log-odds where it does not by a line. */
  Line line(Forest forest, double[] fields, int result);

  /** What such a line is measured in. */
  Scale scale();

  /** The mean of the trees. */
  static Link average() {
    return new Average();
  }

  /** The sum of the trees. */
  static Link sum() {
    return new Sum();
  }

  /** The mean of the trees' probabilities, scaled to sum up to 1. */
  static Link probabilities(int classes) {
    return new Probabilities(classes);
  }

  /** The logistic function of the sum of the trees, for the second of two classes. */
  static Link logit(double intercept, double coefficient) {
    return new Logit(intercept, coefficient);
  }

  record Average() implements Link {

    @Override
    public Scale scale() {
      return Scale.VALUE;
    }

    @Override
    public void apply(Forest forest, double[] fields, double[] out) {
      out[0] = forest.sum(fields) / forest.trees();
    }

    @Override
    public Line line(Forest forest, double[] fields, int result) {
      double mean = forest.sum(fields) / forest.trees();
      return new Line(0, 1.0 / forest.trees(), 0, mean);
    }
  }

  record Sum() implements Link {

    @Override
    public Scale scale() {
      return Scale.VALUE;
    }

    @Override
    public void apply(Forest forest, double[] fields, double[] out) {
      out[0] = forest.sum(fields);
    }

    @Override
    public Line line(Forest forest, double[] fields, int result) {
      return new Line(0, 1, 0, forest.sum(fields));
    }
  }

  record Probabilities(int classes) implements Link {

    @Override
    public Scale scale() {
      return Scale.PROBABILITY;
    }

    @Override
    public void apply(Forest forest, double[] fields, double[] out) {
      forest.sum(fields, out, classes);
      double sum = 0;
      for (int i = 0; i < classes; i++) {
        out[i] /= forest.trees();
        sum += out[i];
      }
      for (int i = 0; i < classes; i++) {
        out[i] /= sum;
      }
    }

    @Override
    public Line line(Forest forest, double[] fields, int result) {
      double[] sums = new double[classes];
      forest.sum(fields, sums, classes);
      double[] out = new double[classes];
      apply(forest, fields, out);
      // Not the number of trees: leaves that others wrote sum up to 1 but for their rounding.
      double factor = 1 / Arrays.stream(sums).sum();
      return new Line(result, factor, 0, out[result]);
    }
  }

  record Logit(double intercept, double coefficient) implements Link {

    @Override
    public Scale scale() {
      return Scale.LOG_ODDS;
    }

    @Override
    public void apply(Forest forest, double[] fields, double[] out) {
      out[1] = 1 / (1 + Math.exp(-margin(forest, fields)));
      out[0] = 1 - out[1];
    }

    @Override
    public Line line(Forest forest, double[] fields, int result) {
      int sign = result == 1 ? 1 : -1;
      double margin = sign * margin(forest, fields);
      return new Line(0, sign * coefficient, sign * intercept, margin);
    }

    private double margin(Forest forest, double[] fields) {
      return intercept + coefficient * forest.sum(fields);
    }
  }
}
