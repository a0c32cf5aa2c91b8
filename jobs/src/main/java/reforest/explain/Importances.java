package reforest.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import reforest.evaluate.WindowSample.Model;
import reforest.evaluate.WindowSample.SampledRow;
import reforest.statistics.Estimate;
import reforest.statistics.GroupedSums;

/**
 * What a model loses when a feature's values are shuffled among rows that it was not trained on
 * (permutation importance, Breiman 2001; model reliance, Fisher, Rudin and Dominici 2019), and what
 * of the gain over the champion is lost when they are shuffled for both.
 *
 * <p>Shuffling makes rows that cannot be where features depend on each other, and features that
 * tell the same each look less important than both together (Hooker, Mentch and Zhou 2021).
 */
public final class Importances {

  /** So many rows are shuffled at least, by shuffling again where the sample has fewer. */
  private static final int FEWEST = 1_000;

  private static final int MOST_REPEATS = 5;

  private Importances() {}

  /**
   * One feature's.
   *
   * @param feature name of the input
   * @param rise by how much the challenger's loss rises, as {@code RowLoss} tells it; 0 where it
   *     does not read the feature
   * @param gain how much of the challenger's gain over the champion is lost; undefined without one
   */
  public record Importance(String feature, Estimate rise, Estimate gain) {}

  /** Of all features, the most important one first. */
  static List<Importance> of(Rescored rescored) {
    double[] challenger = rescored.losses(false);
    double[] champion = rescored.losses(true);
    int rows = challenger.length;
    int repeats = Math.max(1, Math.min(MOST_REPEATS, (FEWEST + rows - 1) / Math.max(1, rows)));
    List<Importance> importances = new ArrayList<>();
    for (int feature = 0; feature < rescored.features().size(); feature++) {
      String name = rescored.features().get(feature);
      GroupedSums sums = new GroupedSums(rescored.sample().ways(), 4);
      double[] own = new double[rows];
      double[] other = new double[rows];
      for (int repeat = 0; repeat < repeats; repeat++) {
        int[] from = rescored.shuffled((long) feature * MOST_REPEATS + repeat);
        add(own, rescored, false, name, from, challenger, repeats);
        add(other, rescored, true, name, from, champion, repeats);
      }
      for (int i = 0; i < rows; i++) {
        sums.add(rescored.rows().get(i).groups(), challenger[i], own[i], champion[i], other[i]);
      }
      importances.add(
          new Importance(
              name,
              sums.figure(of -> told(rescored, of, 1) - told(rescored, of, 0)),
              sums.figure(
                  of ->
                      (told(rescored, of, 2) - told(rescored, of, 0))
                          - (told(rescored, of, 3) - told(rescored, of, 1)))));
    }
    importances.sort(Comparator.comparingDouble(it -> -it.rise().value()));
    return importances;
  }

  private static double told(Rescored rescored, double[] sums, int quantity) {
    return rescored.loss().told(sums[quantity] / sums[4]);
  }

  /** Adds each row's loss with another row's value, as a part of the mean of all repeats. */
  private static void add(
      double[] to,
      Rescored rescored,
      boolean champion,
      String feature,
      int[] from,
      double[] unchanged,
      int repeats) {
    Optional<Model> model = rescored.model(champion);
    int at = model.map(it -> it.place(feature)).orElse(-1);
    for (int i = 0; i < to.length; i++) {
      if (at < 0) {
        to[i] += unchanged[i] / repeats;
        continue;
      }
      SampledRow row = rescored.rows().get(i);
      double value = Rescored.inputs(rescored.rows().get(from[i]), champion)[at];
      double[] prediction =
          Rescored.predict(model.orElseThrow(), Rescored.inputs(row, champion), at, value);
      to[i] += rescored.loss(row, prediction) / repeats;
    }
  }
}
