package reforest.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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
  public record OnSlice(String slice, long rows, double share, Estimate change, List<Part> parts) {
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
      GroupedSums all = new GroupedSums(rescored.sample().ways(), places.size() + 2);
      double[] amounts = new double[one.features().size()];
      double[] earlier = new double[before.features().size()];
      List<double[]> terms = new ArrayList<>();
      for (SampledRow row : rescored.rows()) {
        double[] ofRow = new double[places.size() + 2];
        ofRow[base()] = one.explain(row.challenger(), amounts);
        ofRow[base()] -= before.explain(row.champion(), earlier);
        ofRow[whole()] = one.result() - before.result();
        add(ofRow, one.features(), amounts, 1);
        add(ofRow, before.features(), earlier, -1);
        all.add(row.groups(), ofRow);
        terms.add(ofRow);
      }
      List<OnSlice> slices = new ArrayList<>();
      for (int slice = 0; slice < named.size(); slice++) {
        onSlice(slice, named.get(slice).name(), terms).ifPresent(slices::add);
      }
      return new Difference(
          one.scale(),
          label,
          all.mean(whole()),
          all.mean(base()),
          parts(all),
          slices,
          Optional.empty());
    }

    /** Only the largest parts get an interval, which would cost most for many features. */
    private Optional<OnSlice> onSlice(int slice, String name, List<double[]> terms) {
      int[] in =
          IntStream.range(0, terms.size())
              .filter(
                  row ->
                      IntStream.of(rescored.rows().get(row).slices()).anyMatch(it -> it == slice))
              .toArray();
      if (in.length == 0) {
        return Optional.empty();
      }
      double[] added = new double[places.size()];
      for (int row : in) {
        for (int feature = 0; feature < added.length; feature++) {
          added[feature] += terms.get(row)[feature];
        }
      }
      List<Integer> largest =
          IntStream.range(0, added.length)
              .boxed()
              .sorted(Comparator.comparingDouble(feature -> -Math.abs(added[feature])))
              .limit(PARTS_OF_A_SLICE)
              .toList();
      GroupedSums sums = new GroupedSums(rescored.sample().ways(), largest.size() + 1);
      for (int row : in) {
        double[] some = new double[largest.size() + 1];
        for (int i = 0; i < largest.size(); i++) {
          some[i] = terms.get(row)[largest.get(i)];
        }
        some[largest.size()] = terms.get(row)[whole()];
        sums.add(rescored.rows().get(row).groups(), some);
      }
      List<String> names = List.copyOf(places.keySet());
      List<Part> parts = new ArrayList<>();
      for (int i = 0; i < largest.size(); i++) {
        parts.add(new Part(names.get(largest.get(i)), sums.mean(i)));
      }
      double share = (double) in.length / terms.size();
      return Optional.of(new OnSlice(name, in.length, share, sums.mean(largest.size()), parts));
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
