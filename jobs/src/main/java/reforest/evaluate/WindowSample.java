package reforest.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Scorer;
import reforest.statistics.ClusterWays;

/**
 * Rows of a window in one place, with the models that can score them again as they are or changed.
 *
 * <p>Where a window has more rows than are wanted they are drawn by a hash of their keys, the same
 * rows each time, and so that each cluster keeps its share.
 *
 * @param plan what was measured
 * @param ways in which ways rows depend on each other
 * @param challenger the challenger
 * @param champion what it was compared with, if anything
 * @param dummy the dummy's constant prediction; empty without one
 * @param personal names of the columns whose values nobody may see
 * @param told whether a single row's label and time may be seen
 * @param rows the rows, in an order that depends on their keys alone
 * @param of how many rows the window has
 */
public record WindowSample(
    ComparisonPlan plan,
    ClusterWays ways,
    Model challenger,
    Optional<Model> champion,
    List<Double> dummy,
    Set<String> personal,
    boolean told,
    List<SampledRow> rows,
    long of) {

  public WindowSample {
    dummy = List.copyOf(dummy);
    personal = Set.copyOf(personal);
    List<SampledRow> sorted = new ArrayList<>(rows);
    sorted.sort(Comparator.comparingLong(SampledRow::key));
    rows = List.copyOf(sorted);
  }

  /** Looks at rows of a window once they were compared, while the models are at hand. */
  public interface Study {

    /** Looks at them. */
    void of(WindowSample sample);
  }

  /**
   * A model as it was judged.
   *
   * @param scorer scores its encoded inputs
   * @param classes for each class of the plan the place among its own probabilities, -1 for a class
   *     that it does not know; empty for a regression
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Model(Scorer scorer, int[] classes) {

    /** Its inputs. */
    public List<Input> inputs() {
      return scorer.manifest().inputs();
    }

    /** The place of an input, -1 where it has none of that name. */
    public int place(String input) {
      return IntStream.range(0, inputs().size())
          .filter(at -> inputs().get(at).name().equals(input))
          .findFirst()
          .orElse(-1);
    }

    /** The place among its own results of one of the plan's, -1 for a class it does not know. */
    public int own(int result) {
      return classes.length == 0 ? result : classes[result];
    }

    /**
     * Predicts.
     *
     * @param encoded one number an input
     * @return a number, or one probability for each class of the plan
     */
    public double[] predict(double[] encoded) {
      double[] prediction = new double[classes.length == 0 ? scorer.outputs() : classes.length];
      Predictions.of(scorer, classes, encoded, prediction);
      return prediction;
    }
  }

  /**
   * One row.
   *
   * @param key a hash that tells it from others
   * @param groups its group in each way in which rows depend on each other
   * @param slices places of the declared slices that it is in
   * @param micros its event time in microseconds from 1970; empty where rows have none
   * @param label the true value, or the place of the true class
   * @param challenger the challenger's encoded inputs
   * @param champion the champion's; empty without one
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record SampledRow(
      long key,
      int[] groups,
      int[] slices,
      OptionalLong micros,
      double label,
      double[] challenger,
      double[] champion) {}

  /** A row on its way, since an optional cannot be sent. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Sent(
      long key,
      int[] groups,
      int[] slices,
      long[] micros,
      double label,
      double[] challenger,
      double[] champion)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    SampledRow row() {
      OptionalLong time = micros.length == 0 ? OptionalLong.empty() : OptionalLong.of(micros[0]);
      return new SampledRow(key, groups, slices, time, label, challenger, champion);
    }
  }
}
