package reforest.train;

import static org.apache.spark.sql.functions.avg;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import reforest.bundle.Task;
import reforest.config.Metric;
import reforest.config.MetricSettings;
import reforest.features.TrainingRows;

/** Scores each fold as MLlib's evaluators do, writes it down, and prefers nothing undefined. */
public final class FoldEvaluator extends Evaluator {

  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Metric metric;
  private final Task task;
  private final int classes;
  private final double clip;
  private final boolean thresholds;
  private final MetricSettings settings;
  private final transient ForestEstimator.Search search;

  /**
   * @param classes classes of the label; 0 for a regression
   * @param clip log-loss takes probabilities from this to 1 less this
   * @param thresholds whether a threshold between two classes will be chosen
   * @param settings what metrics are told besides
   */
  FoldEvaluator(
      Metric metric,
      Task task,
      int classes,
      double clip,
      boolean thresholds,
      MetricSettings settings,
      ForestEstimator.Search search) {
    this(
        Identifiable$.MODULE$.randomUID("fold-evaluator"),
        metric,
        task,
        classes,
        clip,
        thresholds,
        settings,
        search);
  }

  private FoldEvaluator(
      String uid,
      Metric metric,
      Task task,
      int classes,
      double clip,
      boolean thresholds,
      MetricSettings settings,
      ForestEstimator.Search search) {
    this.uid = uid;
    this.metric = metric;
    this.task = task;
    this.classes = classes;
    this.clip = clip;
    this.thresholds = thresholds;
    this.settings = settings;
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
            .orElseGet(() -> scored(predictions));
    search.scores().scored(candidate, fold, scored);
    double score = scored.score();
    if (Double.isNaN(score)) {
      // CrossValidator ranks NaN above every number.
      return isLargerBetter() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    return score;
  }

  /** What candidates are compared by, of predictions that MLlib's models have made. */
  Trainer.Scored scored(Dataset<?> predictions) {
    Dataset<Row> rows = predictions.toDF();
    double pivot = classes > 0 ? 0 : meanLabel(rows);
    FoldSums none = new FoldSums(metric, task, classes, clip, pivot, thresholds, settings);
    JavaRDD<FoldSums> parts =
        classes > 0
            ? rows.select(TrainingRows.LABEL, "prediction", "probability", "rawPrediction")
                .toJavaRDD()
                .mapPartitions(part -> List.of(addClasses(part, none.copy())).iterator())
            : rows.select(TrainingRows.LABEL, "prediction")
                .toJavaRDD()
                .mapPartitions(part -> List.of(addNumbers(part, none.copy())).iterator());
    FoldSums all = none.copy();
    parts.collect().forEach(all::merge);
    return all.scored();
  }

  /** Near the labels, so that sums of squares about it lose no digits; 0 where there is no row. */
  private static double meanLabel(Dataset<Row> rows) {
    Row mean = rows.agg(avg(TrainingRows.LABEL)).head();
    return mean.isNullAt(0) ? 0 : mean.getDouble(0);
  }

  private static FoldSums addNumbers(Iterator<Row> rows, FoldSums sums) {
    rows.forEachRemaining(row -> sums.add(row.getDouble(0), row.getDouble(1)));
    return sums;
  }

  private static FoldSums addClasses(Iterator<Row> rows, FoldSums sums) {
    rows.forEachRemaining(
        row ->
            sums.add(
                (int) row.getDouble(0),
                ((Vector) row.get(2)).toArray(),
                (int) row.getDouble(1),
                ((Vector) row.get(3)).apply(1)));
    return sums;
  }

  @Override
  public boolean isLargerBetter() {
    return metric.direction() == Metric.Direction.HIGHER;
  }

  @Override
  public Evaluator copy(ParamMap extra) {
    return copyValues(
        new FoldEvaluator(uid, metric, task, classes, clip, thresholds, settings, search), extra);
  }

  @Override
  public String uid() {
    return uid;
  }
}
