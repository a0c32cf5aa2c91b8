package reforest.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.SeriesField;
import reforest.bundle.SeriesField.Take;

class SeriesReaderTest {

  private static final String CONF =
      """
      model = trips
      task = regression
      data {
        columns = [
          { name = id, type = bigint }
          { name = at, type = %s }
          { name = town, type = string, from = "upper(t)" }
          { name = rainy, type = boolean }
          { name = distance, type = double }
          { name = tip, type = double }
          { name = seconds, type = int }
        ]
        key = [id]
        event-time = at
        label = seconds
        derived-from-label = [tip]
      }
      windows.label-delay = 2d
      features {
        numeric = [distance, before]
        series = [%s]
      }
      gate.worthwhile-gain = 5
      """;

  private static final String LAG = "name = before, take = lag, of = seconds, lag = 2d";

  @TempDir private Path folder;

  private FeatureConfig read(String type, String series) throws IOException {
    return new Written(folder).read(CONF.formatted(type, series)).model().features();
  }

  private String refused(String type, String series) {
    return String.valueOf(new Written(folder).refused(CONF.formatted(type, series)).getMessage());
  }

  @Test
  void readsWhatIsTakenOfWhichRows() throws IOException {
    FeatureConfig features =
        read(
            "timestamp",
            """
            { name = before, take = rolling-mean, of = tip, by = [town, rainy], lag = 49h, window = 4w }
            """);

    SeriesField field = features.series("before").orElseThrow();
    assertThat(field.take()).isEqualTo(Take.ROLLING_MEAN);
    assertThat(field.of().name()).isEqualTo("tip");
    assertThat(field.time().name()).isEqualTo("at");
    assertThat(field.by())
        .extracting(SeriesField.Column::name, column -> column.type().toString())
        .containsExactly(tuple("town", "string"), tuple("rainy", "boolean"));
    assertThat(field.by().get(0).madeBefore()).contains("upper(t)");
    assertThat(field.key()).extracting(SeriesField.Column::name).containsExactly("id");
    assertThat(field.lag()).isEqualTo(Duration.ofHours(49));
    assertThat(field.window()).contains(Duration.ofDays(28));
    assertThat(features.series("distance")).isEqualTo(Optional.empty());
  }

  @Test
  void letsWhatIsKnownAtOnceLagByLessThanALabel() throws IOException {
    assertThat(
            read("timestamp", "{ name = before, take = lag, of = distance, lag = 1s }")
                .series("before")
                .orElseThrow()
                .lag())
        .isEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lag = 2d | lag = 47h | series[0].lag must be at least windows.label-delay, 2d, since 'seconds' is known no earlier, got 47h
          of = seconds, lag = 2d | of = tip, lag = 1m | at least windows.label-delay, 2d, since 'tip' is known no earlier, got 1m
          lag = 2d | lag = 0s | series[0].lag must be
          lag = 2d | lag = -1h | series[0].lag must be
          lag = 2d | lag = 3651d | series[0].lag must be
          , lag = 2d | '' | series[0].lag is missing: how long before a row's time it looks
          lag = 2d | lag = 2d, window = 1d | series[0].window is for rolling-mean
          take = lag | take = rolling-mean | series[0].window is missing: how long the rows of the mean reach back
          take = lag | take = lead | series[0].take must be lag or rolling-mean, got lead
          take = lag, | '' | series[0].take is missing: lag or rolling-mean
          of = seconds | of = second | series[0].of names 'second', which is no declared column; did you mean 'seconds'?
          of = seconds | of = town | series[0].of must be a number, but 'town' is string
          of = seconds | of = at | series[0].of must be a number, but 'at' is timestamp
          of = seconds | of = before | series[0].of names 'before', which is no declared column
          of = seconds, | '' | series[0].of is missing
          of = seconds | of = seconds, by = [city] | series[0].by names 'city', which is no declared column
          of = seconds | of = seconds, by = [distance] | series[0].by names 'distance', a double
          of = seconds | of = seconds, by = [tip] | series[0].by names 'tip', which is not known yet when the model predicts
          of = seconds | of = seconds, of-what = 1 | series[0].of-what is not a known key
          name = before | name = town | series[0].name 'town' is taken by a column or another feature
          name = before | name = earlier | features.series names 'earlier', which features.numeric does not
          """)
  void refusesWhatIsNotKnownYetOrNeverThere(String text, String replacement, String message) {
    assertThat(LAG).contains(text);

    assertThat(refused("timestamp", "{ " + LAG.replace(text, replacement) + " }"))
        .contains(message);
  }

  @Test
  void refusesPartsOfADayWhereTimesAreDates() {
    assertThat(refused("date", "{ name = before, take = lag, of = seconds, lag = 49h }"))
        .contains("lag must be whole days, since 'at' is a date: no row lies there");
  }

  @Test
  void needsAnEventTime() {
    String message =
        String.valueOf(
            new Written(folder)
                .refused(CONF.formatted("timestamp", "{ " + LAG + " }"), "data.event-time=null")
                .getMessage());

    assertThat(message).contains("features.series[0].take needs data.event-time");
  }

  @Test
  void saysAllThatIsWrongAtOnce() {
    String message =
        refused(
            "timestamp",
            """
            { name = before, take = lag, of = seconds, lag = 1h }
            { name = before, take = rolling-mean, of = town, lag = 0s }
            """);

    assertThat(message)
        .contains("series[0].lag must be at least")
        .contains("series[1].name 'before' is taken")
        .contains("series[1].of must be a number")
        .contains("series[1].lag must be")
        .contains("series[1].window is missing");
  }

  @Test
  void isNoCategory() {
    String message =
        String.valueOf(
            new Written(folder)
                .refused(
                    CONF.formatted("timestamp", "{ " + LAG + " }"),
                    "features.numeric=[distance]",
                    "features.categorical=[before]")
                .getMessage());

    assertThat(message)
        .contains("features.categorical names 'before', a double")
        .contains("features.series names 'before', which features.numeric does not");
  }
}
