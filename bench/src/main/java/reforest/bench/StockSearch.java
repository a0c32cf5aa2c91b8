package reforest.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.GBTRegressor;
import org.apache.spark.ml.regression.RandomForestRegressor;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.SparkSession;

/** Searches a plan's grid by stock MLlib: a {@code CrossValidator} over a {@code Pipeline}. */
public final class StockSearch {

  private static final long SEED = 7;

  private StockSearch() {}

  /** Called with {@code tuned} or {@code plain}, the plan's file and the file to tell in. */
  public static void main(String[] args) throws IOException {
    Plan plan = Plan.read(Path.of(args[1]));
    if (plan.binary()) {
      throw new IllegalArgumentException("stock MLlib is measured on regressions only");
    }
    try (SparkSession spark = Spark.open(plan.cores(), args[0].equals("tuned"))) {
      List<PipelineStage> stages = features(plan);
      GBTRegressor boosting = new GBTRegressor();
      RandomForestRegressor forest = new RandomForestRegressor();
      ParamMap[] grid =
          plan.boosting()
              ? grid(plan, boosting.maxDepth(), boosting.maxIter())
              : grid(plan, forest.maxDepth(), forest.numTrees());
      stages.add(
          plan.boosting()
              ? boosting
                  .setStepSize(plan.step())
                  .setMaxBins(plan.bins())
                  .setMinInstancesPerNode(plan.minRows())
                  .setSeed(SEED)
              : forest
                  .setMaxBins(plan.bins())
                  .setMinInstancesPerNode(plan.minRows())
                  .setSeed(SEED));
      CrossValidator validator =
          new CrossValidator()
              .setEstimator(new Pipeline().setStages(stages.toArray(new PipelineStage[0])))
              .setEvaluator(new RegressionEvaluator())
              .setEstimatorParamMaps(grid)
              .setNumFolds(plan.folds())
              .setFoldCol("fold")
              .setParallelism(plan.cores())
              .setSeed(SEED);
      CrossValidatorModel found =
          validator.fit(Spark.rows(spark, plan, "train").withColumnRenamed("y", "label"));
      PipelineModel best = (PipelineModel) found.bestModel();
      Model<?> trees = (Model<?>) best.stages()[best.stages().length - 1];
      Spark.tell(
          args[2],
          Map.of(
              "depth", value(trees, "maxDepth"),
              "trees", value(trees, plan.boosting() ? "maxIter" : "numTrees"),
              "validated", Arrays.stream(found.avgMetrics()).min().orElse(Double.NaN),
              "tested",
                  Spark.score(
                      best, Spark.rows(spark, plan, "test").withColumnRenamed("y", "label"), plan),
              "version", "Spark MLlib " + spark.version()));
    }
  }

  private static List<PipelineStage> features(Plan plan) {
    List<PipelineStage> stages = new ArrayList<>();
    List<String> inputs = new ArrayList<>(plan.numbers());
    for (String category : plan.categories()) {
      stages.add(
          new StringIndexer()
              .setInputCol(category)
              .setOutputCol(category + "_code")
              .setHandleInvalid("keep"));
      inputs.add(category + "_code");
    }
    stages.add(
        new VectorAssembler().setInputCols(inputs.toArray(new String[0])).setOutputCol("features"));
    return stages;
  }

  private static ParamMap[] grid(Plan plan, IntParam depth, IntParam trees) {
    return new ParamGridBuilder()
        .addGrid(depth, plan.depths().stream().mapToInt(Integer::intValue).toArray())
        .addGrid(trees, plan.trees().stream().mapToInt(Integer::intValue).toArray())
        .build();
  }

  private static Object value(Model<?> trees, String name) {
    return trees.getOrDefault(trees.getParam(name));
  }
}
