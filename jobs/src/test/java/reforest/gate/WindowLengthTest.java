package reforest.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long to wait for a window. */
final class WindowLengthTest {

  @ParameterizedTest
  @CsvSource({
    "1, 5, 5 hours of new rows",
    "1, 48, 2 days of new rows",
    "24, 27, 27 days of new rows",
    "24, 28, some 4 weeks of new rows",
    "24, 29, some 5 weeks of new rows",
    "168, 1000, 'some 1,000 weeks of new rows'"
  })
  void tellsHowManyNewRowsClustersTake(long hours, long clusters, String words) {
    WindowLength length = new WindowLength(Duration.ofHours(hours), Duration.ofDays(28));

    assertThat(length.takes(clusters)).isEqualTo(words);
  }

  @Test
  void saysWhatMustBeSetWhereNoWindowMayBeSoLarge() {
    WindowLength length = new WindowLength(Duration.ofDays(1), Duration.ofDays(28));

    assertThat(length.missing(28)).isEmpty();
    assertThat(length.missing(29))
        .isEqualTo("; windows.protected = 28d is too short for it: lengthen it to 29d");
    assertThat(new WindowLength(Duration.ofHours(7), Duration.ofHours(36)).missing(6))
        .isEqualTo("; windows.protected = 36h is too short for it: lengthen it to 2d");
  }
}
