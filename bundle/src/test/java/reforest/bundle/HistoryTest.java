package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static reforest.bundle.SeriesFieldTest.column;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.SeriesField.Column;
import reforest.bundle.SeriesField.Take;

class HistoryTest {

  private static final Instant NOON = Instant.parse("2011-06-25T12:00:00Z");

  private static final SeriesField LAG =
      new SeriesField(
          Take.LAG,
          column("bikers", "int"),
          column("ts", "timestamp"),
          List.of(column("station", "string")),
          List.of(column("station", "string"), column("ts", "timestamp")),
          Duration.ofHours(2),
          Optional.empty());

  private static final SeriesField MEAN =
      new SeriesField(
          Take.ROLLING_MEAN,
          column("bikers", "int"),
          column("ts", "timestamp"),
          List.of(column("station", "string")),
          List.of(column("station", "string"), column("ts", "timestamp")),
          Duration.ofHours(1),
          Optional.of(Duration.ofHours(3)));

  private static History history(Map<String, SeriesField> fields) {
    return History.of(manifest(fields));
  }

  static Manifest manifest(Map<String, SeriesField> fields) {
    List<Input> inputs = new ArrayList<>();
    fields.forEach((name, field) -> inputs.add(input(name, "1.5", field)));
    return Models.manifest(Task.REGRESSION, "bikers", List.of(), inputs, "");
  }

  static Input input(String name, String missing, SeriesField field) {
    return new Input(
        name,
        InputType.NUMBER,
        Optional.of(ColumnType.DOUBLE),
        Optional.empty(),
        Optional.of(field),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        missing,
        Optional.of(0.0),
        Optional.of(900.0));
  }

  private static Map<String, @Nullable Object> row(
      @Nullable String station, Instant time, @Nullable Object bikers) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("station", station);
    row.put("ts", time);
    row.put("bikers", bikers);
    return row;
  }

  private static Instant hours(int before) {
    return NOON.minus(Duration.ofHours(before));
  }

  @Test
  void looksBackByTheTimeOfTheRowAndLeavesOtherSeriesAlone() {
    History history = history(Map.of("lag", LAG, "mean", MEAN));
    for (int before = 0; before < 6; before++) {
      history.add(row("a", hours(before), before));
      history.add(row("b", hours(before), 100));
    }

    Map<String, @Nullable Object> complete = history.complete(row("a", NOON, null));

    assertThat(complete).containsEntry("lag", 2.0).containsEntry("mean", 2.0);
    assertThat(complete).containsEntry("station", "a").containsEntry("ts", NOON);
    assertThat(history.complete(row("c", NOON, null)))
        .containsEntry("lag", null)
        .containsEntry("mean", null);
    assertThat(history.isNeeded()).isTrue();
    assertThat(history.columns()).containsExactly("bikers", "ts", "station");
  }

  @Test
  void leavesAGapAGap() {
    History history = history(Map.of("lag", LAG, "mean", MEAN));
    history.add(row("a", hours(1), 10));
    history.add(row("a", hours(3), 40));
    history.add(row("a", hours(4), 1000));

    // A lag by rows would have found 40, and a mean by rows the thousand.
    assertThat(history.complete(row("a", NOON, null)))
        .containsEntry("lag", null)
        .containsEntry("mean", 25.0);
  }

  @Test
  void takesTheMeanOfSeveralRowsAtOneTime() {
    SeriesField lag =
        new SeriesField(
            Take.LAG,
            LAG.of(),
            LAG.time(),
            LAG.by(),
            List.of(column("id", "bigint")),
            LAG.lag(),
            Optional.empty());
    History history = history(Map.of("lag", lag));
    for (int id = 0; id < 3; id++) {
      Map<String, @Nullable Object> row = row("a", hours(2), id * id);
      row.put("id", id);
      history.add(row);
    }

    assertThat(history.complete(row("a", NOON, null))).containsEntry("lag", 5.0 / 3);
    assertThat(history.size()).isEqualTo(3);
  }

  @Test
  void replacesARowThatIsObservedAgainAndPassesOverOneWithoutAValue() {
    History history = history(Map.of("lag", LAG));
    history.add(row("a", hours(2), 10));
    history.add(row("a", hours(2), "12"));
    history.add(row("a", hours(2), null));
    history.add(row("a", hours(2), "NaN"));

    assertThat(history.size()).isEqualTo(1);
    assertThat(history.complete(row("a", NOON, null))).containsEntry("lag", 12.0);
  }

  @Test
  void keepsWhatTheRowSaysItself() {
    History history = history(Map.of("lag", LAG, "mean", MEAN));
    history.add(row("a", hours(2), 10));
    Map<String, @Nullable Object> row = row("a", NOON, null);
    row.put("lag", 3);
    row.put("mean", null);

    assertThat(history.complete(row)).containsEntry("lag", 3).containsEntry("mean", null);
  }

  @Test
  void takesMissingKeysForOneSeriesAsAGroupingDoes() {
    History history = history(Map.of("lag", LAG));
    history.add(row(null, hours(2), 7));
    history.add(row("", hours(2), 8));

    assertThat(history.complete(row(null, NOON, null))).containsEntry("lag", 7.0);
    assertThat(history.complete(row("", NOON, null))).containsEntry("lag", 8.0);
  }

  @Test
  void forgetsWhatNoLaterRowLooksAtAndRefusesEarlierOnes() {
    History history = history(Map.of("lag", LAG, "mean", MEAN));
    for (int before = 0; before < 100; before++) {
      history.add(row("a", hours(before), before));
    }

    history.forgetBefore(NOON);
    history.add(row("a", hours(90), 90));

    assertThat(history.size()).isEqualTo(5);
    assertThat(history.complete(row("a", NOON, null)))
        .containsEntry("lag", 2.0)
        .containsEntry("mean", 2.0);
    assertThatThrownBy(() -> history.complete(row("a", hours(1), null)))
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining("of a row at 2011-06-25T11:00:00Z looks back on rows that were");
    history.forgetBefore(NOON.plus(Duration.ofDays(1)));
    assertThat(history.size()).isZero();
  }

  @Test
  void refusesRowsThatLackWhatItLooksBackBy() {
    History history = history(Map.of("lag", LAG));

    assertThatThrownBy(() -> history.complete(Map.of("ts", NOON)))
        .hasMessage("the row has no station, by which lag is taken");
    assertThatThrownBy(() -> history.complete(Map.of("station", "a")))
        .hasMessage("the row has no ts, by which lag is taken");
    assertThatThrownBy(() -> history.complete(Map.of("station", "a", "ts", "soon")))
        .hasMessage("ts is not of type timestamp: 'soon'");
    assertThatThrownBy(() -> history.add(Map.of("bikers", 4, "ts", NOON)))
        .hasMessage("the row has no station, by which bikers is taken");
    assertThatThrownBy(() -> history.add(row("a", NOON, "many")))
        .hasMessage("bikers is not of type int: 'many'");
    history.add(Map.of("temp", 1));
    assertThat(history.size()).isZero();
  }

  @Test
  void countsADateFromMidnight() {
    SeriesField daily =
        new SeriesField(
            Take.LAG,
            column("price", "decimal(6,2)"),
            column("day", "date"),
            List.of(),
            List.of(column("day", "date")),
            Duration.ofDays(1),
            Optional.empty());
    History history = history(Map.of("yesterday", daily));
    history.add(Map.of("day", "2011-06-24", "price", "12.345"));

    assertThat(history.complete(Map.of("day", LocalDate.of(2011, 6, 25))))
        .containsEntry("yesterday", 12.35);
  }

  @Test
  void needsNothingForAModelThatLooksBackOnNothing() {
    History history = History.of(Models.bikes(""));

    history.add(Map.of("temp", 1));

    assertThat(history.isNeeded()).isFalse();
    assertThat(history.columns()).isEmpty();
    assertThat(history.complete(Map.of("temp", 1))).isEqualTo(Map.of("temp", 1));
  }

  /** One that was observed. */
  private record Observation(int station, long second, double value) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void givesWhatTheDefinitionSaysWhateverTheOrderOfTheRows(long seed) {
    Random random = new Random(seed);
    List<Column> key = List.of(column("id", "bigint"));
    Column of = column("value", "double");
    Column time = column("ts", "timestamp");
    List<Column> by = List.of(column("station", "int"));
    Duration lag = Duration.ofSeconds(1 + random.nextInt(40));
    Duration window = Duration.ofSeconds(1 + random.nextInt(60));
    Map<String, SeriesField> fields = new LinkedHashMap<>();
    fields.put("lag", new SeriesField(Take.LAG, of, time, by, key, lag, Optional.empty()));
    fields.put(
        "mean", new SeriesField(Take.ROLLING_MEAN, of, time, by, key, lag, Optional.of(window)));
    History history = history(fields);
    List<Observation> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(
          new Observation(
              random.nextInt(3),
              random.nextInt(150),
              (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(20))));
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    for (int i : order) {
      Observation it = all.get(i);
      history.add(
          Map.of(
              "id", i,
              "station", it.station(),
              "ts", Instant.ofEpochSecond(it.second()),
              "value", it.value()));
    }

    for (int station = 0; station < 4; station++) {
      for (long second = 0; second < 260; second += 7) {
        Map<String, @Nullable Object> complete =
            history.complete(Map.of("station", station, "ts", Instant.ofEpochSecond(second)));
        long newest = second - lag.toSeconds();
        assertThat(Optional.ofNullable(complete.get("lag")))
            .isEqualTo(mean(all, station, newest, newest));
        assertThat(Optional.ofNullable(complete.get("mean")))
            .isEqualTo(mean(all, station, newest - window.toSeconds() + 1, newest));
      }
    }
  }

  private static Optional<Object> mean(
      List<Observation> all, int station, long oldest, long newest) {
    List<BigDecimal> found =
        all.stream()
            .filter(it -> it.station() == station)
            .filter(it -> it.second() >= oldest && it.second() <= newest)
            .map(it -> new BigDecimal(it.value()))
            .toList();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            found.stream().reduce(BigDecimal.ZERO, BigDecimal::add).doubleValue() / found.size());
  }
}
