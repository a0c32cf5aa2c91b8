package reforest.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reforest.config.DataConfig;
import reforest.config.FeatureConfig;
import reforest.testing.SparkExtension;

/** Rows that a model remembers, and features that come later than it predicts. */
@ExtendWith(SparkExtension.class)
final class DoubtfulRowsTest {

  private static final DataConfig DATA =
      new DataConfig(
          new DataConfig.Source("csv", Map.of(), Optional.empty()),
          List.of(),
          List.of("id"),
          Optional.of("ts"),
          "y",
          Optional.empty(),
          List.of(),
          0,
          Duration.ofDays(400));

  private static FeatureConfig features(String... numeric) {
    return new FeatureConfig(
        List.of(numeric),
        List.of(),
        List.of(),
        List.of(),
        FeatureConfig.Imputation.MEDIAN,
        1,
        32,
        List.of(),
        List.of());
  }

  /** Hours with a number that is always another, a coarse one, and one that is filled in late. */
  private static Dataset<Row> hours(SparkSession spark, int from, int to) {
    return spark.sql(
        """
        SELECT id, timestamp_seconds(3600 * id) AS ts, cast(id * 17 %% 1009 AS double) AS fine,
          cast(id %% 3 AS double) AS coarse,
          if(id >= 976, NULL, cast(id AS double)) AS late,
          cast(id %% 2 AS double) AS y
        FROM range(%d, %d)
        """
            .formatted(from, to));
  }

  private static Optional<RepeatedRows> repeated(
      Dataset<Row> train, Dataset<Row> window, String... features) {
    return RepeatedRows.of(train, train.count(), window, window.count(), DATA, features(features));
  }

  @Test
  void findsWindowRowsThatStandAmongTheTrainingRowsUnderOtherKeys(SparkSession spark) {
    Dataset<Row> train = hours(spark, 0, 800);
    Dataset<Row> copied =
        train.where("id < 50").selectExpr("id + 5000 AS id", "ts", "fine", "coarse", "late", "y");

    RepeatedRows clean = repeated(train, hours(spark, 800, 1000), "fine").orElseThrow();
    RepeatedRows dirty =
        repeated(train, hours(spark, 800, 1000).union(copied), "fine").orElseThrow();

    assertThat(clean).isEqualTo(new RepeatedRows(200, 0, 0));
    assertThat(clean.warning()).isEmpty();
    assertThat(dirty.repeated()).isCloseTo(50.0 / 250, within(1e-12));
    assertThat(dirty.warning())
        .contains(
            "20.0 % of the window's rows stand in the training rows too, with the same features and"
                + " label under other keys (usual there: 0.0 %): figures on them flatter the model;"
                + " look for rows that are ingested twice");
  }

  @Test
  void doesNotWarnOfRowsThatAreEqualBecauseFeaturesAreCoarse(SparkSession spark) {
    RepeatedRows coarse =
        repeated(hours(spark, 0, 800), hours(spark, 800, 1000), "coarse").orElseThrow();

    assertThat(coarse.repeated()).isEqualTo(1);
    assertThat(coarse.usual()).isEqualTo(1);
    assertThat(coarse.warning()).isEmpty();
  }

  @Test
  void tellsMissingValuesAtDifferentPlacesApart(SparkSession spark) {
    Dataset<Row> train =
        hours(spark, 0, 100).selectExpr("id", "ts", "y", "fine", "cast(NULL AS double) AS coarse");
    Dataset<Row> window =
        hours(spark, 0, 100)
            .selectExpr("id", "ts", "y", "cast(NULL AS double) AS fine", "fine AS coarse");

    assertThat(repeated(train, window, "fine", "coarse").orElseThrow().repeated()).isZero();
  }

  @Test
  void namesAFeatureThatIsMissingInTheNewestRowsOnly(SparkSession spark) {
    List<LateColumns.Late> late =
        LateColumns.of(
            hours(spark, 0, 1000),
            DATA,
            features("fine", "late"),
            Instant.ofEpochSecond(3600L * 976));

    assertThat(late)
        .containsExactly(new LateColumns.Late("late", Instant.ofEpochSecond(3600L * 976), 1, 0));
    assertThat(late.get(0).warning())
        .isEqualTo(
            "late is missing in 100 % of the rows from 1970-02-10T16:00:00Z on and in 0 % of those"
                + " before: it is known only later than a model predicts, or has stopped coming");
  }

  @Test
  void doesNotNameAFeatureThatIsMissingAnywhere(SparkSession spark) {
    Dataset<Row> rows =
        hours(spark, 0, 1000).selectExpr("id", "ts", "y", "if(id % 10 < 6, NULL, fine) AS fine");

    assertThat(LateColumns.of(rows, DATA, features("fine"), Instant.ofEpochSecond(3600L * 976)))
        .isEmpty();
  }
}
