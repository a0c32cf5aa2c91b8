package reforest.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Random numbers that are a function of what they are for. */
final class CounterRandomTest {

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final int MANY = 200_000;

  private static long times(long count) {
    return count * GOLDEN;
  }

  @Test
  void finishesBitsAsSplitMix64Does() {
    // The first numbers of java.util.SplittableRandom with the seed 0.
    assertThat(CounterRandom.mix(GOLDEN)).isEqualTo(0xe220a8397b1dcdafL);
    assertThat(CounterRandom.mix(times(2))).isEqualTo(0x6e789e6aa1b965f4L);
    assertThat(CounterRandom.mix(times(3))).isEqualTo(0x06c45d188009454fL);
  }

  @Test
  void aKeyComesOfSeedAndPurposeAndANumberOfItsPlace() {
    long key = CounterRandom.mix(CounterRandom.mix(7 + GOLDEN) ^ times(3));

    CounterRandom random = new CounterRandom(7, 3);

    assertThat(random.bits(0)).isEqualTo(CounterRandom.mix(key + GOLDEN));
    assertThat(random.bits(4)).isEqualTo(CounterRandom.mix(key + times(5)));
    assertThat(random.uniform(4)).isEqualTo((random.bits(4) >>> 11) / 0x1.0p53);
  }

  @Test
  void otherSeedsAndPurposesGiveOtherNumbers() {
    Set<Long> all = new HashSet<>();
    for (int seed = 0; seed < 30; seed++) {
      for (int purpose = 0; purpose < 30; purpose++) {
        all.add(new CounterRandom(seed, purpose).bits(0));
      }
    }

    assertThat(all).hasSize(900);
  }

  @Test
  void uniformNumbersFillTheirRangeEvenly() {
    CounterRandom random = new CounterRandom(1, 2);
    double[] drawn = LongStream.range(0, MANY).mapToDouble(random::uniform).toArray();

    assertThat(Arrays.stream(drawn).min().orElseThrow()).isBetween(0.0, 1e-4);
    assertThat(Arrays.stream(drawn).max().orElseThrow()).isBetween(0.9999, 1.0 - 1e-17);
    assertThat(Arrays.stream(drawn).average().orElseThrow()).isCloseTo(0.5, within(0.003));
  }

  @Test
  void rowsAreDrawnAsPoissonSays() {
    CounterRandom random = new CounterRandom(5, 6);
    int[] drawn = new int[8];
    for (int row = 0; row < MANY; row++) {
      drawn[Math.min(7, random.poisson(row, 0.8))]++;
    }

    double chance = Math.exp(-0.8);
    for (int count = 0; count < 6; count++) {
      assertThat((double) drawn[count] / MANY)
          .as("%d times", count)
          .isCloseTo(chance, within(0.004));
      chance *= 0.8 / (count + 1);
    }
  }

  @Test
  void aRowIsDrawnAsOftenAsItsUniformNumberSays() {
    CounterRandom random = new CounterRandom(5, 6);
    for (int row = 0; row < 1_000; row++) {
      double u = random.uniform(row);
      int expected = 0;
      double below = Math.exp(-1);
      for (double term = below; u >= below; expected++) {
        term /= expected + 1;
        below += term;
      }
      assertThat(random.poisson(row, 1)).isEqualTo(expected);
    }
  }

  @Test
  void choosesDifferentNumbersInOrderEachAsOftenAsTheOthers() {
    int[] chosen = new int[10];
    for (int seed = 0; seed < 20_000; seed++) {
      int[] some = new CounterRandom(seed, 1).choose(3, 10);
      assertThat(some).hasSize(3).isSorted().doesNotHaveDuplicates();
      Arrays.stream(some).forEach(it -> chosen[it]++);
    }

    assertThat(Arrays.stream(chosen).mapToObj(it -> it / 20_000.0))
        .allSatisfy(it -> assertThat(it).isCloseTo(0.3, within(0.015)));
    assertThat(new CounterRandom(3, 4).choose(5, 5))
        .containsExactly(IntStream.range(0, 5).toArray());
    assertThat(new CounterRandom(3, 4).choose(0, 5)).isEmpty();
  }
}
