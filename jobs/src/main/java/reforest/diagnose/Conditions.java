package reforest.diagnose;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;

/**
 * The conditions that slices are made of. A number is cut into up to eight ranges of about as many
 * rows each, and neighbouring ranges are joined by twos and fours, so that narrow and wide ones are
 * found; each category that is not rare is a condition, and so is what is missing.
 */
final class Conditions implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int RANGES = 8;
  private static final int MOST_CATEGORIES = 20;

  /** A range's edges are rounded to a step of which the whole range has at least so many. */
  private static final double STEPS = 200;

  /** Rarer categories have too few rows to tell anything of. */
  private static final double LEAST_SHARE = 0.005;

  private final ArrayList<Condition> all = new ArrayList<>();

  /** By feature what its values mean. */
  private final ArrayList<Meaning> meanings = new ArrayList<>();

  /**
   * What the values of a feature mean.
   *
   * @param edges where the ranges of a number start, but for the first; empty for a category
   * @param of by range, or by code of a category, the conditions that hold
   * @param missing those that hold where a number is missing
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Meaning(double[] edges, int[][] of, int[] missing, boolean isNumber)
      implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int[] NONE = {};

    int[] holding(double value) {
      if (Double.isNaN(value)) {
        return missing;
      }
      int at = isNumber ? range(value) : (int) value;
      return at < of.length ? of[at] : NONE;
    }

    private int range(double value) {
      int at = Arrays.binarySearch(edges, value);
      return at >= 0 ? at + 1 : -at - 1;
    }
  }

  /**
   * The conditions of some inputs.
   *
   * @param sample values of rows that stand for all
   */
  Conditions(List<Input> inputs, List<double[]> sample) {
    for (int feature = 0; feature < inputs.size(); feature++) {
      final int at = feature;
      double[] values = sample.stream().mapToDouble(row -> row[at]).toArray();
      Arrays.sort(values);
      Input input = inputs.get(feature);
      meanings.add(
          input.type() == InputType.NUMBER
              ? number(feature, input, values)
              : category(feature, input, values));
    }
  }

  int size() {
    return all.size();
  }

  Condition get(int condition) {
    return all.get(condition);
  }

  /** By condition the place of its feature. */
  int[] features() {
    return all.stream().mapToInt(Condition::feature).toArray();
  }

  /** The conditions that hold for a row, ascending. */
  int[] holding(double[] values) {
    int count = 0;
    int[][] each = new int[values.length][];
    for (int feature = 0; feature < values.length; feature++) {
      each[feature] = meanings.get(feature).holding(values[feature]);
      count += each[feature].length;
    }
    int[] holding = new int[count];
    int at = 0;
    for (int[] some : each) {
      System.arraycopy(some, 0, holding, at, some.length);
      at += some.length;
    }
    return holding;
  }

  private int add(Condition condition) {
    all.add(condition);
    return all.size() - 1;
  }

  private Meaning number(int feature, Input input, double[] sorted) {
    int known = sorted.length;
    while (known > 0 && Double.isNaN(sorted[known - 1])) {
      known--;
    }
    double[] edges = edges(Arrays.copyOf(sorted, known));
    int ranges = edges.length + 1;
    List<List<Integer>> of = new ArrayList<>();
    for (int range = 0; range < ranges; range++) {
      of.add(new ArrayList<>());
    }
    // The whole is no condition.
    for (int width = 1; width < ranges; width *= 2) {
      for (int start = 0; start < ranges; start += width) {
        int end = Math.min(ranges, start + width);
        boolean isSeenBefore = width > 1 && end - start <= width / 2;
        if (isSeenBefore || end - start == ranges) {
          continue;
        }
        int condition =
            add(
                Condition.between(
                    feature,
                    input,
                    start == 0 ? Double.NEGATIVE_INFINITY : edges[start - 1],
                    end == ranges ? Double.POSITIVE_INFINITY : edges[end - 1]));
        for (int range = start; range < end; range++) {
          of.get(range).add(condition);
        }
      }
    }
    int[] missing =
        known < sorted.length ? new int[] {add(Condition.missing(feature, input))} : Meaning.NONE;
    return new Meaning(
        edges,
        of.stream().map(it -> it.stream().mapToInt(i -> i).toArray()).toArray(int[][]::new),
        missing,
        true);
  }

  /** Where ranges start, but for the first: at numbers that a person can read. */
  private static double[] edges(double[] sorted) {
    int count = sorted.length;
    double step = count == 0 ? 1 : step(sorted[count - 1] - sorted[0]);
    return IntStream.range(1, RANGES)
        .filter(i -> count > 0)
        .mapToDouble(i -> rounded(sorted[(int) ((long) i * count / RANGES)], step))
        .filter(edge -> edge > sorted[0] && edge <= sorted[count - 1])
        .distinct()
        .toArray();
  }

  /** A power of ten of which a range has some hundreds. */
  private static double step(double range) {
    return range > 0 && Double.isFinite(range)
        ? Math.pow(10, Math.floor(Math.log10(range / STEPS)))
        : 1;
  }

  private static double rounded(double value, double step) {
    double multiple = Math.rint(value / step);
    // A division by a whole number gives the double that is nearest to the decimal.
    double edge = step < 1 ? multiple / Math.rint(1 / step) : multiple * step;
    return Double.isFinite(edge) ? edge : value;
  }

  private Meaning category(int feature, Input input, double[] sorted) {
    TreeMap<Integer, Integer> counts = new TreeMap<>();
    for (double code : sorted) {
      counts.merge((int) code, 1, Integer::sum);
    }
    List<Integer> frequent =
        counts.entrySet().stream()
            .filter(it -> it.getValue() >= LEAST_SHARE * sorted.length)
            .sorted((a, b) -> Integer.compare(b.getValue(), a.getValue()))
            .limit(MOST_CATEGORIES)
            .map(Map.Entry::getKey)
            .toList();
    int[][] of = new int[counts.isEmpty() ? 0 : counts.lastKey() + 1][];
    Arrays.fill(of, Meaning.NONE);
    if (counts.size() > 1) {
      frequent.forEach(code -> of[code] = new int[] {add(condition(feature, input, code))});
    }
    return new Meaning(new double[0], of, Meaning.NONE, false);
  }

  private static Condition condition(int feature, Input input, int code) {
    int known = input.categories().size();
    int missing = input.categories().indexOf(input.missing());
    if (code == (missing < 0 ? known : missing)) {
      return Condition.missing(feature, input);
    }
    return code < known
        ? Condition.is(feature, input, input.categories().get(code))
        : Condition.isUnknown(feature, input);
  }
}
