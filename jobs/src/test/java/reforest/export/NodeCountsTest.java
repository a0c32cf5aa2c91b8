package reforest.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.Node;
import org.apache.spark.ml.tree.TreeEnsembleModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import reforest.bundle.Bundle;
import reforest.bundle.Task;
import reforest.config.BoostingStart;
import reforest.config.DataConfig;
import reforest.config.Engine;
import reforest.config.FeatureConfig;
import reforest.config.FeatureConfig.Imputation;
import reforest.config.Metric;
import reforest.config.ModelConfig;
import reforest.config.Recency;
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
import reforest.train.Train;
import reforest.train.Trained;

/** Each node of a bundle's trees says how many training rows came to it. */
@ExtendWith(SparkExtension.class)
class NodeCountsTest {

  private static final int ROWS = 300;

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** So that the first row weighs about an eighth of the last. */
  private static final Duration HALF_LIFE = Duration.ofHours(ROWS / 3);

  private static final StructType SCHEMA =
      StructType.fromDDL("ts timestamp, x double, y double, zone string, label string");

  @ParameterizedTest(name = "{0}, {1} of {2} trees, {3}, half-life {4}")
  @CsvSource({
    "REGRESSION, gradient-boosting, 3, MLLIB, false",
    "REGRESSION, gradient-boosting, 3, MLLIB, true",
    "REGRESSION, gradient-boosting, 3, BINNED, false",
    "REGRESSION, gradient-boosting, 3, BINNED, true",
    "REGRESSION, gradient-boosting from the mean, 3, BINNED, true",
    "REGRESSION, random-forest, 1, MLLIB, true",
    "REGRESSION, random-forest, 3, MLLIB, false",
    "REGRESSION, random-forest, 3, BINNED, false",
    "BINARY, gradient-boosting, 3, MLLIB, true",
    "BINARY, gradient-boosting from the mean, 3, BINNED, false",
    "BINARY, random-forest, 3, BINNED, true",
    "MULTICLASS, random-forest, 1, BINNED, false",
    "MULTICLASS, random-forest, 1, BINNED, true",
    "MULTICLASS, random-forest, 3, MLLIB, true"
  })
  void areWhatTheTrainerCountedAndAddUpAtEachSplit(
      Task task, String family, int trees, Engine engine, boolean halfLife, SparkSession spark) {
    ModelConfig config = config(task, family, trees, engine, halfLife);
    Dataset<Row> rows = table(spark, task);
    Trained trained = new Train(config, Optional.empty(), System::nanoTime).search(folds(rows));

    Export.Exported exported = new Export(spark, config).write(trained, Parity.provenance());

    Parity.assertSizeIsKnown(trained, exported);
    byte[] pmml = exported.files().get(Bundle.MODEL);
    List<Element> roots = TreeElements.roots(pmml);
    Object[] members = ((TreeEnsembleModel<?>) trained.trees()).trees();
    assertThat(roots).hasSameSizeAs(members);
    // A forest draws rows for each tree, also for a single one.
    boolean allRows = !family.equals("random-forest");
    List<WeightedRow> all = weighted(rows, trained, config, halfLife);
    for (int tree = 0; tree < members.length; tree++) {
      Node root = ((DecisionTreeModel) members[tree]).rootNode();
      int splits =
          assertCounts(roots.get(tree), root, allRows ? Optional.of(all) : Optional.empty());
      boolean leafAlone = tree == 0 && family.endsWith("mean");
      assertThat(splits).as("splits of tree %s", tree).matches(n -> leafAlone ? n == 0 : n > 3);
      if (!halfLife) {
        assertThat(roots.get(tree).getAttribute("recordCount")).matches("\\d+");
      }
    }
  }

  /** A training row's features with its weight. */
  private record WeightedRow(Vector features, double weight) {}

  /**
   * Gives the number of splits.
   *
   * @param coming the rows that come to the node, where they are known
   */
  private static int assertCounts(Element written, Node node, Optional<List<WeightedRow>> coming) {
    double count = count(written);
    assertThat(count).isCloseTo(node.impurityStats().count(), within(1e-9));
    coming.ifPresent(
        rows ->
            assertThat(count)
                .isCloseTo(rows.stream().mapToDouble(WeightedRow::weight).sum(), within(1e-9)));
    List<Element> children = TreeElements.children(written);
    if (!(node instanceof InternalNode inner)) {
      assertThat(children).isEmpty();
      assertClassesAddUp(written, count);
      return 0;
    }
    assertThat(children).hasSize(2);
    assertThat(count).isEqualTo(count(children.get(0)) + count(children.get(1)));
    return 1
        + assertCounts(children.get(0), inner.leftChild(), side(inner, coming, true))
        + assertCounts(children.get(1), inner.rightChild(), side(inner, coming, false));
  }

  private static Optional<List<WeightedRow>> side(
      InternalNode node, Optional<List<WeightedRow>> coming, boolean left) {
    return coming.map(
        rows ->
            rows.stream().filter(r -> node.split().shouldGoLeft(r.features()) == left).toList());
  }

  private static void assertClassesAddUp(Element leaf, double count) {
    double sum = 0;
    int classes = 0;
    for (org.w3c.dom.Node at = leaf.getFirstChild(); at != null; at = at.getNextSibling()) {
      if (at instanceof Element element && element.getTagName().equals("ScoreDistribution")) {
        sum += count(element);
        classes++;
      }
    }
    if (classes > 0) {
      assertThat(sum).isCloseTo(count, within(1e-9));
    }
  }

  private static double count(Element written) {
    return Double.parseDouble(written.getAttribute("recordCount"));
  }

  private static List<WeightedRow> weighted(
      Dataset<Row> rows, Trained trained, ModelConfig config, boolean halfLife) {
    List<WeightedRow> weighted = new ArrayList<>();
    for (Row row :
        trained
            .recipe()
            .apply(
                TrainingRows.of(
                    rows, config, trained.classes(), List.of(functions.col("ts").as("at"))))
            .select(Recipe.FEATURES, "at")
            .collectAsList()) {
      Duration age =
          Duration.between(
              row.<Timestamp>getAs("at").toInstant(), START.plus(Duration.ofHours(ROWS)));
      double halvings = (double) age.toSeconds() / HALF_LIFE.toSeconds();
      weighted.add(new WeightedRow(row.getAs(0), halfLife ? Math.pow(0.5, halvings) : 1));
    }
    return weighted;
  }

  private static Folds.Numbered folds(Dataset<Row> rows) {
    Instant middle = START.plus(Duration.ofHours(ROWS / 2));
    return new Folds.Numbered(
        rows.withColumn(
            Folds.COLUMN,
            functions.when(functions.col("ts").lt(Timestamp.from(middle)), 0).otherwise(1)),
        2,
        List.of(
            new Folds.Block(0, START, middle),
            new Folds.Block(1, middle, START.plus(Duration.ofHours(ROWS)))),
        Duration.ZERO);
  }

  /** An hour each. */
  private static Dataset<Row> table(SparkSession spark, Task task) {
    Random random = new Random(3);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double x = random.nextInt(200) / 20.0;
      Double y = random.nextInt(8) == 0 ? null : (Double) (random.nextInt(100) / 20.0);
      String zone = random.nextInt(10) == 0 ? null : random.nextBoolean() ? "hill" : "lake";
      double value =
          3 * x + (y == null ? 7 : y * y) + ("hill".equals(zone) ? 6 : 0) + random.nextInt(9);
      String label =
          switch (task) {
            case REGRESSION -> Double.toString(value);
            case BINARY -> value > 27 ? "yes" : "no";
            case MULTICLASS -> value > 35 ? "high" : value > 22 ? "middle" : "low";
          };
      Timestamp at = Timestamp.from(START.plus(Duration.ofHours(i)));
      rows.add(RowFactory.create(at, x, y, zone, label));
    }
    Dataset<Row> table = spark.createDataFrame(rows, SCHEMA);
    return task.isClassification()
        ? table
        : table.withColumn("label", table.col("label").cast("double"));
  }

  private static ModelConfig config(
      Task task, String family, int trees, Engine engine, boolean halfLife) {
    boolean forest = family.equals("random-forest");
    Optional<Duration> half = halfLife ? Optional.of(HALF_LIFE) : Optional.empty();
    return TestConfigs.of(
        task,
        new DataConfig(
            new DataConfig.Source("csv", Map.of(), Optional.empty()),
            List.of(Contracts.column("label", task.isClassification() ? "string" : "double")),
            List.of("ts"),
            Optional.of("ts"),
            "label",
            task == Task.BINARY ? Optional.of("yes") : Optional.empty(),
            List.of(),
            0.01,
            Duration.ofDays(400)),
        new FeatureConfig(
            List.of("x", "y"),
            List.of("zone"),
            List.of(),
            List.of(),
            Imputation.MEDIAN,
            10,
            20,
            List.of(),
            List.of()),
        new TrainConfig(
            task.isClassification() ? Metric.LOG_LOSS : Metric.RMSE,
            2,
            7,
            2,
            32,
            engine,
            0.5,
            new SearchConfig(
                SearchConfig.Strategy.GRID,
                SearchConfig.Budget.NONE,
                List.of(new Recency(Optional.empty(), half)),
                OptionalInt.empty(),
                SearchConfig.Choose.BEST,
                SearchConfig.Limits.NONE),
            forest
                ? Optional.of(
                    new RandomForestGrid(
                        List.of(trees),
                        List.of(4),
                        List.of(2),
                        List.of("all"),
                        List.of(1.0),
                        Map.of()))
                : Optional.empty(),
            forest
                ? Optional.empty()
                : Optional.of(
                    new GradientBoostingGrid(
                        List.of(trees),
                        List.of(4),
                        List.of(0.5),
                        List.of(2),
                        List.of("all"),
                        List.of(1.0),
                        family.endsWith("mean") ? BoostingStart.MEAN : BoostingStart.TREE,
                        Map.of()))));
  }
}
