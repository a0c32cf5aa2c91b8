package reforest.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reforest.config.DataConfig;
import reforest.ingest.Contracts;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class ProfilerTest {

  private static final DataConfig DATA =
      Contracts.csv(
          "unused",
          0,
          "x.y",
          Contracts.column("x.y", "double"),
          Contracts.column("sky", "string"),
          Contracts.column("ts", "timestamp"),
          Contracts.personal("name", "string"),
          Contracts.personal("age", "int"),
          Contracts.column("not there", "int"));

  @Test
  void describesEveryColumnButNoPersonalValue(SparkSession spark) {
    Dataset<Row> rows =
        spark.sql(
            "SELECT IF(id = 0, NULL, CAST(id AS DOUBLE)) AS `x.y`,"
                + " CASE WHEN id < 60 THEN 'clear' WHEN id < 90 THEN 'mist' WHEN id < 99 THEN"
                + " 'rain' END AS sky, timestamp_seconds(id) AS ts, 'Ann' AS name, 7 AS age"
                + " FROM range(101)");

    Profile profile = new Profiler(DATA, Set.of("x.y"), 2).of(rows);

    assertThat(profile.rows()).isEqualTo(101);
    assertThat(profile.columns())
        .extracting(Profile.ColumnProfile::name)
        .containsExactly("x.y", "sky", "ts", "name", "age");
    Profile.ColumnProfile number = profile.columns().get(0);
    assertThat(number.missing()).isEqualTo(1);
    assertThat(number.numbers())
        .hasValue(
            new Profile.Numbers(50.5, Math.sqrt(100 * 101 / 12.0), 1, 5, 25, 50, 75, 95, 100));
    Profile.ColumnProfile sky = profile.columns().get(1);
    assertThat(sky.missing()).isEqualTo(2);
    assertThat(sky.categories())
        .isEqualTo(
            List.of(new Profile.CategoryCount("clear", 60), new Profile.CategoryCount("mist", 30)));
    assertThat(sky.distinct()).isEqualTo(3);
    assertThat(profile.columns().get(2).range())
        .hasValue(new Profile.Range("1970-01-01T00:00:00.000000Z", "1970-01-01T00:01:40.000000Z"));
    assertThat(profile.columns().get(3))
        .isEqualTo(
            new Profile.ColumnProfile(
                "name", "string", 0, Optional.empty(), List.of(), 0, Optional.empty()));
    assertThat(profile.columns().get(4).numbers()).isEmpty();
  }

  @Test
  void leavesOutAKeyThatTheModelDoesNotRead(SparkSession spark) {
    Dataset<Row> rows = spark.sql("SELECT 3D AS `x.y`, 'clear' AS sky");

    assertThat(new Profiler(DATA, Set.of(), 2).of(rows).columns())
        .extracting(Profile.ColumnProfile::name)
        .containsExactly("sky");
  }

  @Test
  void leavesOutWhatIsNotKnown(SparkSession spark) {
    Dataset<Row> rows = spark.sql("SELECT 3D AS `x.y`, CAST(NULL AS STRING) AS sky");

    Map<String, Object> map = new Profiler(DATA, Set.of("x.y"), 2).of(rows).toMap();

    assertThat(map.toString())
        .isEqualTo(
            "{rows=1, columns=[{name=x.y, type=double, missing=0, mean=3.0, min=3.0, q05=3.0,"
                + " q25=3.0, median=3.0, q75=3.0, q95=3.0, max=3.0}, {name=sky, type=string,"
                + " missing=1}]}");
  }
}
