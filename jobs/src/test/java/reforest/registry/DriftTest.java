package reforest.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DriftTest {

  @Test
  void measuresCategoriesByTheShareOfRowsThatWouldHaveToChange() {
    Drift drift =
        drift(
            List.of(texts("sky", Map.of("clear", 70L, "rain", 30L), 2L)),
            List.of(texts("sky", Map.of("clear", 120L, "rain", 60L, "snow", 20L), 3L)));

    Drift.Shift sky = drift.shifts().get(0);
    assertThat(sky.effect()).isCloseTo(0.1, within(1e-12));
    assertThat(sky.category()).isIn("clear", "snow");
    assertThat(sky.deviations()).isNull();
  }

  @Test
  void takesWhatIsNotListedToBeAsFrequentAsTheLeastThatIs() {
    // Of 500 shops the most frequent are listed, others each time.
    Drift drift =
        drift(
            List.of(texts("shop", Map.of("s1", 2L, "s2", 1L), 500L)),
            List.of(texts("shop", Map.of("s3", 4L, "s4", 2L), 500L)));

    // What was seen of s1 could be 1 % less now at the most that can be shown, and of s3 1 % more.
    assertThat(drift.shifts().get(0).effect()).isCloseTo(0.01, within(1e-12));
  }

  @Test
  void measuresNumbersByTheDistanceOfTheirMeans() {
    Drift drift =
        drift(
            List.of(number("temp", 0, 10, 2, Map.of())),
            List.of(number("temp", 0, 12, 2, Map.of())));

    Drift.Shift temp = drift.shifts().get(0);
    assertThat(temp.deviations()).isEqualTo(1.0);
    // Two normal distributions one deviation apart have 61.7 % in common.
    assertThat(temp.effect()).isCloseTo(0.3829, within(1e-4));
    assertThat(temp.before()).isEqualTo(10);
    assertThat(temp.now()).isEqualTo(12);
  }

  @Test
  void seesByTheQuantilesThatNumbersSpreadAroundTheSameMean() {
    Map<String, Double> narrow = Map.of("0", -1.0, "0.25", -0.5, "0.5", 0.0, "0.75", 0.5, "1", 1.0);
    Map<String, Double> wide = Map.of("0", -9.0, "0.25", -4.0, "0.5", 0.0, "0.75", 4.0, "1", 9.0);

    Drift drift = drift(List.of(number("x", 0, 0, 1, narrow)), List.of(number("x", 0, 0, 5, wide)));

    assertThat(drift.shifts().get(0).effect()).isEqualTo(0.25);
    assertThat(
            drift(List.of(number("x", 0, 0, 1, narrow)), List.of(number("x", 0, 0, 1, narrow)))
                .shifts()
                .get(0)
                .effect())
        .isZero();
  }

  @Test
  void countsMissingValues() {
    Drift drift =
        drift(List.of(number("x", 0, 5, 1, Map.of())), List.of(number("x", 60, 5, 1, Map.of())));

    assertThat(drift.shifts().get(0).missing()).isCloseTo(0.3, within(1e-12));
    assertThat(drift.shifts().get(0).effect()).isCloseTo(0.3, within(1e-12));
  }

  @Test
  void takesNumbersThatNeverVariedButDifferAsWhollyChanged() {
    Drift drift =
        drift(List.of(number("x", 0, 5, 0, Map.of())), List.of(number("x", 0, 6, 0, Map.of())));

    assertThat(drift.shifts().get(0).effect()).isEqualTo(1);
    assertThat(drift.shifts().get(0).deviations()).isNull();
  }

  @Test
  void saysNothingOfWhatIsNotKeptAndNamesWhatCameAndWent() {
    Drift drift =
        drift(
            List.of(
                new RunRecord.Column("name", 0, null, null, Map.of(), Map.of(), 0L),
                texts("old", Map.of("a", 1L), 1L)),
            List.of(
                new RunRecord.Column("name", 0, null, null, Map.of(), Map.of(), 0L),
                texts("new", Map.of("a", 1L), 1L)));

    assertThat(drift.shifts())
        .containsExactly(new Drift.Shift("name", null, null, null, null, null, 0));
    assertThat(drift.added()).containsExactly("new");
    assertThat(drift.removed()).containsExactly("old");
  }

  /** 100 rows before, 200 now. */
  private static Drift drift(List<RunRecord.Column> before, List<RunRecord.Column> now) {
    return Drift.between("before", before, 100, now, 200);
  }

  private static RunRecord.Column texts(String name, Map<String, Long> rows, long distinct) {
    return new RunRecord.Column(name, 0, null, null, Map.of(), rows, distinct);
  }

  private static RunRecord.Column number(
      String name, long missing, double mean, double deviation, Map<String, Double> quantiles) {
    return new RunRecord.Column(name, missing, mean, deviation, quantiles, Map.of(), 0L);
  }
}
