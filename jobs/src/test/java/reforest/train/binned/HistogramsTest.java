package reforest.train.binned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramsTest {

  private static final int BINS = 7;
  private static final int FEATURES = 6;

  private static BinnedRows rows(int size, boolean weighted, boolean whole, Random random) {
    byte[][] columns = new byte[FEATURES][size];
    double[] labels = new double[size];
    double[] weights = weighted ? new double[size] : null;
    for (int row = 0; row < size; row++) {
      for (byte[] column : columns) {
        column[row] = (byte) random.nextInt(BINS);
      }
      double value = columns[0][row] * 2 - columns[3][row] + random.nextGaussian();
      labels[row] = whole ? Math.rint(value) : value;
      if (weights != null) {
        weights[row] = 1 + random.nextInt(4);
      }
    }
    return BinnedRows.of(columns, labels, weights);
  }

  private static Binning binning() {
    double[] borders = IntStream.range(0, BINS - 1).mapToDouble(bin -> bin).toArray();
    return Binning.of(Collections.nCopies(FEATURES, borders), Collections.nCopies(FEATURES, 0));
  }

  private static double[] labels(BinnedRows rows) {
    return IntStream.range(0, rows.size()).mapToDouble(rows::label).toArray();
  }

  @ParameterizedTest
  @CsvSource({"1, false", "4095, false", "4096, true", "4097, false", "8193, true", "20000, false"})
  void sumsTheRowsOfANodeHoweverManyThereAre(int size, boolean weighted) {
    Random random = new Random(size);
    BinnedRows rows = rows(size, weighted, true, random);
    TreeSample sample = TreeSample.of(rows, labels(rows), null, 0);
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, size).boxed().toList());
    Collections.shuffle(shuffled, random);
    Histograms histograms = new Histograms(rows, binning(), 0, new FeatureThreads(1));
    Histograms.Node node = histograms.empty();
    int[] features = {0, 1, 2, 3, 5};

    for (int[] part : new int[][] {{0, size}, {size / 3, size}, {0, size - size / 4}}) {
      // All rows together come in the order of the table.
      int[] order =
          part[1] - part[0] == size
              ? IntStream.range(0, size).toArray()
              : shuffled.stream().mapToInt(Integer::intValue).toArray();
      histograms.fill(node, sample, order, part[0], part[1], features);

      for (int feature : features) {
        double[] sums = new double[BINS];
        long[] counts = new long[BINS];
        double[] weights = new double[BINS];
        for (int i = part[0]; i < part[1]; i++) {
          int bin = rows.column(feature)[order[i]];
          counts[bin]++;
          weights[bin] += rows.weight(order[i]);
          sums[bin] += rows.weight(order[i]) * rows.label(order[i]);
        }
        for (int bin = 0; bin < BINS; bin++) {
          int at = histograms.offset(feature) + bin;
          assertThat(sample.packing.count(node.packed[at])).isEqualTo(counts[bin]);
          assertThat(sample.packing.sum(node.packed[at])).isEqualTo(sums[bin]);
          if (node.weights != null) {
            assertThat(node.weights[at] * sample.weightUnit).isEqualTo(weights[bin]);
          }
        }
      }
    }
  }

  /** A split as the definition of its gain has it. */
  private record Split(int feature, int lastLeft, long leftCount, double gain) {

    private static Split of(BinnedRows rows, int feature, int lastLeft) {
      byte[] column = rows.column(feature);
      int[] all = rows(rows, row -> true);
      int[] left = rows(rows, row -> column[row] <= lastLeft);
      int[] right = rows(rows, row -> column[row] > lastLeft);
      double gain =
          variance(rows, all)
              - weight(rows, left) / weight(rows, all) * variance(rows, left)
              - weight(rows, right) / weight(rows, all) * variance(rows, right);
      return new Split(feature, lastLeft, left.length, gain);
    }

    /** The best of all; null where each would leave too few rows on one side. */
    static @Nullable Split best(BinnedRows rows, int fewest) {
      Split best = null;
      for (int feature = 0; feature < FEATURES; feature++) {
        for (int last = 0; last < BINS - 1; last++) {
          Split split = of(rows, feature, last);
          long fewer = Math.min(split.leftCount, rows.size() - split.leftCount);
          if (fewer >= fewest && (best == null || split.gain > best.gain)) {
            best = split;
          }
        }
      }
      return best;
    }

    private static int[] rows(BinnedRows rows, IntPredicate wanted) {
      return IntStream.range(0, rows.size()).filter(wanted).toArray();
    }

    private static double weight(BinnedRows rows, int[] of) {
      return IntStream.of(of).mapToDouble(rows::weight).sum();
    }

    private static double variance(BinnedRows rows, int[] of) {
      double weight = weight(rows, of);
      double mean =
          IntStream.of(of).mapToDouble(row -> rows.weight(row) * rows.label(row)).sum() / weight;
      return IntStream.of(of)
              .mapToDouble(row -> rows.weight(row) * Math.pow(rows.label(row) - mean, 2))
              .sum()
          / weight;
    }
  }

  /** After a search among all rows; empty where it found no split. */
  private static Optional<SplitSearch> search(BinnedRows rows, int fewest) {
    TreeSample sample = TreeSample.of(rows, labels(rows), null, 0);
    Histograms histograms = new Histograms(rows, binning(), 0, new FeatureThreads(1));
    Histograms.Node node = histograms.empty();
    int[] features = IntStream.range(0, FEATURES).toArray();
    histograms.fill(node, sample, sample.rows, 0, rows.size(), features);
    TreeSettings growth = new TreeSettings(0, 1, fewest, 0, FEATURES, BINS, false);
    SplitSearch search = new SplitSearch(binning(), growth, histograms);
    return search.find(node, sample, rows.size(), features)
        ? Optional.of(search)
        : Optional.empty();
  }

  private static byte[][] columns(BinnedRows rows) {
    return IntStream.range(0, FEATURES).mapToObj(rows::column).toArray(byte[][]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1, false",
    "10, 1, true",
    "50, 1, false",
    "50, 10, false",
    "50, 24, true",
    "50, 25, false",
    "50, 26, false",
    "300, 5, true",
    "300, 120, false"
  })
  void findsTheSplitThatLowersTheVarianceMost(int size, int fewest, boolean weighted) {
    Random random = new Random(31L * size + fewest);
    int found = 0;
    for (int round = 0; round < 50; round++) {
      BinnedRows rows = rows(size, weighted, false, random);

      Optional<SplitSearch> there = search(rows, fewest);

      Split best = Split.best(rows, fewest);
      assertThat(there.isPresent()).isEqualTo(best != null);
      if (best != null) {
        found++;
        SplitSearch search = there.orElseThrow();
        Split split = Split.of(rows, search.feature(), search.lastLeft());
        assertThat(split.gain()).isCloseTo(best.gain(), within(1e-9 * best.gain()));
        assertThat(search.gain()).isCloseTo(best.gain(), within(1e-6 * best.gain()));
        assertThat(search.leftCount()).isEqualTo(split.leftCount());
        assertThat(search.leftCount()).isBetween((long) fewest, (long) size - fewest);
      }
    }
    assertThat(found > 0).as("some node can be split").isEqualTo(2 * fewest <= size);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-200, 1e200})
  void weightsOfAnySizeMakeTheSameSplit(double unit) {
    BinnedRows rows = rows(100, true, false, new Random(9));
    double[] weights =
        IntStream.range(0, 100).mapToDouble(row -> unit * rows.weight(row)).toArray();
    BinnedRows scaled = BinnedRows.of(columns(rows), labels(rows), weights);

    SplitSearch search = search(rows, 1).orElseThrow();
    SplitSearch again = search(scaled, 1).orElseThrow();

    assertThat(again.feature()).isEqualTo(search.feature());
    assertThat(again.lastLeft()).isEqualTo(search.lastLeft());
    assertThat(again.gain()).isCloseTo(search.gain(), within(1e-6 * search.gain()));
  }

  @Test
  void aNodeOfEqualLabelsIsNotSplit() {
    byte[][] columns = columns(rows(1000, false, false, new Random(5)));
    for (double label : new double[] {0, 1.0 / 3, -7.1e-9, 1e12}) {
      double[] labels = new double[1000];
      Arrays.fill(labels, label);

      assertThat(search(BinnedRows.of(columns, labels, null), 1)).isEmpty();
    }
  }
}
