package reforest.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
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
import org.w3c.dom.Element;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Manifest;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.Prediction;
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
import reforest.ingest.Contracts;
import reforest.testing.SparkExtension;
import reforest.testing.TestConfigs;
import reforest.train.Fits;
import reforest.train.Trained;

/**
 * Writes small bundles to {@code target/golden}, each with predictions beside it.
 *
 * <p>A release's bundles are kept: copied to a folder of its version below {@code golden} among the
 * resources of the bundle's tests, where every later version loads them and must predict the same.
 */
@ExtendWith(SparkExtension.class)
class GoldenBundlesTest {

  private static final Path FOLDER = Path.of("target/golden");

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int ROWS = 400;

  private static final StructType SCHEMA =
      StructType.fromDDL("id bigint, km double, `load` double, zone string, label string");

  private static final List<Derived> DERIVED =
      List.of(
          new Derived("ratio", Operation.RATIO, List.of("km", "load"), -1, List.of()),
          new Derived("less", Operation.DIFFERENCE, List.of("km", "load"), 0, List.of()),
          new Derived("log", Operation.LOG, List.of("km"), 0.5, List.of()),
          new Derived("band", Operation.BUCKET, List.of("load"), 0, List.of(1.0, 3.0)),
          new Derived("small", Operation.MINIMUM, List.of("km", "load"), 0, List.of()),
          new Derived("large", Operation.MAXIMUM, List.of("km", "load"), 0, List.of()));

  @Test
  void writesABoostedRegressionWithDerivedColumns(SparkSession spark) throws IOException {
    ModelConfig config =
        config(Task.REGRESSION, DERIVED, Imputation.MEDIAN, Engine.MLLIB, BoostingStart.TREE);

    write(spark, "boosted-regression", config, Optional.empty());
  }

  @Test
  void writesAForestOfClassesWithCategoriesAndMissingValues(SparkSession spark) throws IOException {
    ModelConfig config =
        config(Task.MULTICLASS, List.of(), Imputation.HIGHEST, Engine.BINNED, BoostingStart.TREE);

    write(spark, "forest-of-classes", config, Optional.empty());
  }

  @Test
  void writesABoostedModelThatDecidesBetweenTwoClasses(SparkSession spark) throws IOException {
    ModelConfig config =
        config(Task.BINARY, List.of(), Imputation.MEDIAN, Engine.BINNED, BoostingStart.MEAN);

    write(spark, "boosted-decision", config, Optional.of(0.25));
  }

  private static void write(
      SparkSession spark, String name, ModelConfig config, Optional<Double> threshold)
      throws IOException {
    Trained fitted = Fits.first(table(spark, config.task()), config);
    Trained trained = threshold.map(at -> Fits.decided(fitted, at)).orElse(fitted);
    Exported exported = new Export(spark, config).write(trained, provenance(config));
    LocalStore store = new LocalStore(FOLDER);
    Path old = FOLDER.resolve(name);
    Files.deleteIfExists(old.resolve(Bundle.MODEL));
    Files.deleteIfExists(old.resolve(Bundle.MANIFEST));
    Bundle.write(store, name, exported.manifest(), exported.files());
    Scorer scorer = Scorer.of(Bundle.read(store, name));
    ObjectNode expected = expected(scorer, exported);
    Files.writeString(
        FOLDER.resolve(name + ".json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(expected) + "\n");
    assertThat(scorer.threshold().stream().boxed().findFirst()).isEqualTo(threshold);
    boolean forest = config.train().randomForest().isPresent();
    for (JsonNode tree : expected.path("trees")) {
      // A forest's trees draw about as many rows as there are.
      double rows = tree.path("cover").doubleValue();
      assertThat(rows).isCloseTo(ROWS, within(forest ? 0.2 * ROWS : 0));
    }
  }

  /** What the rows that follow predict, and the training rows that each tree's root has seen. */
  private static ObjectNode expected(Scorer scorer, Exported exported) {
    ObjectNode expected = JSON.createObjectNode();
    ArrayNode rows = expected.putArray("rows");
    for (Map<String, Object> inputs : asked(scorer.manifest())) {
      ObjectNode row = rows.addObject();
      row.set("inputs", JSON.valueToTree(inputs));
      Prediction prediction = scorer.score(inputs);
      if (prediction.label().isEmpty()) {
        row.put("value", prediction.value());
        continue;
      }
      ObjectNode probabilities = row.putObject("probabilities");
      for (int k = 0; k < prediction.probabilities().size(); k++) {
        probabilities.put(scorer.manifest().classes().get(k), prediction.probabilities().get(k));
      }
      row.put("label", prediction.label().get());
    }
    ArrayNode trees = expected.putArray("trees");
    for (Element root : TreeElements.roots(exported.files().get(Bundle.MODEL))) {
      trees.addObject().put("cover", Double.parseDouble(root.getAttribute("recordCount")));
    }
    return expected;
  }

  /** Inner values, extreme and missing ones, and categories that are known, rare, or new. */
  private static List<Map<String, Object>> asked(Manifest manifest) {
    @Nullable Object[][] rows = {
      {1.5, 2.0, "hill"},
      {0.25, 3.75, "lake side"},
      {7.0, 0.5, "hill"},
      {3.25, 1.0, "old \"town\""},
      {4.5, 4.5, null},
      {null, 2.5, "hill"},
      {2.0, null, "lake side"},
      {null, null, null},
      {2.5, 0.0, "moon"},
      {-1e300, 1e300, ""},
      {1e300, -1e300, "old \"town\""},
      {9.5, 3.5, "lake side"}
    };
    List<Map<String, Object>> asked = new ArrayList<>();
    for (@Nullable Object[] values : rows) {
      Map<String, Object> row = new LinkedHashMap<>();
      for (int i = 0; i < values.length; i++) {
        Input input = manifest.inputs().get(i);
        assertThat(input.type()).isEqualTo(i < 2 ? InputType.NUMBER : InputType.CATEGORY);
        Object value = values[i];
        if (value != null) {
          row.put(input.name(), value);
        }
      }
      asked.add(row);
    }
    return asked;
  }

  private static ModelConfig config(
      Task task, List<Derived> derived, Imputation missing, Engine engine, BoostingStart start) {
    boolean forest = task == Task.MULTICLASS;
    return TestConfigs.of(
        task,
        Contracts.labelled(task, "late"),
        new FeatureConfig(
            List.of("km", "load"),
            List.of("zone"),
            derived,
            List.of(),
            missing,
            15,
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
            SearchConfig.PLAIN,
            forest
                ? Optional.of(
                    new RandomForestGrid(
                        List.of(3),
                        List.of(3),
                        List.of(1),
                        List.of("auto"),
                        List.of(1.0),
                        Map.of()))
                : Optional.empty(),
            forest
                ? Optional.empty()
                : Optional.of(
                    new GradientBoostingGrid(
                        List.of(3),
                        List.of(3),
                        List.of(0.5),
                        List.of(1),
                        List.of("all"),
                        List.of(1.0),
                        start,
                        Map.of()))));
  }

  private static Dataset<Row> table(SparkSession spark, Task task) {
    Random random = new Random(5);
    String[] zones = {"hill", "lake side", "old \"town\""};
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Double km = random.nextInt(10) == 0 ? null : (Double) (random.nextInt(400) / 40.0);
      Double load = random.nextInt(10) == 0 ? null : (Double) (random.nextInt(200) / 40.0);
      int turn = random.nextInt(20);
      String zone = turn == 0 ? null : turn == 1 ? "rare" + i : zones[turn % zones.length];
      double minutes =
          10
              + 4 * (km == null ? 2 : km)
              + 3 * (load == null ? 3 : load)
              + (zone == null ? 12 : zone.length())
              + random.nextInt(5);
      String label =
          switch (task) {
            case REGRESSION -> Double.toString(minutes);
            case BINARY -> minutes > 45 ? "late" : "in time";
            case MULTICLASS -> minutes > 55 ? "late" : minutes > 40 ? "in time" : "early";
          };
      rows.add(RowFactory.create((long) i, km, load, zone, label));
    }
    Dataset<Row> table = spark.createDataFrame(rows, SCHEMA).coalesce(1);
    return task.isClassification()
        ? table
        : table.withColumn("label", table.col("label").cast("double"));
  }

  private static Provenance provenance(ModelConfig config) {
    return new Provenance(
        "golden",
        "file:///data/golden/table",
        0,
        "0".repeat(64),
        "by time",
        Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
        config.train().randomForest().isPresent() ? "random-forest" : "gradient-boosting",
        Map.of("depth", "3"),
        config.train().seed(),
        "0123abc",
        "0".repeat(64),
        Map.of("java", "17", "spark", "4.1.0"));
  }
}
