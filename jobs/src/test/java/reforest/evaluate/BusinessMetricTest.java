package reforest.evaluate;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.ReforestException;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.EvaluateConfig;
import reforest.config.Metric;
import reforest.config.MetricSettings;
import reforest.config.MetricSettings.BusinessMetric;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
final class BusinessMetricTest {

  @TempDir private Path folder;

  @Test
  void isTheMeanOfTheExpressionForWhoeverPredicts(SparkSession spark) {
    SliceResult all =
        compare(hours(spark), "if(prediction > label, 2, 1) * abs(prediction - label) + x", true);

    assertValue(all, Role.CHALLENGER, x -> x < 11 ? 10 : 34);
    assertValue(all, Role.CHAMPION, x -> x < 11 ? 14 : 30);
    assertValue(all, Role.DUMMY, x -> 23);
    assertValue(all, Role.RULE, x -> x == 0 ? 23 : x);
    double gain =
        all.metric(Role.CHAMPION, Metric.BUSINESS_COST).value()
            - all.metric(Role.CHALLENGER, Metric.BUSINESS_COST).value();
    assertThat(all.gain(Role.CHAMPION, Metric.BUSINESS_COST).value())
        .isCloseTo(gain, within(1e-12));
    assertThat(all.gain(Role.CHAMPION, Metric.BUSINESS_COST).isDefined()).isTrue();
    assertThat(all.metrics().get(Role.CHALLENGER)).doesNotContainKey(Metric.BUSINESS_VALUE);
    // All else is what it is without the expression.
    assertThat(all.metric(Role.CHALLENGER, Metric.MAE).value())
        .isEqualTo(plain(hours(spark)).metric(Role.CHALLENGER, Metric.MAE).value());
  }

  private static void assertValue(SliceResult all, Role role, DoubleUnaryOperator prediction) {
    double mean =
        IntStream.range(0, 24)
            .mapToDouble(
                x -> {
                  double error = prediction.applyAsDouble(x) - 2 * x;
                  return (error > 0 ? 2 : 1) * Math.abs(error) + x;
                })
            .average()
            .orElseThrow();
    assertThat(all.metric(role, Metric.BUSINESS_COST).value())
        .as(role.key())
        .isCloseTo(mean, within(1e-12));
  }

  @Test
  void moreIsBetterWhereItIsSaid(SparkSession spark) {
    SliceResult all = compare(hours(spark), "cast(-abs(prediction - y) AS decimal(10, 2))", false);

    double mae = all.metric(Role.CHALLENGER, Metric.MAE).value();
    assertThat(all.metric(Role.CHALLENGER, Metric.BUSINESS_VALUE).value())
        .isCloseTo(-mae, within(1e-12));
    assertThat(all.gain(Role.CHAMPION, Metric.BUSINESS_VALUE).value())
        .isCloseTo(all.gain(Role.CHAMPION, Metric.MAE).value(), within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({"'if(x = 3, NULL, x)', 10", "'if(x < 2, double(\"NaN\"), x)', 20"})
  void whatIsNotKnownOfARowIsNotZero(String sql, int rows, SparkSession spark) {
    assertThat(
            compare(hours(spark), sql, true)
                .metric(Role.CHALLENGER, Metric.BUSINESS_COST)
                .undefined())
        .contains(
            "evaluate.business gives no finite number for " + rows + " of 240 rows (challenger)");
  }

  @Test
  void classesAreNamedAndHaveAProbability(SparkSession spark) {
    Dataset<Row> rows = hours(spark).withColumn("y", expr("if(x < 15, 'no', 'yes')"));
    String sql = "if(prediction = label, 0, if(label = 'yes', 5, 1)) + probability";

    SliceResult all =
        new Evaluate(config(sql, true), data())
            .of(
                rows,
                Stumps.binary(folder.resolve("a"), 0.25, 0.75),
                Optional.of(Stumps.binary(folder.resolve("b"), 0.75, 0.25)),
                List.of(0.6, 0.4),
                Optional.empty())
            .overall();

    // The stump says yes from 11 on, and four of these hours are not.
    assertThat(all.metric(Role.CHALLENGER, Metric.BUSINESS_COST).value())
        .isCloseTo((4 * 1 + 11 * 0.25 + 13 * 0.75) / 24.0, within(1e-12));
    assertThat(all.metric(Role.CHAMPION, Metric.BUSINESS_COST).value())
        .isCloseTo((11 * 1 + 9 * 5 + 11 * 0.75 + 13 * 0.25) / 24.0, within(1e-12));
    assertThat(all.metric(Role.DUMMY, Metric.BUSINESS_COST).value())
        .isCloseTo(9 * 5 / 24.0 + 0.4, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prediction > label | is refused: it gives boolean, not a number",
        "concat(x, 'a') | is refused: it gives string, not a number",
        "nowhere + 1 | is refused: [UNRESOLVED_COLUMN",
        "probability | is refused: [UNRESOLVED_COLUMN",
        "rand() | is refused: it gives another value each time",
        "sum(x) | is refused: ",
        "10 / x | fails on a row: [DIVIDE_BY_ZERO]",
        "10 / (prediction - label) | fails on a row: [DIVIDE_BY_ZERO]",
        "1 / 0 | fails on a row: [DIVIDE_BY_ZERO]"
      })
  void refusesBeforeAnyTrainingWhatIsWrong(String sql, String why, SparkSession spark) {
    assertThatThrownBy(
            () ->
                new Evaluate(config(sql, true), data())
                    .check(hours(spark), Task.REGRESSION, Optional.empty(), Optional.of("rule")))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS))
        .hasMessageStartingWith("evaluate.business, " + sql + ", " + why);
  }

  @Test
  void namesTheExpressionThatFailsOnAPredictionOnly(SparkSession spark) {
    String sql = "1 / (prediction - 34)";
    Dataset<Row> rows = hours(spark).where("x <> 17");
    assertThatCode(
            () ->
                new Evaluate(config(sql, true), data())
                    .check(rows, Task.REGRESSION, Optional.empty(), Optional.empty()))
        .doesNotThrowAnyException();

    assertThatThrownBy(() -> compare(rows, sql, true))
        .isInstanceOf(ReforestException.class)
        .hasMessageStartingWith(
            "evaluate.business, 1 / (prediction - 34), fails on a row: [DIVIDE_BY_ZERO]");
  }

  private SliceResult plain(Dataset<Row> rows) {
    return compare(
        rows,
        new EvaluateConfig(
            List.of(),
            Optional.of(Duration.ofDays(1)),
            200,
            1e-6,
            Optional.empty(),
            Optional.empty(),
            List.of()));
  }

  private SliceResult compare(Dataset<Row> rows, String sql, boolean isCost) {
    return compare(rows, config(sql, isCost));
  }

  private SliceResult compare(Dataset<Row> rows, EvaluateConfig config) {
    return new Evaluate(config, data())
        .of(
            rows,
            Stumps.regression(folder.resolve("a"), "x", 10, 34),
            Optional.of(Stumps.regression(folder.resolve("b"), "x", 14, 30)),
            List.of(23.0),
            Optional.of("rule"))
        .overall();
  }

  private static EvaluateConfig config(String sql, boolean isCost) {
    return new EvaluateConfig(
        List.of(),
        Optional.of(Duration.ofDays(1)),
        200,
        1e-6,
        Optional.empty(),
        Optional.of("x"),
        List.of(),
        new MetricSettings(Double.NaN, 0.1, new BusinessMetric("cost", sql, isCost, "EUR"), true));
  }

  private static DataConfig data() {
    return new DataConfig(
        new DataConfig.Source("csv", Map.of(), Optional.empty()),
        List.of(),
        List.of("id"),
        Optional.of("ts"),
        "y",
        Optional.empty(),
        List.of(),
        0,
        Duration.ofDays(400));
  }

  /** Ten days of hours: x is 0 to 23, y is 2 x, and the rule says x, but at midnight nothing. */
  private static Dataset<Row> hours(SparkSession spark) {
    return spark.sql(
        """
        SELECT id, timestamp_seconds(3600 * id) AS ts, cast(id % 24 AS int) AS x,
          cast(2 * (id % 24) AS double) AS y, double(nullif(id % 24, 0)) AS rule,
          date_from_unix_date(int(id)) AS `odd day.é`
        FROM range(240)
        """);
  }
}
