package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {

  private final Pace pace = new Pace(Duration.ofSeconds(10), Duration.ofSeconds(60));

  @ParameterizedTest
  @CsvSource({"0, 10", "1, 20", "2, 40", "3, 60", "4, 60", "1000000, 60"})
  void drawsAWaitBetweenHalfAndTheWholeThatDoublesWithEachFailure(int failures, int seconds) {
    SplittableRandom random = new SplittableRandom(7);
    Duration least = Duration.ofDays(1);
    Duration most = Duration.ZERO;
    for (int i = 0; i < 1000; i++) {
      Duration wait = pace.next(failures, random);
      least = wait.compareTo(least) < 0 ? wait : least;
      most = wait.compareTo(most) > 0 ? wait : most;
    }
    Duration whole = Duration.ofSeconds(seconds);
    assertThat(least).isBetween(whole.dividedBy(2), whole.multipliedBy(52).dividedBy(100));
    assertThat(most).isBetween(whole.multipliedBy(98).dividedBy(100), whole);
  }

  @Test
  void drawsTheSameWaitsFromTheSameSeedAndOthersFromAnother() {
    assertThat(pace.next(0, new SplittableRandom(1)))
        .isEqualTo(pace.next(0, new SplittableRandom(1)));
    assertThat(pace.next(0, new SplittableRandom(1)))
        .isNotEqualTo(pace.next(0, new SplittableRandom(2)));
  }

  @Test
  void refusesWaitsThatAreNone() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new Pace(Duration.ZERO, second))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Pace(second, Duration.ofMillis(999)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT1S and PT0.999S");
  }
}
