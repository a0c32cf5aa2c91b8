package reforest.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.isnan;

import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import reforest.bundle.Task;
import reforest.config.Metric;
import reforest.features.TrainingRows;

/** MLlib's evaluators, with each fold's score written down and nothing undefined preferred. */
public final class FoldEvaluator extends Evaluator {

  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Metric metric;
  private final Task task;
  private final double clip;
  private final boolean thresholds;
  private final transient ForestEstimator.Search search;

  /**
   * @param clip log-loss takes probabilities from this to 1 less this
   * @param thresholds whether a threshold between two classes will be chosen
   */
  FoldEvaluator(
      Metric metric, Task task, double clip, boolean thresholds, ForestEstimator.Search search) {
    this(Identifiable$.MODULE$.randomUID("fold-evaluator"), metric, task, clip, thresholds, search);
  }

  private FoldEvaluator(
      String uid,
      Metric metric,
      Task task,
      double clip,
      boolean thresholds,
      ForestEstimator.Search search) {
    this.uid = uid;
    this.metric = metric;
    this.task = task;
    this.clip = clip;
    this.thresholds = thresholds;
    this.search = search;
  }

  @Override
  public double evaluate(Dataset<?> predictions) {
    int candidate = ForestModel.candidateOf(predictions);
    int fold = ForestModel.foldOf(predictions);
    Trainer.Scored scored =
        search
            .trainer()
            .score(fold, candidate, search.folding().validation())
            .orElseGet(() -> new Trainer.Scored(byMllib(predictions), curve(predictions)));
    search.scores().scored(candidate, fold, scored);
    double score = scored.score();
    if (Double.isNaN(score)) {
      // CrossValidator ranks NaN above every number.
      return isLargerBetter() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return score;
  }

  /** What each threshold would cost, where one will be chosen. */
  Optional<ThresholdCurve> curve(Dataset<?> predictions) {
    if (!thresholds) {
      return Optional.empty();
    }
    return predictions
        .toDF()
        .select(TrainingRows.LABEL, "probability")
        .toJavaRDD()
        .mapPartitions(
            rows -> {
              ThresholdCurve curve = new ThresholdCurve();
              rows.forEachRemaining(
                  row -> curve.add(row.getDouble(0) == 1, ((Vector) row.get(1)).apply(1)));
              return List.of(curve).iterator();
            })
        .collect()
        .stream()
        .reduce(ThresholdCurve::merge);
  }

  /** The metric by MLlib's evaluators; NaN when it is undefined. */
  double byMllib(Dataset<?> predictions) {
    return switch (metric) {
      case RMSE, MAE, R2 -> {
        if (!predictions.where(isnan(col("prediction"))).isEmpty()) {
          yield Double.NaN;
        }
        double value = new RegressionEvaluator().setMetricName(metric.key()).evaluate(predictions);
        yield Double.isFinite(value) ? value : Double.NaN;
      }
      case AUC ->
          // MLlib's AUC of a fold with one class alone is a number all the same.
          predictions.select(TrainingRows.LABEL).distinct().count() == 2
              ? new BinaryClassificationEvaluator().setNumBins(0).evaluate(predictions)
              : Double.NaN;
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
      case BIAS, COST -> throw new IllegalStateException(metric + " cannot rank candidates");
    };
  }

  private static MulticlassClassificationEvaluator multiclass(String name) {
    return new MulticlassClassificationEvaluator().setMetricName(name);
  }

  @Override
  public boolean isLargerBetter() {
    return metric.direction() == Metric.Direction.HIGHER;
  }

  @Override
  public Evaluator copy(ParamMap extra) {
    return copyValues(new FoldEvaluator(uid, metric, task, clip, thresholds, search), extra);
  }

  @Override
  public String uid() {
    return uid;
  }
}
