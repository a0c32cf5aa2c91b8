package reforest.features;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.ReforestException;
import reforest.config.ConfigReader;
import reforest.config.ModelConfig;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class TrainingRowsTest {

  @TempDir private Path folder;

  @Test
  void refusesBeforeAnyTrainingAClassThatNoBundleCanName(SparkSession spark) throws IOException {
    ModelConfig config = config();

    assertThat(TrainingRows.classes(labels(spark, "good", "two\nlines", "ключ 🚲"), config))
        .containsExactly("good", "two\nlines", "ключ 🚲");
    assertThatThrownBy(() -> TrainingRows.classes(labels(spark, "good", "a\tb"), config))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ReforestException.Kind.DATA);
              assertThat(e.hint()).contains("from = \"translate(`y`, '\\u0009', ' ')\"");
            })
        .hasMessage(
            "a class of the label y, 'a\tb', holds the character U+0009, which PMML cannot write");
    assertThatThrownBy(() -> TrainingRows.classes(labels(spark, "good", "b\uFFFF"), config))
        .hasMessageContaining("U+FFFF");
  }

  @Test
  void treatsACategoryThatNoBundleCanNameLikeARareOne(SparkSession spark) throws IOException {
    Dataset<Row> rows =
        labels(spark, "plain", "odd\uFFFE").withColumnRenamed("y", "x").withColumn("y", lit("a"));
    ModelConfig config = config();

    Recipe recipe =
        Recipe.learn(TrainingRows.of(rows, config, List.of("a"), List.of()), config.features());

    assertThat(recipe.categories().get(0).known()).containsExactly("plain");
  }

  private static Dataset<Row> labels(SparkSession spark, String... classes) {
    return spark.createDataset(List.of(classes), Encoders.STRING()).toDF("y");
  }

  private ModelConfig config() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("model.conf"),
            """
            model = kinds
            task = multiclass
            data {
              columns = [
                { name = id, type = bigint }
                { name = x, type = string }
                { name = y, type = string }
              ]
              key = [id]
              label = y
            }
            features { categorical = [x], min-category-rows = 1 }
            train.gradient-boosting = null
            gate.worthwhile-gain = 0.01
            """);
    return ConfigReader.read(List.of(file), List.of(), Map.of()).model();
  }
}
