package reforest.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.TreeEnsembleModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Scorer;
import reforest.bundle.Task;
import reforest.config.BoostingStart;
import reforest.config.Engine;
import reforest.config.FeatureConfig;
import reforest.config.FeatureConfig.Derived;
import reforest.config.FeatureConfig.Imputation;
import reforest.config.FeatureConfig.Operation;
import reforest.config.Metric;
import reforest.config.ModelConfig;
import reforest.config.SearchConfig;
import reforest.config.TrainConfig;
import reforest.config.TrainConfig.GradientBoostingGrid;
import reforest.config.TrainConfig.RandomForestGrid;
import reforest.export.Export.Exported;
import reforest.export.SplitEdges.Pair;
import reforest.features.Recipe;
import reforest.features.Recipe.CategoryInput;
import reforest.features.Recipe.NumberInput;
import reforest.features.TrainingRows;
import reforest.ingest.Contracts;
import reforest.testing.SparkExtension;
import reforest.testing.TestConfigs;
import reforest.train.Fits;
import reforest.train.Trained;

/** MLlib, the bundle's scorer and an independent evaluator give one answer for every row. */
@ExtendWith(SparkExtension.class)
class ParityTest {

  private static final int ROWS = 600;

  private static final StructType SCHEMA =
      StructType.fromDDL(
          "id bigint, plain double, `odd.name` double, `größe 😀` double, whole int, "
              + "colour string, hour int, flag boolean, label string");

  private static final FeatureConfig FEATURES =
      new FeatureConfig(
          List.of("plain", "odd.name", "größe 😀", "whole"),
          List.of("colour", "hour", "flag"),
          List.of(
              new Derived("ratio", Operation.RATIO, List.of("plain", "whole"), -1, List.of()),
              new Derived(
                  "less", Operation.DIFFERENCE, List.of("odd.name", "größe 😀"), 0, List.of()),
              new Derived("log", Operation.LOG, List.of("größe 😀"), 0.5, List.of()),
              new Derived("bucket", Operation.BUCKET, List.of("less"), 0, List.of(-1.0, 0.0, 1.0)),
              new Derived("small", Operation.MINIMUM, List.of("plain", "odd.name"), 0, List.of()),
              new Derived("large", Operation.MAXIMUM, List.of("plain", "whole"), 0, List.of())),
          List.of(),
          Imputation.MEDIAN,
          15,
          20,
          List.of(),
          List.of());

  /** For each feature the cells that it follows from. */
  private static final List<List<Integer>> CELLS =
      List.of(
          List.of(1),
          List.of(2),
          List.of(3),
          List.of(4),
          List.of(1, 4),
          List.of(2, 3),
          List.of(3),
          List.of(2, 3),
          List.of(1, 2),
          List.of(1, 4),
          List.of(5),
          List.of(6),
          List.of(7));

  @ParameterizedTest
  @CsvSource({
    "REGRESSION, gradient-boosting, MLLIB, HIGHEST",
    "BINARY, random-forest, BINNED, HIGHEST",
    "REGRESSION, random-forest, MLLIB, MEDIAN",
    "MULTICLASS, random-forest, MLLIB, MEDIAN",
    "BINARY, gradient-boosting, BINNED, MEDIAN",
    "BINARY, gradient-boosting from the mean, BINNED, MEDIAN",
    "REGRESSION, gradient-boosting from the mean, BINNED, HIGHEST",
    "REGRESSION, random-forest, BINNED, MEDIAN",
    "REGRESSION, gradient-boosting, BINNED, MEDIAN",
    "BINARY, random-forest, BINNED, MEDIAN",
    "MULTICLASS, random-forest, BINNED, MEDIAN"
  })
  void everyScorerAgreesOnEveryRow(
      Task task,
      String family,
      Engine engine,
      Imputation missing,
      SparkSession spark,
      @TempDir Path folder)
      throws Exception {
    ModelConfig config = config(task, family, engine, missing);
    Dataset<Row> rows = table(spark, rows(task), task);
    Trained trained = Fits.first(rows, config);
    Exported exported = new Export(spark, config).write(trained, Parity.provenance());
    Parity.assertSizeIsKnown(trained, exported);
    List<Row> asked = new ArrayList<>(rows(task));
    asked.addAll(odd(asked.get(0).getString(8)));
    TreeEnsembleModel<?> trees = (TreeEnsembleModel<?>) trained.trees();
    Map<InternalNode, Optional<Pair>> edges =
        new SplitEdges(row -> features(row, trained.recipe()), CELLS).of(trees, asked);
    List<Pair> pairs = edges.values().stream().flatMap(Optional::stream).toList();
    assertThat(edges).hasSize(splits(trees));
    // For few splits a step of one value across it also turns the row off its way there.
    assertThat(pairs.size()).isGreaterThan((int) (0.99 * edges.size()));
    int first = asked.size();
    pairs.forEach(pair -> asked.addAll(List.of(pair.one(), pair.other())));
    Dataset<Row> vectors =
        trained
            .recipe()
            .apply(TrainingRows.of(table(spark, asked, task), config, trained.classes(), List.of()))
            .coalesce(1);
    List<Vector> given =
        vectors.select(Recipe.FEATURES).collectAsList().stream()
            .map(r -> (Vector) r.get(0))
            .toList();
    assertThat(SplitEdges.crossed(trees, given)).isEqualTo(edges.keySet());
    for (int i = 0; i < pairs.size(); i++) {
      Vector one = given.get(first + 2 * i);
      Vector other = given.get(first + 2 * i + 1);
      assertThat(pairs.get(i).isParted(one, other)).as("%s", pairs.get(i)).isTrue();
    }
    List<double[]> expected = Parity.mllib(trained, vectors);

    LocalStore store = new LocalStore(folder);
    Bundle.write(store, "bundle", exported.manifest(), exported.files());
    Scorer scorer = Scorer.of(Bundle.read(store, "bundle"));
    assertThat(scorer.outside(Map.of()))
        .anyMatch(
            sentence ->
                sentence.startsWith("plain is missing; the model takes ")
                    && sentence.contains("higher than every value")
                        == (missing == Imputation.HIGHEST));
    Parity.assertAgree(exported, scorer, asked.stream().map(ParityTest::named).toList(), expected);
  }

  private static ModelConfig config(Task task, String family, Engine engine, Imputation missing) {
    boolean forest = family.equals("random-forest");
    return TestConfigs.of(
        task,
        Contracts.labelled(task, "y es"),
        new FeatureConfig(
            FEATURES.numeric(),
            FEATURES.categorical(),
            FEATURES.derived(),
            List.of(),
            missing,
            FEATURES.minCategoryRows(),
            FEATURES.maxCategories(),
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
            SearchConfig.PLAIN,
            forest
                ? Optional.of(
                    new RandomForestGrid(
                        List.of(50),
                        List.of(8),
                        List.of(1),
                        List.of("auto"),
                        List.of(1.0),
                        Map.of()))
                : Optional.empty(),
            forest
                ? Optional.empty()
                : Optional.of(
                    new GradientBoostingGrid(
                        List.of(50),
                        List.of(8),
                        List.of(0.1),
                        List.of(1),
                        List.of("all"),
                        List.of(1.0),
                        family.endsWith("mean") ? BoostingStart.MEAN : BoostingStart.TREE,
                        Map.of()))));
  }

  private static Dataset<Row> table(SparkSession spark, List<Row> rows, Task task) {
    Dataset<Row> table = spark.createDataFrame(rows, SCHEMA).coalesce(1);
    return task.isClassification()
        ? table
        : table.withColumn("label", table.col("label").cast("double"));
  }

  private static List<Row> rows(Task task) {
    Random random = new Random(11);
    String[] colours = {"red", "deep \"blue\"", "green & <gold>", "it's"};
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Double plain = random.nextInt(12) == 0 ? null : (Double) random.nextGaussian();
      Double odd = random.nextInt(12) == 0 ? Double.NaN : random.nextGaussian() * 3;
      Double size = random.nextDouble() * 5;
      Integer whole = random.nextInt(9) == 0 ? null : (Integer) (random.nextInt(7) - 2);
      String colour =
          switch (random.nextInt(30)) {
            case 0 -> null;
            case 1 -> "rare" + random.nextInt(40);
            default -> colours[random.nextInt(colours.length)];
          };
      int hour = random.nextInt(12);
      Boolean flag = random.nextInt(20) == 0 ? null : (Boolean) random.nextBoolean();
      double value =
          (plain == null ? 1 : plain)
              + (Double.isNaN(odd) ? -1 : Math.abs(odd - size))
              + (colour == null ? 2 : colour.length() % 5)
              + Math.sin(hour)
              + (whole == null ? 0 : whole) * (flag == null ? 0.5 : flag ? 1 : -1)
              + 0.3 * random.nextGaussian();
      String label =
          switch (task) {
            case REGRESSION -> Double.toString(value);
            case BINARY -> value > 4 ? "y es" : "no";
            case MULTICLASS -> value > 5 ? "high" : value > 3 ? "mid\"dle" : "l o w";
          };
      rows.add(RowFactory.create((long) i, plain, odd, size, whole, colour, hour, flag, label));
    }
    return rows;
  }

  /** Rows of nothing but missing, extreme or unseen values. */
  private static List<Row> odd(String label) {
    return List.of(
        RowFactory.create(-1L, null, null, null, null, null, null, null, label),
        RowFactory.create(-2L, Double.NaN, Double.NaN, Double.NaN, 0, "", null, null, label),
        RowFactory.create(-3L, 1e300, -1e300, 0.0, 0, "never", 99, true, label));
  }

  private static int splits(TreeEnsembleModel<?> trees) {
    int splits = 0;
    for (Object tree : trees.trees()) {
      splits += (((DecisionTreeModel) tree).numNodes() - 1) / 2;
    }
    return splits;
  }

  private static Vector features(Row row, Recipe recipe) {
    boolean highest = recipe.isHighestWhenMissing();
    Map<String, Double> values = new LinkedHashMap<>();
    for (NumberInput input : recipe.numbers()) {
      Number cell = (Number) row.get(SCHEMA.fieldIndex(input.name()));
      boolean missing = cell == null || Double.isNaN(cell.doubleValue());
      values.put(input.name(), missing ? input.replacement() : cell.doubleValue());
    }
    for (Derived column : recipe.derived()) {
      List<Double> of = column.of().stream().map(values::get).toList();
      boolean missing = highest && of.contains(Double.MAX_VALUE);
      values.put(column.name(), missing ? Double.MAX_VALUE : derive(column, of));
    }
    double[] vector = new double[recipe.width()];
    int at = 0;
    for (double value : values.values()) {
      vector[at++] = value;
    }
    for (CategoryInput input : recipe.categories()) {
      Object cell = row.get(SCHEMA.fieldIndex(input.name()));
      int code = cell == null ? input.missingCode() : input.known().indexOf(cell.toString());
      vector[at++] = code < 0 ? input.otherCode() : code;
    }
    return Vectors.dense(vector);
  }

  private static double derive(Derived column, List<Double> of) {
    double first = of.get(0);
    return switch (column.operation()) {
      case RATIO -> of.get(1) == 0 ? column.constant() : first / of.get(1);
      case DIFFERENCE -> first - of.get(1);
      case LOG -> StrictMath.log(Math.max(first, column.constant()));
      case BUCKET -> column.at().stream().filter(at -> first >= at).count();
      case MINIMUM -> Collections.min(of);
      case MAXIMUM -> Collections.max(of);
    };
  }

  private static Map<String, @Nullable Object> named(Row row) {
    Map<String, @Nullable Object> named = new HashMap<>();
    for (String input :
        List.of("plain", "odd.name", "größe 😀", "whole", "colour", "hour", "flag")) {
      Object value = row.get(SCHEMA.fieldIndex(input));
      boolean category = FEATURES.categorical().contains(input);
      named.put(
          input,
          value == null
              ? null
              : category ? value.toString() : (Object) ((Number) value).doubleValue());
    }
    return named;
  }
}
