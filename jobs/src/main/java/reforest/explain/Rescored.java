package reforest.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Task;
import reforest.config.Metric;
import reforest.evaluate.RowLoss;
import reforest.evaluate.WindowSample;
import reforest.evaluate.WindowSample.Model;
import reforest.evaluate.WindowSample.SampledRow;
import reforest.statistics.CounterRandom;

/**
 * A sample's rows, scored as they are and with other values of a feature.
 *
 * @param sample the rows
 * @param loss what a row's prediction costs
 * @param seed of all that is drawn
 * @param features names of the inputs of challenger and champion, the challenger's first
 */
record Rescored(WindowSample sample, RowLoss loss, long seed, List<String> features) {

  static Rescored of(WindowSample sample, Metric primary, long seed) {
    List<String> features = new ArrayList<>();
    for (Model model : models(sample)) {
      for (Input input : model.inputs()) {
        if (!features.contains(input.name())) {
          features.add(input.name());
        }
      }
    }
    return new Rescored(
        sample, RowLoss.of(primary, sample.plan().task()), seed, List.copyOf(features));
  }

  private static List<Model> models(WindowSample sample) {
    List<Model> models = new ArrayList<>(List.of(sample.challenger()));
    sample.champion().ifPresent(models::add);
    return models;
  }

  /** The first rows, which by the order of their keys are a random part. */
  Rescored first(int rows) {
    List<SampledRow> some = sample.rows().subList(0, Math.min(rows, sample.rows().size()));
    return new Rescored(
        new WindowSample(
            sample.plan(),
            sample.ways(),
            sample.challenger(),
            sample.champion(),
            sample.dummy(),
            sample.personal(),
            sample.told(),
            some,
            sample.of()),
        loss,
        seed,
        features);
  }

  List<SampledRow> rows() {
    return sample.rows();
  }

  /** Whether a person may see a feature's values. */
  boolean isPublic(String feature) {
    return models(sample).stream()
        .flatMap(model -> model.inputs().stream())
        .filter(input -> input.name().equals(feature))
        .noneMatch(input -> input.columns().stream().anyMatch(sample.personal()::contains));
  }

  /** The inputs of a row for the challenger, or for the champion. */
  static double[] inputs(SampledRow row, boolean champion) {
    return champion ? row.champion() : row.challenger();
  }

  /** The challenger, or the champion, if there is one. */
  Optional<Model> model(boolean champion) {
    return champion ? sample.champion() : Optional.of(sample.challenger());
  }

  /** A prediction's loss on a row. */
  double loss(SampledRow row, double[] prediction) {
    return loss.of(row.label(), prediction, sample.plan().clip());
  }

  /** What the challenger predicts of each row, or the champion; empty without one. */
  List<double[]> predictions(boolean champion) {
    return model(champion)
        .map(it -> rows().stream().map(row -> it.predict(inputs(row, champion))).toList())
        .orElse(List.of());
  }

  /** Each row's loss as it is; NaN without a champion. */
  double[] losses(boolean champion) {
    return losses(predictions(champion));
  }

  /** Each row's loss by predictions of all rows; NaN where there are none. */
  double[] losses(List<double[]> predictions) {
    double[] losses = new double[rows().size()];
    Arrays.setAll(
        losses, i -> predictions.isEmpty() ? Double.NaN : loss(rows().get(i), predictions.get(i)));
    return losses;
  }

  /**
   * Which result is told: the number, the positive class, or of several the one that most rows
   * have.
   */
  int result() {
    Task task = sample.plan().task();
    if (task != Task.MULTICLASS) {
      return task == Task.BINARY ? 1 : 0;
    }
    long[] rows = new long[sample.plan().classes().size()];
    rows().forEach(row -> rows[(int) row.label()]++);
    int most = 0;
    for (int i = 1; i < rows.length; i++) {
      most = rows[i] > rows[most] ? i : most;
    }
    return most;
  }

  /** Other rows' places, one for each row, each once: what a feature's values are shuffled by. */
  int[] shuffled(long purpose) {
    int[] places = new int[rows().size()];
    CounterRandom random = new CounterRandom(seed, purpose);
    for (int i = 0; i < places.length; i++) {
      // Fisher and Yates, from the inside out.
      int at = (int) (random.uniform(i) * (i + 1));
      places[i] = places[at];
      places[at] = i;
    }
    return places;
  }

  /**
   * A model's prediction of a row with the value that another row has in one feature.
   *
   * @param at the feature's place among the model's inputs; -1 where it has none, and nothing
   *     changes
   */
  static double[] predict(Model model, double[] inputs, int at, double value) {
    if (at < 0) {
      return model.predict(inputs);
    }
    double[] changed = inputs.clone();
    changed[at] = value;
    return model.predict(changed);
  }
}
