package reforest.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import reforest.config.ConfigReader;
import reforest.config.ModelConfig;
import reforest.features.TrainingRows;
import reforest.split.Folds;
import reforest.train.Train;
import reforest.train.Trained;

/** Searches a plan's grid as {@code ./reforest retrain} does. */
public final class OurSearch {

  private OurSearch() {}

  /** Called with the plan's file and the file to tell in. */
  public static void main(String[] args) throws IOException {
    Plan plan = Plan.read(Path.of(args[0]));
    try (SparkSession spark = Spark.open(plan.cores(), true)) {
      ModelConfig config = config(plan, args[0]);
      Trained trained = search(spark, plan, config);
      Map<String, String> winner = trained.winner().candidate().parameters();
      double tested =
          Spark.score(
              trained.trees(),
              trained
                  .recipe()
                  .apply(
                      TrainingRows.of(
                          Spark.rows(spark, plan, "test"), config, trained.classes(), List.of())),
              plan);
      Spark.tell(
          args[1],
          Map.of(
              "depth", Integer.parseInt(winner.getOrDefault("depth", "0")),
              "trees", trained.winner().candidate().trees(),
              "validated", trained.winner().meanScore(),
              "tested", tested,
              "version", "Spark " + spark.version()));
    }
  }

  /**
   * The configuration that a plan stands for.
   *
   * @param settings {@code KEY=VALUE}, which go before the plan
   */
  public static ModelConfig config(Plan plan, String planFile, String... settings) {
    Path file = Path.of(planFile + ".conf");
    try {
      Files.writeString(file, plan.configuration());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ConfigReader.read(List.of(file), List.of(settings), Map.of()).model();
  }

  /** Searches and refits the winner. */
  static Trained search(SparkSession spark, Plan plan, ModelConfig config) {
    Dataset<Row> rows = Spark.rows(spark, plan, "train").withColumnRenamed("fold", Folds.COLUMN);
    return new Train(config, Optional.empty(), System::nanoTime)
        .search(new Folds.Numbered(rows, plan.folds(), List.of(), Duration.ZERO));
  }
}
