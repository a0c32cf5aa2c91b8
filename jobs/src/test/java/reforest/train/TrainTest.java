package reforest.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reforest.bundle.ReforestException;
import reforest.bundle.Task;
import reforest.config.BoostingStart;
import reforest.config.DataConfig;
import reforest.config.Engine;
import reforest.config.FeatureConfig;
import reforest.config.FeatureConfig.Imputation;
import reforest.config.Metric;
import reforest.config.ModelConfig;
import reforest.config.SearchConfig;
import reforest.config.TrainConfig;
import reforest.config.TrainConfig.GradientBoostingGrid;
import reforest.config.TrainConfig.RandomForestGrid;
import reforest.features.Recipe;
import reforest.features.TrainingRows;
import reforest.ingest.Contracts;
import reforest.split.Folds;
import reforest.testing.SparkExtension;
import reforest.testing.TestConfigs;

@ExtendWith(SparkExtension.class)
class TrainTest {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final StructType SCHEMA =
      StructType.fromDDL("ts timestamp, x double, `a.b` double, colour string, y string");

  static final FeatureConfig FEATURES =
      new FeatureConfig(
          List.of("x", "a.b"),
          List.of("colour"),
          List.of(),
          List.of(),
          Imputation.MEDIAN,
          10,
          20,
          List.of(),
          List.of());

  private static ModelConfig config(Task task, Metric metric, String labelType) {
    return config(task, metric, labelType, Engine.AUTO);
  }

  static ModelConfig config(Task task, Metric metric, String labelType, Engine engine) {
    return TestConfigs.of(
        task,
        new DataConfig(
            new DataConfig.Source("csv", Map.of(), Optional.empty()),
            List.of(Contracts.column("y", labelType)),
            List.of("ts"),
            Optional.of("ts"),
            "y",
            task == Task.BINARY ? Optional.of("yes") : Optional.empty(),
            List.of(),
            0.01,
            Duration.ofDays(400)),
        FEATURES,
        new TrainConfig(
            metric,
            3,
            7,
            2,
            16,
            engine,
            0.5,
            SearchConfig.PLAIN,
            Optional.of(
                new RandomForestGrid(
                    List.of(3), List.of(2, 4), List.of(1), List.of("all"), List.of(1.0), Map.of())),
            Optional.of(
                new GradientBoostingGrid(
                    List.of(4),
                    List.of(3),
                    List.of(0.3),
                    List.of(1),
                    List.of("all"),
                    List.of(1.0),
                    BoostingStart.TREE,
                    Map.of()))));
  }

  /** An hour each; the label follows x, and the colour a little. */
  static List<Row> rows(int count, Task task) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = (i * 37 % 100) / 100.0;
      String colour = i % 40 == 0 ? null : i % 41 == 0 ? "rare" + i : i % 2 == 0 ? "red" : "blue";
      double y = 10 * x + ("red".equals(colour) ? 1 : 0);
      rows.add(
          RowFactory.create(
              Timestamp.from(START.plus(Duration.ofHours(i))),
              i % 11 == 0 ? null : (Double) x,
              i % 13 == 0 ? Double.NaN : x * x,
              colour,
              task == Task.REGRESSION ? Double.toString(y) : y > 5 ? "yes" : "no"));
    }
    return rows;
  }

  /** The label is a number wherever it reads as one. */
  private static Dataset<Row> table(SparkSession spark, List<Row> rows) {
    Dataset<Row> table = spark.createDataFrame(rows, SCHEMA);
    boolean numbers = rows.stream().noneMatch(row -> row.getString(4).matches("[a-z]+"));
    return numbers ? table.withColumn("y", table.col("y").cast("double")) : table;
  }

  static Folds.Numbered folds(SparkSession spark, List<Row> rows, Duration labelDelay) {
    int size = rows.size() / 3;
    Dataset<Row> numbered =
        table(spark, rows)
            .withColumn(
                Folds.COLUMN,
                functions.expr(
                    "cast(least(2, floor((unix_timestamp(ts) - unix_timestamp(timestamp '"
                        + "2026-01-01 00:00:00')) / 3600 / "
                        + size
                        + ")) as int)"));
    List<Folds.Block> blocks = new ArrayList<>();
    for (int fold = 0; fold < 3; fold++) {
      blocks.add(
          new Folds.Block(
              fold,
              START.plus(Duration.ofHours((long) fold * size)),
              START.plus(Duration.ofHours((long) (fold + 1) * size))));
    }
    return new Folds.Numbered(numbered, 3, blocks, labelDelay);
  }

  @ParameterizedTest
  @EnumSource(names = {"BINNED", "MLLIB"})
  void keepsEachCandidatesScoreAndCostOnEachFoldAndRefitsTheBest(
      Engine engine, SparkSession spark) {
    ModelConfig config = config(Task.REGRESSION, Metric.RMSE, "double", engine);

    Trained trained =
        new Train(config, Optional.empty(), System::nanoTime)
            .search(folds(spark, rows(300, Task.REGRESSION), Duration.ZERO));

    assertThat(trained.candidates()).hasSize(3);
    assertThat(trained.candidates())
        .allSatisfy(
            c -> {
              assertThat(c.scores()).hasSize(3).allMatch(score -> score > 0);
              assertThat(c.seconds()).hasSize(3).allMatch(seconds -> seconds > 0);
            });
    assertThat(trained.winner())
        .isEqualTo(
            trained.candidates().stream()
                .min(Comparator.comparingDouble(CandidateResult::meanScore))
                .orElseThrow());
    assertThat(trained.trees())
        .isInstanceOf(
            trained.winner().candidate() instanceof Candidate.RandomForest
                ? RandomForestRegressionModel.class
                : GBTRegressionModel.class);
    // All 300 rows, the missing 28 left out: the refit has seen every fold.
    assertThat(trained.recipe().numbers().get(0).max()).isEqualTo(0.99);
  }

  @Test
  void theSameSeedFindsTheSameModel(SparkSession spark) {
    ModelConfig config = config(Task.REGRESSION, Metric.MAE, "double");
    List<Row> rows = rows(200, Task.REGRESSION);

    Trained first =
        new Train(config, Optional.empty(), System::nanoTime)
            .search(folds(spark, rows, Duration.ZERO));
    Trained second =
        new Train(config, Optional.empty(), System::nanoTime)
            .search(folds(spark, rows, Duration.ZERO));

    assertThat(second.winner().scores()).isEqualTo(first.winner().scores());
    assertThat(((org.apache.spark.ml.tree.TreeEnsembleModel<?>) second.trees()).toDebugString())
        .isEqualTo(
            ((org.apache.spark.ml.tree.TreeEnsembleModel<?>) first.trees())
                .toDebugString()
                .replaceAll(
                    "uid=\\w+",
                    "uid=" + ((org.apache.spark.ml.util.Identifiable) second.trees()).uid()));
  }

  @Test
  void rowsWithinTheLabelDelayOfTheMissingBlockAreNotTrainedOn(SparkSession spark) {
    Folds.Numbered folds = folds(spark, rows(90, Task.REGRESSION), Duration.ofHours(5));
    Dataset<Row> named =
        TrainingRows.of(
            folds.rows(),
            config(Task.REGRESSION, Metric.RMSE, "double"),
            List.of(),
            List.of(
                functions.col(Folds.COLUMN).as(FoldRows.BLOCK),
                functions.col("ts").as(FoldRows.TIME)));
    FoldRows folding =
        new FoldRows(
            named,
            FEATURES,
            3,
            folds.blocks().stream().map(b -> new FoldRows.Block(b.start(), b.end())).toList(),
            folds.labelDelay());

    FoldRows.Prepared middle = folding.prepare(named.where(FoldRows.BLOCK + " <> 1"));
    assertThat(middle.fold()).isEqualTo(1);
    assertThat(middle.vectors().count()).isEqualTo(60 - 2 * 5);
    FoldRows.Prepared first = folding.prepare(named.where(FoldRows.BLOCK + " <> 0"));
    assertThat(first.fold()).isZero();
    assertThat(first.vectors().count()).isEqualTo(60 - 5);
    FoldRows.Prepared all = folding.prepare(named);
    assertThat(all.fold()).isEqualTo(-1);
    assertThat(all.vectors().count()).isEqualTo(90);
    folding.release();
  }

  @Test
  void theCandidatesOfAFoldShareItsFeatures(SparkSession spark) {
    Dataset<Row> named =
        TrainingRows.of(
            table(spark, rows(50, Task.REGRESSION)),
            config(Task.REGRESSION, Metric.RMSE, "double"),
            List.of(),
            List.of(functions.lit(0).as(FoldRows.BLOCK)));
    FoldRows folding = new FoldRows(named, FEATURES, 1, List.of(), Duration.ZERO);

    assertThat(folding.prepare(named)).isSameAs(folding.prepare(named));
    assertThat(folding.prepare(named).vectors().storageLevel().useMemory()).isTrue();
    folding.release();
  }

  @Test
  void missingNumbersBecomeTheMedianAndCategoriesTheirCodes(SparkSession spark) {
    Dataset<Row> named =
        TrainingRows.of(
            table(spark, rows(200, Task.REGRESSION)),
            config(Task.REGRESSION, Metric.RMSE, "double"),
            List.of(),
            List.of());
    Recipe recipe = Recipe.learn(named, FEATURES);

    assertThat(recipe.categories().get(0).known()).containsExactly("blue", "red");
    Dataset<Row> asked =
        TrainingRows.of(
            table(
                spark,
                List.of(
                    RowFactory.create(Timestamp.from(START), null, Double.NaN, null, "1"),
                    RowFactory.create(Timestamp.from(START), 0.5, 0.25, "red", "1"),
                    RowFactory.create(Timestamp.from(START), 0.5, 0.25, "green", "1"))),
            config(Task.REGRESSION, Metric.RMSE, "double"),
            List.of(),
            List.of());
    List<double[]> vectors =
        recipe.apply(asked).select("features").collectAsList().stream()
            .map(r -> ((Vector) r.get(0)).toArray())
            .toList();
    assertThat(vectors.get(0))
        .containsExactly(
            recipe.numbers().get(0).replacement(), recipe.numbers().get(1).replacement(), 2);
    assertThat(vectors.get(1)).containsExactly(0.5, 0.25, 1);
    assertThat(vectors.get(2)).containsExactly(0.5, 0.25, 3);
  }

  @Test
  void aCategoryThatPmmlCannotWriteIsTreatedLikeARareOne(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      String colour = List.of("red", "ends in \\", "two\nlines").get(i % 3);
      rows.add(RowFactory.create(Timestamp.from(START), 0.5, 0.5, colour, "1"));
    }
    Dataset<Row> named =
        TrainingRows.of(
            table(spark, rows),
            config(Task.REGRESSION, Metric.RMSE, "double"),
            List.of(),
            List.of());

    assertThat(Recipe.learn(named, FEATURES).categories().get(0).known()).containsExactly("red");
  }

  @Test
  void aFoldWithOneClassAloneHasNoAucAndCannotWin(SparkSession spark) {
    ModelConfig config = config(Task.BINARY, Metric.AUC, "string");
    List<Row> rows = new ArrayList<>();
    for (Row row : rows(90, Task.BINARY)) {
      boolean lastBlock = row.getTimestamp(0).toInstant().isAfter(START.plus(Duration.ofHours(59)));
      rows.add(
          RowFactory.create(
              row.get(0), row.get(1), row.get(2), row.get(3), lastBlock ? "no" : row.get(4)));
    }

    assertThatThrownBy(
            () ->
                new Train(config, Optional.empty(), System::nanoTime)
                    .search(folds(spark, rows, Duration.ZERO)))
        .isInstanceOf(ReforestException.class)
        .hasMessageContaining("no candidate has a defined auc on every fold")
        .hasMessageContaining("NaN");
  }

  @Test
  void aBinaryLabelNeedsItsPositiveClass(SparkSession spark) {
    ModelConfig config = config(Task.BINARY, Metric.AUC, "string");
    Dataset<Row> ones =
        spark.createDataFrame(
            rows(30, Task.BINARY).stream()
                .map(r -> RowFactory.create(r.get(0), r.get(1), r.get(2), r.get(3), "no"))
                .toList(),
            SCHEMA);

    assertThatThrownBy(() -> TrainingRows.classes(ones, config))
        .isInstanceOf(ReforestException.class)
        .hasMessage(
            "the label y has the classes [no] in the training rows, where a binary task needs two,"
                + " yes among them");
  }
}
