package reforest.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Background;
import reforest.bundle.Bundle;
import reforest.bundle.Explanation;
import reforest.bundle.Explanation.Scale;
import reforest.bundle.Explanation.Way;
import reforest.bundle.LocalStore;
import reforest.bundle.Manifest.FileEntry;
import reforest.bundle.Scorer;
import reforest.bundle.Task;
import reforest.config.BoostingStart;
import reforest.config.DataConfig;
import reforest.config.Engine;
import reforest.config.FeatureConfig;
import reforest.config.FeatureConfig.Imputation;
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
class BackgroundTest {

  private static final int ROWS = 400;

  private static final StructType SCHEMA =
      StructType.fromDDL("id bigint, x double, y double, zone string, label string");

  @Test
  void ofTrainingRowsTravelsAndExplainsTheProbability(SparkSession spark, @TempDir Path folder) {
    ModelConfig config = config(false, SearchConfig.Limits.NONE);
    List<Row> rows = rows();
    Trained trained = Fits.first(spark.createDataFrame(rows, SCHEMA), config);
    Export export = new Export(spark, config);

    Exported exported =
        export.write(trained, spark.createDataFrame(rows, SCHEMA), Parity.provenance());
    Collections.reverse(rows);
    Exported again =
        export.write(
            trained, spark.createDataFrame(rows, SCHEMA).repartition(3), Parity.provenance());

    assertThat(again.manifest()).isEqualTo(exported.manifest());
    assertThat(exported.manifest().files())
        .extracting(FileEntry::name)
        .containsExactly(Bundle.BACKGROUND, Bundle.MODEL);
    byte[] json = exported.files().get(Bundle.BACKGROUND);
    Background background = Background.parse(json, exported.manifest().inputs());
    assertThat(background.size()).isEqualTo(200);
    // Neither a key nor a label, nor a category that the model does not tell apart.
    assertThat(new String(json, StandardCharsets.UTF_8)).doesNotContain("rare", "id", "label");

    LocalStore store = new LocalStore(folder);
    Bundle.write(store, "bundle", exported.manifest(), exported.files());
    Scorer scorer = Scorer.of(Bundle.read(store, "bundle"));
    double[] out = new double[2];
    double mean = 0;
    for (int i = 0; i < background.size(); i++) {
      scorer.predict(background.row(i), out);
      mean += out[1] / background.size();
    }
    List<List<Double>> known = rows.stream().map(row -> encoded(scorer, row)).toList();
    for (int i = 0; i < background.size(); i++) {
      List<Double> drawn = new ArrayList<>();
      for (double value : background.row(i)) {
        drawn.add(value);
      }
      assertThat(known).contains(drawn);
    }
    Explanation explanation = scorer.explain(named(rows.get(0)), Way.INTERVENTIONAL);
    assertThat(explanation.scale()).isEqualTo(Scale.PROBABILITY);
    assertThat(explanation.base()).isCloseTo(mean, within(1e-12));
    assertThat(explanation.result())
        .isEqualTo(scorer.score(named(rows.get(0))).probabilities().get(1));
    assertThat(
            explanation.base()
                + explanation.contributions().stream().mapToDouble(it -> it.amount()).sum())
        .isCloseTo(explanation.result(), within(1e-12));
  }

  @Test
  void staysAtHomeWhereAnInputIsPersonalOrTheBundleIsFull(SparkSession spark) {
    Dataset<Row> rows = spark.createDataFrame(rows(), SCHEMA);
    ModelConfig personal = config(true, SearchConfig.Limits.NONE);
    Trained trained = Fits.first(rows, personal);

    assertThat(written(spark, personal, trained, rows)).containsExactly(Bundle.MODEL);
    Exported plain = new Export(spark, personal).write(trained, Parity.provenance());
    long bytes = plain.manifest().toJson().length + (long) plain.files().get(Bundle.MODEL).length;
    ModelConfig full =
        config(
            false, new SearchConfig.Limits(OptionalDouble.empty(), OptionalLong.of(bytes + 100)));
    assertThat(written(spark, full, trained, rows)).containsExactly(Bundle.MODEL);
  }

  private static List<String> written(
      SparkSession spark, ModelConfig config, Trained trained, Dataset<Row> rows) {
    return new Export(spark, config)
        .write(trained, rows, Parity.provenance()).manifest().files().stream()
            .map(FileEntry::name)
            .toList();
  }

  private static List<Double> encoded(Scorer scorer, Row row) {
    List<Double> encoded = new ArrayList<>();
    for (double value : scorer.encode(named(row))) {
      encoded.add(value);
    }
    return encoded;
  }

  private static Map<String, Object> named(Row row) {
    Map<String, Object> named = new HashMap<>();
    for (int i = 1; i < 4; i++) {
      named.put(SCHEMA.fieldNames()[i], row.get(i));
    }
    return named;
  }

  private static List<Row> rows() {
    Random random = new Random(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      Double x = random.nextInt(9) == 0 ? null : Double.valueOf(random.nextGaussian());
      double y = random.nextInt(5);
      String zone =
          i % 40 == 0 ? "rare " + i : random.nextInt(9) == 0 ? null : "zone" + random.nextInt(3);
      boolean isYes = (x == null ? 0.3 : x) + y / 3 + random.nextGaussian() / 2 > 0.8;
      rows.add(RowFactory.create((long) i, x, y, zone, isYes ? "yes" : "no"));
    }
    return rows;
  }

  private static ModelConfig config(boolean isPersonal, SearchConfig.Limits limits) {
    return TestConfigs.of(
        Task.BINARY,
        new DataConfig(
            new DataConfig.Source("csv", Map.of(), Optional.empty()),
            List.of(
                Contracts.column("id", "bigint"),
                Contracts.column("x", "double"),
                isPersonal ? Contracts.personal("y", "double") : Contracts.column("y", "double"),
                Contracts.column("zone", "string"),
                Contracts.column("label", "string")),
            List.of("id"),
            Optional.empty(),
            "label",
            Optional.of("yes"),
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
            Metric.LOG_LOSS,
            2,
            7,
            2,
            32,
            Engine.BINNED,
            0.5,
            TestConfigs.search(SearchConfig.Choose.BEST, limits),
            Optional.empty(),
            Optional.of(
                new GradientBoostingGrid(
                    List.of(10),
                    List.of(4),
                    List.of(0.3),
                    List.of(2),
                    List.of("all"),
                    List.of(1.0),
                    BoostingStart.MEAN,
                    Map.of()))));
  }
}
