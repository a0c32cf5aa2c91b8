package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.CalendarField.Part;

class CalendarFieldTest {

  @ParameterizedTest
  @CsvSource({
    "HOUR,UTC,23",
    "HOUR,Europe/Berlin,1",
    "HOUR,America/New_York,19",
    "WEEKDAY,UTC,6",
    "WEEKDAY,Europe/Berlin,7",
    "MONTH,UTC,6",
    "DAY_OF_YEAR,UTC,176",
    "DAY_OF_YEAR,Europe/Berlin,177",
    "IS_WEEKEND,UTC,1",
    "IS_WEEKEND,Pacific/Kiritimati,1",
    "DAYS_SINCE,UTC,175",
    "DAYS_SINCE,Europe/Berlin,176"
  })
  void readsAClockWhereItHangs(Part part, String zone, long number) {
    Optional<LocalDate> since =
        part == Part.DAYS_SINCE ? Optional.of(LocalDate.of(2011, 1, 1)) : Optional.empty();
    CalendarField field = new CalendarField("ts", part, ZoneId.of(zone), since);

    assertThat(field.at(Instant.parse("2011-06-25T23:30:00Z"))).isEqualTo(number);
  }

  @Test
  void takesADateAsItIs() {
    CalendarField field =
        new CalendarField("day", Part.WEEKDAY, ZoneId.of("Pacific/Kiritimati"), Optional.empty());

    assertThat(field.at(LocalDate.of(2011, 6, 27))).isEqualTo(1);
  }

  @Test
  void countsDaysBackwardsToo() {
    CalendarField field =
        new CalendarField(
            "day", Part.DAYS_SINCE, ZoneId.of("UTC"), Optional.of(LocalDate.of(2011, 1, 1)));

    assertThat(field.at(LocalDate.of(2010, 12, 31))).isEqualTo(-1);
  }

  @Test
  void refusesADayToCountFromWhereNothingIsCounted() {
    assertThatThrownBy(
            () ->
                new CalendarField(
                    "ts", Part.HOUR, ZoneId.of("UTC"), Optional.of(LocalDate.of(2011, 1, 1))))
        .hasMessageContaining("since goes with days-since alone");
  }
}
