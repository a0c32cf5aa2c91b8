package reforest.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static reforest.ingest.Contracts.column;
import static reforest.ingest.Contracts.computed;
import static reforest.ingest.Contracts.csv;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.testing.SparkExtension;

/** Delta tables of other people as a source, with what such tables have. */
@ExtendWith(SparkExtension.class)
class DeltaSourcesTest {

  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir private Path folder;
  private SparkSession spark;
  private String table = "";

  @BeforeEach
  void session(SparkSession session) {
    spark = session;
    table = "delta.`" + folder + "`";
  }

  @Test
  void takesValuesOutOfStructsAndArraysAndMaps() {
    spark.sql(
        "CREATE TABLE "
            + table
            + " (id BIGINT, place STRUCT<city: STRING, geo: STRUCT<lat: DOUBLE>>,"
            + " readings ARRAY<DOUBLE>, tags MAP<STRING, INT>) USING delta");
    spark.sql(
        "INSERT INTO "
            + table
            + " SELECT 1L, struct('Köln', struct(50.9D)), array(2D, 4D), map('m', 7) UNION ALL"
            + " SELECT 2L, struct(null, struct(null)), array(), map() UNION ALL"
            + " SELECT 3L, null, null, null");

    List<Row> rows =
        read(
            column("id", "bigint"),
            computed("city", "string", "place.city"),
            computed("lat", "double", "place.geo.lat"),
            computed("first", "double", "get(readings, 0)"),
            computed("sum", "double", "aggregate(readings, 0D, (s, x) -> s + x)"),
            computed("m", "int", "tags['m']"));

    assertThat(rows.get(0).mkString(" ")).isEqualTo("1 Köln 50.9 2.0 6.0 7");
    assertThat(rows.get(1).getString(1)).isNull();
    assertThat(rows.get(1).isNullAt(2)).isTrue();
    assertThat(rows.get(1).isNullAt(3)).isTrue();
    assertThat(rows.get(1).isNullAt(5)).isTrue();
    assertThat(rows.get(2).mkString(" ")).isEqualTo("3 null null null null null");
  }

  @Test
  void saysHowOneValueIsTakenOutOfANestedColumn() {
    spark
        .sql(
            "SELECT 1L AS id, struct(struct('a' AS city) AS at) AS place, array(1) AS n, map(1, 2) AS m")
        .write()
        .format("delta")
        .save(folder.toString());

    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(
            () ->
                read(
                    column("id", "bigint"),
                    column("place", "string"),
                    column("n", "int"),
                    column("m", "int"),
                    column("city", "string")))
        .withMessageContaining("place cannot be read as string: it is of type struct<")
        .withMessageContaining("city is missing (nearest: place.at.city)")
        .satisfies(
            e ->
                assertThat(e.hint())
                    .contains("from = \"`place`.at.city\"", "from = \"get(`n`, 0)\"")
                    .contains("from = \"try_element_at(`m`, 'its key')\"")
                    .endsWith("the source has id, place.at.city, n, m"));
  }

  @Test
  void namesTheColumnWhoseExpressionWouldMakeSeveralRowsOfOne() {
    spark.sql("SELECT 1L AS id, array(1, 2) AS n").write().format("delta").save(folder.toString());

    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(() -> read(column("id", "bigint"), computed("each", "int", "explode(n)")))
        .withMessageContaining("each (from = \"explode(n)\"): [UNSUPPORTED_GENERATOR");
  }

  @Test
  void readsWhatIsLeftOfATableWithDeletionVectors() {
    create("delta.enableDeletionVectors = true");
    spark.sql("DELETE FROM " + table + " WHERE id IN (3, 7)");

    assertThat(ids()).containsExactly(0L, 1L, 2L, 4L, 5L, 6L, 8L, 9L);
    assertThat(folder.toFile().list()).anyMatch(name -> name.startsWith("deletion_vector"));
  }

  @Test
  void readsATableWithAChangeFeedAndRefusesTheFeedItself() {
    create("delta.enableChangeDataFeed = true");
    spark.sql("UPDATE " + table + " SET km = -1 WHERE id = 5");
    spark.sql("DELETE FROM " + table + " WHERE id = 6");

    assertThat(ids()).doesNotContain(6L).hasSize(9);
    assertThat(read(column("id", "bigint"), column("km", "double")).get(5).getDouble(1))
        .isEqualTo(-1);
    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(
            () ->
                read(
                    Map.of("readchangefeed", "true", "startingVersion", "0"),
                    column("id", "bigint")))
        .withMessageContaining("asks for a change feed, which holds rows that were deleted")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.ARGUMENTS))
        .satisfies(e -> assertThat(e.hint()).contains("ingest the table itself"));
  }

  @Test
  void readsASchemaThatHasGrownAndGivesNullWhereItWasSmaller() {
    create("delta.minReaderVersion = 1");
    spark
        .sql("SELECT id, double(id) AS km, 'new' AS kind FROM range(10, 12)")
        .write()
        .format("delta")
        .mode("append")
        .option("mergeSchema", "true")
        .save(folder.toString());

    List<Row> rows = read(column("id", "bigint"), column("kind", "string"));
    assertThat(rows).hasSize(12);
    assertThat(rows.get(9).get(1)).isNull();
    assertThat(rows.get(10).get(1)).isEqualTo("new");
    assertThat(read(Map.of("versionAsOf", "1"), column("id", "bigint"))).hasSize(10);
  }

  @Test
  void readsColumnsByTheirNamesOfToday() {
    create("delta.columnMapping.mode = 'name'");
    spark.sql("ALTER TABLE " + table + " RENAME COLUMN km TO `dist km`");
    assertThat(read(column("id", "bigint"), computed("km", "double", "`dist km`")).get(2).get(1))
        .isEqualTo(2.0);

    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(() -> read(column("id", "bigint"), column("km", "double")))
        .withMessageContaining("km is missing")
        .satisfies(e -> assertThat(e.hint()).endsWith("the source has id, dist km"));

    // A dropped name that comes again is another column: what the old one held is gone.
    spark.sql("ALTER TABLE " + table + " DROP COLUMN `dist km`");
    spark.sql("ALTER TABLE " + table + " ADD COLUMN km DOUBLE");
    assertThat(read(column("id", "bigint"), column("km", "double")))
        .hasSize(10)
        .allMatch(row -> row.isNullAt(1));
  }

  @Test
  void readsColumnsWhoseTypeWasWidened() {
    spark.sql(
        "CREATE TABLE "
            + table
            + " (id INT, km FLOAT) USING delta"
            + " TBLPROPERTIES (delta.enableTypeWidening = true)");
    spark.sql("INSERT INTO " + table + " VALUES (1, 0.5)");
    spark.sql("ALTER TABLE " + table + " ALTER COLUMN id TYPE BIGINT");
    spark.sql("ALTER TABLE " + table + " ALTER COLUMN km TYPE DOUBLE");
    spark.sql("INSERT INTO " + table + " VALUES (5000000000, 0.1)");

    assertThat(read(column("id", "bigint"), column("km", "double")))
        .extracting(row -> row.mkString(" "))
        .containsExactly("1 0.5", "5000000000 0.1");
  }

  @Test
  void refusesTheParquetFilesOfADeltaTable() {
    spark.sql("CREATE TABLE " + table + " (id BIGINT, part INT) USING delta PARTITIONED BY (part)");
    spark.sql("INSERT INTO " + table + " VALUES (1, 1), (2, 1)");
    spark.sql("DELETE FROM " + table + " WHERE id = 1");

    for (String path : List.of(folder.toString(), folder.resolve("part=1").toString())) {
      assertThatExceptionOfType(ReforestException.class)
          .isThrownBy(() -> read("parquet", path, Map.of(), column("id", "bigint")))
          .withMessageStartingWith(folder + " is a Delta table: its Parquet files also hold rows")
          .satisfies(e -> assertThat(e.hint()).startsWith("set data.source.format = delta"));
    }
  }

  /** Ten rows of two columns. */
  private void create(String property) {
    spark.sql(
        "CREATE TABLE "
            + table
            + " (id BIGINT, km DOUBLE) USING delta TBLPROPERTIES ("
            + property
            + ")");
    spark.sql("INSERT INTO " + table + " SELECT /*+ COALESCE(1) */ id, double(id) FROM range(10)");
  }

  private List<Long> ids() {
    return read(column("id", "bigint")).stream().map(row -> row.getLong(0)).toList();
  }

  private List<Row> read(DataConfig.Column... columns) {
    return read(Map.of(), columns);
  }

  private List<Row> read(Map<String, String> options, DataConfig.Column... columns) {
    return read("delta", folder.toString(), options, columns);
  }

  private List<Row> read(
      String format, String path, Map<String, String> options, DataConfig.Column... columns) {
    DataConfig data =
        Contracts.from(
            csv("unused", 1.0, columns[columns.length - 1].name(), columns),
            new DataConfig.Source(format, options, Optional.of(path)));
    return new RowContract(data, NOW)
        .read(spark)
        .orderBy(RowContract.VALUES + ".id")
        .select(RowContract.VALUES + ".*")
        .collectAsList();
  }
}
