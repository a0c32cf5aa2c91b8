package reforest.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.WindowConfig;
import reforest.ingest.Contracts;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class FoldsTest {

  private static final DataConfig DATA =
      Contracts.csv("unused", 0, "y", Contracts.column("id", "bigint"));
  private SparkSession spark;

  @BeforeEach
  void session(SparkSession session) {
    spark = session;
  }

  @Test
  void cutsTimeIntoBlocksOfEqualRowCounts() {
    // Ten rows an hour in the first half of the hours, one in the second: 110 rows.
    Dataset<Row> rows =
        spark.sql(
            "SELECT id, timestamp_seconds(3600 * IF(id < 100, id DIV 10, id - 90)) AS ts, 1D AS y"
                + " FROM range(110)");

    Folds.Numbered numbered = byTime(rows, Task.REGRESSION, 3);

    assertThat(counts(numbered)).isEqualTo(Map.of(0, 40L, 1, 30L, 2, 40L));
    assertThat(numbered.blocks())
        .containsExactly(
            new Folds.Block(0, Instant.EPOCH, Instant.parse("1970-01-01T04:00:00Z")),
            new Folds.Block(
                1, Instant.parse("1970-01-01T04:00:00Z"), Instant.parse("1970-01-01T07:00:00Z")),
            new Folds.Block(
                2,
                Instant.parse("1970-01-01T07:00:00Z"),
                Instant.parse("1970-01-01T19:00:00.000001Z")));
    assertThat(numbered.labelDelay()).isEqualTo(Duration.ofHours(1));
    assertThat(
            numbered
                .rows()
                .groupBy("ts")
                .agg(org.apache.spark.sql.functions.countDistinct(Folds.COLUMN).as("folds"))
                .where("folds > 1")
                .count())
        .isZero();
  }

  @Test
  void numbersRowsAlikeHoweverTheyArePartitioned() {
    Dataset<Row> rows = spark.range(300).selectExpr("id", "id % 3 AS y");

    List<Row> once = sorted(byHash(rows, Task.MULTICLASS, 4));
    List<Row> again = sorted(byHash(rows.repartition(3), Task.MULTICLASS, 4));

    assertThat(again).isEqualTo(once);
  }

  @Test
  void dealsOutEachClassEvenly() {
    Dataset<Row> rows = spark.range(103).selectExpr("id", "IF(id < 8, 'rare', 'common') AS y");

    Folds.Numbered numbered = byHash(rows, Task.BINARY, 4);

    assertThat(numbered.rows().where("y = 'rare'").groupBy(Folds.COLUMN).count().collectAsList())
        .hasSize(4)
        .allMatch(row -> row.getLong(1) == 2);
    assertThat(numbered.blocks()).isEmpty();
  }

  @Test
  void keepsGroupsTogether() {
    Dataset<Row> rows = spark.range(400).selectExpr("id", "id % 40 AS customer", "1D AS y");

    Folds.Numbered numbered =
        new Folds(DATA, windows(List.of("customer")), Task.REGRESSION, 3).number(rows);

    assertThat(numbered.rows().select("customer", Folds.COLUMN).distinct().count()).isEqualTo(40);
    assertThat(counts(numbered)).hasSize(3);
  }

  @Test
  void refusesAClassThatIsMissingFromAFold() {
    assertError(
        () ->
            byTime(
                spark
                    .range(100)
                    .selectExpr(
                        "id", "timestamp_seconds(id * 86400) AS ts", "IF(id < 5, 1, 0) AS y"),
                Task.BINARY,
                4),
        "class 1 is missing from the rows that are trained on without fold 0 of 4, with 5 rows in"
            + " all",
        "set fewer train.folds, ingest more rows of that class");
    assertError(
        () ->
            byTime(
                spark
                    .range(100)
                    .selectExpr(
                        "id",
                        "timestamp_seconds(id * 86400) AS ts",
                        "IF(id IN (1, 99), 1.0, 0.0) AS y"),
                Task.BINARY,
                4),
        "class 1 is missing from fold 1 of 4, with 2 rows in all",
        "merge it with another");
  }

  @Test
  void refusesFewerTimesThanFolds() {
    assertError(
        () ->
            byTime(
                spark
                    .range(100)
                    .selectExpr("id", "timestamp_seconds(id % 2 * 86400) AS ts", "1D AS y"),
                Task.REGRESSION,
                3),
        "the 100 training rows have too few event times for 3 folds",
        "set train.folds to 2");
  }

  @Test
  void refusesBlocksWithinOneLabelDelay() {
    assertError(
        () ->
            byTime(
                spark.range(100).selectExpr("id", "timestamp_seconds(id) AS ts", "1D AS y"),
                Task.REGRESSION,
                3),
        "every row is missing from the rows that are trained on without fold 0 of 3",
        "windows.label-delay");
  }

  private Folds.Numbered byTime(Dataset<Row> rows, Task task, int folds) {
    return new Folds(Contracts.timed(DATA, "ts"), windows(List.of()), task, folds).number(rows);
  }

  private Folds.Numbered byHash(Dataset<Row> rows, Task task, int folds) {
    return new Folds(DATA, windows(List.of()), task, folds).number(rows);
  }

  private static List<Row> sorted(Folds.Numbered numbered) {
    return numbered.rows().orderBy("id").collectAsList();
  }

  @Test
  void keepsGroupsTogetherInPlaceOfTimesWhereGroupsAreDeclared() {
    Dataset<Row> rows =
        spark.sql(
            "SELECT id, id % 40 AS customer, timestamp_seconds(3600 * id) AS ts, 1D AS y"
                + " FROM range(400)");

    Folds.Numbered numbered =
        new Folds(Contracts.timed(DATA, "ts"), windows(List.of("customer")), Task.REGRESSION, 3)
            .number(rows);

    assertThat(numbered.blocks()).isEmpty();
    assertThat(numbered.labelDelay()).isZero();
    assertThat(counts(numbered)).hasSize(3);
    assertThat(numbered.rows().select("customer", Folds.COLUMN).distinct().count()).isEqualTo(40);
  }

  private static Map<Integer, Long> counts(Folds.Numbered numbered) {
    Map<Integer, Long> counts = new TreeMap<>();
    numbered
        .rows()
        .groupBy(Folds.COLUMN)
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getInt(0), row.getLong(1)));
    return counts;
  }

  private static WindowConfig windows(List<String> groups) {
    return Contracts.windows(Duration.ofDays(1), Duration.ofHours(1), groups);
  }

  private static void assertError(Runnable step, String message, String hint) {
    assertThatThrownBy(step::run)
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e).hasMessageContaining(message);
              assertThat(e.hint()).contains(hint);
              assertThat(e.kind()).isEqualTo(Kind.DATA);
            });
  }
}
