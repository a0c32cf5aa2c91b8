package reforest.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.evaluate.WindowSample.Model;
import reforest.evaluate.WindowSample.SampledRow;
import reforest.statistics.Estimate;
import reforest.statistics.GroupedSums;

/**
 * What a model predicts on average where one feature has a given value and all others are as they
 * are (partial dependence, Friedman 2001), for the whole and for single clusters (individual
 * conditional expectation, Goldstein et al. 2015, here of a cluster's rows), and how much two
 * features tell only together (H², Friedman and Popescu 2008).
 */
public final class Dependences {

  private static final int MOST_FEATURES = 4;
  private static final int MOST_ROWS = 300;
  private static final int MOST_POINTS = 12;

  /** A number of few values, such as an hour, has a point at each. */
  private static final int MOST_DISTINCT = 24;

  private static final int MOST_CLUSTERS = 5;

  /** A dependence that varies by less than this share of its squares does not vary. */
  private static final double ROUNDING = 1e-24;

  private static final int PAIRED_FEATURES = 4;
  private static final int PAIRED_ROWS = 60;

  private Dependences() {}

  /**
   * One feature's.
   *
   * @param feature name of the input
   * @param result what is predicted: the class whose probability it is, empty for a number
   * @param points in the order of the values; of categories the most frequent ones
   */
  public record Dependence(String feature, Optional<String> result, List<Point> points) {
    public Dependence {
      points = List.copyOf(points);
    }
  }

  /**
   * The prediction at one value.
   *
   * @param number the value; NaN for a category and where it is missing
   * @param text it in words
   * @param mean the challenger's prediction on average over the rows
   * @param champion the champion's; undefined without one, and where it does not read the feature
   * @param clusters the challenger's on average over the rows of single clusters, the same clusters
   *     at all points
   */
  public record Point(
      double number, String text, Estimate mean, Estimate champion, List<Double> clusters) {
    public Point {
      clusters = List.copyOf(clusters);
    }
  }

  /**
   * Two features.
   *
   * @param one name of the one
   * @param other name of the other
   * @param strength share of the variance of what both tell together that neither tells alone, 0 to
   *     1
   */
  public record Pair(String one, String other, Estimate strength) {}

  /** Of the first features whose values may be seen. */
  static List<Dependence> of(Rescored all, List<String> features) {
    Rescored rescored = all.first(MOST_ROWS);
    List<Dependence> dependences = new ArrayList<>();
    for (String feature : shown(rescored, features, MOST_FEATURES)) {
      dependences.add(of(rescored, feature));
    }
    return dependences;
  }

  private static List<String> shown(Rescored rescored, List<String> features, int most) {
    Model model = rescored.sample().challenger();
    return features.stream()
        .filter(it -> model.place(it) >= 0 && rescored.isPublic(it))
        .limit(most)
        .toList();
  }

  private static Dependence of(Rescored rescored, String feature) {
    Input input = input(rescored.sample().challenger(), feature);
    int result = rescored.result();
    int[] clusters = clusters(rescored);
    List<Point> points = new ArrayList<>();
    for (double value : values(rescored, feature, input)) {
      points.add(point(rescored, feature, input, value, result, clusters));
    }
    List<String> classes = rescored.sample().plan().classes();
    return new Dependence(
        feature, classes.isEmpty() ? Optional.empty() : Optional.of(classes.get(result)), points);
  }

  private static Input input(Model model, String feature) {
    return model.inputs().get(model.place(feature));
  }

  /** Values that stand for all: quantiles of a number, a category's most frequent ones. */
  private static double[] values(Rescored rescored, String feature, Input input) {
    int at = rescored.sample().challenger().place(feature);
    double[] all = rescored.rows().stream().mapToDouble(row -> row.challenger()[at]).toArray();
    if (input.type() == InputType.CATEGORY) {
      Map<Double, Integer> counts = new HashMap<>();
      DoubleStream.of(all).forEach(value -> counts.merge(value, 1, Integer::sum));
      return counts.entrySet().stream()
          .sorted(
              Map.Entry.<Double, Integer>comparingByValue()
                  .reversed()
                  .thenComparing(Map.Entry.comparingByKey()))
          .limit(MOST_POINTS)
          .mapToDouble(Map.Entry::getKey)
          .toArray();
    }
    double[] known = DoubleStream.of(all).filter(Double::isFinite).sorted().toArray();
    TreeSet<Double> values = new TreeSet<>();
    DoubleStream.of(known).forEach(values::add);
    if (values.size() <= MOST_DISTINCT) {
      return values.stream().mapToDouble(it -> it).toArray();
    }
    values.clear();
    for (int i = 0; i < MOST_POINTS && known.length > 0; i++) {
      values.add(known[(int) ((long) i * (known.length - 1) / (MOST_POINTS - 1))]);
    }
    return values.stream().mapToDouble(it -> it).toArray();
  }

  /** Some groups of the first way that have rows. */
  private static int[] clusters(Rescored rescored) {
    int[] present =
        rescored.rows().stream().mapToInt(row -> row.groups()[0]).distinct().sorted().toArray();
    int count = Math.min(MOST_CLUSTERS, present.length);
    int[] some = new int[count];
    Arrays.setAll(some, i -> present[(int) ((long) i * present.length / count)]);
    return some;
  }

  private static Point point(
      Rescored rescored, String feature, Input input, double value, int result, int[] clusters) {
    GroupedSums sums = new GroupedSums(rescored.sample().ways(), 2);
    double[] ofCluster = new double[clusters.length];
    int[] rows = new int[clusters.length];
    Model model = rescored.sample().challenger();
    Optional<Model> champion =
        rescored.sample().champion().filter(it -> speaksAlike(it, feature, input));
    for (SampledRow row : rescored.rows()) {
      double own = predict(model, row.challenger(), feature, value)[result];
      double other =
          champion.isPresent()
              ? predict(champion.get(), row.champion(), feature, value)[result]
              : Double.NaN;
      sums.add(row.groups(), own, other);
      int cluster = Arrays.binarySearch(clusters, row.groups()[0]);
      if (cluster >= 0) {
        ofCluster[cluster] += own;
        rows[cluster]++;
      }
    }
    List<Double> means = new ArrayList<>();
    for (int i = 0; i < clusters.length; i++) {
      means.add(ofCluster[i] / rows[i]);
    }
    boolean number = input.type() == InputType.NUMBER;
    return new Point(
        number ? value : Double.NaN, Words.of(input, value), sums.mean(0), sums.mean(1), means);
  }

  /** Whether a value means the same to another model: a number, or a category of the same code. */
  private static boolean speaksAlike(Model champion, String feature, Input input) {
    int at = champion.place(feature);
    return at >= 0
        && champion.inputs().get(at).type() == input.type()
        && champion.inputs().get(at).categories().equals(input.categories())
        && champion.inputs().get(at).calendar().equals(input.calendar())
        && champion.inputs().get(at).series().equals(input.series());
  }

  private static double[] predict(Model model, double[] inputs, String feature, double value) {
    return Rescored.predict(model, inputs, model.place(feature), value);
  }

  /** Of each two of the first features, the strongest pair first. */
  static List<Pair> pairs(Rescored all, List<String> features) {
    Rescored rescored = all.first(PAIRED_ROWS);
    List<String> shown =
        features.stream()
            .filter(it -> rescored.sample().challenger().place(it) >= 0)
            .limit(PAIRED_FEATURES)
            .toList();
    Map<String, double[]> alone = new HashMap<>();
    for (String feature : shown) {
      alone.put(feature, centred(dependence(rescored, List.of(feature))));
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      for (int j = i + 1; j < shown.size(); j++) {
        double[] both = centred(dependence(rescored, List.of(shown.get(i), shown.get(j))));
        GroupedSums sums = new GroupedSums(rescored.sample().ways(), 2);
        double noise = ROUNDING * size(both, rescored);
        for (int row = 0; row < both.length; row++) {
          double more =
              both[row]
                  - alone.getOrDefault(shown.get(i), both)[row]
                  - alone.getOrDefault(shown.get(j), both)[row];
          sums.add(rescored.rows().get(row).groups(), more * more, both[row] * both[row]);
        }
        // Where both tell nothing, nothing is told together.
        pairs.add(
            new Pair(
                shown.get(i), shown.get(j), sums.figure(of -> of[1] > noise ? of[0] / of[1] : 0)));
      }
    }
    pairs.sort((a, b) -> Double.compare(b.strength().value(), a.strength().value()));
    return pairs;
  }

  /** The mean prediction over all rows where these features have the values of one row, by row. */
  private static double[] dependence(Rescored rescored, List<String> features) {
    Model model = rescored.sample().challenger();
    int result = rescored.result();
    int[] places = features.stream().mapToInt(model::place).toArray();
    List<SampledRow> rows = rescored.rows();
    double[] means = new double[rows.size()];
    for (int i = 0; i < means.length; i++) {
      for (SampledRow row : rows) {
        double[] inputs = row.challenger().clone();
        for (int at : places) {
          inputs[at] = rows.get(i).challenger()[at];
        }
        means[i] += model.predict(inputs)[result] / rows.size();
      }
    }
    return means;
  }

  /** The sum of squares of the predictions themselves, beside which a rounding rest is small. */
  private static double size(double[] both, Rescored rescored) {
    double sum = 0;
    for (SampledRow row : rescored.rows()) {
      double value = rescored.sample().challenger().predict(row.challenger())[rescored.result()];
      sum += value * value;
    }
    return Math.max(sum, DoubleStream.of(both).map(it -> it * it).sum());
  }

  private static double[] centred(double[] values) {
    double mean = DoubleStream.of(values).average().orElse(0);
    return DoubleStream.of(values).map(value -> value - mean).toArray();
  }
}
