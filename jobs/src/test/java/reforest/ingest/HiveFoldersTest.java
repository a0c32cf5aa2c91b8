package reforest.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static reforest.ingest.Contracts.column;
import static reforest.ingest.Contracts.computed;
import static reforest.ingest.Contracts.csv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.testing.SparkExtension;

/** Folders whose names are columns, such as {@code month=2011-01}. */
@ExtendWith(SparkExtension.class)
class HiveFoldersTest {

  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private static final DataConfig.Column[] DECLARED = {
    column("id", "bigint"),
    column("month", "string"),
    column("code", "string"),
    computed("year", "int", "year(month)"),
    computed("number", "int", "code + 1"),
    column("km", "double")
  };

  @TempDir private Path folder;
  private SparkSession spark;

  @BeforeEach
  void session(SparkSession session) {
    spark = session;
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc", "csv", "json"})
  void readsTheNamesOfFoldersAsTheyStandThere(String format) {
    write(rows(), format, folder);

    assertThat(texts(read(format, folder.toString(), Map.of(), DECLARED)))
        .containsExactly(
            "0 2011-01 007 2011 8 0.5", "1 2011-02 010 2011 11 1.5", "2 null 007 null 8 2.5");
  }

  @Test
  void keepsAColumnOfAnotherNameThatTakesAFolderName() {
    write(rows(), "parquet", folder);

    assertThat(
            texts(
                read(
                    "parquet",
                    folder.toString(),
                    Map.of(),
                    column("id", "bigint"),
                    computed("zip", "string", "`code`"))))
        .containsExactly("0 007", "1 010", "2 007");
  }

  @Test
  void readsDatesAndTimesAndNumbersOfFolders() {
    spark
        .sql(
            "SELECT 1L AS id, 2D AS km, date'2011-01-02' AS d, timestamp'2011-01-02 03:04:05' AS t,"
                + " 'Köln/a :%' AS city, 010 AS n")
        .write()
        .partitionBy("d", "t", "city", "n")
        .parquet(folder.resolve("in").toString());

    assertThat(
            texts(
                read(
                    "parquet",
                    folder.resolve("in").toString(),
                    Map.of(),
                    column("id", "bigint"),
                    column("d", "date"),
                    column("t", "timestamp"),
                    computed("hour", "int", "hour(t)"),
                    column("city", "string"),
                    column("n", "int"))))
        .containsExactly("1 2011-01-02 2011-01-02 03:04:05.0 3 Köln/a :% 10");
  }

  @Test
  void readsFoldersWhoseFilesHaveDifferentTypes() {
    write(rows(), "parquet", folder.resolve("in"));
    spark
        .sql("SELECT 7L AS id, '3.5' AS km")
        .write()
        .parquet(folder.resolve("in/month=2011-03/code=08").toString());

    assertThat(texts(read("parquet", folder.resolve("in").toString(), Map.of(), DECLARED)))
        .hasSize(4)
        .endsWith("7 2011-03 08 2011 9 3.5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "csv", "json"})
  void readsSomeFoldersOnceItIsSaidWhereTheirNamesBegin(String format) {
    Path in = folder.resolve("in");
    write(rows(), format, in);
    Map<String, String> begun = Map.of("basePath", in.toString());

    assertThat(texts(read(format, in.resolve("month=2011-0[12]").toString(), begun, DECLARED)))
        .containsExactly("0 2011-01 007 2011 8 0.5", "1 2011-02 010 2011 11 1.5");
    assertThat(texts(read(format, in.resolve("month=2011-01").toString(), begun, DECLARED)))
        .containsExactly("0 2011-01 007 2011 8 0.5");

    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(() -> read(format, in.resolve("month=2011-01").toString(), Map.of(), DECLARED))
        .withMessageContaining("month is missing")
        .satisfies(
            e ->
                assertThat(e.hint())
                    .startsWith("set data.source.options.basePath to the folder above month=..."));
    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(
            () -> read(format, in.resolve("month=2011-0[12]").toString(), Map.of(), DECLARED))
        .withMessageContaining("it cannot be told where in ")
        .satisfies(e -> assertThat(e.hint()).contains("data.source.options.basePath"))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.DATA));
  }

  @Test
  void passesOverWhatJobsLeaveBehind() throws IOException {
    write(rows(), "parquet", folder);
    Files.createDirectories(folder.resolve("_temporary/0"));
    Files.writeString(folder.resolve("_temporary/0/part.parquet"), "half");
    Files.writeString(folder.resolve(".part.parquet.swp"), "half");
    Files.createDirectories(folder.resolve("month=2012-01"));

    assertThat(read("parquet", folder.toString(), Map.of(), DECLARED)).hasSize(3);
  }

  /** Three rows in two months and one without. */
  private Dataset<Row> rows() {
    return spark.sql(
        "SELECT * FROM VALUES (0L, '2011-01', '007', 0.5D), (1L, '2011-02', '010', 1.5D),"
            + " (2L, null, '007', 2.5D) AS t(id, month, code, km)");
  }

  private static void write(Dataset<Row> rows, String format, Path into) {
    rows.coalesce(1)
        .write()
        .format(format)
        .options(format.equals("csv") ? Map.of("header", "true") : Map.<String, String>of())
        .mode("append")
        .partitionBy("month", "code")
        .save(into.toString());
  }

  private static List<String> texts(List<Row> rows) {
    return rows.stream().map(row -> row.mkString(" ")).toList();
  }

  private List<Row> read(
      String format, String path, Map<String, String> options, DataConfig.Column... columns) {
    Map<String, String> all = new TreeMap<>(options);
    if (format.equals("csv")) {
      all.put("header", "true");
    }
    DataConfig data =
        Contracts.from(
            csv("unused", 1.0, columns[columns.length - 1].name(), columns),
            new DataConfig.Source(format, all, Optional.of(path)));
    return new RowContract(data, NOW)
        .read(spark)
        .orderBy(RowContract.VALUES + ".id")
        .select(RowContract.VALUES + ".*")
        .collectAsList();
  }
}
