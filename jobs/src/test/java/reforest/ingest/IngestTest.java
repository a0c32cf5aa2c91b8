package reforest.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static reforest.ingest.Contracts.bounded;
import static reforest.ingest.Contracts.column;
import static reforest.ingest.Contracts.computed;
import static reforest.ingest.Contracts.csv;
import static reforest.ingest.Contracts.oneOf;
import static reforest.ingest.Contracts.personal;

import io.delta.tables.DeltaTable;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.table.Table;
import reforest.testing.Datasets;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class IngestTest {

  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  @TempDir Path folder;
  private SparkSession spark;

  @BeforeEach
  void session(SparkSession session) {
    spark = session;
  }

  @Test
  void insertsLateRowsAndUpdatesChangedOnesAndIgnoresTheRest() throws IOException {
    ingest(trips(file("a.csv", "id,km", "1,1.5", "2,2.5")));

    Ingest.Result result = ingest(trips(file("b.csv", "id,km", "1,1.5", "2,9", "3,4")));

    assertThat(result.versionBefore()).hasValue(1);
    assertThat(result.versionAfter()).isEqualTo(2);
    assertThat(List.of(result.inserted(), result.updated(), result.unchanged()))
        .containsExactly(1L, 1L, 1L);
    Datasets.assertSameRows(
        spark.sql("SELECT * FROM VALUES ('1', 1.5D), ('2', 9D), ('3', 4D) AS t(id, km)"), table());
  }

  @Test
  void onlyAppendsWhereNoRowChanges() throws IOException {
    ingest(trips(file("a.csv", "id,km", "1,1.5", "2,2.5")));

    Ingest.Result late = ingest(trips(file("b.csv", "id,km", "2,2.5", "3,4", "3,4")));

    assertThat(List.of(late.inserted(), late.updated(), late.unchanged(), late.repeated()))
        .containsExactly(1L, 0L, 1L, 1L);
    assertThat(table().count()).isEqualTo(3);
    assertThat(
            DeltaTable.forPath(spark, folder.resolve("table").toString())
                .history()
                .where("version > 0")
                .select("operation")
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactly("WRITE", "WRITE");
  }

  @Test
  void appendsColumnsWhoseNamesHoldDotsAndBackticks() throws IOException {
    for (String rows : List.of("1,1.5,7", "2,2.5,8")) {
      ingest(
          csv(
              file("a.csv", "id,net.price,vis`itors", rows),
              0,
              "net.price",
              column("id", "string"),
              column("net.price", "double"),
              column("vis`itors", "int")));
    }

    assertThat(table().columns()).containsExactly("id", "net.price", "vis`itors");
    assertThat(table().orderBy("id").collectAsList())
        .extracting(row -> row.mkString("|"))
        .containsExactly("1|1.5|7", "2|2.5|8");
  }

  @Test
  void appendsToNoVersionThatAnotherWriterHasFollowed() throws IOException {
    ingest(trips(file("a.csv", "id,km", "1,1.5")));
    Table table = new Table(spark, folder.resolve("table").toUri());
    Dataset<Row> late = spark.sql("SELECT * FROM VALUES ('2', 2D) AS t(id, km)");
    table.append(1, late);

    assertThatThrownBy(() -> table.append(1, late))
        .isInstanceOf(DeltaConcurrentModificationException.class);

    assertThat(table().count()).isEqualTo(2);
    assertThat(table.isEmpty(0)).isTrue();
    assertThat(table.isEmpty(1)).isFalse();
  }

  @Test
  void beginsWhereAnotherProcessHasJustBegun() throws IOException {
    Files.createDirectories(folder.resolve("table/_delta_log"));

    ingest(trips(file("a.csv", "id,km", "1,1.5")));

    assertThat(table().count()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void losesNoneOfArbitraryRowsAndTakesNoneThatBreaksTheContract(long seed) {
    StructType schema =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("km", DataTypes.DoubleType)
            .add("n", DataTypes.IntegerType)
            .add("at", DataTypes.TimestampType);
    String path = folder.resolve("arbitrary").toString();
    Dataset<Row> rows = Datasets.arbitrary(spark, schema, seed, 200);
    rows.write().parquet(path);
    DataConfig data =
        Contracts.from(
            csv(
                "unused",
                1.0,
                "km",
                column("id", "string"),
                column("km", "double"),
                bounded("n", "int", 0, 2e9),
                column("at", "timestamp")),
            new DataConfig.Source("parquet", Map.of(), Optional.of(path)));

    Ingest.Result result = ingest(data);

    assertThat(result.read()).isEqualTo(200);
    assertThat(result.inserted() + result.repeated() + result.quarantined()).isEqualTo(200);
    assertThat(table().count()).isEqualTo(result.inserted()).isBetween(10L, 190L);
    assertThat(table().where("id is null or n is null or n < 0 or n > 2e9").count()).isZero();
    Datasets.assertSameRows(
        table(), table().as("t").join(rows.as("r"), sameRow()).select("t.*").dropDuplicates("id"));
    assertThat(quarantine().where("reason = ''").count()).isZero();
    Dataset<Row> refused = quarantine().selectExpr("from_json(row, 'id string').id");
    assertThat(rows.select("id").except(table().select("id")).except(refused).count()).isZero();
    assertThat(ingest(data).versionAfter()).isEqualTo(result.versionAfter());
  }

  private static Column sameRow() {
    return Stream.of("id", "km", "n", "at")
        .map(name -> col("t." + name).eqNullSafe(col("r." + name)))
        .reduce(lit(true), Column::and);
  }

  @Test
  void makesNoNewVersionWhenTheSameRowsComeAgain() throws IOException {
    DataConfig data = trips(file("a.csv", "id,km", "1,1.5", "2,", "3,not a number", "1,1.5"), 0.5);
    Ingest.Result first = ingest(data);

    Ingest.Result again = ingest(data);

    assertThat(again.versionBefore()).hasValue(first.versionAfter());
    assertThat(again.versionAfter()).isEqualTo(first.versionAfter());
    assertThat(again.unchanged()).isEqualTo(2);
    assertThat(again.repeated()).isEqualTo(1);
    assertThat(quarantine().count()).isEqualTo(1);
    assertThat(DeltaTable.forPath(spark, quarantinePath()).history().count()).isEqualTo(2);
  }

  @Test
  void saysHowEachRowBreaksTheContract() throws IOException {
    DataConfig data =
        csv(
            file(
                "a.csv",
                "id,n,x,hum,sky",
                "ok,1,1.5,0.5,clear",
                "fraction,1.5,1,0.5,clear",
                "text,one,1,0.5,clear",
                "infinite,1,Infinity,0.5,clear",
                "nan,1,NaN,0.5,clear",
                "low,1,1,-0.1,clear",
                "high,1,1,1.4,clear",
                "none,1,1,,clear",
                "odd,1,1,0.5,green",
                ",1,1,0.5,clear"),
            1.0,
            "n",
            column("id", "string"),
            column("n", "int"),
            column("x", "double"),
            bounded("hum", "double", 0, 1),
            oneOf("sky", "string", "clear", "mist"));

    Ingest.Result result = ingest(data);

    assertThat(result.reasons())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "n is not of type int", 2L,
                "x is infinite", 1L,
                "hum is below 0", 1L,
                "hum is above 1", 1L,
                "hum is null", 1L,
                "sky is not one of clear, mist", 1L,
                "id is null", 1L));
    assertThat(result.quarantined()).isEqualTo(8);
    assertThat(table().where("id = 'nan' AND x IS NULL").count()).isEqualTo(1);
    Row odd = quarantine().where("reason LIKE 'sky%'").head();
    assertThat(odd.<String>getAs("row"))
        .isEqualTo("{\"id\":\"odd\",\"n\":\"1\",\"x\":\"1\",\"hum\":\"0.5\",\"sky\":\"green\"}");
    assertThat(odd.<String>getAs("source")).endsWith("a.csv");
    assertThat(odd.<java.sql.Timestamp>getAs("ingested_at").toInstant()).isEqualTo(NOW);
  }

  @Test
  void refusesALabelThatIsNotANumber() throws IOException {
    Ingest.Result result = ingest(trips(file("a.csv", "id,km", "1,NaN", "2,2", "3,"), 0.5));

    assertThat(result.reasons()).isEqualTo(Map.of("km is NaN", 1L));
    assertThat(table().count()).isEqualTo(2);
  }

  @Test
  void takesWholeNumbersWithGapsAsPandasWritesThem() throws IOException {
    String path = folder.resolve("gaps.parquet").toString();
    spark
        .sql(
            "SELECT id, x AS i, x AS l, x AS d, cast(x AS float) AS f, x AS b, x AS n, x AS label"
                + " FROM VALUES ('whole', 3D), ('gap', double('NaN')), ('part', 1.5D),"
                + " ('endless', double('Infinity')) AS t(id, x)")
        .write()
        .parquet(path);
    DataConfig.Column n = bounded("n", "int", 0, 9);

    Ingest.Result numbers =
        ingest(
            Contracts.from(
                csv(
                    "unused",
                    1.0,
                    "label",
                    column("id", "string"),
                    column("i", "int"),
                    column("l", "bigint"),
                    column("d", "decimal(6,0)"),
                    column("f", "smallint"),
                    column("b", "boolean")),
                new DataConfig.Source("parquet", Map.of(), Optional.of(path))));

    assertThat(table().orderBy("id").collectAsList())
        .extracting(row -> row.mkString("|"))
        .containsExactly("gap|null|null|null|null|null", "whole|3|3|3|3|true");
    assertThat(numbers.reasons())
        .containsEntry("i is not of type int", 2L)
        .containsEntry("l is not of type bigint", 2L)
        .containsEntry("f is not of type smallint", 2L)
        .containsEntry("d is not of type decimal(6,0)", 1L);

    Ingest.Result refused =
        ingest(
            Contracts.from(
                csv("unused", 1.0, "label", column("id", "string"), n, column("label", "int")),
                new DataConfig.Source("parquet", Map.of(), Optional.of(path))),
            "refused");

    assertThat(refused.reasons())
        .isEqualTo(
            Map.of(
                "n is not of type int", 2L,
                "label is not of type int", 2L,
                "n is NaN", 1L,
                "label is NaN", 1L));
  }

  @Test
  void takesTheTextOfAWholeNumberWithAPoint() throws IOException {
    DataConfig data =
        csv(
            file(
                "a.csv",
                "id,n",
                "point,3.0",
                "plain,-4",
                "large,9007199254740993.0",
                "gap,NaN",
                "part,1.5",
                "overflow,1e19"),
            1.0,
            "id",
            column("id", "string"),
            column("n", "bigint"));

    Ingest.Result result = ingest(data);

    Datasets.assertSameRows(
        spark.sql(
            "SELECT * FROM VALUES ('point', 3L), ('plain', -4L), ('large', 9007199254740993L),"
                + " ('gap', NULL) AS t(id, n)"),
        table());
    assertThat(result.reasons()).isEqualTo(Map.of("n is not of type bigint", 2L));
  }

  @Test
  void quarantinesEveryRowOfAKeyWhoseRowsDiffer() throws IOException {
    Ingest.Result result =
        ingest(trips(file("a.csv", "id,km", "1,1", "1,2", "2,5", "2,5", "3,", "3,7"), 1.0));

    assertThat(result.reasons()).isEqualTo(Map.of("rows with the same id differ", 4L));
    assertThat(result.repeated()).isEqualTo(1);
    assertThat(table().select("id").collectAsList()).extracting(r -> r.get(0)).containsExactly("2");
  }

  @Test
  void failsWithCountsAndExamplesWhenTooManyRowsBreakTheContract() throws IOException {
    DataConfig before = trips(file("a.csv", "id,km", "1,1"));
    ingest(before);
    DataConfig data =
        csv(
            file("b.csv", "id,who,km", "2,Ann,2", "3,Bob,far", "4,Cem,near", "5,Dan,1"),
            0.25,
            "km",
            column("id", "string"),
            column("km", "double"),
            personal("who", "string"));

    assertThatThrownBy(() -> ingest(data))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.DATA);
              assertThat(e)
                  .hasMessage(
                      "2 of 4 rows (50.0 %) break the contract, more than data.max-quarantined = 0.25"
                          + " allows: km is not of type double (2). Examples:"
                          + " {\"id\":\"3\",\"km\":\"far\"} {\"id\":\"4\",\"km\":\"near\"}");
              assertThat(e.hint()).contains("the table is as it was").contains(quarantinePath());
            });
    assertThat(quarantine().count()).isEqualTo(2);
    assertThat(table().columns()).containsExactly("id", "km");
    assertThat(table().count()).isEqualTo(1);
  }

  @Test
  void losesNoLineThatCannotBeParsed() throws IOException {
    Path file = folder.resolve("a.json");
    Files.writeString(file, "{\"id\":\"1\",\"km\":2.0}\n{\"id\":\"2\",\"km\":\n");
    DataConfig data =
        Contracts.from(
            trips("unused", 0.5),
            new DataConfig.Source("json", Map.of(), Optional.of(file.toString())));

    Ingest.Result result = ingest(data);

    assertThat(result.reasons()).containsEntry("the row cannot be parsed", 1L);
    assertThat(quarantine().head().<String>getAs("row"))
        .isEqualTo("{\"unparsed\":\"{\\\"id\\\":\\\"2\\\",\\\"km\\\":\"}");
    assertThat(table().count()).isEqualTo(1);
  }

  @Test
  void computesColumnsFromTheSource() throws IOException {
    DataConfig data =
        csv(
            file("a.csv", "my id,the.time,`odd`,km 😀", "7,2011-03-01T05:00:00Z,x,3.25"),
            0,
            "km_😀",
            computed("the.id", "bigint", "`my id`"),
            column("the.time", "timestamp"),
            column("`odd`", "string"),
            computed("hour", "int", "hour(`the.time`)"),
            computed("km_😀", "decimal(6,2)", "`km 😀`"));

    ingest(data);
    ingest(data);
    Ingest.Result changed =
        ingest(
            Contracts.from(
                data,
                new DataConfig.Source(
                    "csv",
                    Map.of("header", "true"),
                    Optional.of(
                        file(
                            "b.csv",
                            "my id,the.time,`odd`,km 😀",
                            "7,2011-03-01T06:00:00Z,y,4")))));

    assertThat(changed.updated()).isEqualTo(1);
    assertThat(table().columns()).containsExactly("the.id", "the.time", "`odd`", "hour", "km_😀");
    assertThat(table().head().mkString("|")).isEqualTo("7|2011-03-01 06:00:00.0|y|6|4.00");
  }

  @Test
  void quarantinesRowsOnWhichAnExpressionFails() throws IOException {
    DataConfig data =
        csv(
            file(
                "a.csv",
                "id,t,n,k",
                "good,05.03.2011,4,1",
                "blank,,,1",
                "badtime,2011-03-05,4,1",
                "zero,05.03.2011,0,1",
                "outside,05.03.2011,4,7",
                "text,05.03.2011,four,1",
                "huge,05.03.2011,2000000000,1"),
            1.0,
            "ratio",
            column("id", "string"),
            computed("ts", "timestamp", "to_timestamp(t, 'dd.MM.yyyy')"),
            computed("day", "date", "to_date(t, 'dd.MM.yyyy')"),
            computed("hour", "int", "hour(to_timestamp(t, 'dd.MM.yyyy'))"),
            computed("ratio", "double", "8 / cast(n AS int)"),
            computed("twice", "int", "cast(n AS int) * 2"),
            computed("nth", "string", "array('a', 'b')[cast(k AS int)]"),
            computed("element", "string", "element_at(array('a', 'b'), cast(k AS int))"),
            computed("same", "int", "cast(n AS int)"));

    Ingest.Result result = ingest(data);

    assertThat(table().orderBy("id").collectAsList())
        .extracting(row -> row.mkString("|"))
        .containsExactly(
            "blank|null|null|null|null|null|b|a|null",
            "good|2011-03-05 00:00:00.0|2011-03-05|0|2.0|8|b|a|4");
    assertThat(result.reasons())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "ts cannot be computed: CANNOT_PARSE_TIMESTAMP", 1L,
                "day cannot be computed: CANNOT_PARSE_TIMESTAMP", 1L,
                "hour cannot be computed: CANNOT_PARSE_TIMESTAMP", 1L,
                "ratio cannot be computed: DIVIDE_BY_ZERO", 1L,
                "ratio cannot be computed: CAST_INVALID_INPUT", 1L,
                "twice cannot be computed: CAST_INVALID_INPUT", 1L,
                "same cannot be computed: CAST_INVALID_INPUT", 1L,
                "twice cannot be computed: ARITHMETIC_OVERFLOW", 1L,
                "nth cannot be computed: INVALID_ARRAY_INDEX", 1L,
                "element cannot be computed: INVALID_ARRAY_INDEX_IN_ELEMENT_AT", 1L));
    assertThat(quarantine().where("reason LIKE 'nth%'").head().<String>getAs("row"))
        .isEqualTo("{\"id\":\"outside\",\"t\":\"05.03.2011\",\"n\":\"4\",\"k\":\"7\"}");
  }

  @Test
  void quarantinesEveryRowWhenAnExpressionFailsWhateverTheRow() throws IOException {
    Ingest.Result result =
        ingest(
            csv(
                file("a.csv", "id,km", "1,2", "2,3"),
                1.0,
                "km",
                column("id", "string"),
                computed("km", "double", "cast(km AS double) + 1 / 0")));

    assertThat(result.reasons()).isEqualTo(Map.of("km cannot be computed: DIVIDE_BY_ZERO", 2L));
  }

  @Test
  void namesTheNearestColumnWhenOneIsMissing() throws IOException {
    String path = file("a.csv", "id,kms,Sky", "1,2,clear");

    assertError(
        csv(
            path,
            0,
            "km",
            column("id", "string"),
            column("km", "double"),
            column("zone", "string")),
        Kind.DATA,
        "the source does not give 2 declared columns: km is missing (nearest: kms); zone is missing",
        "the source has id, kms, Sky");
  }

  @Test
  void saysWhichExpressionIsWrong() throws IOException {
    String path = file("a.csv", "id,km", "1,2");

    assertError(
        csv(path, 0, "km", column("id", "string"), computed("km", "double", "km +")),
        Kind.ARGUMENTS,
        "the source does not give 1 declared column: km (from = \"km +\"): ",
        "Spark SQL expression");
  }

  @Test
  void saysThatTheSourceIsEmptyOrMissingOrUnreadable() throws IOException {
    String gone = folder.resolve("gone.csv").toString();
    assertError(
        trips(file("a.csv", "id,km")),
        Kind.DATA,
        "the source " + folder.resolve("a.csv") + " has no rows",
        "nothing was changed");
    assertError(
        trips(gone),
        Kind.DATA,
        "nothing to ingest: there is no file or folder " + gone,
        "check the path");
    assertError(
        Contracts.from(
            trips(gone), new DataConfig.Source("parquet", Map.of(), Optional.of(file("p", "x")))),
        Kind.DATA,
        "cannot read " + folder.resolve("p") + " as parquet: ",
        "check data.source.format");
    assertError(
        Contracts.from(trips(gone), new DataConfig.Source("xlsx", Map.of(), Optional.of(gone))),
        Kind.ARGUMENTS,
        "data.source.format xlsx is unknown to this Spark",
        "use csv, json, parquet or delta");
    assertError(
        Contracts.from(trips(gone), new DataConfig.Source("csv", Map.of(), Optional.empty())),
        Kind.ARGUMENTS,
        "data.source.path is missing",
        "command line");
  }

  @Test
  void refusesAFolderOfCsvFilesWhoseColumnsLieInAnotherOrder() throws IOException {
    Path trips = Files.createDirectories(folder.resolve("trips, all"));
    Files.writeString(trips.resolve("may 1.csv"), ",id,\"km, driven\",wind\n0,1,2,3\n");
    Files.writeString(trips.resolve("may 2.csv"), ",ID,\"km, driven\",wind\r\n0,2,2,3\r\n");
    Files.createFile(trips.resolve("may 3.csv"));
    DataConfig data =
        csv(
            trips.toString(),
            0,
            "km",
            column("id", "string"),
            computed("km", "double", "`km, driven`"),
            column("wind", "double"));

    ingest(data);
    try (Writer june =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(trips.resolve("june.csv.gz"))),
            StandardCharsets.UTF_8)) {
      june.write(",id,wind,\"km, driven\"\n0,3,30,20\n");
    }

    assertError(
        data,
        Kind.DATA,
        "may 1.csv are , id, km, driven, wind, those of file:" + trips.resolve("june.csv.gz"),
        "one by one, or set data.source.options.enforceSchema");
    assertThat(table().count()).isEqualTo(2);
    Ingest.Result enforced =
        ingest(
            Contracts.from(
                data,
                new DataConfig.Source(
                    "csv",
                    Map.of("header", "true", "enforceSchema", "true"),
                    Optional.of(trips.toString()))),
            "enforced");
    assertThat(enforced.inserted()).isEqualTo(3);
  }

  @Test
  void addsNullableColumnsAndRefusesRemovedOrRetypedOnes() throws IOException {
    String path = file("a.csv", "id,km,wind", "1,2,3");
    ingest(trips(path));

    ingest(
        csv(
            path,
            0,
            "km",
            column("id", "string"),
            column("wind", "double"),
            column("km", "double")));

    assertThat(table().columns()).containsExactly("id", "km", "wind");
    assertThat(table().head().mkString("|")).isEqualTo("1|2.0|3.0");
    assertError(
        csv(path, 0, "km", column("id", "string"), column("km", "int")),
        Kind.DATA,
        "contradict each other: column km is of type double in the table and int in data.columns;"
            + " keep the type, or declare a new column with from = \"`km`\"; column wind of the"
            + " table is not declared any more",
        "mend data.columns");
    assertError(
        csv(
            path,
            0,
            "km",
            column("id", "string"),
            column("wind", "double"),
            column("km", "double"),
            new DataConfig.Column(
                "w2",
                "double",
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                Optional.of("wind"))),
        Kind.DATA,
        "new column w2 must be nullable",
        "mend data.columns");
  }

  @Test
  void makesATableThatEveryDeltaReaderCanOpen() throws IOException {
    ingest(trips(file("a.csv", "id,km", "1,1")));
    ingest(trips(file("b.csv", "id,km", "1,2", "2,2")));

    Row detail = DeltaTable.forPath(spark, tablePath()).detail().head();
    assertThat(detail.<Integer>getAs("minReaderVersion")).isEqualTo(1);
    assertThat(detail.<Integer>getAs("minWriterVersion")).isEqualTo(2);
    assertThat(detail.<Long>getAs("numFiles")).isLessThanOrEqualTo(2);
    assertThat(detail.getJavaMap(detail.fieldIndex("properties")))
        .containsEntry("delta.logRetentionDuration", "interval 400 days")
        .containsEntry("delta.deletedFileRetentionDuration", "interval 400 days");
  }

  @Test
  void refusesATableThatNeedsANewerReader() throws IOException {
    spark.sql(
        "CREATE TABLE delta.`"
            + tablePath()
            + "` (id STRING, km DOUBLE) USING delta"
            + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')");

    assertError(
        trips(file("a.csv", "id,km", "1,1")),
        Kind.DATA,
        "needs a Delta reader of version 3 (features: ",
        "DROP FEATURE");
  }

  @Test
  void keepsTheHistoryBackToTheOldestVersionThatARunNames() throws IOException {
    ingest(trips(file("a.csv", "id,km", "1,1")));
    DataConfig data = trips(file("b.csv", "id,km", "2,1"));
    Clock later = inDays(730);

    Ingest.Result first = ingest(data, later, OptionalLong.of(1));
    Ingest.Result again = ingest(data, later, OptionalLong.of(1));

    Row detail = DeltaTable.forPath(spark, tablePath()).detail().head();
    assertThat(Table.parse(retention(detail))).isGreaterThan(Duration.ofDays(730 + 400));
    assertThat(first.versionAfter()).isEqualTo(3);
    assertThat(again.versionAfter()).isEqualTo(3);
  }

  @Test
  void keepsANamedVersionForHalfOfTheHistoryWithoutAnotherIngest() throws IOException {
    ingest(trips(file("a.csv", "id,km", "1,1")));
    DataConfig data = trips(file("b.csv", "id,km", "2,1"));

    ingest(data, inDays(190), OptionalLong.of(1));
    Row kept = DeltaTable.forPath(spark, tablePath()).detail().head();
    ingest(data, inDays(250), OptionalLong.of(1));
    Row extended = DeltaTable.forPath(spark, tablePath()).detail().head();

    assertThat(Table.parse(retention(kept))).isEqualTo(Duration.ofDays(400));
    assertThat(Table.parse(retention(extended)))
        .isBetween(Duration.ofDays(250 + 200 + 400), Duration.ofDays(252 + 200 + 400));
  }

  @Test
  void keepsEveryRowOfTwoIngestsAtOnce() throws Exception {
    ingest(trips(file("a.csv", "id,km", "0,0")));
    List<Future<Ingest.Result>> running = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      for (String name : List.of("b", "c")) {
        DataConfig data = trips(file(name + ".csv", "id,km", name + ",1", "both,2"));
        running.add(pool.submit(() -> ingest(data)));
      }
      for (Future<Ingest.Result> one : running) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }

    Datasets.assertSameRows(
        spark.sql(
            "SELECT * FROM VALUES ('0', 0D), ('b', 1D), ('c', 1D), ('both', 2D) AS t(id, km)"),
        table());
  }

  /** The commits are of today, so only a later look makes them old. */
  private static Clock inDays(int days) {
    return Clock.fixed(Instant.now().plus(Duration.ofDays(days)), ZoneOffset.UTC);
  }

  private static String retention(Row detail) {
    return detail
        .<String, String>getJavaMap(detail.fieldIndex("properties"))
        .getOrDefault("delta.logRetentionDuration", "");
  }

  private void assertError(DataConfig data, Kind kind, String message, String hint) {
    assertThatThrownBy(() -> ingest(data))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e).hasMessageContaining(message);
              assertThat(e.hint()).contains(hint);
              assertThat(e.kind()).isEqualTo(kind);
            });
  }

  private DataConfig trips(String path) {
    return trips(path, 0);
  }

  private static DataConfig trips(String path, double maxQuarantined) {
    return csv(path, maxQuarantined, "km", column("id", "string"), column("km", "double"));
  }

  private Ingest.Result ingest(DataConfig data) {
    return ingest(data, Clock.fixed(NOW, ZoneOffset.UTC), OptionalLong.empty());
  }

  private Ingest.Result ingest(DataConfig data, String table) {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    return new Ingest(spark, data, uri(table), uri("quarantine"), clock).execute();
  }

  private Ingest.Result ingest(DataConfig data, Clock clock, OptionalLong named) {
    return new Ingest(spark, data, uri("table"), uri("quarantine"), clock).execute(named);
  }

  private Dataset<Row> table() {
    return spark.read().format("delta").load(tablePath());
  }

  private Dataset<Row> quarantine() {
    return spark.read().format("delta").load(quarantinePath());
  }

  private String tablePath() {
    return folder.resolve("table").toString();
  }

  private String quarantinePath() {
    return folder.resolve("quarantine").toString();
  }

  private URI uri(String name) {
    return folder.resolve(name).toUri();
  }

  private String file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines), StandardCharsets.UTF_8).toString();
  }
}
