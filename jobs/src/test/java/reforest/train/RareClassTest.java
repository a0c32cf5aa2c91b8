package reforest.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.Engine;
import reforest.config.FeatureConfig;
import reforest.config.FeatureConfig.Imputation;
import reforest.config.Metric;
import reforest.config.ModelConfig;
import reforest.config.SearchConfig;
import reforest.config.TrainConfig;
import reforest.config.TrainConfig.RandomForestGrid;
import reforest.features.TrainingRows;
import reforest.ingest.Contracts;
import reforest.testing.SparkExtension;
import reforest.testing.TestConfigs;

/** 110 rows of 40,000 are of the class that matters, and in no leaf are they the most. */
@ExtendWith(SparkExtension.class)
class RareClassTest {

  private static final int ROWS = 40_000;
  private static final int POSITIVES = 110;
  private static final double SHARE = (double) POSITIVES / ROWS;

  private static final StructType SCHEMA =
      StructType.fromDDL("id int, x double, z double, label double");

  private static ModelConfig config(Engine engine) {
    return TestConfigs.of(
        Task.BINARY,
        new DataConfig(
            new DataConfig.Source("csv", Map.of(), Optional.empty()),
            List.of(Contracts.column("label", "double")),
            List.of("id"),
            Optional.empty(),
            "label",
            Optional.of("1"),
            List.of(),
            0.01,
            Duration.ofDays(400)),
        new FeatureConfig(
            List.of("x", "z"),
            List.of(),
            List.of(),
            List.of(),
            Imputation.MEDIAN,
            10,
            20,
            List.of(),
            List.of()),
        new TrainConfig(
            Metric.LOG_LOSS,
            2,
            5,
            2,
            32,
            engine,
            0.5,
            SearchConfig.PLAIN,
            Optional.of(
                new RandomForestGrid(
                    List.of(20), List.of(6), List.of(5), List.of("auto"), List.of(1.0), Map.of())),
            Optional.empty()));
  }

  /** The rows with the highest risk are the positive ones; chance has a large part in it. */
  private static Dataset<Row> rows(SparkSession spark, long seed) {
    Random random = new Random(seed);
    record Case(double x, double z, double risk) {}
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      double x = random.nextGaussian();
      double z = random.nextGaussian();
      cases.add(new Case(x, z, 2 * x + z + 1.5 * random.nextGaussian()));
    }
    cases.sort(Comparator.comparingDouble(Case::risk).reversed());
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Case of = cases.get(i);
      rows.add(RowFactory.create(i, of.x(), of.z(), i < POSITIVES ? 1.0 : 0.0));
    }
    return spark.createDataFrame(rows, SCHEMA);
  }

  @ParameterizedTest
  @EnumSource(names = {"BINNED", "MLLIB"})
  void aForestRanksItFarAboveTheOthersAndKnowsHowRareItIs(Engine engine, SparkSession spark) {
    ModelConfig config = config(engine);

    Trained trained = Fits.first(rows(spark, 1), config);

    Dataset<Row> predicted =
        trained
            .trees()
            .transform(
                trained
                    .recipe()
                    .apply(TrainingRows.of(rows(spark, 2), config, trained.classes(), List.of())))
            .cache();
    double baseRate = -SHARE * Math.log(SHARE) - (1 - SHARE) * Math.log(1 - SHARE);
    assertThat(MllibScores.of(Metric.AUC, Task.BINARY, 1e-6, predicted)).isGreaterThan(0.85);
    assertThat(MllibScores.of(Metric.LOG_LOSS, Task.BINARY, 1e-6, predicted))
        .isLessThan(0.9 * baseRate);
    predicted.unpersist();
  }
}
