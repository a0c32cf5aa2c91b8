package reforest.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jpmml.evaluator.Evaluator;
import org.jpmml.evaluator.LoadingModelEvaluatorBuilder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Scorer;
import reforest.bundle.Task;
import reforest.config.BoostingStart;
import reforest.config.DataConfig;
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
import reforest.export.Export.Exported;
import reforest.ingest.Contracts;
import reforest.testing.SparkExtension;
import reforest.testing.TestConfigs;
import reforest.train.Fits;
import reforest.train.Trained;

@ExtendWith(SparkExtension.class)
class MarginTest {

  /** Four columns, of which each in turn, and at last two of them, have the margin's own names. */
  @ParameterizedTest(name = "{0}, {1}, {2}, {3}")
  @CsvSource({
    "margin, colour, less, late",
    "size, margin, less, late",
    "size, colour, margin, late",
    "size, colour, less, margin",
    "margin, colour, margin_, late"
  })
  void noColumnIsTakenForTheMargin(
      String number,
      String category,
      String derived,
      String label,
      SparkSession spark,
      @TempDir Path folder)
      throws Exception {
    Dataset<Row> rows =
        spark
            .range(200)
            .selectExpr(
                "id",
                "pmod(xxhash64(id, 'n'), 100) / 10.0D as `" + number + "`",
                "pmod(xxhash64(id, 'o'), 100) / 10.0D as other",
                "element_at(array('a', 'b'), 1 + cast(id % 2 as int)) as `" + category + "`")
            .selectExpr(
                "*",
                "if(`%s` - other + if(`%s` = 'a', 3, 0) > 1, 'yes', 'no') as `%s`"
                    .formatted(number, category, label));
    ModelConfig config = config(number, category, derived, label);
    Trained trained = Fits.decided(Fits.first(rows.coalesce(1), config), 0.25);

    Exported exported = new Export(spark, config).write(trained, Parity.provenance());

    byte[] pmml = exported.files().get(Bundle.MODEL);
    Evaluator referee =
        new LoadingModelEvaluatorBuilder().load(new ByteArrayInputStream(pmml)).build();
    referee.verify();
    LocalStore store = new LocalStore(folder);
    Bundle.write(store, "bundle", exported.manifest(), exported.files());
    Scorer scorer = Scorer.of(Bundle.read(store, "bundle"));
    for (double size : new double[] {0, 2.5, 5, 10}) {
      Map<String, Object> row = new HashMap<>(Map.of(number, size, "other", 4.0, category, "b"));
      double scored = scorer.score(row).probabilities().get(1);
      Object judged = referee.evaluate(row).get(PmmlNames.probability("yes"));
      assertThat(scored).isCloseTo(((Number) judged).doubleValue(), within(1e-9));
      assertThat(referee.evaluate(row).get(PmmlNames.decision(trained, label)))
          .isEqualTo(scorer.score(row).label().orElseThrow())
          .isEqualTo(scored >= 0.25 ? "yes" : "no");
    }
  }

  private static ModelConfig config(String number, String category, String derived, String label) {
    return TestConfigs.of(
        Task.BINARY,
        new DataConfig(
            new DataConfig.Source("csv", Map.of(), Optional.empty()),
            List.of(Contracts.column(label, "string")),
            List.of("id"),
            Optional.empty(),
            label,
            Optional.of("yes"),
            List.of(),
            0.01,
            Duration.ofDays(400)),
        new FeatureConfig(
            List.of(number, "other"),
            List.of(category),
            List.of(
                new Derived(derived, Operation.DIFFERENCE, List.of(number, "other"), 0, List.of())),
            List.of(),
            Imputation.MEDIAN,
            5,
            20,
            List.of(),
            List.of()),
        new TrainConfig(
            Metric.LOG_LOSS,
            2,
            7,
            2,
            32,
            Engine.AUTO,
            0.5,
            SearchConfig.PLAIN,
            Optional.empty(),
            Optional.of(
                new GradientBoostingGrid(
                    List.of(5),
                    List.of(3),
                    List.of(0.3),
                    List.of(1),
                    List.of("all"),
                    List.of(1.0),
                    BoostingStart.TREE,
                    Map.of()))));
  }
}
