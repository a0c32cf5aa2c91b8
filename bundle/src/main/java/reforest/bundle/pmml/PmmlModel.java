package reforest.bundle.pmml;

import java.util.Arrays;
import java.util.List;
import reforest.bundle.Manifest;
import reforest.bundle.ReforestException;

/**
 * A forest read from PMML, ready to score.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class PmmlModel {

  private final Encoder encoder;
  private final double[] replacements;
  private final Expression[] derived;
  private final Forest forest;
  private final Link link;
  private final int outputs;
  private final double threshold;

  PmmlModel(
      Encoder encoder,
      List<Expression> derived,
      Forest forest,
      Link link,
      int outputs,
      double threshold) {
    this.encoder = encoder;
    this.derived = derived.toArray(new Expression[0]);
    this.forest = forest;
    this.link = link;
    this.outputs = outputs;
    this.threshold = threshold;
    this.replacements = new double[encoder.size()];
    Arrays.setAll(replacements, encoder::replacement);
  }

  /**
   * Reads a document and scores the verification rows that it brings along.
   *
   * @param manifest what the model must take and give
   * @throws ReforestException of kind {@code DATA} when anything in the document is not understood,
   *     does not agree with the manifest, or predicts something else than its writer saw
   */
  public static PmmlModel read(byte[] document, Manifest manifest) {
    return new PmmlReader(document, manifest).read();
  }

  /** How rows become numbers. */
  public Encoder encoder() {
    return encoder;
  }

  /** The trees, for what explains their results. */
  Forest forest() {
    return forest;
  }

  /** How many results there are: 1, or the number of classes. */
  public int outputs() {
    return outputs;
  }

  /**
   * Predicts one row.
   *
   * @param encoded the row as {@link #encoder()} gives it; not changed. NaN is a missing value
   * @param out receives the value, or the classes' probabilities
   */
  public void predict(double[] encoded, double[] out) {
    if (encoded.length != replacements.length || out.length < outputs) {
      throw new IllegalArgumentException(
          "needs "
              + replacements.length
              + " inputs and "
              + outputs
              + " results, got "
              + encoded.length
              + " and "
              + out.length);
    }
    link.apply(forest, fields(encoded), out);
  }

  /**
   * The probability from which on the second of two classes is decided for; NaN where the most
   * probable one is.
   */
  public double threshold() {
    return threshold;
  }

  /**
   * How many splits a training row passes on average, over all trees; NaN where the document does
   * not say how many rows came to its nodes.
   */
  public double visits() {
    return forest.visits();
  }

  /** The place of the highest result, the first of equals. */
  public static int highest(double[] results) {
    int highest = 0;
    for (int i = 1; i < results.length; i++) {
      if (results[i] > results[highest]) {
        highest = i;
      }
    }
    return highest;
  }

  private double[] fields(double[] encoded) {
    if (derived.length == 0 && !hasMissing(encoded)) {
      return encoded;
    }
    double[] fields = Arrays.copyOf(encoded, encoded.length + derived.length);
    for (int i = 0; i < encoded.length; i++) {
      if (Double.isNaN(fields[i])) {
        fields[i] = replacements[i];
      }
    }
    for (int i = 0; i < derived.length; i++) {
      fields[encoded.length + i] = derived[i].of(fields);
    }
    return fields;
  }

  private static boolean hasMissing(double[] encoded) {
    for (double value : encoded) {
      if (Double.isNaN(value)) {
        return true;
      }
    }
    return false;
  }

  /** How the trees' values become the model's results. */
  @FunctionalInterface
  interface Link {

    void apply(Forest forest, double[] fields, double[] out);

    /** The mean of the trees. */
    static Link average() {
      return (forest, fields, out) -> out[0] = forest.sum(fields) / forest.trees();
    }

    /** The sum of the trees. */
    static Link sum() {
      return (forest, fields, out) -> out[0] = forest.sum(fields);
    }

    /** The mean of the trees' probabilities, scaled to sum up to 1. */
    static Link probabilities(int classes) {
      return (forest, fields, out) -> {
        forest.sum(fields, out, classes);
        double sum = 0;
        for (int i = 0; i < classes; i++) {
          out[i] /= forest.trees();
          sum += out[i];
        }
        for (int i = 0; i < classes; i++) {
          out[i] /= sum;
        }
      };
    }

    /** The logistic function of the sum of the trees, for the second of two classes. */
    static Link logit(double intercept, double coefficient) {
      return (forest, fields, out) -> {
        double margin = intercept + coefficient * forest.sum(fields);
        out[1] = 1 / (1 + Math.exp(-margin));
        out[0] = 1 - out[1];
      };
    }
  }
}
