package reforest.explain;

import java.util.List;
import java.util.Optional;
import reforest.config.Metric;
import reforest.evaluate.WindowSample;
import reforest.explain.Dependences.Dependence;
import reforest.explain.Dependences.Pair;
import reforest.explain.Importances.Importance;

/**
 * Why a challenger and its verdict are what they are, as rows say that it was not trained on.
 *
 * @param rows how many rows were looked at
 * @param of how many rows the window has
 * @param errors where it errs
 * @param importances what each feature is worth, the most important one first
 * @param dependences how the prediction follows the most important features
 * @param pairs features that tell more together
 * @param shortcuts whether one of the most important features carries the model
 * @param difference what moved the mean prediction from the champion's; empty without a champion
 */
public record Explained(
    long rows,
    long of,
    ErrorAnalysis errors,
    List<Importance> importances,
    List<Dependence> dependences,
    List<Pair> pairs,
    List<Shortcut> shortcuts,
    Optional<Difference> difference) {

  /** About so many rows are looked at, at most. */
  public static final int MOST_ROWS = 20_000;

  public Explained {
    importances = List.copyOf(importances);
    dependences = List.copyOf(dependences);
    pairs = List.copyOf(pairs);
    shortcuts = List.copyOf(shortcuts);
  }

  /**
   * Explains.
   *
   * @param sample rows of the window, with the models
   * @param primary the metric whose loss is looked at
   * @param seed of what is drawn
   */
  public static Explained of(WindowSample sample, Metric primary, long seed) {
    Rescored rescored = Rescored.of(sample, primary, seed);
    List<Importance> importances = Importances.of(rescored);
    List<String> features = importances.stream().map(Importance::feature).toList();
    return new Explained(
        sample.rows().size(),
        sample.of(),
        ErrorAnalysis.of(rescored, features),
        importances,
        Dependences.of(rescored, features),
        Dependences.pairs(rescored, features),
        Shortcut.of(rescored, importances),
        Difference.of(rescored));
  }

  /** What a reader of the verdict should know, a sentence each. */
  public List<String> warnings() {
    return shortcuts.stream().map(Shortcut::warning).flatMap(Optional::stream).toList();
  }
}
