package reforest.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which of many findings hold. */
final class FalseDiscoveriesTest {

  @Test
  void holdsWhatIsBelowItsPlaceInTheOrder() {
    // Of four, each rank may spend 0.1 / 4 / (1 + 1/2 + 1/3 + 1/4) = 0.012.
    assertThat(FalseDiscoveries.hold(new double[] {0.5, 0.0119, 0.9, 0.0239}, 0.1))
        .containsExactly(false, true, false, true);
    assertThat(FalseDiscoveries.hold(new double[] {0.5, 0.0121, 0.9, 0.5}, 0.1))
        .containsOnly(false);
  }

  @Test
  void aLaterRankTakesEarlierOnesWithIt() {
    // Of two, the ranks may spend 0.033 and 0.067: alone the first would be too large.
    assertThat(FalseDiscoveries.hold(new double[] {0.05, 0.06}, 0.1)).containsOnly(true);
    assertThat(FalseDiscoveries.hold(new double[] {0.05, 0.07}, 0.1)).containsOnly(false);
  }

  @Test
  void whatIsUnknownNeverHolds() {
    assertThat(FalseDiscoveries.hold(new double[] {Double.NaN, 0.001}, 0.1))
        .containsExactly(false, true);
    assertThat(FalseDiscoveries.hold(new double[0], 0.1)).isEmpty();
  }

  @Test
  void anyFindingAmongChanceAloneIsRarerThanTheShare() {
    Random random = new Random(5);
    int found = 0;
    for (int i = 0; i < 2_000; i++) {
      boolean any = false;
      for (boolean holds : FalseDiscoveries.hold(random.doubles(10).toArray(), 0.1)) {
        any |= holds;
      }
      found += any ? 1 : 0;
    }
    // 0.1 / 2.93 for independent ones.
    assertThat(found / 2_000.0).isBetween(0.02, 0.05);
  }
}
