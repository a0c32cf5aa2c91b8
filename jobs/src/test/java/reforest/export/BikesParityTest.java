package reforest.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.tree.TreeEnsembleModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Scorer;
import reforest.config.ConfigReader;
import reforest.config.ModelConfig;
import reforest.export.Export.Exported;
import reforest.features.TrainingRows;
import reforest.testing.SparkExtension;
import reforest.train.Fits;
import reforest.train.Trained;

/** The demo's own models give one answer for each of its 8,645 hours, whoever is asked. */
@ExtendWith(SparkExtension.class)
class BikesParityTest {

  private static final String DATA = "src/main/resources/reforest/demo/bikeshare-2011.csv.gz";

  @ParameterizedTest
  @ValueSource(strings = {"gradient-boosting", "random-forest"})
  void everyScorerAgreesOnEveryHour(String family, SparkSession spark, @TempDir Path folder)
      throws Exception {
    ModelConfig config = config(family);
    Dataset<Row> rows =
        spark.read().option("header", true).option("inferSchema", true).csv(DATA).coalesce(1);
    Trained trained = Fits.first(rows, config);
    // Boosted trees come after a leaf that holds the mean.
    assertThat(((TreeEnsembleModel<?>) trained.trees()).trees())
        .hasSize(family.equals("random-forest") ? 50 : 51);
    Exported exported = new Export(spark, config).write(trained, Parity.provenance());
    Parity.assertSizeIsKnown(trained, exported);
    LocalStore store = new LocalStore(folder);
    Bundle.write(store, "bundle", exported.manifest(), exported.files());

    Parity.assertAgree(
        exported,
        Scorer.of(Bundle.read(store, "bundle")),
        rows.collectAsList().stream().map(row -> named(row, config)).toList(),
        Parity.mllib(
            trained,
            trained.recipe().apply(TrainingRows.of(rows, config, trained.classes(), List.of()))));
  }

  private static ModelConfig config(String family) {
    boolean forest = family.equals("random-forest");
    String other = forest ? "gradient-boosting" : "random-forest";
    return ConfigReader.read(
            List.of(Path.of("../conf/bikeshare.conf")),
            List.of(
                "train." + other + ".enabled=false",
                "train." + family + (forest ? ".trees" : ".iterations") + "=[50]",
                "train." + family + ".depth=[8]"),
            Map.of())
        .model();
  }

  private static Map<String, @Nullable Object> named(Row row, ModelConfig config) {
    Map<String, @Nullable Object> named = new HashMap<>();
    config.features().numeric().forEach(n -> named.put(n, row.<Number>getAs(n).doubleValue()));
    config.features().categorical().forEach(n -> named.put(n, row.getAs(n).toString()));
    return named;
  }
}
