package reforest.bundle.pmml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Explanation;
import reforest.bundle.Explanation.Contribution;
import reforest.bundle.Explanation.Scale;
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
  private final List<String> derivedNames;
  private final Forest forest;
  private final Link link;
  private final int outputs;
  private final double threshold;

  /** Made when it is first asked for, since most models that are loaded never explain. */
  private volatile @Nullable Shapley shapley;

  /**
   * @param derived the derived fields by name, in the order in which they build on each other
   */
  PmmlModel(
      Encoder encoder,
      Map<String, Expression> derived,
      Forest forest,
      Link link,
      int outputs,
      double threshold) {
    this.encoder = encoder;
    this.derived = derived.values().toArray(new Expression[0]);
    this.derivedNames = List.copyOf(derived.keySet());
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

  /** Whether {@link #explain} can: the document says how many rows came to the trees' nodes. */
  public boolean explains() {
    return forest.hasCovers();
  }

  /**
   * Why the model says what it says of a row.
   *
   * @param row by column, as {@link Encoder#encode(Map)} takes it
   * @param result the place of the result that is explained
   * @param label the name of its class; empty for a number
   * @throws ReforestException of kind {@code DATA} when an input takes no such value
   * @throws IllegalStateException when it does not {@linkplain #explains explain}
   */
  public Explanation explain(Map<String, ?> row, int result, Optional<String> label) {
    double[] fields = fields(encoder.encode(row));
    Shapley known = shapley();
    Line line = link.line(forest, fields, result);
    double[] shares = known.shares(fields, line.value());
    List<Contribution> contributions = new ArrayList<>();
    for (int i = 0; i < encoder.size() + derived.length; i++) {
      double amount = line.factor() * shares[i];
      contributions.add(
          i < encoder.size()
              ? encoder.contribution(i, row, amount)
              : contribution(i, fields[i], amount));
    }
    double base = line.offset() + line.factor() * known.base(line.value());
    return new Explanation(line.scale(), label, base, line.result(), contributions);
  }

  private Contribution contribution(int field, double value, double amount) {
    boolean isMissing = Double.isNaN(value) || value == Double.MAX_VALUE;
    return new Contribution(
        derivedNames.get(field - encoder.size()),
        isMissing ? Optional.empty() : Optional.of(value),
        amount,
        Optional.empty(),
        Optional.empty());
  }

  private Shapley shapley() {
    Shapley known = shapley;
    if (known == null) {
      // Two threads may both make one, and one of them is kept.
      known = new Shapley(forest);
      shapley = known;
    }
    return known;
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

  /**
   * How a result depends on the trees: {@code offset + factor * sum}, where the sum is over all
   * trees.
   *
   * @param value which of the leaves' values is added up
   * @param result what comes of it
   */
  record Line(Scale scale, int value, double factor, double offset, double result) {}

  /** How the trees' values become the model's results. */
  interface Link {

    void apply(Forest forest, double[] fields, double[] out);

    /** How one of the results depends on the trees, or its log-odds where it does not by a line. */
    Line line(Forest forest, double[] fields, int result);

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
  }

  private record Average() implements Link {

    @Override
    public void apply(Forest forest, double[] fields, double[] out) {
      out[0] = forest.sum(fields) / forest.trees();
    }

    @Override
    public Line line(Forest forest, double[] fields, int result) {
      double mean = forest.sum(fields) / forest.trees();
      return new Line(Scale.VALUE, 0, 1.0 / forest.trees(), 0, mean);
    }
  }

  private record Sum() implements Link {

    @Override
    public void apply(Forest forest, double[] fields, double[] out) {
      out[0] = forest.sum(fields);
    }

    @Override
    public Line line(Forest forest, double[] fields, int result) {
      return new Line(Scale.VALUE, 0, 1, 0, forest.sum(fields));
    }
  }

  private record Probabilities(int classes) implements Link {

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
      return new Line(Scale.PROBABILITY, result, factor, 0, out[result]);
    }
  }

  private record Logit(double intercept, double coefficient) implements Link {

    @Override
    public void apply(Forest forest, double[] fields, double[] out) {
      out[1] = 1 / (1 + Math.exp(-margin(forest, fields)));
      out[0] = 1 - out[1];
    }

    @Override
    public Line line(Forest forest, double[] fields, int result) {
      int sign = result == 1 ? 1 : -1;
      double margin = sign * margin(forest, fields);
      return new Line(Scale.LOG_ODDS, 0, sign * coefficient, sign * intercept, margin);
    }

    private double margin(Forest forest, double[] fields) {
      return intercept + coefficient * forest.sum(fields);
    }
  }
}
