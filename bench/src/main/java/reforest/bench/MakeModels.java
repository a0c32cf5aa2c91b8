package reforest.bench;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest.Provenance;
import reforest.config.ModelConfig;
import reforest.export.Export;
import reforest.train.Trained;

/** Writes the same boosted trees as a bundle, as MLlib's object and for ONNX Runtime. */
public final class MakeModels {

  /** Rows to score. */
  private static final int ROWS = 1000;

  /** The bundle's folder within that of the models. */
  static final String BUNDLE = "bundle";

  private MakeModels() {}

  /** Called with the plan's file, the folder to write to and the file to tell in. */
  public static void main(String[] args) throws IOException {
    Plan plan = Plan.read(Path.of(args[0]));
    Path folder = Files.createDirectories(Path.of(args[1]));
    ModelConfig config = OurSearch.config(plan, args[0]);
    try (SparkSession spark = Spark.open(plan.cores(), true)) {
      Trained trained = OurSearch.search(spark, plan, config);
      Export.Exported exported =
          new Export(spark, config).write(trained, Spark.rows(spark, plan, "train"), provenance());
      // A bundle's folder holds nothing that its manifest does not list.
      Path bundle = Files.createDirectories(folder.resolve(BUNDLE));
      for (Map.Entry<String, byte[]> file : exported.files().entrySet()) {
        Files.write(bundle.resolve(file.getKey()), file.getValue());
      }
      Files.write(bundle.resolve(Bundle.MANIFEST), exported.manifest().toJson());
      GBTRegressionModel trees = (GBTRegressionModel) trained.trees();
      Files.write(folder.resolve("model.onnx"), OnnxTrees.of(trees));
      write(folder.resolve("mllib.bin"), trees);
      write(folder.resolve("rows.bin"), rows(spark, plan));
      Spark.tell(
          args[2],
          Map.of(
              "pmmlBytes",
              Objects.requireNonNull(exported.files().get(Bundle.MODEL)).length,
              "version",
              "Spark " + spark.version()));
    }
  }

  private static double[][] rows(SparkSession spark, Plan plan) {
    List<Row> rows =
        Spark.rows(spark, plan, "test")
            .selectExpr(plan.numbers().toArray(new String[0]))
            .limit(ROWS)
            .collectAsList();
    double[][] values = new double[rows.size()][plan.numbers().size()];
    for (int row = 0; row < values.length; row++) {
      for (int i = 0; i < values[row].length; i++) {
        values[row][i] = rows.get(row).getDouble(i);
      }
    }
    return values;
  }

  private static void write(Path file, Object object) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ObjectOutputStream objects = new ObjectOutputStream(out)) {
      objects.writeObject(object);
    }
  }

  private static Provenance provenance() {
    return new Provenance(
        "bench",
        "file:///bench",
        0,
        "0".repeat(64),
        "none",
        Optional.empty(),
        "gradient-boosting",
        Map.of(),
        1,
        "unknown",
        "0".repeat(64),
        Map.of());
  }
}
