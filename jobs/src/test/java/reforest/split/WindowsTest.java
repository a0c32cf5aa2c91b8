package reforest.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.WindowConfig;
import reforest.ingest.Contracts;
import reforest.table.Snapshot;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class WindowsTest {

  private static final WindowConfig WEEKS = weeks(List.of());

  private static final String YOUNG = "younger than the label delay";

  /** 30 days from the first of March, hourly; the label is the hour of the day. */
  private static final String MARCH =
      "SELECT id, timestamp_seconds(1299024000 - 86400 + id * 3600) AS ts,"
          + " CAST(id % 24 AS DOUBLE) AS y FROM range(720)";

  @TempDir Path folder;
  private SparkSession spark;

  @BeforeEach
  void session(SparkSession session) {
    spark = session;
  }

  @Test
  void trainsBeforeTheProtectedWindowAndItsLabelDelay() {
    Division division = byTime(MARCH, WindowId.Kind.PROTECTED);

    assertThat(division.id().text())
        .isEqualTo("protected [2011-03-23T00:00:00Z, 2011-03-30T00:00:00Z) of ts");
    assertThat(division.trainedBefore()).hasValue(Instant.parse("2011-03-22T00:00:00Z"));
    assertThat(division.leftOut())
        .isEqualTo(Map.of("label delay before the window", 24L, YOUNG, 24L));
    assertThat(division.windowRows()).isEqualTo(168).isEqualTo(division.window().count());
    assertThat(division.trainRows()).isEqualTo(21 * 24).isEqualTo(division.train().count());
    assertThat(division.train().where("ts >= '2011-03-22 00:00:00'").count()).isZero();
    assertThat(division.window().where("ts < '2011-03-23 00:00:00'").count()).isZero();
    assertThat(division.split()).isEqualTo("time of ts, label delay 1 days");
  }

  @Test
  void keepsTheProtectedWindowFromADevelopingRun() {
    Division division = byTime(MARCH, WindowId.Kind.DEVELOPMENT);

    assertThat(division.id().text())
        .isEqualTo("development [2011-03-16T00:00:00Z, 2011-03-23T00:00:00Z) of ts");
    assertThat(division.trainedBefore()).hasValue(Instant.parse("2011-03-15T00:00:00Z"));
    assertThat(division.leftOut())
        .isEqualTo(
            Map.of("label delay before the window", 24L, "protected window", 168L, YOUNG, 24L));
    assertThat(division.window().where("ts >= '2011-03-23 00:00:00'").count()).isZero();
    assertThat(WindowId.overlaps(division.id(), byTime(MARCH, WindowId.Kind.PROTECTED).id()))
        .isFalse();
    assertThat(WindowId.overlaps(division.id(), division.id())).isTrue();
  }

  @Test
  void startsTheProtectedWindowWhereTheLastOneEndedThatWasDevelopedOn() {
    EarlierLooks monday = developed("2011-03-27T00:00:00Z");

    Division published = looked(WindowId.Kind.PROTECTED, monday);
    Division developed = looked(WindowId.Kind.DEVELOPMENT, monday);

    assertThat(published.id().text())
        .isEqualTo(
            "protected [2011-03-27T00:00:00Z, 2011-03-30T00:00:00Z) of ts, from the end of the last"
                + " window that was developed on");
    assertThat(published.windowRows()).isEqualTo(3 * 24);
    assertThat(published.trainedBefore()).hasValue(Instant.parse("2011-03-26T00:00:00Z"));
    assertThat(developed.id().text())
        .isEqualTo("development [2011-03-16T00:00:00Z, 2011-03-23T00:00:00Z) of ts");
  }

  @Test
  void refusesToDecideOnRowsThatWereAllDevelopedOn() {
    assertError(
        () -> looked(WindowId.Kind.PROTECTED, developed("2011-04-06T00:00:00Z")),
        Kind.DATA,
        "no row of the protected window, from 2011-03-23T00:00:00Z to 2011-03-30T00:00:00Z, can"
            + " decide: a plain retrain was judged on rows before 2011-04-06T00:00:00Z",
        "publish on a newer data version");
  }

  private static EarlierLooks developed(String until) {
    return new EarlierLooks() {
      @Override
      public Optional<Instant> developedUntil(Instant start, Instant end) {
        assertThat(start).isEqualTo("2011-03-23T00:00:00Z");
        assertThat(end).isEqualTo("2011-03-30T00:00:00Z");
        return Optional.of(Instant.parse(until));
      }

      @Override
      public OptionalLong judgedVersion(String split) {
        return OptionalLong.empty();
      }
    };
  }

  private Division looked(WindowId.Kind kind, EarlierLooks looks) {
    return divide(MARCH, Contracts.timed(contract(), "ts"), WEEKS, Task.REGRESSION, kind, looks);
  }

  @Test
  void leavesOutLabelsThatCameEarly() {
    // Of the last day only those who left are known; the hour before it is old enough.
    Division division =
        divide(
            "SELECT id, ts, CASE WHEN id % 3 = 0 THEN 'left' WHEN id < 696 THEN 'stays' END AS y"
                + " FROM ("
                + MARCH
                + ")",
            Contracts.timed(contract(), "ts"),
            WEEKS,
            Task.BINARY,
            WindowId.Kind.PROTECTED);

    assertThat(division.leftOut()).containsEntry(YOUNG, 24L);
    assertThat(division.id().end()).hasValue(Instant.parse("2011-03-30T00:00:00Z"));
    assertThat(division.windowRows()).isEqualTo(168);
    assertThat(division.window().where("y = 'left'").count()).isEqualTo(168 / 3);
    assertThat(division.train().where("y IS NULL").count()).isZero();
  }

  @Test
  void leavesOutYoungRowsWithinTheLastStepOfTheWindowToo() {
    WindowConfig wide = Contracts.windows(Duration.ofDays(7), Duration.ofHours(12), List.of());

    Division division =
        divide(
            MARCH,
            Contracts.timed(contract(), "ts"),
            wide,
            Task.REGRESSION,
            WindowId.Kind.PROTECTED);

    assertThat(division.id().end()).hasValue(Instant.parse("2011-03-31T00:00:00Z"));
    assertThat(division.leftOut()).containsEntry(YOUNG, 12L);
    assertThat(division.windowRows()).isEqualTo(168 - 12);
  }

  @Test
  void refusesANullLabelThatIsAsOldAsTheDelay() {
    assertError(
        () ->
            byTime(
                "SELECT id, ts, IF(id >= 695, NULL, y) AS y FROM (" + MARCH + ")",
                WindowId.Kind.PROTECTED),
        Kind.DATA,
        "labels in y are broken: 1 null and older than windows.label-delay 1 days, for example"
            + " {id=695}",
        "a longer windows.label-delay");
  }

  @Test
  void keepsEveryRowWhenLabelsAreKnownAtOnce() {
    WindowConfig atOnce = Contracts.windows(Duration.ofDays(7), Duration.ZERO, List.of());

    Division division =
        divide(
            MARCH,
            Contracts.timed(contract(), "ts"),
            atOnce,
            Task.REGRESSION,
            WindowId.Kind.PROTECTED);

    assertThat(division.id().end()).hasValue(Instant.parse("2011-03-31T00:00:00Z"));
    assertThat(division.leftOut()).isEmpty();
  }

  @Test
  void refusesOldNullAndNanAndInfiniteLabels() {
    assertError(
        () ->
            byTime(
                "SELECT id, ts, CASE WHEN id = 3 THEN NULL WHEN id = 5 THEN double('NaN') WHEN id IN"
                    + " (7, 8) THEN double('-Infinity') ELSE y END AS y FROM ("
                    + MARCH
                    + ")",
                WindowId.Kind.DEVELOPMENT),
        Kind.DATA,
        "labels in y are broken: 1 null and older than windows.label-delay 1 days, 1 NaN, 2"
            + " infinite, for example {id=3} {id=5} {id=7} {id=8}",
        "ingest corrected rows");
  }

  @Test
  void refusesLabelsWhoseSquaresAreBeyondADouble() {
    assertError(
        () ->
            byTime(
                "SELECT id, ts, CASE WHEN id = 3 THEN 1.7e308D WHEN id = 4 THEN double('Infinity')"
                    + " ELSE y END AS y FROM ("
                    + MARCH
                    + ")",
                WindowId.Kind.DEVELOPMENT),
        Kind.DATA,
        "labels in y are broken: 1 infinite, 1 beyond 1.0E140, whose squares are too large to add up,"
            + " for example {id=3} {id=4}",
        "ingest corrected rows");
  }

  @Test
  void refusesAnEmptyWindowAndEmptyTraining() {
    assertError(
        () -> byTime(MARCH + " WHERE id < 10 * 24 OR id > 25 * 24", WindowId.Kind.DEVELOPMENT),
        Kind.DATA,
        "no labelled row lies in the window development [2011-03-16T00:00:00Z, 2011-03-23T00:00:00Z) of ts;"
            + " rows old enough for their label lie from 2011-03-01T00:00:00Z to"
            + " 2011-03-29T23:00:00Z, the label delay is 1 days",
        "make the windows longer");
    assertError(
        () -> byTime(MARCH + " WHERE id >= 23 * 24", WindowId.Kind.PROTECTED),
        Kind.DATA,
        "no labelled row is left to train on: event times before 2011-03-22T00:00:00Z",
        "make the windows shorter");
    assertError(
        () -> byTime(MARCH + " WHERE id = 719", WindowId.Kind.PROTECTED),
        Kind.DATA,
        "all 1 rows are younger than windows.label-delay 1 days, counted back from the newest of"
            + " 2011-03-30T23:00:00Z",
        "ingest older rows");
  }

  @Test
  void refusesRowsWithoutLabelsOrEventTimes() {
    assertError(
        () ->
            byTime(
                "SELECT id, ts, CAST(NULL AS DOUBLE) AS y FROM (" + MARCH + ")",
                WindowId.Kind.PROTECTED),
        Kind.DATA,
        "none of the 720 rows has a label in y",
        "ingest rows with labels");
    assertError(
        () ->
            byTime(
                "SELECT id, IF(id = 4, NULL, ts) AS ts, y FROM (" + MARCH + ")",
                WindowId.Kind.PROTECTED),
        Kind.DATA,
        "1 rows have no ts, the event time",
        "ingest them again");
    assertError(
        () -> byTime("SELECT id, id AS ts, y FROM (" + MARCH + ")", WindowId.Kind.PROTECTED),
        Kind.DATA,
        "the event time ts is of type bigint, which is no time",
        "timestamp_seconds(`ts`)");
    assertError(
        () -> byTime("SELECT id, ts, y AS yy FROM (" + MARCH + ")", WindowId.Kind.PROTECTED),
        Kind.DATA,
        "this data version has no column y, the label",
        "did you mean yy? Its columns are id, ts, yy");
    assertError(
        () -> byTime("SELECT id, ts, 'x' AS y FROM (" + MARCH + ")", WindowId.Kind.PROTECTED),
        Kind.DATA,
        "the label y is of type string, which does not fit task regression",
        "a regression needs a number");
  }

  @Test
  void refusesAClassThatTheTrainingRowsDoNotHave() {
    assertError(
        () ->
            divide(
                "SELECT id, ts, IF(id < 640, id % 2, 2) AS y FROM (" + MARCH + ")",
                Contracts.timed(contract(), "ts"),
                WEEKS,
                Task.MULTICLASS,
                WindowId.Kind.PROTECTED),
        Kind.DATA,
        "class 2 has 56 rows in the window protected [2011-03-23T00:00:00Z, 2011-03-30T00:00:00Z)"
            + " of ts and none in the training rows",
        "ingest older rows with that class");
  }

  @Test
  void judgesWithoutTimesOnKeysThatCameAfterTheVersionThatWasJudgedLast() {
    Path table = folder.resolve("grows");
    write(table, "range(400)", "overwrite");
    write(table, "range(400, 800)", "append");
    Snapshot newest = new Snapshot(table.toUri(), 1, Instant.EPOCH, "", 0, "digest");
    String[] asked = new String[1];

    Division first = withoutTimes(newest, judged(asked, OptionalLong.empty()));
    Division next = withoutTimes(newest, judged(asked, OptionalLong.of(0)));

    assertThat(asked[0]).isEqualTo(first.id().text()).isEqualTo(next.id().text());
    assertThat(next.id().after()).hasValue(0);
    assertThat(next.id().words()).endsWith(", those that came after data version 0");
    assertThat(next.window().where("id < 400").count()).isZero();
    assertThat(next.window().count()).isEqualTo(next.windowRows()).isPositive();
    assertThat(next.leftOut()).isEqualTo(Map.of("judged before", first.windowRows() - next.windowRows()));
    assertThat(next.train().count()).isEqualTo(first.train().count()).isEqualTo(next.trainRows());
    assertThat(next.window().columns()).isEqualTo(first.window().columns());
  }

  @Test
  void judgesWithoutTimesOnAllRowsAgainWhereFewAreNew() {
    Path table = folder.resolve("grows-little");
    write(table, "range(400)", "overwrite");
    write(table, "range(400, 440)", "append");
    Snapshot newest = new Snapshot(table.toUri(), 1, Instant.EPOCH, "", 0, "digest");

    Division next = withoutTimes(newest, judged(new String[1], OptionalLong.of(0)));

    assertThat(next.id().after()).isEmpty();
    assertThat(next.leftOut()).isEmpty();
  }

  private void write(Path table, String rows, String mode) {
    spark
        .sql("SELECT id, CAST(id AS DOUBLE) AS y FROM " + rows)
        .write()
        .format("delta")
        .mode(mode)
        .save(table.toString());
  }

  private Division withoutTimes(Snapshot snapshot, EarlierLooks looks) {
    return new Windows(contract(), WEEKS, Task.REGRESSION)
        .divide(spark, snapshot, WindowId.Kind.PROTECTED, looks);
  }

  private static EarlierLooks judged(String[] asked, OptionalLong version) {
    return new EarlierLooks() {
      @Override
      public Optional<Instant> developedUntil(Instant start, Instant end) {
        return Optional.empty();
      }

      @Override
      public OptionalLong judgedVersion(String split) {
        asked[0] = split;
        return version;
      }
    };
  }

  @Test
  void dividesByHashSoThatARunTrainsOnAllRowsBelowItsWindow() {
    String rows = "SELECT id, id % 100 AS customer, CAST(id AS DOUBLE) AS y FROM range(2000)";
    WindowConfig byCustomer = byGroup("customer");

    Division develops = byHash(rows, byCustomer, Task.REGRESSION, WindowId.Kind.DEVELOPMENT);
    Division publishes = byHash(rows, byCustomer, Task.REGRESSION, WindowId.Kind.PROTECTED);

    assertThat(publishes.trainedBefore()).isEmpty();
    assertThat(customers(publishes.train()))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    customers(develops.train()).stream(), customers(develops.window()).stream())
                .toList())
        .doesNotContainAnyElementsOf(customers(publishes.window()));
    assertThat(customers(develops.train()))
        .doesNotContainAnyElementsOf(customers(develops.window()))
        .doesNotContainAnyElementsOf(customers(publishes.window()));
    assertThat(publishes.trainRows() + publishes.windowRows()).isEqualTo(2000);
    assertThat(publishes.leftOut()).isEmpty();
    assertThat(develops.trainRows() + develops.windowRows() + publishes.windowRows())
        .isEqualTo(2000);
    assertThat(develops.leftOut()).isEqualTo(Map.of("protected window", publishes.windowRows()));
    assertThat(develops.trainRows() / 2000.0).isBetween(0.45, 0.75);
    assertThat(WindowId.overlaps(develops.id(), publishes.id())).isFalse();
    assertThat(WindowId.overlaps(develops.id(), byTime(MARCH, WindowId.Kind.PROTECTED).id()))
        .isTrue();
  }

  @Test
  void wordsTellWhichWindowsAModelWasTrainedOn() {
    String rows = "SELECT id, CAST(id AS DOUBLE) AS y FROM range(500)";
    Division develops = byHash(rows, byGroup("id"), Task.REGRESSION, WindowId.Kind.DEVELOPMENT);
    Division publishes = byHash(rows, byGroup("id"), Task.REGRESSION, WindowId.Kind.PROTECTED);
    WindowId.Share development = develops.id().share().orElseThrow();
    WindowId.Share guarded = publishes.id().share().orElseThrow();
    TrainedShare developed = TrainedShare.parse(develops.split()).orElseThrow();
    TrainedShare published = TrainedShare.parse(publishes.split()).orElseThrow();

    assertThat(publishes.split())
        .isEqualTo("hash of id with salt 'salt': training [0, 0.8), protected to 1");
    assertThat(developed.mayHold(development)).isFalse();
    assertThat(developed.mayHold(guarded)).isFalse();
    assertThat(published.mayHold(guarded)).isFalse();
    assertThat(published.mayHold(development)).isTrue();
    // A smaller window than the one that the model was kept from, and a larger one.
    assertThat(published.mayHold(new WindowId.Share(guarded.of(), 0.9, 1))).isFalse();
    assertThat(published.mayHold(new WindowId.Share(guarded.of(), 0.7, 1))).isTrue();
    assertThat(published.mayHold(new WindowId.Share("hash of id with salt 'other'", 0.9, 1)))
        .isTrue();
    // What earlier revisions wrote.
    assertThat(
            TrainedShare.parse(
                "hash of id with salt 'salt': training [0, 0.6000000000000001), development to 0.8,"
                    + " protected to 1"))
        .contains(developed);
    assertThat(TrainedShare.parse("time of ts, label delay 1 days")).isEmpty();
    assertThat(TrainedShare.parse("hash of id: training [0, E), protected to 1")).isEmpty();
  }

  @Test
  void movesNoRowBetweenPartsWhenOthersCome() {
    String rows = "SELECT id, IF(id %% 7 = 0, 'rare', 'common') AS y FROM range(%d, 1500)";
    Division before =
        byHash(rows.formatted(500), byGroup("id"), Task.BINARY, WindowId.Kind.PROTECTED);

    Division after = byHash(rows.formatted(0), byGroup("id"), Task.BINARY, WindowId.Kind.PROTECTED);

    assertThat(before.train().except(after.train()).count()).isZero();
    assertThat(before.window().except(after.window()).count()).isZero();
  }

  @Test
  void refusesAClassThatIsMissingFromAPart() {
    assertError(
        () ->
            byHash(
                "SELECT id, IF(id = 1, 'rare', 'common') AS y FROM range(500)",
                byGroup("id"),
                Task.BINARY,
                WindowId.Kind.PROTECTED),
        Kind.DATA,
        "class rare is missing from the ",
        "rows are drawn whatever their class, so that none moves when others come: ingest more");
    assertError(
        () ->
            byHash(
                "SELECT id, true AS y FROM range(500)",
                byGroup("id"),
                Task.BINARY,
                WindowId.Kind.PROTECTED),
        Kind.DATA,
        "the label has only one class: true",
        "a classification needs two");
    assertError(
        () ->
            byHash(
                "SELECT id, IF(id = 4, NULL, 1.5D) AS y FROM range(500)",
                byGroup("id"),
                Task.REGRESSION,
                WindowId.Kind.PROTECTED),
        Kind.DATA,
        "labels in y are broken: 1 null, for example {id=4}",
        "ingest corrected rows");
    assertError(
        () ->
            byHash(
                "SELECT id, 1.5D AS y FROM range(500)",
                byGroup("shop"),
                Task.REGRESSION,
                WindowId.Kind.PROTECTED),
        Kind.DATA,
        "this data version has no column shop",
        "Its columns are id, y");
  }

  @Test
  void judgesOnNewGroupsAloneWhereGroupsAreDeclared() {
    // A customer for each two days, of whom one came the day before the window begins.
    String customers = MARCH.replace("SELECT id,", "SELECT id, (id + 24) DIV 48 AS customer,");
    WindowConfig newCustomers = weeks(List.of("customer"));
    DataConfig data = Contracts.timed(contract(), "ts");

    Division division =
        divide(customers, data, newCustomers, Task.REGRESSION, WindowId.Kind.PROTECTED);

    assertThat(division.window().where("customer <= 11").count()).isZero();
    assertThat(division.windowRows()).isEqualTo(144).isEqualTo(division.window().count());
    assertThat(division.leftOut())
        .isEqualTo(
            Map.of(
                "of groups that are older than the window",
                24L,
                "label delay before the window",
                24L,
                YOUNG,
                24L));
    assertThat(division.train().columns()).containsExactly("id", "customer", "ts", "y");
    assertThat(division.trainRows()).isEqualTo(21 * 24);
    assertThat(division.split())
        .isEqualTo("time of ts, label delay 1 days, windows of new customer alone");
    String one = MARCH.replace("SELECT id,", "SELECT id, 1 AS customer,");
    assertError(
        () -> divide(one, data, newCustomers, Task.REGRESSION, WindowId.Kind.PROTECTED),
        Kind.DATA,
        "168 rows of it are of a known customer, which windows.groups leaves out",
        "ingest newer rows");
  }

  @Test
  void endsWindowsAtTheNextMultipleOfAlign() {
    Duration day = Duration.ofDays(1);

    assertThat(Windows.after(Instant.parse("2011-03-30T23:00:00Z"), day))
        .isEqualTo("2011-03-31T00:00:00Z");
    assertThat(Windows.after(Instant.parse("2011-03-31T00:00:00Z"), day))
        .isEqualTo("2011-04-01T00:00:00Z");
    assertThat(Windows.after(Instant.parse("1969-12-31T23:59:59.999999Z"), day))
        .isEqualTo("1970-01-01T00:00:00Z");
  }

  private static List<Object> customers(Dataset<Row> rows) {
    return rows.select("customer").distinct().collectAsList().stream()
        .<Object>map(r -> r.get(0))
        .toList();
  }

  private static WindowConfig weeks(List<String> groups) {
    return Contracts.windows(Duration.ofDays(7), Duration.ofDays(1), groups);
  }

  private static WindowConfig byGroup(String column) {
    return Contracts.windows(Duration.ZERO, Duration.ZERO, List.of(column));
  }

  private static DataConfig contract() {
    return Contracts.csv("unused", 0, "y", Contracts.column("id", "bigint"));
  }

  private Division byTime(String sql, WindowId.Kind kind) {
    return divide(sql, Contracts.timed(contract(), "ts"), WEEKS, Task.REGRESSION, kind);
  }

  private Division byHash(String sql, WindowConfig windows, Task task, WindowId.Kind kind) {
    return divide(sql, contract(), windows, task, kind);
  }

  private Division divide(
      String sql, DataConfig data, WindowConfig windows, Task task, WindowId.Kind kind) {
    return divide(sql, data, windows, task, kind, EarlierLooks.NONE);
  }

  private Division divide(
      String sql,
      DataConfig data,
      WindowConfig windows,
      Task task,
      WindowId.Kind kind,
      EarlierLooks looks) {
    Path table = folder.resolve("t" + Integer.toHexString(sql.hashCode()));
    if (!table.toFile().exists()) {
      spark.sql(sql).write().format("delta").save(table.toString());
    }
    Snapshot snapshot = new Snapshot(table.toUri(), 0, Instant.EPOCH, "", 0, "digest");
    return new Windows(data, windows, task).divide(spark, snapshot, kind, looks);
  }

  private static void assertError(Runnable step, Kind kind, String message, String hint) {
    assertThatThrownBy(step::run)
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e).hasMessageContaining(message);
              assertThat(e.hint()).contains(hint);
              assertThat(e.kind()).isEqualTo(kind);
            });
  }
}
