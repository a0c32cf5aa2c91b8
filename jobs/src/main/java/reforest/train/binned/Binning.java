package reforest.train.binned;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How each feature's values become bins of one byte.
 *
 * <p>A number falls into the first bin whose threshold it does not exceed, and into the last one
 * above all thresholds, as does NaN. A category is its own bin.
 */
public final class Binning implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Most bins of a feature: what a byte can tell apart, one value kept free. */
  public static final int MAX_BINS = 255;

  /** Thresholds of each number, ascending; empty for a category. */
  private final double[][] thresholds;

  /** Categories of each feature; 0 for a number. */
  private final int[] categories;

  private Binning(double[][] thresholds, int[] categories) {
    this.thresholds = thresholds;
    this.categories = categories;
  }

  /**
   * Binning by given thresholds.
   *
   * @param thresholds for each feature, ascending; empty for a category
   * @param categories for each feature how many, 0 for a number
   * @throws IllegalArgumentException when a feature has more than {@link #MAX_BINS} bins
   */
  public static Binning of(List<double[]> thresholds, List<Integer> categories) {
    double[][] copied = new double[thresholds.size()][];
    int[] sizes = new int[thresholds.size()];
    for (int feature = 0; feature < copied.length; feature++) {
      copied[feature] = thresholds.get(feature).clone();
      sizes[feature] = categories.get(feature);
      int bins = sizes[feature] > 0 ? sizes[feature] : copied[feature].length + 1;
      if (bins > MAX_BINS) {
        throw new IllegalArgumentException(
            "feature " + feature + " has " + bins + " bins, and a byte holds " + MAX_BINS);
      }
    }
    return new Binning(copied, sizes);
  }

  /**
   * Thresholds midway between values, so that bins weigh about the same; one between any two values
   * where there are few. As MLlib finds them (Panda, Herbach, Basu and Bayardo 2009, PLANET).
   *
   * @param values of rows drawn for this, not NaN
   * @param weights of these rows; null when all are 1
   * @param maxBins most bins, from 2 to {@link #MAX_BINS}
   * @return ascending; empty when all values are equal
   */
  public static double[] thresholds(double[] values, double @Nullable [] weights, int maxBins) {
    Distinct distinct = Distinct.of(values, weights);
    if (distinct.size <= maxBins) {
      double[] all = new double[Math.max(0, distinct.size - 1)];
      for (int i = 0; i < all.length; i++) {
        all[i] = distinct.after(i);
      }
      return all;
    }
    double total = 0;
    for (int i = 0; i < distinct.size; i++) {
      total += distinct.weights[i];
    }
    double stride = total / maxBins;
    double[] chosen = new double[maxBins - 1];
    int size = 0;
    double target = stride;
    double reached = distinct.weights[0];
    for (int i = 1; i < distinct.size && size < chosen.length; i++) {
      double before = reached;
      reached += distinct.weights[i];
      if (Math.abs(before - target) < Math.abs(reached - target)) {
        chosen[size++] = distinct.after(i - 1);
        target += stride;
      }
    }
    return Arrays.copyOf(chosen, size);
  }

  /** Different values, ascending, with the weight of each. */
  private static final class Distinct {
    final double[] values;
    final double[] weights;
    int size;

    private Distinct(int room) {
      this.values = new double[room];
      this.weights = new double[room];
    }

    static Distinct of(double[] values, double @Nullable [] weights) {
      Distinct distinct = new Distinct(values.length);
      if (weights == null) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        for (double value : sorted) {
          distinct.add(value, 1.0);
        }
        return distinct;
      }
      IntStream.range(0, values.length)
          .boxed()
          .sorted(Comparator.comparingDouble((Integer row) -> values[row]))
          .forEach(row -> distinct.add(values[row], weights[row]));
      return distinct;
    }

    private void add(double value, double weight) {
      // Adding zero makes both zeros one.
      double plain = value + 0.0;
      if (size == 0 || values[size - 1] != plain) {
        values[size++] = plain;
      }
      weights[size - 1] += weight;
    }

    double after(int i) {
      double middle = (values[i] + values[i + 1]) / 2;
      return Double.isInfinite(middle) ? values[i] / 2 + values[i + 1] / 2 : middle;
    }
  }

  /** How many features there are. */
  public int features() {
    return categories.length;
  }

  /** How many bins a feature has, at least 1. */
  public int bins(int feature) {
    return categories[feature] > 0 ? categories[feature] : thresholds[feature].length + 1;
  }

  /** Whether a feature's bins are categories, which have no order. */
  public boolean isCategorical(int feature) {
    return categories[feature] > 0;
  }

  /** The largest value of a bin but the last. */
  public double threshold(int feature, int bin) {
    return thresholds[feature][bin];
  }

  /**
   * The bin of a value.
   *
   * @throws IllegalArgumentException when it is a category that there is not
   */
  public byte bin(int feature, double value) {
    if (categories[feature] > 0) {
      int category = (int) value;
      if (category != value || category < 0 || category >= categories[feature]) {
        throw new IllegalArgumentException(
            "feature " + feature + " has no category " + value + " below " + categories[feature]);
      }
      return (byte) category;
    }
    double[] borders = thresholds[feature];
    // The first border that the value does not exceed; NaN exceeds all. Always as many steps, and
    // without a branch that is guessed wrong half the time.
    int low = 0;
    for (int left = borders.length; left > 0; ) {
      int half = (left + 1) >>> 1;
      low = value <= borders[low + half - 1] ? low : low + half;
      left -= half;
    }
    return (byte) low;
  }
}
