package reforest.train.binned;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reforest.features.Recipe;
import reforest.features.ValueCounts;
import reforest.statistics.CounterRandom;

/**
 * What thresholds are chosen from: all values of a feature that has few different ones, and a
 * sample of rows for the others.
 *
 * <p>Whether a row is in the sample depends on its content alone, so surveys of parts add up to the
 * same thresholds however rows lie in partitions.
 */
public final class ThresholdSurvey implements Serializable {

  private static final long serialVersionUID = 1L;

  private final int[] categories;
  private final double share;
  private final ValueCounts[] counts;
  private final Values[] sampled;
  private long rows;

  /**
   * A survey of no rows yet.
   *
   * @param categories for each feature how many, 0 for a number
   * @param share of the rows that are sampled, above 0, at most 1
   */
  public ThresholdSurvey(List<Integer> categories, double share) {
    this.categories = categories.stream().mapToInt(Integer::intValue).toArray();
    this.share = share;
    this.counts = new ValueCounts[this.categories.length];
    this.sampled = new Values[this.categories.length];
    for (int feature = 0; feature < counts.length; feature++) {
      counts[feature] = new ValueCounts();
      sampled[feature] = new Values();
    }
  }

  /** Takes a row into account. */
  public void add(double label, double[] values) {
    rows++;
    boolean isSampled = share >= 1 || isSampled(label, values);
    for (int feature = 0; feature < values.length; feature++) {
      if (categories[feature] == 0) {
        counts[feature].add(values[feature], 1);
        if (isSampled) {
          sampled[feature].add(values[feature]);
        }
      }
    }
  }

  private boolean isSampled(double label, double[] values) {
    long hash = CounterRandom.mix(Double.doubleToLongBits(label));
    for (double value : values) {
      hash = CounterRandom.mix(hash ^ Double.doubleToLongBits(value));
    }
    return (CounterRandom.mix(hash) >>> 11) * 0x1.0p-53 < share;
  }

  /** Takes another survey's rows into account. */
  public ThresholdSurvey merge(ThresholdSurvey other) {
    rows += other.rows;
    for (int feature = 0; feature < counts.length; feature++) {
      counts[feature].merge(other.counts[feature]);
      sampled[feature].merge(other.sampled[feature]);
    }
    return this;
  }

  /** How many rows were looked at. */
  public long rows() {
    return rows;
  }

  /** Bins by what was seen. */
  public Binning binning(int maxBins) {
    List<double[]> thresholds = new ArrayList<>();
    for (int feature = 0; feature < counts.length; feature++) {
      ValueCounts of = counts[feature];
      if (categories[feature] > 0) {
        thresholds.add(new double[0]);
      } else if (of.isFull() || sampled[feature].size == rows) {
        thresholds.add(thresholds(sampled[feature].all(), null, maxBins));
      } else {
        thresholds.add(thresholds(of.values(), of.weights(), maxBins));
      }
    }
    return Binning.of(thresholds, Arrays.stream(categories).boxed().toList());
  }

  /** Missing values that count as highest have a bin of their own, however few they are. */
  private static double[] thresholds(double[] values, double @Nullable [] weights, int maxBins) {
    int[] there =
        IntStream.range(0, values.length).filter(i -> values[i] < Recipe.HIGHEST).toArray();
    if (there.length == 0 || there.length == values.length) {
      return Binning.thresholds(values, weights, maxBins);
    }
    double[] known = Arrays.stream(there).mapToDouble(i -> values[i]).toArray();
    double[] weighed =
        weights == null ? null : Arrays.stream(there).mapToDouble(i -> weights[i]).toArray();
    double[] lower = Binning.thresholds(known, weighed, maxBins - 1);
    double[] all = Arrays.copyOf(lower, lower.length + 1);
    all[lower.length] = Arrays.stream(known).max().orElseThrow() / 2 + Recipe.HIGHEST / 2;
    return all;
  }

  /** A growing list. */
  private static final class Values implements Serializable {

    private static final long serialVersionUID = 1L;

    private double[] values = new double[16];
    private int size;

    void add(double value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    void merge(Values other) {
      for (int i = 0; i < other.size; i++) {
        add(other.values[i]);
      }
    }

    double[] all() {
      return Arrays.copyOf(values, size);
    }
  }
}
