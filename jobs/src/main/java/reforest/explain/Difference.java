package reforest.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.bundle.Explainer;
import reforest.bundle.Explanation.Scale;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.WindowSample.Model;
import reforest.evaluate.WindowSample.SampledRow;
import reforest.statistics.ClusterWays;
import reforest.statistics.Estimate;
import reforest.statistics.GroupedSums;
import reforest.statistics.JackknifeGroups;

/**
 * What moved the mean prediction from the champion's to the challenger's: Shapley values of the one
 * model less those of the other, whose sum over features and base is exactly the change.
 *
 * @param scale what all figures are measured in
 * @param label the class that it is about; empty for a number
 * @param change of the mean prediction
 * @param base the part of it that no feature has: the models' means over their own training rows
 * @param features the part of each feature, the largest one first; their sum and the base's is the
 *     change
 * @param slices the change on each declared slice, with its largest parts; where slices are all
 *     parts of the whole, their changes by their shares add up to the change
 * @param why why nothing could be told; empty where it could
 */
public record Difference(
    Scale scale,
    Optional<String> label,
    Estimate change,
    Estimate base,
    List<Part> features,
    List<OnSlice> slices,
    Optional<String> why) {

  private static final int MOST_ROWS = 1_000;
  private static final int PARTS_OF_A_SLICE = 3;

  public Difference {
    features = List.copyOf(features);
    slices = List.copyOf(slices);
  }

  /**
   * A feature's part.
   *
   * @param feature name of an input or of a column that a model derives of them
   * @param change mean of its part in the challenger's prediction less that in the champion's
   */
  public record Part(String feature, Estimate change) {}

  /**
   * The change on a slice.
   *
   * @param slice its name
   * @param rows how many of the sample are in it
   * @param share of all rows
   * @param change of the mean prediction there
   * @param parts the largest parts of it
   */
  public record OnSlice(
      String slice, long rows, double share, Estimate change, List<Part> parts) {
    public OnSlice {
      parts = List.copyOf(parts);
    }
  }

  /** Of challenger and champion; empty without a champion. */
  static Optional<Difference> of(Rescored all) {
    Rescored rescored = all.first(MOST_ROWS);
    return rescored.sample().champion().map(champion -> of(rescored, champion));
  }

  private static Difference of(Rescored rescored, Model champion) {
    List<String> classes = rescored.sample().plan().classes();
    int result = rescored.result();
    Optional<String> label =
        classes.isEmpty() ? Optional.empty() : Optional.of(classes.get(result));
    Model challenger = rescored.sample().challenger();
    if (!challenger.scorer().explains() || !champion.scorer().explains()) {
      return untold(
          label,
          "a bundle that does not count the rows of its trees' nodes cannot be explained; the next"
              + " champion's will count them");
    }
    int own = challenger.own(result);
    int other = champion.own(result);
    if (own < 0 || other < 0) {
      return untold(label, "one of the models does not know the class " + label.orElse(""));
    }
    Explainer one = challenger.scorer().explainer(own);
    Explainer before = champion.scorer().explainer(other);
    if (one.scale() != before.scale()) {
      return untold(
          label,
          "the challenger adds up %s and the champion %s, which cannot be compared part by part"
              .formatted(words(one.scale()), words(before.scale())));
    }
    return new Parts(rescored, one, before).difference(label);
  }

  private static String words(Scale scale) {
    return switch (scale) {
      case VALUE -> "values";
      case PROBABILITY -> "probabilities";
      case LOG_ODDS -> "log-odds";
    };
  }

  private static Difference untold(Optional<String> label, String why) {
    GroupedSums none = new GroupedSums(ClusterWays.of(JackknifeGroups.hashed(2)), 1);
    Estimate unknown = none.mean(0);
    return new Difference(
        Scale.VALUE, label, unknown, unknown, List.of(), List.of(), Optional.of(why));
  }

  /** The parts of all rows. */
  private static final class Parts {
    private final Rescored rescored;
    private final Explainer one;
    private final Explainer before;

    /** By feature of either model its place in a row's terms; base and whole come after them. */
    private final Map<String, Integer> places = new LinkedHashMap<>();

    Parts(Rescored rescored, Explainer one, Explainer before) {
      this.rescored = rescored;
      this.one = one;
      this.before = before;
      one.features().forEach(it -> places.putIfAbsent(it, places.size()));
      before.features().forEach(it -> places.putIfAbsent(it, places.size()));
    }

    private int base() {
      return places.size();
    }

    private int whole() {
      return places.size() + 1;
    }

    Difference difference(Optional<String> label) {
      List<NamedSlice> named = rescored.sample().plan().slices();
      GroupedSums all = sums();
      List<GroupedSums> bySlice = new ArrayList<>();
      named.forEach(it -> bySlice.add(sums()));
      double[] amounts = new double[one.features().size()];
      double[] earlier = new double[before.features().size()];
      for (SampledRow row : rescored.rows()) {
        double[] terms = new double[places.size() + 2];
        terms[base()] = one.explain(row.challenger(), amounts);
        terms[base()] -= before.explain(row.champion(), earlier);
        terms[whole()] = one.result() - before.result();
        add(terms, one.features(), amounts, 1);
        add(terms, before.features(), earlier, -1);
        all.add(row.groups(), terms);
        for (int slice : row.slices()) {
          bySlice.get(slice).add(row.groups(), terms);
        }
      }
      List<OnSlice> slices = new ArrayList<>();
      for (int slice = 0; slice < named.size(); slice++) {
        GroupedSums of = bySlice.get(slice);
        if (of.rows() > 0) {
          slices.add(
              new OnSlice(
                  named.get(slice).name(),
                  of.rows(),
                  (double) of.rows() / all.rows(),
                  of.mean(whole()),
                  parts(of).stream().limit(PARTS_OF_A_SLICE).toList()));
        }
      }
      return new Difference(
          one.scale(), label, all.mean(whole()), all.mean(base()), parts(all), slices,
          Optional.empty());
    }

    private GroupedSums sums() {
      return new GroupedSums(rescored.sample().ways(), places.size() + 2);
    }

    private void add(double[] terms, List<String> features, double[] amounts, int sign) {
      for (int i = 0; i < amounts.length; i++) {
        terms[places.getOrDefault(features.get(i), -1)] += sign * amounts[i];
      }
    }

    private List<Part> parts(GroupedSums sums) {
      List<Part> parts = new ArrayList<>();
      places.forEach((feature, place) -> parts.add(new Part(feature, sums.mean(place))));
      parts.sort(Comparator.comparingDouble(it -> -Math.abs(it.change().value())));
      return parts;
    }
  }
}
