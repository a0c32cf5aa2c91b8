package reforest.train;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import reforest.bench.OurSearch;
import reforest.bench.Plan;
import reforest.bench.Spark;
import reforest.config.ModelConfig;
import reforest.features.Recipe;
import reforest.features.TrainingRows;

/**
 * Fits a plan's only candidate on all rows, without a search around it, so often in one process as
 * it says. In this package because such a fit is no product of its own.
 */
public final class OneFit {

  private OneFit() {}

  /** Called with the plan's file and the file to tell in. */
  public static void main(String[] args) throws IOException {
    Plan plan = Plan.read(Path.of(args[0]));
    ModelConfig config = OurSearch.config(plan, args[0]);
    try (SparkSession spark = Spark.open(plan.cores(), true)) {
      Timed first = fit(spark, plan, config);
      Timed again = first;
      for (int i = 1; i < plan.repeats(); i++) {
        again = fit(spark, plan, config);
      }
      Dataset<Row> test =
          TrainingRows.of(Spark.rows(spark, plan, "test"), config, List.of(), List.of());
      Spark.tell(
          args[1],
          Map.of(
              "firstSeconds",
              first.cpuSeconds(),
              "againSeconds",
              again.cpuSeconds(),
              "tested",
              Spark.score(again.trees(), again.recipe().apply(test), plan),
              "version",
              "Spark " + spark.version()));
    }
  }

  /** MLlib's own model, how its features are made, and what both took from the file on. */
  private record Timed(Model<?> trees, Recipe recipe, double cpuSeconds) {}

  private static Timed fit(SparkSession spark, Plan plan, ModelConfig config) {
    double start = Spark.cpuSeconds();
    // All folds are present, as in the refit that ends a search: none is left out.
    Dataset<Row> read = Spark.rows(spark, plan, "train");
    List<Candidate> candidates = Candidate.of(config.train());
    Dataset<Row> rows =
        TrainingRows.of(read, config, List.of(), List.of(functions.col("fold").as(FoldRows.BLOCK)));
    FoldRows folding =
        new FoldRows(rows, config.features(), plan.folds(), List.of(), Duration.ZERO);
    Trainer trainer =
        Train.trainer(
            config,
            read.count(),
            Optional.empty(),
            List.of(),
            candidates,
            folding,
            new Deadline(Optional.empty(), plan.folds(), System::nanoTime));
    Scores scores = new Scores(candidates, plan.folds(), config.train().metric().key());
    ForestEstimator estimator =
        new ForestEstimator(new ForestEstimator.Search(folding, trainer, scores, best -> best));
    estimator.set(estimator.candidate(), 0);
    ForestModel model = estimator.fit(rows);
    Timed timed = new Timed(model.trees(), model.recipe(), Spark.cpuSeconds() - start);
    trainer.release();
    folding.release();
    return timed;
  }
}
