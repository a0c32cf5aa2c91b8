package reforest.train.binned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.features.Recipe;

class BinningTest {

  @Test
  void fewValuesHaveAThresholdBetweenAnyTwo() {
    assertThat(Binning.thresholds(new double[] {3, 1, 2, 3, -0.0, 0.0}, null, 8))
        .containsExactly(0.5, 1.5, 2.5);
    assertThat(Binning.thresholds(new double[] {7, 7}, null, 8)).isEmpty();
    assertThat(Binning.thresholds(new double[] {-Double.MAX_VALUE, Double.MAX_VALUE}, null, 8))
        .containsExactly(0.0);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 16, 255})
  void manyValuesFallIntoBinsOfAboutTheSameSize(int maxBins) {
    SplittableRandom random = new SplittableRandom(1);
    double[] values = new double[30_000];
    Arrays.setAll(values, i -> Math.pow(random.nextDouble(), 3));
    Binning binning = Binning.of(List.of(Binning.thresholds(values, null, maxBins)), List.of(0));

    int[] sizes = new int[binning.bins(0)];
    for (double value : values) {
      sizes[binning.bin(0, value) & 255]++;
    }
    assertThat(sizes).hasSize(maxBins);
    for (int size : sizes) {
      assertThat((double) size).isCloseTo(30_000.0 / maxBins, within(30_000.0 / maxBins / 10 + 1));
    }
  }

  @Test
  void aValueFallsIntoTheFirstBinThatReachesIt() {
    Binning binning = Binning.of(List.of(new double[] {-1, 0, 5}), List.of(0));

    double[] asked = {-9, -1, -0.5, -0.0, 0, 5, 5.1, Double.MAX_VALUE, Double.NaN};
    int[] found = Arrays.stream(asked).mapToInt(value -> binning.bin(0, value)).toArray();

    assertThat(found).containsExactly(0, 0, 1, 1, 1, 2, 3, 3, 3);
  }

  @Test
  void moreBinsThanAByteTellsApartAreRefused() {
    assertThatThrownBy(() -> Binning.of(List.of(new double[255]), List.of(0)))
        .hasMessageContaining("256 bins");
    assertThatThrownBy(() -> Binning.of(List.of(new double[0]), List.of(256)))
        .hasMessageContaining("256 bins");
    Binning colours = Binning.of(List.of(new double[0]), List.of(3));
    assertThatThrownBy(() -> colours.bin(0, 3)).hasMessageContaining("no category 3");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.0, 0.05})
  void aSurveyInPartsChoosesTheSameThresholds(double share) {
    SplittableRandom random = new SplittableRandom(5);
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rows.add(new double[] {random.nextDouble(), random.nextInt(50), random.nextInt(4)});
    }
    Binning whole = survey(rows, share, 1).binning(64);
    Binning parts = survey(rows, share, 9).binning(64);

    for (int feature = 0; feature < 2; feature++) {
      assertThat(whole.bins(feature))
          .isEqualTo(parts.bins(feature))
          .isEqualTo(feature == 0 ? 64 : 50);
      for (int bin = 0; bin < whole.bins(feature) - 1; bin++) {
        assertThat(whole.threshold(feature, bin)).isEqualTo(parts.threshold(feature, bin));
      }
    }
    assertThat(whole.isCategorical(2)).isTrue();
    // A twentieth of the rows still finds the quantiles: 1,000 rows err by about 0.016 there.
    assertThat(whole.threshold(0, 31)).isCloseTo(0.5, within(0.07));
  }

  @Test
  void fewMissingValuesThatCountAsHighestHaveABinOfTheirOwn() {
    SplittableRandom random = new SplittableRandom(5);
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      boolean missing = i % 1000 == 0;
      rows.add(
          new double[] {
            missing ? Recipe.HIGHEST : random.nextDouble(),
            missing ? Recipe.HIGHEST : random.nextInt(50),
            random.nextInt(4)
          });
    }

    Binning binning = survey(rows, 1.0, 3).binning(16);

    for (int feature = 0; feature < 2; feature++) {
      assertThat(binning.bins(feature)).isEqualTo(16);
      assertThat(binning.bin(feature, Recipe.HIGHEST)).isEqualTo((byte) 15);
      assertThat(binning.bin(feature, 49)).isEqualTo((byte) 14);
      assertThat(binning.threshold(feature, 14)).isBetween(8e307, 9e307);
    }
  }

  private static ThresholdSurvey survey(List<double[]> rows, double share, int parts) {
    ThresholdSurvey all = new ThresholdSurvey(List.of(0, 0, 4), share);
    for (int part = parts - 1; part >= 0; part--) {
      ThresholdSurvey survey = new ThresholdSurvey(List.of(0, 0, 4), share);
      for (int i = part; i < rows.size(); i += parts) {
        survey.add(i % 7, rows.get(i));
      }
      all.merge(survey);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000, 2_000_000})
  void packedSumsAreExactInAnyOrder(int rows) {
    SplittableRandom random = new SplittableRandom(rows);
    double absolute = 0;
    double[] values = new double[Math.min(rows, 100_000)];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.rint(random.nextDouble(-1000, 1000)) / 8;
      absolute += Math.abs(values[i]);
    }
    PackedSums packing = PackedSums.of(rows, absolute);
    long forth = 0;
    long back = 0;
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      forth += packing.pack(1, values[i]);
      back += packing.pack(1, values[values.length - 1 - i]);
      sum += values[i];
    }

    assertThat(forth).isEqualTo(back);
    assertThat(packing.count(forth)).isEqualTo(values.length);
    assertThat(packing.sum(forth)).isEqualTo(sum);
    assertThat(packing.count(forth - packing.pack(1, values[0]))).isEqualTo(values.length - 1);
  }

  @Test
  void packedSumsOfNegativeNumbersKeepTheirCount() {
    PackedSums packing = PackedSums.of(3, 3e-200);
    long sum = 3 * packing.pack(1, -1e-200);

    assertThat(packing.count(sum)).isEqualTo(3);
    assertThat(packing.sum(sum)).isCloseTo(-3e-200, within(1e-210));
  }
}
