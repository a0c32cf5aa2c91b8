package reforest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceTest {

  @Test
  void isTheMeanOfThePairsWithItsStandardError() {
    Difference difference = Difference.of(List.of(0.5, 0.7, 0.6), List.of(0.4, 0.4, 0.4));

    assertThat(difference.mean()).isCloseTo(0.2, within(1e-12));
    // Differences .1, .3 and .2, whose standard deviation is .1.
    assertThat(difference.standardError()).isCloseTo(0.1 / Math.sqrt(3), within(1e-12));
    assertThat(difference).hasToString("+0.20000 ± 0.05774");
  }

  @Test
  void hasNoKnownErrorFromASinglePair() {
    assertThat(Difference.of(List.of(0.5), List.of(0.4)).standardError()).isNaN();
  }
}
