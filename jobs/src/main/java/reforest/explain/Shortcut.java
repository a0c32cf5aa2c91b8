package reforest.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.WindowSample.Model;
import reforest.evaluate.WindowSample.SampledRow;
import reforest.explain.Importances.Importance;
import reforest.statistics.Estimate;
import reforest.statistics.GroupedSums;

/**
 * A feature that carries most of what a model knows: one that learned snow in place of bears is
 * good until the snow melts.
 *
 * <p>What the model knows without it is what it predicts on average over other rows' values of it;
 * its share of what the model knows is the loss that this adds, in parts of what the model gains
 * over the dummy. Shares of several features add up to more or less than 1.
 *
 * @param feature name of the input
 * @param share of the gain over the dummy that goes with it
 * @param carries whether it carries the model, though nobody has acknowledged that it may: at least
 *     {@value #DOMINANT} of that gain, and surely more than half
 * @param loss the challenger's loss as it is, as {@code RowLoss} tells it
 * @param without its loss without the feature
 * @param slices the same on each declared slice
 */
public record Shortcut(
    String feature,
    Estimate share,
    boolean carries,
    Estimate loss,
    Estimate without,
    List<OnSlice> slices) {

  /** A feature with such a share of a model's gain over the dummy carries it. */
  public static final double DOMINANT = 0.8;

  private static final double SURELY = 0.5;
  private static final double BOUND = 0.05;

  /** So many of the most important features are looked at. */
  private static final int MOST = 3;

  /** Values that a prediction is averaged over. */
  private static final int DRAWS = 10;

  private static final int MOST_ROWS = 2_000;

  /** Purposes of draws that are none of the importances'. */
  private static final long PURPOSE = 1L << 32;

  public Shortcut {
    slices = List.copyOf(slices);
  }

  /**
   * The figures of one slice.
   *
   * @param slice its name
   * @param rows how many of the sample are in it
   * @param loss the challenger's loss there
   * @param without its loss there without the feature
   */
  public record OnSlice(String slice, long rows, Estimate loss, Estimate without) {}

  /** In a sentence; empty where it does not carry the model. */
  public Optional<String> warning() {
    return carries
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "one feature carries the model: without %s, %.0f %% of what it gains over the dummy is"
                    + " gone; ask whether it will be as telling tomorrow, and if so name it in"
                    + " features.acknowledged",
                feature,
                100 * Math.min(1, share.value())))
        : Optional.empty();
  }

  /** Of the most important features; none where the dummy is unknown. */
  static List<Shortcut> of(Rescored all, List<Importance> importances, List<String> acknowledged) {
    Rescored rescored = all.first(MOST_ROWS);
    if (rescored.sample().dummy().isEmpty()) {
      return List.of();
    }
    List<Shortcut> shortcuts = new ArrayList<>();
    importances.stream()
        .filter(it -> it.rise().value() > 0)
        .limit(MOST)
        .forEach(
            it ->
                shortcuts.add(
                    of(
                        rescored,
                        it.feature(),
                        shortcuts.size(),
                        acknowledged.contains(it.feature()))));
    return shortcuts;
  }

  private static Shortcut of(Rescored rescored, String feature, int number, boolean acknowledged) {
    double[] dummy = rescored.sample().dummy().stream().mapToDouble(it -> it).toArray();
    double[] as = rescored.losses(false);
    double[] without = without(rescored, feature, number);
    GroupedSums sums = new GroupedSums(rescored.sample().ways(), 3);
    for (int i = 0; i < as.length; i++) {
      SampledRow row = rescored.rows().get(i);
      sums.add(row.groups(), as[i], without[i], rescored.loss(row, dummy));
    }
    // Of the loss itself, whose parts add up, where a root's would not.
    Estimate share = sums.figure(of -> (of[1] - of[0]) / (of[2] - of[0]));
    boolean knows = sums.mean(2).value() > sums.mean(0).value();
    boolean carries =
        !acknowledged && knows && share.value() >= DOMINANT && share.lower(BOUND) > SURELY;
    return new Shortcut(
        feature,
        share,
        carries,
        told(rescored, sums, 0),
        told(rescored, sums, 1),
        slices(rescored, as, without));
  }

  private static List<OnSlice> slices(Rescored rescored, double[] as, double[] without) {
    List<OnSlice> slices = new ArrayList<>();
    List<NamedSlice> named = rescored.sample().plan().slices();
    List<GroupedSums> sums = new ArrayList<>();
    named.forEach(it -> sums.add(new GroupedSums(rescored.sample().ways(), 2)));
    for (int i = 0; i < as.length; i++) {
      SampledRow row = rescored.rows().get(i);
      for (int slice : row.slices()) {
        sums.get(slice).add(row.groups(), as[i], without[i]);
      }
    }
    for (int slice = 0; slice < named.size(); slice++) {
      GroupedSums of = sums.get(slice);
      if (of.rows() > 0) {
        slices.add(
            new OnSlice(
                named.get(slice).name(), of.rows(), told(rescored, of, 0), told(rescored, of, 1)));
      }
    }
    return slices;
  }

  private static Estimate told(Rescored rescored, GroupedSums sums, int quantity) {
    return sums.figure(of -> rescored.loss().told(of[quantity] / of[of.length - 1]));
  }

  /** Each row's loss by the mean prediction over other rows' values of the feature. */
  private static double[] without(Rescored rescored, String feature, int number) {
    Model model = rescored.sample().challenger();
    int at = model.place(feature);
    int rows = rescored.rows().size();
    double[][] means = new double[rows][rescored.sample().plan().outputs()];
    for (int draw = 0; draw < DRAWS; draw++) {
      int[] from = rescored.shuffled(PURPOSE + (long) number * DRAWS + draw);
      for (int i = 0; i < rows; i++) {
        double value = rescored.rows().get(from[i]).challenger()[at];
        double[] one = Rescored.predict(model, rescored.rows().get(i).challenger(), at, value);
        for (int out = 0; out < one.length; out++) {
          means[i][out] += one[out] / DRAWS;
        }
      }
    }
    double[] losses = new double[rows];
    for (int i = 0; i < rows; i++) {
      losses[i] = rescored.loss(rescored.rows().get(i), means[i]);
    }
    return losses;
  }
}
