package reforest.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.Node;
import org.apache.spark.ml.tree.TreeEnsembleModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reforest.bundle.Manifest;
import reforest.bundle.ReforestException;
import reforest.bundle.Task;
import reforest.config.BoostingStart;
import reforest.config.Engine;
import reforest.config.Metric;
import reforest.config.ModelConfig;
import reforest.config.Recency;
import reforest.config.SearchConfig;
import reforest.config.TrainConfig;
import reforest.config.TrainConfig.GradientBoostingGrid;
import reforest.config.TrainConfig.RandomForestGrid;
import reforest.features.TrainingRows;
import reforest.split.Folds;
import reforest.testing.SparkExtension;
import reforest.testing.TestConfigs;

/** Searches beyond the grid whose best mean wins. */
@ExtendWith(SparkExtension.class)
class SearchTest {

  @ParameterizedTest
  @EnumSource(names = {"BINNED", "MLLIB"})
  void refitsTheCandidateThatWonWhereTheBestMeanIsTooDear(Engine engine, SparkSession spark) {
    ModelConfig plain = TrainTest.config(Task.REGRESSION, Metric.RMSE, "double", engine);
    Folds.Numbered folds =
        TrainTest.folds(spark, TrainTest.rows(300, Task.REGRESSION), Duration.ZERO);
    Trained best = new Train(plain, Optional.empty(), System::nanoTime).search(folds);
    double visits = best.winner().cost().visits();
    SearchConfig.Limits limits =
        new SearchConfig.Limits(OptionalDouble.of(visits - 0.5), OptionalLong.empty());

    Trained cheaper =
        new Train(
                searching(plain, TestConfigs.search(SearchConfig.Choose.BEST, limits)),
                Optional.empty(),
                System::nanoTime)
            .search(folds);

    // No tree of the winner is empty, and none is deeper than its depth.
    assertThat(visits)
        .isBetween(
            1.0 * best.winner().candidate().trees(),
            1.0 * best.winner().candidate().trees() * best.winner().candidate().depth());
    assertThat(cheaper.winner().candidate()).isNotEqualTo(best.winner().candidate());
    assertThat(cheaper.winner().cost().visits()).isLessThan(visits);
    assertThat(cheaper.winner()).isEqualTo(cheaper.candidates().get(cheaper.choice().winner()));
    TreeEnsembleModel<?> trees = (TreeEnsembleModel<?>) cheaper.trees();
    assertThat(trees.trees().length).isEqualTo(cheaper.winner().candidate().trees());
    for (DecisionTreeModel tree : trees.trees()) {
      assertThat(tree.depth()).isLessThanOrEqualTo(cheaper.winner().candidate().depth());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BINNED", "MLLIB"})
  void namesWhatABudgetOfTimeLeftOutAndLetsTheRestCompete(Engine engine, SparkSession spark) {
    ModelConfig plain = TrainTest.config(Task.REGRESSION, Metric.RMSE, "double", engine);
    SearchConfig hasty =
        new SearchConfig(
            SearchConfig.Strategy.RANDOM,
            new SearchConfig.Budget(OptionalInt.of(5), Optional.of(Duration.ofSeconds(40))),
            List.of(Recency.ALL),
            OptionalInt.empty(),
            SearchConfig.Choose.BEST,
            SearchConfig.Limits.NONE);
    TrainConfig.GradientBoostingGrid steps =
        new TrainConfig.GradientBoostingGrid(
            List.of(2),
            List.of(2),
            List.of(),
            List.of(1),
            List.of("all"),
            List.of(1.0),
            BoostingStart.TREE,
            Map.of("step-size", new SearchConfig.Interval(0.1, 0.5, false)));
    Manifest.Provenance champion =
        new Manifest.Provenance(
            "run",
            "table",
            1,
            "digest",
            "split",
            Optional.empty(),
            "gradient-boosting",
            new Candidate.GradientBoosting(3, 2, 0.9, 1, "all", 1.0).parameters(),
            7,
            "revision",
            "configuration",
            Map.of());
    AtomicLong clock = new AtomicLong();

    Trained trained =
        new Train(
                searching(plain, hasty, Optional.empty(), Optional.of(steps)),
                Optional.of(champion),
                // Each look at the clock finds that a fold's time is over.
                () -> clock.addAndGet(Duration.ofMinutes(1).toNanos()))
            .search(TrainTest.folds(spark, TrainTest.rows(150, Task.REGRESSION), Duration.ZERO));

    assertThat(trained.candidates()).hasSize(6);
    assertThat(trained.candidates().get(0).candidate().parameters())
        .isEqualTo(champion.parameters());
    assertThat(trained.candidates().get(0).leftOut()).isFalse();
    assertThat(trained.candidates().get(5).leftOut()).isTrue();
    assertThat(trained.choice().standings().get(5).excluded())
        .hasValue("train.budget.time left no time for it");
    assertThat(trained.winner().leftOut()).isFalse();
    assertThat(trained.isRepeatable()).isFalse();
    assertThat(trained.remarks())
        .contains("The first candidate has the champion's settings.")
        .anyMatch(r -> r.contains("of 6 candidates, so this search cannot be repeated exactly"));
  }

  @Test
  void earlyStoppingTriesShorterEnsemblesAndRecordsWhatItCut(SparkSession spark) {
    ModelConfig plain = TrainTest.config(Task.REGRESSION, Metric.RMSE, "double", Engine.AUTO);
    // Steps of this size overshoot: the first tree alone is best.
    TrainConfig.GradientBoostingGrid overshooting =
        new TrainConfig.GradientBoostingGrid(
            List.of(12),
            List.of(3),
            List.of(1.0),
            List.of(1),
            List.of("all"),
            List.of(0.5),
            BoostingStart.TREE,
            Map.of());
    SearchConfig stopping =
        new SearchConfig(
            SearchConfig.Strategy.GRID,
            SearchConfig.Budget.NONE,
            List.of(Recency.ALL),
            OptionalInt.of(5),
            SearchConfig.Choose.BEST,
            SearchConfig.Limits.NONE);

    Trained trained =
        new Train(
                searching(plain, stopping, Optional.empty(), Optional.of(overshooting)),
                Optional.empty(),
                System::nanoTime)
            .search(TrainTest.folds(spark, TrainTest.rows(150, Task.REGRESSION), Duration.ZERO));

    assertThat(trained.candidates().stream().map(c -> c.candidate().trees()))
        .containsExactly(12, 5, 10);
    int kept = trained.winner().candidate().trees();
    assertThat(kept).isLessThan(12);
    assertThat(((TreeEnsembleModel<?>) trained.trees()).trees()).hasSize(kept);
    assertThat(trained.remarks())
        .anyMatch(r -> r.startsWith("Early stopping kept " + kept + " of 12 trees: "));
  }

  /** A level that rises all the time: rows from far away mislead. */
  private static List<Row> rising(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Timestamp time = Timestamp.from(TrainTest.START.plus(Duration.ofHours(i)));
      rows.add(RowFactory.create(time, i * 37 % 10 / 10.0, 0.5, "red", Integer.toString(i)));
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource(names = {"BINNED", "MLLIB"})
  void searchesHowFarBackRowsCountAndRefitsOnThose(Engine engine, SparkSession spark) {
    Recency recent =
        new Recency(Optional.of(Duration.ofHours(12)), Optional.of(Duration.ofHours(6)));
    SearchConfig search =
        new SearchConfig(
            SearchConfig.Strategy.GRID,
            SearchConfig.Budget.NONE,
            List.of(Recency.ALL, recent),
            OptionalInt.empty(),
            SearchConfig.Choose.BEST,
            SearchConfig.Limits.NONE);
    TrainConfig.GradientBoostingGrid one =
        new TrainConfig.GradientBoostingGrid(
            List.of(2),
            List.of(2),
            List.of(0.1),
            List.of(1),
            List.of("all"),
            List.of(1.0),
            BoostingStart.TREE,
            Map.of());
    ModelConfig plain = TrainTest.config(Task.REGRESSION, Metric.RMSE, "double", engine);

    Trained trained =
        new Train(
                searching(plain, search, Optional.empty(), Optional.of(one)),
                Optional.empty(),
                System::nanoTime)
            .search(TrainTest.folds(spark, rising(150), Duration.ZERO));

    assertThat(trained.winner().candidate().parameters())
        .containsEntry("window", "12h")
        .containsEntry("half-life", "6h");
    assertThat(trained.winner().meanScore())
        .isLessThan(trained.candidates().get(0).meanScore() - 10);
    Node root = ((TreeEnsembleModel<?>) trained.trees()).trees()[0].rootNode();
    // The newest twelve rows, from one to twelve hours before the end.
    double weight = 0;
    for (int age = 1; age <= 12; age++) {
      weight += Math.pow(0.5, age / 6.0);
    }
    assertThat(root.impurityStats().stats()[0]).isCloseTo(weight, within(1e-9));
  }

  @Test
  void aRowsAgeIsItsDistanceFromTheBlockThatIsLeftOut(SparkSession spark) {
    Folds.Numbered folds = TrainTest.folds(spark, rising(90), Duration.ZERO);
    Dataset<Row> named =
        TrainingRows.of(
            folds.rows(),
            TrainTest.config(Task.REGRESSION, Metric.RMSE, "double", Engine.AUTO),
            List.of(),
            List.of(
                functions.col(Folds.COLUMN).as(FoldRows.BLOCK),
                functions.col("ts").as(FoldRows.TIME)));
    FoldRows folding =
        new FoldRows(
            named,
            TrainTest.FEATURES,
            3,
            folds.blocks().stream().map(b -> new FoldRows.Block(b.start(), b.end())).toList(),
            Duration.ZERO);
    Recency day = new Recency(Optional.of(Duration.ofHours(4)), Optional.of(Duration.ofHours(2)));

    Dataset<Row> middle = folding.prepare(named.where(FoldRows.BLOCK + " <> 1")).within(day).rows();
    Dataset<Row> all = folding.prepare(named).within(day).rows();

    // Four hours before the block of 30 to 59, and the five rows from its end to four hours later.
    assertThat(hours(middle)).containsExactly(26, 27, 28, 29, 60, 61, 62, 63, 64);
    assertThat(weights(middle)).startsWith(0.25).endsWith(0.25).contains(1.0);
    assertThat(hours(all)).containsExactly(86, 87, 88, 89);
    assertThat(weights(all)).startsWith(0.25);
    assertThatThrownBy(
            () ->
                folding
                    .prepare(named)
                    .within(new Recency(Optional.of(Duration.ofMinutes(1)), Optional.empty())))
        .isInstanceOf(ReforestException.class)
        .hasMessage("train.window 1m holds no training rows at all");
    folding.release();
  }

  private static List<Integer> hours(Dataset<Row> rows) {
    return rows.sort(FoldRows.TIME).select(TrainingRows.LABEL).collectAsList().stream()
        .map(row -> (int) row.getDouble(0))
        .toList();
  }

  private static List<Double> weights(Dataset<Row> rows) {
    return rows.sort(FoldRows.TIME).select(FoldRows.WEIGHT).collectAsList().stream()
        .map(row -> row.getDouble(0))
        .toList();
  }

  private static ModelConfig searching(ModelConfig plain, SearchConfig search) {
    return searching(plain, search, plain.train().randomForest(), plain.train().gradientBoosting());
  }

  private static ModelConfig searching(
      ModelConfig plain,
      SearchConfig search,
      Optional<RandomForestGrid> forests,
      Optional<GradientBoostingGrid> boosters) {
    TrainConfig t = plain.train();
    return TestConfigs.of(
        plain.task(),
        plain.data(),
        plain.features(),
        new TrainConfig(
            t.metric(),
            t.folds(),
            t.seed(),
            t.parallelism(),
            t.maxBins(),
            t.engine(),
            t.memoryShare(),
            search,
            forests,
            boosters));
  }
}
