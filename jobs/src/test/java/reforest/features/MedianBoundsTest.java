package reforest.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MedianBoundsTest {

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0, -3, 1e-200})
  void findsTheMedianOfAMillionValuesInTwoFinePasses(double center) {
    double width = center == 0 ? 1 : Math.abs(center);
    Random random = new Random(11);
    double[] values = random.doubles(1_000_000).map(of -> center + width * (of - 0.5)).toArray();

    MedianBounds first = pass(MedianBounds.unbounded(true), MedianBounds.unbounded(true), values);
    MedianBounds second = pass(first.narrowed(), first.narrowed(), values);

    Arrays.sort(values);
    assertThat(first.median()).isEmpty();
    assertThat(second.median()).hasValue(0.5 * values[499_999] + 0.5 * values[500_000]);
    assertThat(first.min()).isEqualTo(values[0]);
    assertThat(first.max()).isEqualTo(values[999_999]);
  }

  @Test
  void findsTheSameInThreePassesThatTakeLessMemory() {
    double[] values = new Random(11).doubles(1_000_000).toArray();

    MedianBounds first = pass(MedianBounds.unbounded(false), MedianBounds.unbounded(false), values);
    MedianBounds second = pass(first.narrowed(), first.narrowed(), values);
    MedianBounds third = pass(second.narrowed(), second.narrowed(), values);

    Arrays.sort(values);
    assertThat(second.median()).isEmpty();
    assertThat(third.median()).hasValue(0.5 * values[499_999] + 0.5 * values[500_000]);
  }

  @Test
  void knowsTheMeanOfNumbersWhoseSumIsBeyondADouble() {
    double most = Double.MAX_VALUE;

    assertThat(mean(1e308, 1e308, 1e308, 1e308)).isEqualTo(1e308);
    assertThat(mean(-1e308, -1e308, -1e308, 1e308)).isEqualTo(-5e307);
    assertThat(mean(most, most, -most)).isEqualTo(most / 3);
    assertThat(mean(4e-320, 8e-320)).isEqualTo(6e-320);
  }

  private static double mean(double... values) {
    return pass(MedianBounds.unbounded(false), MedianBounds.unbounded(false), values).mean();
  }

  /** Two parts of different sizes. */
  private static MedianBounds pass(MedianBounds one, MedianBounds other, double[] values) {
    for (int i = 0; i < values.length; i++) {
      (i % 3 == 0 ? one : other).add(values[i]);
    }
    return one.merge(other);
  }
}
