package reforest.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.SparkExtension;
import reforest.TestConfigs;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Task;
import reforest.config.*;
import reforest.config.FeatureConfig.Imputation;
import reforest.config.TrainConfig.GradientBoostingGrid;
import reforest.config.TrainConfig.RandomForestGrid;
import reforest.export.Export.Exported;
import reforest.train.Fits;
import reforest.train.Trained;

@ExtendWith(SparkExtension.class)
class ThrowawayTest {
  @ParameterizedTest
  @CsvSource({"REGRESSION,false", "BINARY,true", "REGRESSION,true"})
  void make(Task task, boolean forest, SparkSession spark) throws Exception {
    Dataset<Row> rows =
        spark
            .range(100000)
            .coalesce(1)
            .selectExpr(
                "id",
                "pmod(xxhash64(id, 'a'), 100000) / 1000.0D as a",
                "pmod(xxhash64(id, 'b'), 100000) / 1000.0D as b",
                "pmod(xxhash64(id, 'c'), 100000) / 1000.0D as c",
                "pmod(xxhash64(id, 'd'), 100000) / 1000.0D as d",
                "pmod(xxhash64(id, 'e'), 100000) / 1000.0D as e",
                "pmod(xxhash64(id, 'l'), 1000) / 10.0D as luck")
            .selectExpr(
                "*",
                task == Task.BINARY
                    ? "if(a * b / 50 + abs(c - d) + sin(e) * 10 + luck > 130, 'yes', 'no') as label"
                    : "a * b / 50 + abs(c - d) + sin(e) * 10 + luck as label");
    ModelConfig config =
        TestConfigs.of(
            task,
            new DataConfig(
                new DataConfig.Source("csv", Map.of(), Optional.empty()),
                List.of(TestConfigs.column("label", task.isClassification() ? "string" : "double")),
                List.of("id"),
                Optional.empty(),
                "label",
                task == Task.BINARY ? Optional.of("yes") : Optional.empty(),
                List.of(),
                0.01,
                Duration.ofDays(400)),
            new FeatureConfig(
                List.of("a", "b", "c", "d", "e"),
                List.of(),
                List.of(),
                List.of(),
                Imputation.MEDIAN,
                15,
                20),
            new TrainConfig(
                task.isClassification() ? Metric.LOG_LOSS : Metric.RMSE,
                2,
                7,
                2,
                128,
                Engine.BINNED,
                0.5,
                SearchConfig.PLAIN,
                forest
                    ? Optional.of(
                        new RandomForestGrid(
                            List.of(100),
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
                            List.of(100),
                            List.of(8),
                            List.of(0.1),
                            List.of(1),
                            List.of("all"),
                            List.of(1.0),
                            Start.TREE,
                            Map.of()))));
    Trained trained = Fits.first(rows, config);
    Exported exported = new Export(spark, config).write(trained, Parity.provenance());
    Path folder = Path.of(System.getenv("OUT")).resolve(task + (forest ? "-forest" : "-boosted"));
    Files.createDirectories(folder);
    Bundle.write(new LocalStore(folder), "bundle", exported.manifest(), exported.files());
    System.out.println(
        "SIZES "
            + folder
            + " "
            + exported.files().get(Bundle.MODEL).length
            + " estimate "
            + trained.winner().cost().bytes());
  }
}
