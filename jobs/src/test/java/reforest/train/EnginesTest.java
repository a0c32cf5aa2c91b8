package reforest.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tree.TreeEnsembleModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.Task;
import reforest.config.BoostingStart;
import reforest.config.DataConfig;
import reforest.config.Engine;
import reforest.config.ErrorCosts;
import reforest.config.FeatureConfig;
import reforest.config.FeatureConfig.Imputation;
import reforest.config.Metric;
import reforest.config.ModelConfig;
import reforest.config.SearchConfig;
import reforest.config.TrainConfig;
import reforest.config.TrainConfig.GradientBoostingGrid;
import reforest.config.TrainConfig.RandomForestGrid;
import reforest.features.TrainingRows;
import reforest.ingest.Contracts;
import reforest.split.Folds;
import reforest.testing.SparkExtension;
import reforest.testing.TestConfigs;

/** The same search by binned columns and by MLlib's own training. */
@ExtendWith(SparkExtension.class)
class EnginesTest {

  private static final int ROWS = 3000;

  private static final StructType SCHEMA =
      StructType.fromDDL(
          "id int, a double, b double, c double, d double, kind string, label double, fold int");

  private static final FeatureConfig FEATURES =
      new FeatureConfig(
          List.of("a", "b", "c", "d"),
          List.of("kind"),
          List.of(),
          List.of(),
          Imputation.MEDIAN,
          10,
          20,
          List.of(),
          List.of());

  private static ModelConfig config(
      Task task,
      Metric metric,
      Engine engine,
      Optional<RandomForestGrid> forest,
      Optional<GradientBoostingGrid> boosting) {
    return TestConfigs.of(
        task,
        new DataConfig(
            new DataConfig.Source("csv", Map.of(), Optional.empty()),
            List.of(Contracts.column("label", "double")),
            List.of("id"),
            Optional.empty(),
            "label",
            task == Task.BINARY ? Optional.of("1") : Optional.empty(),
            List.of(),
            0.01,
            Duration.ofDays(400)),
        FEATURES,
        new TrainConfig(metric, 3, 5, 2, 32, engine, 0.5, SearchConfig.PLAIN, forest, boosting));
  }

  private static Dataset<Row> rows(SparkSession spark, Task task) {
    SplittableRandom random = new SplittableRandom(task.key().length());
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double a = random.nextDouble();
      double b = random.nextDouble() * 3;
      double c = random.nextInt(12);
      Double d = random.nextInt(20) == 0 ? null : (Double) random.nextDouble();
      int kind = random.nextInt(6);
      double value =
          Math.sin(7 * a) * 2
              + b * b / 3
              + (c > 7 ? 1 : 0)
              + (kind % 2) * (d == null ? 0.5 : d)
              + random.nextDouble() * 2;
      double label =
          switch (task) {
            case REGRESSION -> value;
            case BINARY -> value > 3 ? 1 : 0;
            case MULTICLASS -> value < 2.2 ? 0 : value < 3.6 ? 1 : 2;
          };
      rows.add(RowFactory.create(i, a, b, c, d, "kind " + kind, label, i % 3));
    }
    return spark
        .createDataFrame(rows, SCHEMA)
        .withColumnRenamed("fold", Folds.COLUMN)
        .repartition(3);
  }

  private static Trained search(SparkSession spark, ModelConfig config) {
    return new Train(config, Optional.empty(), System::nanoTime)
        .search(new Folds.Numbered(rows(spark, config.task()), 3, List.of(), Duration.ZERO));
  }

  @ParameterizedTest
  @CsvSource({"REGRESSION, RMSE", "BINARY, LOG_LOSS", "MULTICLASS, LOG_LOSS"})
  void bothFindTheSameWinnerWithTheSameScores(Task task, Metric metric, SparkSession spark) {
    Optional<RandomForestGrid> forest =
        Optional.of(
            new RandomForestGrid(
                List.of(60), List.of(4, 6), List.of(5), List.of("all"), List.of(1.0), Map.of()));
    Optional<GradientBoostingGrid> boosting =
        task == Task.MULTICLASS
            ? Optional.empty()
            : Optional.of(
                new GradientBoostingGrid(
                    List.of(12),
                    List.of(3),
                    List.of(0.2),
                    List.of(5),
                    List.of("all"),
                    List.of(1.0),
                    BoostingStart.TREE,
                    Map.of()));

    Trained binned = search(spark, config(task, metric, Engine.BINNED, forest, boosting));
    Trained mllib = search(spark, config(task, metric, Engine.MLLIB, forest, boosting));

    assertThat(binned.engine()).isEqualTo("binned");
    assertThat(mllib.engine()).isEqualTo("mllib, because train.engine is mllib");
    assertThat(binned.winner().candidate()).isEqualTo(mllib.winner().candidate());
    for (int i = 0; i < binned.candidates().size(); i++) {
      double score = mllib.candidates().get(i).meanScore();
      assertThat(binned.candidates().get(i).meanScore())
          .as(mllib.candidates().get(i).candidate().describe())
          .isCloseTo(score, within(0.01 * score));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "REGRESSION, RMSE",
    "REGRESSION, MAE",
    "REGRESSION, R2",
    "BINARY, LOG_LOSS",
    "BINARY, AUC",
    "BINARY, ACCURACY",
    "BINARY, PRECISION",
    "BINARY, RECALL",
    "BINARY, F1",
    "MULTICLASS, LOG_LOSS",
    "MULTICLASS, ACCURACY",
    "MULTICLASS, PRECISION",
    "MULTICLASS, RECALL",
    "MULTICLASS, F1"
  })
  void scoresAreWhatMllibsEvaluatorsSayOfTheSameModel(
      Task task, Metric metric, SparkSession spark) {
    ModelConfig config =
        config(
            task,
            metric,
            Engine.BINNED,
            task == Task.MULTICLASS
                ? Optional.of(
                    new RandomForestGrid(
                        List.of(5),
                        List.of(4),
                        List.of(5),
                        List.of("auto"),
                        List.of(1.0),
                        Map.of()))
                : Optional.empty(),
            task == Task.MULTICLASS
                ? Optional.empty()
                : Optional.of(
                    new GradientBoostingGrid(
                        List.of(4),
                        List.of(3),
                        List.of(0.2),
                        List.of(5),
                        List.of("2"),
                        List.of(0.7),
                        BoostingStart.TREE,
                        Map.of())));
    Dataset<Row> all = rows(spark, task);
    List<String> classes = TrainingRows.classes(all, config);
    List<Candidate> candidates = Candidate.of(config.train());
    Dataset<Row> named =
        TrainingRows.of(
            all, config, classes, List.of(functions.col(Folds.COLUMN).as(FoldRows.BLOCK)));
    FoldRows folding = new FoldRows(named, FEATURES, 3, List.of(), Duration.ZERO);
    Scores scores = new Scores(candidates, 3, metric.key());
    Trainer trainer =
        Train.trainer(
            config,
            all.count(),
            Train.mllibBecause(config, all, all.count()),
            classes,
            candidates,
            folding,
            new Deadline(Optional.empty(), 3, System::nanoTime));
    ForestEstimator.Search search =
        new ForestEstimator.Search(folding, trainer, scores, best -> best);
    ForestEstimator estimator = new ForestEstimator(search);

    ForestModel model =
        estimator.fit(
            named.where(FoldRows.BLOCK + " <> 1"), new ParamMap().put(estimator.candidate().w(0)));
    Dataset<Row> held = named.where(FoldRows.BLOCK + " = 1").cache();
    FoldEvaluator evaluator =
        new FoldEvaluator(
            metric,
            task,
            classes.size(),
            config.evaluate().clip(),
            task == Task.BINARY,
            config.evaluate().metrics(),
            search);
    double ours = evaluator.evaluate(model.transform(held));
    Dataset<Row> predicted = model.trees().transform(model.recipe().apply(held));

    double byMllib = MllibScores.of(metric, task, config.evaluate().clip(), predicted);
    assertThat(ours).isCloseTo(byMllib, within(1e-9));
    assertThat(evaluator.scored(predicted).score()).isCloseTo(byMllib, within(1e-9));
    ErrorCosts costs = new ErrorCosts(1, 3);
    evaluator
        .scored(predicted)
        .curve()
        .ifPresent(
            curve -> {
              assertThat(curve.rows()).isEqualTo(held.count());
              double threshold = ThresholdCurve.cheapest(List.of(curve), costs);
              assertThat(ThresholdCurve.cheapest(scores.curves(0), costs)).isEqualTo(threshold);
              assertThat(scores.curves(0).get(0).cost(costs, threshold))
                  .isEqualTo(curve.cost(costs, threshold));
            });
    ModelCost cost = scores.results().get(0).costs().get(1);
    ModelCost ofMllibs = ModelCost.of(model.trees(), new BundleSize(model.recipe(), classes));
    assertThat(ofMllibs.visits()).isCloseTo(cost.visits(), within(1e-9));
    assertThat(ofMllibs.bytes()).isEqualTo(cost.bytes());
    List<Row> said = model.transform(held).select("prediction").collectAsList();
    List<Row> wanted = predicted.select("prediction").collectAsList();
    assertThat(said).hasSameSizeAs(wanted);
    for (int row = 0; row < said.size(); row++) {
      assertThat(said.get(row).getDouble(0)).isCloseTo(wanted.get(row).getDouble(0), within(1e-9));
    }
    trainer.release();
    folding.release();
  }

  @ParameterizedTest
  @CsvSource({"REGRESSION, RMSE", "BINARY, LOG_LOSS"})
  void aStartFromTheMeanIsALeafBeforeTheTreesAndLowersTheError(
      Task task, Metric metric, SparkSession spark) {
    Trained tree = search(spark, boosted(task, metric, List.of(40), BoostingStart.TREE));
    Trained mean = search(spark, boosted(task, metric, List.of(10, 40), BoostingStart.MEAN));
    Trained shorter = search(spark, boosted(task, metric, List.of(10), BoostingStart.MEAN));

    TreeEnsembleModel<?> model = (TreeEnsembleModel<?>) mean.trees();
    assertThat(model.trees()).hasSize(41);
    assertThat(model.trees()[0].numNodes()).isEqualTo(1);
    assertThat(model.treeWeights()).startsWith(1, 0.1, 0.1).endsWith(0.1);
    assertThat(mean.winner().candidate().parameters())
        .containsEntry("iterations", "40")
        .containsEntry("start", "mean");
    assertThat(mean.candidates().get(0).meanScore())
        .as("one fit answers all shorter ones")
        .isEqualTo(shorter.winner().meanScore());
    assertThat(mean.winner().meanScore()).isLessThan(tree.winner().meanScore());
  }

  private static ModelConfig boosted(
      Task task, Metric metric, List<Integer> iterations, BoostingStart start) {
    return config(
        task,
        metric,
        Engine.BINNED,
        Optional.empty(),
        Optional.of(
            new GradientBoostingGrid(
                iterations,
                List.of(5),
                List.of(0.1),
                List.of(5),
                List.of("all"),
                List.of(1.0),
                start,
                Map.of())));
  }

  @Test
  void whatNeedsMoreMemoryThanThereIsGoesToMllib() {
    MemoryCheck one = new MemoryCheck(1L << 30, 0, 1L << 30, 2);
    TrainConfig auto =
        config(Task.REGRESSION, Metric.RMSE, Engine.AUTO, Optional.empty(), Optional.empty())
            .train();

    assertThat(one.mllibBecause(auto, 100_000, 30)).isEmpty();
    assertThat(one.mllibBecause(auto, 10_000_000, 30).orElseThrow())
        .contains("of the driver, which has 1024 MB", "train.memory-share");
    assertThat(
            new MemoryCheck(64L << 30, 1L << 30, 0, 4)
                .mllibBecause(auto, 10_000_000, 30)
                .orElseThrow())
        .contains("of an executor, which has 1024 MB");
    assertThat(
            new MemoryCheck(64L << 30, 0, 1L << 20, 2)
                .mllibBecause(auto, 100_000, 30)
                .orElseThrow())
        .contains("spark.driver.maxResultSize");
    assertThat(one.mllibBecause(auto, 3_000_000_000L, 1).orElseThrow()).contains("3000000000 rows");
  }

  @Test
  void candidatesThatDifferInTreesAloneOrInAForestsDepthAreOneFit() {
    List<Candidate> candidates = new ArrayList<>();
    for (int trees : new int[] {10, 40}) {
      for (int depth : new int[] {4, 8}) {
        candidates.add(new Candidate.RandomForest(trees, depth, 5, "auto", 1.0));
        candidates.add(new Candidate.GradientBoosting(trees, depth, 0.1, 5, "auto", 1.0));
      }
    }
    List<SharedFits.Unit> units =
        new SharedFits(Task.REGRESSION, 0, 9, 32, 1)
            .of(candidates, IntStream.range(0, 8).boxed().toList(), 6);

    assertThat(units.stream().map(SharedFits.Unit::candidates))
        .containsExactly(List.of(0, 2, 4, 6), List.of(1, 5), List.of(3, 7));
    assertThat(units.get(0).parts()).hasSize(2);
    assertThat(units.get(0).parts().toString().toLowerCase(Locale.ROOT))
        .contains("maxdepth=8", "featurespernode=3", "first=0, end=20", "first=20, end=40");
    assertThat(units.get(1).parts().toString()).contains("iterations=40", "featuresPerNode=9");
  }
}
