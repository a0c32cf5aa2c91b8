package reforest.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reforest.config.Metric;
import reforest.evaluate.WindowSample;
import reforest.explain.Dependences.Dependence;
import reforest.explain.Dependences.Pair;
import reforest.explain.Importances.Importance;
import reforest.quality.LateColumns.Late;
import reforest.quality.RepeatedRows;

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
 * @param repeated rows of the window that stand in the training rows too; empty where that was not
 *     looked for
 * @param late features that are missing in the newest rows only
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
    Optional<RepeatedRows> repeated,
    List<Late> late,
    Optional<Difference> difference) {

  /** About so many rows are looked at, at most. */
  public static final int MOST_ROWS = 20_000;

  public Explained {
    importances = List.copyOf(importances);
    dependences = List.copyOf(dependences);
    pairs = List.copyOf(pairs);
    shortcuts = List.copyOf(shortcuts);
    late = List.copyOf(late);
  }

  /**
   * Explains.
   *
   * @param sample rows of the window, with the models
   * @param primary the metric whose loss is looked at
   * @param seed of what is drawn
   * @param acknowledged features that may carry a model without a warning
   */
  public static Explained of(
      WindowSample sample, Metric primary, long seed, List<String> acknowledged) {
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
        Shortcut.of(rescored, importances, acknowledged),
        Optional.empty(),
        List.of(),
        Difference.of(rescored));
  }

  /** The same with what the table's rows say of how far its figures can be trusted. */
  public Explained with(Optional<RepeatedRows> twice, List<Late> missing) {
    return new Explained(
        rows, of, errors, importances, dependences, pairs, shortcuts, twice, missing, difference);
  }

  /** What a reader of the verdict should know, a sentence each. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    shortcuts.forEach(it -> it.warning().ifPresent(warnings::add));
    repeated.flatMap(RepeatedRows::warning).ifPresent(warnings::add);
    late.forEach(it -> warnings.add(it.warning()));
    return warnings;
  }
}
