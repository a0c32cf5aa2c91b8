package reforest.bundle.pmml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Background;
import reforest.bundle.Explainer;
import reforest.bundle.Explanation;
import reforest.bundle.Explanation.Contribution;
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
  private final List<String> features;
  private final Forest forest;
  private final Link link;
  private final int outputs;
  private final double threshold;

  /** Made when it is first asked for, since most models that are loaded never explain. */
  private volatile @Nullable Shapley shapley;

  private volatile @Nullable Backdrop backdrop;

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
    this.features = Stream.concat(encoder.names(), derived.keySet().stream()).toList();
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

  /** How the trees' values become results. */
  Link link() {
    return link;
  }

  /** What trees may ask for: the names of the inputs, then those of the derived columns. */
  List<String> features() {
    return features;
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
    require(encoded, out, outputs);
    link.apply(forest, fields(encoded), out);
  }

  /** Whether {@link #explain} can: the document says how many rows came to the trees' nodes. */
  public boolean explains() {
    return forest.hasCovers();
  }

  /**
   * Explains a result by the training rows that came to each node.
   *
   * @param result the place of the result that is explained
   * @throws IllegalStateException when it does not {@linkplain #explains explain}
   */
  public Explainer explainer(int result) {
    return new PathDependent(this, shapley(), result);
  }

  /**
   * Explains a result by background rows.
   *
   * @param result the place of the result that is explained
   * @param background the same for each call
   * @param isProbability whether the probability of a boosted class is explained, and not its
   *     log-odds
   */
  public Explainer explainer(int result, Background background, boolean isProbability) {
    Backdrop known = backdrop;
    if (known == null) {
      known = new Backdrop(this, background);
      backdrop = known;
    }
    return new Interventional(this, known, result, isProbability);
  }

  /**
   * Why the model says what it says of a row.
   *
   * @param row by column, as {@link Encoder#encode(Map)} takes it
   * @param by explains one of the model's results
   * @param label the name of its class; empty for a number
   * @throws ReforestException of kind {@code DATA} when an input takes no such value
   */
  public Explanation explain(Map<String, ?> row, Explainer by, Optional<String> label) {
    double[] encoded = encoder.encode(row);
    double[] amounts = new double[features.size()];
    double base = by.explain(encoded, amounts);
    double[] fields = fields(encoded);
    List<Contribution> contributions = new ArrayList<>();
    for (int i = 0; i < amounts.length; i++) {
      contributions.add(
          i < encoder.size()
              ? encoder.contribution(i, row, amounts[i])
              : contribution(i, fields[i], amounts[i]));
    }
    return new Explanation(by.way(), by.scale(), label, base, by.result(), contributions);
  }

  private Contribution contribution(int field, double value, double amount) {
    boolean isMissing = Double.isNaN(value) || value == Double.MAX_VALUE;
    return new Contribution(
        features.get(field),
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

  /**
   * Requires that a row has a number for each input, and that its results have room.
   *
   * @throws IllegalArgumentException otherwise
   */
  void require(double[] encoded, double[] out, int results) {
    if (encoded.length != replacements.length || out.length < results) {
      throw new IllegalArgumentException(
          "needs "
              + replacements.length
              + " inputs and "
              + results
              + " results, got "
              + encoded.length
              + " and "
              + out.length);
    }
  }

  private double[] fields(double[] encoded) {
    if (derived.length == 0 && !hasMissing(encoded)) {
      return encoded;
    }
    double[] fields = new double[features.size()];
    complete(encoded, fields);
    return fields;
  }

  /**
   * What the trees see of an encoded row.
   *
   * @param fields receives one number for each of the {@link #features}
   */
  void complete(double[] encoded, double[] fields) {
    for (int i = 0; i < encoded.length; i++) {
      fields[i] = Double.isNaN(encoded[i]) ? replacements[i] : encoded[i];
    }
    for (int i = 0; i < derived.length; i++) {
      fields[encoded.length + i] = derived[i].of(fields);
    }
  }

  private static boolean hasMissing(double[] encoded) {
    for (double value : encoded) {
      if (Double.isNaN(value)) {
        return true;
      }
    }
    return false;
  }
}
