package reforest.train;

import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.sql.Dataset;
import reforest.bundle.Task;
import reforest.config.Metric;

/** Metrics by MLlib's own evaluators, which candidates must be ranked as. */
final class MllibScores {

  private MllibScores() {}

  static double of(Metric metric, Task task, double clip, Dataset<?> predictions) {
    return switch (metric) {
      case RMSE, MAE, R2 ->
          new RegressionEvaluator().setMetricName(metric.key()).evaluate(predictions);
      case AUC -> new BinaryClassificationEvaluator().setNumBins(0).evaluate(predictions);
      case LOG_LOSS -> multiclass("logLoss").setEps(clip).evaluate(predictions);
      case ACCURACY -> multiclass("accuracy").evaluate(predictions);
      case F1 ->
          task == Task.BINARY
              ? multiclass("fMeasureByLabel").setMetricLabel(1.0).evaluate(predictions)
              : multiclass("f1").evaluate(predictions);
      case PRECISION ->
          task == Task.BINARY
              ? multiclass("precisionByLabel").setMetricLabel(1.0).evaluate(predictions)
              : multiclass("weightedPrecision").evaluate(predictions);
      case RECALL ->
          task == Task.BINARY
              ? multiclass("recallByLabel").setMetricLabel(1.0).evaluate(predictions)
              : multiclass("weightedRecall").evaluate(predictions);
      case PRECISION_WEIGHTED -> multiclass("weightedPrecision").evaluate(predictions);
      case F1_WEIGHTED -> multiclass("f1").evaluate(predictions);
      default -> throw new IllegalArgumentException("MLlib has no " + metric);
    };
  }

  private static MulticlassClassificationEvaluator multiclass(String name) {
    return new MulticlassClassificationEvaluator().setMetricName(name);
  }
}
