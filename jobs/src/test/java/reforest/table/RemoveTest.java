package reforest.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.ingest.Contracts;
import reforest.testing.Datasets;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class RemoveTest {

  @TempDir Path folder;
  private SparkSession spark;

  @BeforeEach
  void rows(SparkSession session) {
    spark = session;
    session
        .sql(
            "SELECT id AS `a.b`, timestamp '2026-01-01' + make_interval(0, 0, 0, id) AS ts,"
                + " if(id = 3, null, id * 1.5D) AS x, 'n' || id AS who FROM range(0, 8)")
        .write()
        .format("delta")
        .save(path());
  }

  @Test
  void removesRowsByTheirKeysAsANewVersionThatSaysWhyAndLeavesTheOldOne() {
    Remove.Result result =
        remove()
            .execute(
                RowChoice.ofKeys(
                    List.of(
                        Map.of("a.b", " 2.0 ", "ts", "2026-01-03T01:00:00+01:00"),
                        Map.of("a.b", "5", "ts", "2026-01-06 00:00"),
                        Map.of("a.b", "6", "ts", "2026-01-06"))),
                "a wrong clock");

    assertThat(result)
        .isEqualTo(
            new Remove.Result(
                0,
                1,
                2,
                6,
                List.of("a.b=2,ts=2026-01-03T00:00:00Z", "a.b=5,ts=2026-01-06T00:00:00Z")));
    Table table = new Table(spark, folder.resolve("table").toUri());
    Datasets.assertSameRows(
        spark.sql("SELECT id AS `a.b` FROM range(0, 8) WHERE id NOT IN (2, 5)"),
        table.read(1).select("`a.b`"));
    assertThat(table.read(0).count()).isEqualTo(8);
    List<Row> why =
        table
            .delta()
            .history()
            .where("version = 1")
            .select("operation", "userMetadata")
            .collectAsList();
    assertThat(why.get(0).mkString(": ")).isEqualTo("DELETE: a wrong clock");
    assertThat(spark.conf().getOption(Table.USER_METADATA).isEmpty()).isTrue();
  }

  @Test
  void looksFirstAndTakesOutWhatAPredicateIsTrueForNotWhereItIsNull() {
    RowChoice choice = RowChoice.where("x >= 0 -- all but one");

    Remove.Result found = remove().look(choice);

    assertThat(found.rows()).isEqualTo(7);
    assertThat(found.left()).isEqualTo(1);
    assertThat(found.versionAfter()).isZero();
    assertThat(found.examples()).hasSize(5).startsWith("a.b=0,ts=2026-01-01T00:00:00Z");
    assertThat(new Table(spark, folder.resolve("table").toUri()).newestVersion()).isZero();

    assertThat(remove().execute(choice, "why").rows()).isEqualTo(7);
    assertRefused(
        () -> remove().execute(choice, "another"),
        Kind.DATA,
        "none of the 1 rows of version 1 of ",
        "times are UTC");
  }

  @Test
  void knowsARemovalAgainThatWasEndedBeforeItCouldSaySo() {
    RowChoice choice = RowChoice.where("x > 6");
    Remove.Result first = remove().execute(choice, "why");

    assertThat(remove().execute(choice, "why")).isEqualTo(first);
    assertThat(new Table(spark, folder.resolve("table").toUri()).newestVersion()).isEqualTo(1);
    assertRefused(
        () -> remove().execute(RowChoice.where("x < 0"), "why"),
        Kind.DATA,
        "none of the 5 rows of version 1 of ",
        "times are UTC");
  }

  @Test
  void namesNoPersonalDataOfAKey() {
    DataConfig data = data(List.of("who"), Contracts.personal("who", "string"));

    Remove.Result found =
        new Remove(spark, data, folder.resolve("table").toUri())
            .look(RowChoice.ofKeys(List.of(Map.of("who", "n4"))));

    assertThat(found.examples()).containsExactly("who=(personal)");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "ID = 3 | 'ID = 3' names ID, which the table does not have; it has a.b, ts, x, who |"
            + " backticks",
        "whom = 'n3' | names whom, which the table does not have | did you mean who?",
        "x + 1 | 'x + 1' gives double, not true or false | true or false for each row",
        "x > | is no predicate: | true or false for each row",
        "sum(x) > 1 | is no predicate: | for each row alone",
        "rand() < 0.5 | chooses other rows each time | true or false",
        "who IN (SELECT concat('n', '3')) | has a subquery | true or false",
        "1 / (x - x) > 0 | the predicate fails on a row: [DIVIDE_BY_ZERO] | true or false",
      })
  void refusesAPredicateThatCannotChooseRows(String sql, String message, String hint) {
    assertRefused(() -> remove().look(RowChoice.where(sql)), Kind.ARGUMENTS, message, hint);
    assertRefused(
        () -> remove().execute(RowChoice.where(sql), "why"), Kind.ARGUMENTS, message, hint);
  }

  @Test
  void refusesAKeyThatNamesNoRow() {
    assertRefused(
        () -> remove().look(RowChoice.ofKeys(List.of(Map.of("a.b", "1")))),
        Kind.ARGUMENTS,
        "a key names its row by a.b, ts, and ts is missing",
        "--where");
    assertRefused(
        () -> remove().look(RowChoice.ofKeys(List.of(Map.of("a.b", "1", "tz", "2026-01-01")))),
        Kind.ARGUMENTS,
        "tz is no column of the key, which is a.b, ts",
        "did you mean ts?");
    assertRefused(
        () -> remove().look(RowChoice.ofKeys(List.of(Map.of("a.b", "one", "ts", "2026-01-01")))),
        Kind.ARGUMENTS,
        "the key's a.b, 'one', is not of type bigint",
        "as an ingest would read it");
    assertRefused(
        () -> remove().execute(RowChoice.where("x > 1"), " "),
        Kind.ARGUMENTS,
        "a removal needs a reason",
        "--reason");
    assertRefused(
        () -> new RowChoice(List.of(), Optional.of(" ")),
        Kind.ARGUMENTS,
        "which rows are meant",
        "--key COLUMN=VALUE");
    assertRefused(
        () ->
            new Remove(spark, data(List.of("a.b")), folder.resolve("none").toUri())
                .look(RowChoice.where("true")),
        Kind.DATA,
        "there is no Delta table at ",
        "reforest ingest");
  }

  private static void assertRefused(Runnable step, Kind kind, String message, String hint) {
    assertThatThrownBy(step::run)
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e).hasMessageContaining(message);
              assertThat(e.hint()).contains(hint);
              assertThat(e.kind()).isEqualTo(kind);
            });
  }

  private Remove remove() {
    DataConfig data =
        data(
            List.of("a.b", "ts"),
            Contracts.column("a.b", "bigint"),
            Contracts.column("ts", "timestamp"));
    return new Remove(spark, data, folder.resolve("table").toUri());
  }

  private static DataConfig data(List<String> key, DataConfig.Column... columns) {
    return new DataConfig(
        new DataConfig.Source("csv", Map.of(), Optional.empty()),
        List.of(columns),
        key,
        Optional.empty(),
        "x",
        Optional.empty(),
        List.of(),
        0,
        Duration.ofDays(400));
  }

  private String path() {
    return folder.resolve("table").toString();
  }
}
