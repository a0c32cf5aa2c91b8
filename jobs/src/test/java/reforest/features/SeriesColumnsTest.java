package reforest.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.ColumnType;
import reforest.bundle.History;
import reforest.bundle.Manifest;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.SeriesField;
import reforest.bundle.SeriesField.Column;
import reforest.bundle.SeriesField.Take;
import reforest.bundle.Task;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class SeriesColumnsTest {

  private static final StructType SCHEMA =
      StructType.fromDDL("`the id` bigint, at timestamp, `a.b` string, n int, `v\u00e9lo` double");

  private static final Column OF = column("v\u00e9lo", "double");

  private static Column column(String name, String type) {
    return new Column(name, ColumnType.named(type).orElseThrow(), Optional.empty());
  }

  private static SeriesField field(List<Column> by, Duration lag, Optional<Duration> window) {
    return new SeriesField(
        window.isPresent() ? Take.ROLLING_MEAN : Take.LAG,
        OF,
        column("at", "timestamp"),
        by,
        List.of(column("the id", "bigint")),
        lag,
        window);
  }

  /** A third of the times hold several rows or none, and one row in six has no value. */
  private static List<Row> rows(Random random) {
    List<Row> rows = new ArrayList<>();
    String[] names = {"x", "X", "", " x"};
    for (long id = 0; id < 400; id++) {
      Instant at = Instant.parse("2011-03-26T22:00:00Z").plusMillis(500L * random.nextInt(900));
      Double value =
          random.nextInt(8) == 0
              ? null
              : random.nextInt(12) == 0
                  ? Double.NaN
                  : (random.nextDouble() - 0.4) * Math.pow(10, random.nextInt(9));
      rows.add(
          RowFactory.create(
              id,
              Timestamp.from(at),
              random.nextInt(9) == 0 ? null : names[random.nextInt(names.length)],
              random.nextInt(9) == 0 ? null : random.nextInt(2),
              value));
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void givesWhatTheLibraryGivesToTheLastBit(long seed, SparkSession spark) {
    Random random = new Random(seed);
    List<Row> rows = rows(random);
    Column text = column("a.b", "string");
    Column number = column("n", "int");
    Duration lag = Duration.ofMillis(500L * (1 + random.nextInt(100)));
    Map<String, SeriesField> fields = new LinkedHashMap<>();
    fields.put("lag of all", field(List.of(), lag, Optional.empty()));
    fields.put("lag.by", field(List.of(number), lag, Optional.empty()));
    fields.put("short", field(List.of(text, number), lag, Optional.of(Duration.ofSeconds(9))));
    fields.put("long", field(List.of(text), lag.plusMillis(1), Optional.of(Duration.ofHours(1))));
    History history = History.of(manifest(fields));
    rows.forEach(row -> history.add(values(row)));
    Dataset<Row> all = spark.createDataFrame(rows, SCHEMA).repartition(3);

    List<Row> computed =
        SeriesColumns.added(all, all.where("n = 1"), List.of("the id"), fields)
            .orderBy("the id")
            .collectAsList();

    assertThat(computed)
        .hasSize((int) rows.stream().filter(row -> Integer.valueOf(1).equals(row.get(3))).count());
    int found = 0;
    for (Row row : computed) {
      Map<String, @Nullable Object> complete = history.complete(values(row));
      for (String name : fields.keySet()) {
        Object value = row.getAs(name);
        assertThat(value).as("%s of %s", name, row).isEqualTo(complete.get(name));
        found += value == null ? 0 : 1;
      }
    }
    assertThat(found).isGreaterThan(computed.size());
  }

  @Test
  void replacesAColumnOfThatNameAndKeepsRowsWithoutAPast(SparkSession spark) {
    Dataset<Row> all =
        spark.sql(
            """
            SELECT id AS `the id`, timestamp_seconds(60 * id) AS at, cast(id AS double) AS `vélo`,
              'old' AS lag FROM range(3)
            """);
    Map<String, SeriesField> fields =
        Map.of("lag", field(List.of(), Duration.ofMinutes(1), Optional.empty()));

    Dataset<Row> rows = SeriesColumns.added(all, all, List.of("the id"), fields).orderBy("the id");

    assertThat(rows.columns()).containsExactly("the id", "at", "v\u00e9lo", "lag");
    assertThat(rows.select("lag").collectAsList())
        .containsExactly(
            RowFactory.create((Object) null), RowFactory.create(0.0), RowFactory.create(1.0));
  }

  private static Map<String, @Nullable Object> values(Row row) {
    Map<String, @Nullable Object> values = new HashMap<>();
    for (int i = 0; i < SCHEMA.length(); i++) {
      Object value = row.get(i);
      values.put(SCHEMA.fieldNames()[i], value instanceof Timestamp at ? at.toInstant() : value);
    }
    return values;
  }

  private static Manifest manifest(Map<String, SeriesField> fields) {
    List<Input> inputs = new ArrayList<>();
    fields.forEach(
        (name, field) ->
            inputs.add(
                new Input(
                    name,
                    InputType.NUMBER,
                    Optional.of(ColumnType.DOUBLE),
                    Optional.empty(),
                    Optional.of(field),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    "0.0",
                    Optional.empty(),
                    Optional.empty())));
    return new Manifest(
        "bikes",
        Task.REGRESSION,
        "y",
        List.of(),
        inputs,
        List.of(),
        new Provenance(
            "run",
            "table",
            0,
            "digest",
            "split",
            Optional.empty(),
            "random-forest",
            Map.of(),
            1,
            "revision",
            "configuration",
            Map.of()),
        Map.of());
  }
}
