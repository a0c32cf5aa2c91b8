package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.SeriesField.Column;
import reforest.bundle.SeriesField.Take;

class SeriesFieldTest {

  static Column column(String name, String type) {
    return new Column(name, ColumnType.named(type).orElseThrow(), Optional.empty());
  }

  private static SeriesField field(Take take, String of, Duration lag, Optional<Duration> window) {
    return new SeriesField(
        take,
        column("bikers", of),
        column("ts", "timestamp"),
        List.of(column("station", "string"), column("kind", "int")),
        List.of(),
        lag,
        window);
  }

  @Test
  void saysInWordsWhatItIs() {
    SeriesField lag = field(Take.LAG, "int", Duration.ofDays(7), Optional.empty());
    SeriesField mean =
        field(Take.ROLLING_MEAN, "double", Duration.ofMinutes(90), Optional.of(Duration.ofDays(1)));

    assertThat(lag.words()).isEqualTo("bikers 168h before ts, by station, kind");
    assertThat(mean.words())
        .isEqualTo("the mean of bikers over 24h, up to 90m before ts, by station, kind");
    assertThat(mean.reach()).isEqualTo(Duration.ofMinutes(90 + 24 * 60));
  }

  @ParameterizedTest
  @CsvSource({
    "LAG, string, PT1H, , bikers must be of a type of numbers",
    "LAG, int, PT0S, , lag and window must be above 0",
    "LAG, int, PT-1H, , lag and window must be above 0",
    "LAG, int, PT0.0000005S, , lag and window must be above 0",
    "LAG, int, P36501D, , at most 36500 days",
    "LAG, int, PT1H, PT1H, window goes with rolling-mean alone",
    "ROLLING_MEAN, int, PT1H, , window goes with rolling-mean alone",
    "ROLLING_MEAN, int, PT1H, PT0S, lag and window must be above 0"
  })
  void refusesWhatLooksAtNothingOrAhead(
      Take take, String of, String lag, String window, String message) {
    assertThatThrownBy(
            () ->
                field(
                    take,
                    of,
                    Duration.parse(lag),
                    Optional.ofNullable(window).map(Duration::parse)))
        .hasMessageContaining(message);
  }
}
