package reforest.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import reforest.config.ModelConfig;
import reforest.split.Folds;
import reforest.train.Train;

/**
 * Scores a plan's only candidate on the folds that it has not seen, in each division of the rows.
 */
public final class OurFolds {

  private OurFolds() {}

  /** Called with the plan's file and the file to tell in. */
  public static void main(String[] args) throws IOException {
    Plan plan = Plan.read(Path.of(args[0]));
    try (SparkSession spark = Spark.open(plan.cores(), true)) {
      Map<String, Object> told = new HashMap<>();
      told.put("log-loss", scores(spark, plan, OurSearch.config(plan, args[0])));
      told.put(
          "1 - auc",
          scores(spark, plan, OurSearch.config(plan, args[0], "train.metric=auc")).stream()
              .map(auc -> 1 - auc)
              .toList());
      told.put("version", "Spark " + spark.version());
      Spark.tell(args[1], told);
    }
  }

  /** The mean over the folds, for each division. */
  private static List<Double> scores(SparkSession spark, Plan plan, ModelConfig config) {
    Dataset<Row> rows = Spark.rows(spark, plan, "train");
    List<Double> scores = new ArrayList<>();
    for (int division = 1; division <= plan.repeats(); division++) {
      Folds.Numbered folds =
          new Folds.Numbered(
              rows.withColumnRenamed("fold" + division, Folds.COLUMN),
              plan.folds(),
              List.of(),
              Duration.ZERO);
      scores.add(
          new Train(config, Optional.empty(), System::nanoTime).search(folds).winner().meanScore());
    }
    return scores;
  }
}
