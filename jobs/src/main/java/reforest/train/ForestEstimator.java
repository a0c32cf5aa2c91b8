package reforest.train;

import java.util.List;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.GBTRegressor;
import org.apache.spark.ml.regression.RandomForestRegressor;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import reforest.bundle.Task;

/**
 * Fits any candidate of either family, so that one {@code CrossValidator} compares them all on the
 * same folds.
 */
public final class ForestEstimator extends Estimator<ForestModel> {

  private static final long serialVersionUID = 1L;

  /** What every fit of one search shares. */
  record Search(
      Task task,
      List<Candidate> candidates,
      int maxBins,
      long seed,
      Folding folding,
      Scores scores) {}

  private final String uid;
  private final transient Search search;
  private final IntParam candidate;

  ForestEstimator(Search search) {
    this(Identifiable$.MODULE$.randomUID("forest"), search);
  }

  private ForestEstimator(String uid, Search search) {
    this.uid = uid;
    this.search = search;
    this.candidate = new IntParam(uid, "candidate", "position of the candidate in the search");
  }

  /** Which candidate is fitted. */
  public IntParam candidate() {
    return candidate;
  }

  @Override
  public ForestModel fit(Dataset<?> rows) {
    int position = (Integer) getOrDefault(candidate());
    Folding.Prepared prepared = search.folding().prepare(rows);
    long start = System.nanoTime();
    Model<?> trees = fit(search.candidates().get(position), prepared.vectors());
    search.scores().fitted(position, prepared.fold(), (System.nanoTime() - start) / 1e9);
    return new ForestModel(
            uid, search.folding(), prepared.recipe(), trees, position, prepared.fold())
        .setParent(this);
  }

  private Model<?> fit(Candidate candidate, Dataset<Row> vectors) {
    boolean classes = search.task().isClassification();
    if (candidate instanceof Candidate.RandomForest forest) {
      Estimator<?> trees = classes ? new RandomForestClassifier() : new RandomForestRegressor();
      set(trees, "numTrees", forest.trees());
      common(trees, forest.depth(), forest.minInstances(), forest.features(), forest.subsample());
      return (Model<?>) trees.fit(vectors);
    }
    Candidate.GradientBoosting boosting = (Candidate.GradientBoosting) candidate;
    Estimator<?> trees = classes ? new GBTClassifier() : new GBTRegressor();
    set(trees, "maxIter", boosting.iterations());
    set(trees, "stepSize", boosting.stepSize());
    common(
        trees,
        boosting.depth(),
        boosting.minInstances(),
        boosting.features(),
        boosting.subsample());
    return (Model<?>) trees.fit(vectors);
  }

  /** The settings that MLlib's four estimators of trees share, by MLlib's own names. */
  private void common(
      Estimator<?> trees, int depth, int minInstances, String features, double subsample) {
    set(trees, "maxDepth", depth);
    set(trees, "minInstancesPerNode", minInstances);
    set(trees, "featureSubsetStrategy", features);
    set(trees, "subsamplingRate", subsample);
    set(trees, "maxBins", search.maxBins());
    set(trees, "seed", search.seed());
  }

  private static void set(Estimator<?> trees, String name, Object value) {
    trees.set(trees.getParam(name), value);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return schema.add("prediction", DataTypes.DoubleType);
  }

  @Override
  public ForestEstimator copy(ParamMap extra) {
    return copyValues(new ForestEstimator(uid, search), extra);
  }

  @Override
  public String uid() {
    return uid;
  }
}
