package reforest.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static reforest.ingest.Contracts.column;
import static reforest.ingest.Contracts.csv;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.FeatureConfig;
import reforest.config.FeatureConfig.Derived;
import reforest.config.FeatureConfig.Operation;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class QualityTest {

  private static final DataConfig BIKES = csv("unused", 0, "bikers", column("ts", "timestamp"));
  private static final DataConfig ROWS = csv("unused", 0, "y", column("id", "bigint"));
  private SparkSession spark;

  @BeforeEach
  void session(SparkSession session) {
    spark = session;
  }

  @Test
  void refusesRegisteredCustomersAsAFeatureOfAllCustomers() {
    LeakCheck check =
        leaks(
            BIKES,
            List.of("hr", "temp", "registered", "casual"),
            List.of("season"),
            List.of(),
            Task.REGRESSION);

    assertError(
        () -> check.check(bikes()),
        Kind.DATA,
        "features explain 0.9 or more of the label bikers alone: registered (0.9",
        "features.acknowledged");
  }

  @Test
  void measuresHowMuchOneFeatureTells() {
    LeakCheck check =
        leaks(
            BIKES,
            List.of("hr", "registered"),
            List.of("season", "weathersit"),
            List.of("registered"),
            Task.REGRESSION);

    Map<String, Double> shares =
        check.check(bikes()).stream()
            .collect(Collectors.toMap(LeakCheck.Share::feature, LeakCheck.Share::share));

    assertThat(shares.get("registered")).isBetween(0.92, 0.96);
    assertThat(shares.get("hr")).isBetween(0.4, 0.6);
    assertThat(shares.get("season")).isBetween(0.0, 0.2);
  }

  @Test
  void judgesAnIdentifierOnRowsThatItHasNotSeen() {
    LeakCheck check = leaks(ROWS, List.of(), List.of("code"), List.of(), Task.REGRESSION);
    Dataset<Row> rows =
        spark.sql("SELECT id, CONCAT('c', id) AS code, 1e9 + id % 7 AS y FROM range(2000)");

    assertThat(check.check(rows).get(0).share()).isBetween(-0.01, 0.01);
  }

  @Test
  void countsZerosOfBothSignsAsOneAndNanAsTheLargest() {
    LeakCheck check = leaks(ROWS, List.of("zero", "odd"), List.of(), List.of(), Task.REGRESSION);
    Dataset<Row> rows =
        spark.sql(
            "SELECT id, IF(id % 2 = 0, 0D, -0D) AS zero, IF(id % 20 = 1, double('NaN'), 4D) AS odd,"
                + " IF(id % 20 = 1, 7D, IF(id % 2 = 0, 1D, 2D)) AS y FROM range(2000)");

    List<LeakCheck.Share> shares = check.check(rows);

    assertThat(shares.get(0).share()).isLessThan(0.01);
    assertThat(shares.get(1).share()).isGreaterThan(0.8);
  }

  @Test
  void refusesACategoryThatIsTheClass() {
    LeakCheck check = leaks(ROWS, List.of("noise"), List.of("a.b"), List.of(), Task.MULTICLASS);
    Dataset<Row> rows =
        spark.sql(
            "SELECT id, CONCAT('k', id % 3) AS y, IF(id % 50 = 0, NULL, id % 3) AS `a.b`,"
                + " CAST(hash(id) AS DOUBLE) AS noise FROM range(3000)");

    assertError(
        () -> check.check(rows),
        Kind.DATA,
        "features explain 0.9 or more of the label y alone: a.b (0.9",
        "data.derived-from-label");
    assertThat(
            leaks(ROWS, List.of("noise"), List.of(), List.of(), Task.MULTICLASS)
                .check(rows)
                .get(0)
                .share())
        .isLessThan(0.1);
  }

  /** Columns that tell little of y, and what gives it away when it is computed from them. */
  private Dataset<Row> rowsThatHideTheLabel() {
    return spark.sql(
        """
        SELECT id, y, IF(id % 50 = 0, double('NaN'), y + much) AS sum, much, y * much AS product,
          y + IF(id % 2 = 0, 0, much) AS one, y + IF(id % 2 = 0, much, 0) AS other
        FROM (SELECT id, pmod(xxhash64(id, 'y'), 1000) / 10.0D AS y,
            IF(id % 70 = 0, null, 1 + pmod(xxhash64(id, 'm'), 1000) * 10.0D) AS much
          FROM range(4000))
        """);
  }

  private static LeakCheck derived(List<String> acknowledged, Derived... columns) {
    return new LeakCheck(
        ROWS,
        new FeatureConfig(
            List.of("sum", "much", "product", "one", "other"),
            List.of(),
            List.of(columns),
            acknowledged,
            FeatureConfig.Imputation.MEDIAN,
            1,
            30,
            List.of(),
            List.of()),
        Task.REGRESSION);
  }

  private static Stream<Derived> giveaways() {
    return Stream.of(
        new Derived("less", Operation.DIFFERENCE, List.of("sum", "much"), 0, List.of()),
        new Derived("share", Operation.RATIO, List.of("product", "much"), -1, List.of()),
        new Derived("low", Operation.MINIMUM, List.of("one", "other"), 0, List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("giveaways")
  void refusesADerivedColumnThatGivesTheLabelAway(Derived column) {
    Derived high =
        new Derived("high", Operation.MAXIMUM, List.of(column.name(), "much"), 0, List.of());
    Derived log = new Derived("log", Operation.LOG, List.of(column.name()), 1, List.of());
    Derived step =
        new Derived(
            "step",
            Operation.BUCKET,
            List.of(column.name()),
            0,
            List.of(10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0));

    assertError(
        () -> derived(List.of(), column).check(rowsThatHideTheLabel()),
        Kind.DATA,
        "features explain 0.9 or more of the label y alone: " + column.name() + " (0.9",
        "features.acknowledged");
    List<LeakCheck.Share> shares =
        derived(List.of(column.name(), "log", "step"), column, high, log, step)
            .check(rowsThatHideTheLabel());

    assertThat(shares)
        .extracting(LeakCheck.Share::feature)
        .containsExactly(
            "sum", "much", "product", "one", "other", column.name(), "high", "log", "step");
    assertThat(shares.get(6).share()).isLessThan(0.5);
    assertThat(shares.get(7).share()).isGreaterThan(0.9);
    assertThat(shares.get(8).share()).isGreaterThan(0.9);
  }

  @Test
  void refusesTheLabelAndWhatIsDerivedFromIt() {
    DataConfig data =
        new DataConfig(
            BIKES.source(),
            BIKES.columns(),
            BIKES.key(),
            BIKES.eventTime(),
            "bikers",
            BIKES.positive(),
            List.of("casual", "registered"),
            0,
            BIKES.history());

    assertError(
        () ->
            new FeatureCheck(data, features(List.of("hr", "casual", "bikers"), List.of(), 30), 32)
                .check(bikes()),
        Kind.ARGUMENTS,
        "features hold the label or what is derived from it: casual, bikers",
        "remove them from features");
  }

  @Test
  void refusesFeaturesThatAreNullInEveryRow() {
    Dataset<Row> rows =
        spark.sql("SELECT id, CAST(NULL AS DOUBLE) AS n, CAST(NULL AS STRING) AS c FROM range(9)");

    assertError(
        () ->
            new FeatureCheck(ROWS, features(List.of("id", "n"), List.of("c"), 30), 32).check(rows),
        Kind.DATA,
        "features are null in all 9 training rows: n, c",
        "where they began after these rows, remove them from features until");
  }

  @Test
  void saysHowToConvertFeaturesOfOtherTypes() {
    Dataset<Row> rows =
        spark.sql(
            "SELECT 1 AS id, now() AS ts, 1.5 AS price, 2.5 AS cost, 'x' AS text, true AS flag");

    assertError(
        () ->
            new FeatureCheck(
                    ROWS,
                    features(List.of("ts", "price", "text", "prise"), List.of("cost", "flag"), 30),
                    32)
                .check(rows),
        Kind.DATA,
        "features cannot be read: ts is of type timestamp and cannot be a numeric feature; text is"
            + " of type string and cannot be a numeric feature; prise is not a column of this data"
            + " version (did you mean price?); cost is of type decimal(2,1) and cannot be a"
            + " categorical feature",
        "unix_timestamp(ts)");
  }

  @Test
  void takesCategoriesThatPmmlCannotWriteForUnseenOnes() {
    Dataset<Row> rows =
        spark.sql(
            "SELECT id, element_at(array('b', 'a\\ufffe', 'C:\\\\', 'x\\ty'), int(1 + id % 4)) AS code"
                + " FROM range(400)");

    assertThatCode(
            () -> new FeatureCheck(ROWS, features(List.of(), List.of("code"), 30), 32).check(rows))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesMoreCategoriesThanBins() {
    Dataset<Row> rows = spark.sql("SELECT id, CAST(id % 40 AS STRING) AS code FROM range(400)");

    assertError(
        () -> new FeatureCheck(ROWS, features(List.of(), List.of("code"), 100), 32).check(rows),
        Kind.DATA,
        "more categories than train.max-bins = 32: code needs 42 bins for 40 categories, missing"
            + " and unseen values",
        "lower features.max-categories to 30");
    assertThatCode(
            () -> new FeatureCheck(ROWS, features(List.of(), List.of("code"), 30), 32).check(rows))
        .doesNotThrowAnyException();
  }

  private LeakCheck leaks(
      DataConfig data,
      List<String> numeric,
      List<String> categorical,
      List<String> acknowledged,
      Task task) {
    return new LeakCheck(
        data,
        new FeatureConfig(
            numeric,
            categorical,
            List.of(),
            acknowledged,
            FeatureConfig.Imputation.MEDIAN,
            1,
            30,
            List.of(),
            List.of()),
        task);
  }

  private static FeatureConfig features(
      List<String> numeric, List<String> categorical, int maxCategories) {
    return new FeatureConfig(
        numeric,
        categorical,
        List.of(),
        List.of(),
        FeatureConfig.Imputation.MEDIAN,
        5,
        maxCategories,
        List.of(),
        List.of());
  }

  private Dataset<Row> bikes() {
    return spark
        .read()
        .option("header", "true")
        .option("inferSchema", "true")
        .csv(Path.of("src/main/resources/reforest/demo/bikeshare-2011.csv.gz").toString());
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
