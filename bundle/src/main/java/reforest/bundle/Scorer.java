package reforest.bundle;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Explanation.Way;
import reforest.bundle.pmml.PmmlModel;

/**
 * Scores rows with a bundle's model.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class Scorer {

  private final Manifest manifest;
  private final PmmlModel model;
  private final Optional<Background> background;

  private Scorer(Manifest manifest, PmmlModel model, Optional<Background> background) {
    this.manifest = manifest;
    this.model = model;
    this.background = background;
  }

  /**
   * Reads the bundle's {@code model.pmml} and scores the verification rows that it brings along,
   * and reads its {@link Background} if it has one.
   *
   * @throws ReforestException of kind {@code DATA} when the PMML is not fully understood, does not
   *     agree with the manifest, or predicts something else than its writer saw; or when the
   *     background is not understood
   */
  public static Scorer of(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    Optional<Background> background =
        manifest.files().stream()
            .filter(file -> file.name().equals(Bundle.BACKGROUND))
            .findFirst()
            .map(file -> Background.parse(bundle.file(file.name()), manifest.inputs()));
    return new Scorer(manifest, PmmlModel.read(bundle.file(Bundle.MODEL), manifest), background);
  }

  /** What the model takes and gives, and where it comes from. */
  public Manifest manifest() {
    return manifest;
  }

  /** How many inputs a row has. */
  public int inputs() {
    return manifest.inputs().size();
  }

  /** How many numbers a prediction has: 1 for a regression, else the number of classes. */
  public int outputs() {
    return model.outputs();
  }

  /**
   * The probability from which on a model of two classes decides for the positive one, chosen for
   * what errors cost; empty where it decides for the most probable class.
   */
  public OptionalDouble threshold() {
    return Double.isNaN(model.threshold())
        ? OptionalDouble.empty()
        : OptionalDouble.of(model.threshold());
  }

  /**
   * How many splits a row of the training passes on average, over all trees, which is what a
   * prediction costs on any machine; empty for bundles that do not count their nodes' rows.
   */
  public OptionalDouble visits() {
    double visits = model.visits();
    return Double.isFinite(visits) ? OptionalDouble.of(visits) : OptionalDouble.empty();
  }

  /**
   * The number that stands for a value.
   *
   * @param input place of the input in the manifest
   * @param value what the row has there, read by {@link ColumnType} as the type that the input's
   *     column was declared with, as an ingest read the training rows. In bundles that declare
   *     none, for a number: any {@link Number}, or text that is a decimal number; null, NaN and
   *     empty text are missing. For a category: text, a {@link Boolean} or a whole number ({@code
   *     3} and {@code 3.0} are both "3"); null and NaN are missing, empty text is a category like
   *     any other
   * @return the number itself, NaN when missing; or the code of the category, where missing values
   *     and unseen or rare categories have one code each
   * @throws ReforestException of kind {@code DATA} when the input takes no such value
   */
  public double encode(int input, @Nullable Object value) {
    return model.encoder().encode(input, value);
  }

  /**
   * The encoded values of a row by input name; a missing key is a missing value, keys that are no
   * input are ignored.
   *
   * @throws ReforestException of kind {@code DATA} when an input takes no such value
   */
  public double[] encode(Map<String, ?> row) {
    return model.encoder().encode(row);
  }

  /**
   * Predicts an encoded row.
   *
   * @param encoded one number for each input; not changed
   * @param out receives the value, or the classes' probabilities in the order of the manifest
   * @throws IllegalArgumentException when an array is too short
   */
  public void predict(double[] encoded, double[] out) {
    model.predict(encoded, out);
  }

  /**
   * Predicts a row by input name; a missing key is a missing value, keys that are no input are
   * ignored.
   *
   * @throws ReforestException of kind {@code DATA} when an input takes no such value
   */
  public Prediction score(Map<String, ?> row) {
    double[] out = new double[outputs()];
    predict(encode(row), out);
    if (!manifest.task().isClassification()) {
      return new Prediction(out[0], List.of(), Optional.empty());
    }
    return new Prediction(
        Double.NaN,
        Arrays.stream(out).boxed().toList(),
        Optional.of(manifest.classes().get(decide(out, model.threshold()))));
  }

  /**
   * The place of the class that is decided for.
   *
   * @param probabilities of the classes
   * @param threshold the probability from which on the second of two classes is decided for; NaN
   *     for the most probable class, the first of equals
   */
  public static int decide(double[] probabilities, double threshold) {
    return Double.isNaN(threshold)
        ? PmmlModel.highest(probabilities)
        : probabilities[1] >= threshold ? 1 : 0;
  }

  /**
   * Whether {@link #explain} can: {@link Way#PATH_DEPENDENT} for bundles that count their nodes'
   * rows, {@link Way#INTERVENTIONAL} for those that bring a {@link Background} along.
   */
  public boolean explains(Way way) {
    return way == Way.INTERVENTIONAL ? background.isPresent() : model.explains();
  }

  /** Whether {@link #explain} can by {@link Way#PATH_DEPENDENT}. */
  public boolean explains() {
    return explains(Way.PATH_DEPENDENT);
  }

  /**
   * Why the model says what it says of a row, by {@link Way#PATH_DEPENDENT}: for a number the
   * number itself, of two classes the positive one, of several the one that it decides for.
   *
   * <p>A missing key is a missing value, keys that are no input are ignored. What is explained is
   * the probability of a forest's class, and the log-odds of a boosted one, which its trees add up
   * to.
   *
   * @throws ReforestException of kind {@code DATA} when an input takes no such value, or the bundle
   *     cannot {@linkplain #explains explain}
   */
  public Explanation explain(Map<String, ?> row) {
    return explain(row, Way.PATH_DEPENDENT);
  }

  /**
   * Why the model says what it says of a row: for a number the number itself, of two classes the
   * positive one, of several the one that it decides for. {@link Way#INTERVENTIONAL} explains the
   * probability of boosted classes, too.
   *
   * @throws ReforestException of kind {@code DATA} when an input takes no such value, or the bundle
   *     cannot {@linkplain #explains(Way) explain} so
   */
  public Explanation explain(Map<String, ?> row, Way way) {
    requireExplains(way);
    int result =
        switch (manifest.task()) {
          case REGRESSION -> 0;
          case BINARY -> 1;
          case MULTICLASS -> manifest.classes().indexOf(score(row).label().orElseThrow());
        };
    return model.explain(
        row, explainer(result, way), manifest.classes().stream().skip(result).findFirst());
  }

  /**
   * Why the model gives a class the probability that it gives, by {@link Way#PATH_DEPENDENT}.
   *
   * @param label one of the manifest's classes
   * @throws ReforestException of kind {@code DATA} when an input takes no such value, or the bundle
   *     cannot {@linkplain #explains explain}
   * @throws IllegalArgumentException when the model has no such class
   */
  public Explanation explain(Map<String, ?> row, String label) {
    return explain(row, label, Way.PATH_DEPENDENT);
  }

  /**
   * Why the model gives a class the probability that it gives.
   *
   * @param label one of the manifest's classes
   * @throws ReforestException of kind {@code DATA} when an input takes no such value, or the bundle
   *     cannot {@linkplain #explains(Way) explain} so
   * @throws IllegalArgumentException when the model has no such class
   */
  public Explanation explain(Map<String, ?> row, String label, Way way) {
    int result = manifest.classes().indexOf(label);
    if (result < 0) {
      throw new IllegalArgumentException(
          "the model has no class '" + label + "', only " + manifest.classes());
    }
    return model.explain(row, explainer(result, way), Optional.of(label));
  }

  /**
   * Explains one of the model's results for many rows, of numbers that are encoded already, by
   * {@link Way#PATH_DEPENDENT}.
   *
   * @param result its place in what {@link #predict} gives: 0 for a number, else that of a class
   * @return for one thread at a time
   * @throws ReforestException of kind {@code DATA} when the bundle cannot {@linkplain #explains
   *     explain}
   * @throws IllegalArgumentException when there is no such result
   */
  public Explainer explainer(int result) {
    return explainer(result, Way.PATH_DEPENDENT);
  }

  /**
   * Explains one of the model's results for many rows, of numbers that are encoded already. {@link
   * Way#INTERVENTIONAL} explains what {@link #predict} gives.
   *
   * @param result its place in what {@link #predict} gives: 0 for a number, else that of a class
   * @return for one thread at a time
   * @throws ReforestException of kind {@code DATA} when the bundle cannot {@linkplain
   *     #explains(Way) explain} so
   * @throws IllegalArgumentException when there is no such result
   */
  public Explainer explainer(int result, Way way) {
    requireExplains(way);
    requireResult(result);
    return way == Way.INTERVENTIONAL
        ? model.explainer(result, background.orElseThrow(), true)
        : model.explainer(result);
  }

  /**
   * Explains by {@link Way#INTERVENTIONAL} what the trees add up to: the log-odds of a boosted
   * class, of all other models what {@link #predict} gives.
   *
   * @param result its place in what {@link #predict} gives: 0 for a number, else that of a class
   * @return for one thread at a time
   * @throws ReforestException of kind {@code DATA} when the bundle cannot {@linkplain
   *     #explains(Way) explain} so
   * @throws IllegalArgumentException when there is no such result
   */
  public Explainer marginExplainer(int result) {
    requireExplains(Way.INTERVENTIONAL);
    requireResult(result);
    return model.explainer(result, background.orElseThrow(), false);
  }

  private void requireResult(int result) {
    if (result < 0 || result >= outputs()) {
      throw new IllegalArgumentException(
          "the model has no result " + result + ", only 0 to " + (outputs() - 1));
    }
  }

  /**
   * Requires that {@link #explain} can by {@link Way#PATH_DEPENDENT}.
   *
   * @throws ReforestException of kind {@code DATA} when the bundle does not say how many training
   *     rows came to its trees' nodes
   */
  public void requireExplains() {
    requireExplains(Way.PATH_DEPENDENT);
  }

  /**
   * Requires that {@link #explain} can.
   *
   * @throws ReforestException of kind {@code DATA} when the bundle does not say how many training
   *     rows came to its trees' nodes, or has no background
   */
  public void requireExplains(Way way) {
    if (explains(way)) {
      return;
    }
    String who = "the bundle of model '" + manifest.model() + "' cannot explain";
    if (way == Way.INTERVENTIONAL) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          who + " by background rows: it has none",
          "explain by the rows of its trees' nodes; or set export.background-rows above 0, retrain"
              + " and publish, where no input reads a personal column");
    }
    throw new ReforestException(
        ReforestException.Kind.DATA,
        who + ": it does not say how many training rows came to its trees' nodes",
        "retrain and publish; bundles have said so since recordCount is written to every node");
  }

  /**
   * What a row asks of the model that it has not seen in training: one sentence for each input that
   * is missing, outside of its range, or of a category that was rare or absent.
   *
   * @throws ReforestException of kind {@code DATA} when an input takes no such value
   */
  public List<String> outside(Map<String, ?> row) {
    return model.encoder().outside(row);
  }
}
