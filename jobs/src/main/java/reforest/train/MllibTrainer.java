package reforest.train;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.regression.GBTRegressor;
import org.apache.spark.ml.regression.RandomForestRegressor;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import reforest.bundle.Task;

/** MLlib's own training, which spreads the rows of one tree over the cluster. */
final class MllibTrainer implements Trainer {

  private final FoldRows folding;
  private final Task task;
  private final List<String> classes;
  private final List<Candidate> candidates;
  private final int maxBins;
  private final long seed;
  private final Deadline deadline;
  private final String reason;

  /** Positions of the candidates that there was no time for. */
  private final Set<Integer> leftOut = ConcurrentHashMap.newKeySet();

  /**
   * @param folding keeps the rows that candidates are scored on
   * @param classes the label's classes; empty for a regression
   * @param deadline after which candidates but the first are left out
   * @param reason why binned columns are not used
   */
  MllibTrainer(
      FoldRows folding,
      Task task,
      List<String> classes,
      List<Candidate> candidates,
      int maxBins,
      long seed,
      Deadline deadline,
      String reason) {
    this.folding = folding;
    this.task = task;
    this.classes = List.copyOf(classes);
    this.candidates = List.copyOf(candidates);
    this.maxBins = maxBins;
    this.seed = seed;
    this.deadline = deadline;
    this.reason = reason;
  }

  @Override
  public Fitted fit(FoldRows.Prepared all, int candidate) {
    if (all.fold() >= 0
        && candidate > 0
        && (leftOut.contains(candidate) || deadline.isOver(all.fold()))) {
      leftOut.add(candidate);
      return Fitted.leftOut(all.recipe());
    }
    FoldRows.Prepared fold = all.within(candidates.get(candidate).recency());
    Dataset<Row> vectors = fold.vectors();
    long start = System.nanoTime();
    Model<?> trees = fit(candidates.get(candidate), vectors, fold.isWeighted());
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Fitted(
        fold.recipe(),
        () -> trees,
        rows -> trees.transform(folding.validationVectors(fold.recipe())),
        seconds,
        ModelCost.of(trees, new BundleSize(fold.recipe(), classes)));
  }

  private Model<?> fit(Candidate candidate, Dataset<Row> vectors, boolean weighted) {
    boolean isClassification = task.isClassification();
    if (candidate instanceof Candidate.RandomForest forest) {
      Estimator<?> trees =
          isClassification ? new RandomForestClassifier() : new RandomForestRegressor();
      set(trees, "numTrees", forest.trees());
      weigh(trees, weighted);
      common(trees, forest.depth(), forest.minInstances(), forest.features(), forest.subsample());
      return trees instanceof RandomForestClassifier classifier
          ? MllibForest.fit(classifier, vectors, weighted, classes.size())
          : (Model<?>) trees.fit(vectors);
    }
    Candidate.GradientBoosting boosting = (Candidate.GradientBoosting) candidate;
    Estimator<?> trees = isClassification ? new GBTClassifier() : new GBTRegressor();
    set(trees, "maxIter", boosting.iterations());
    set(trees, "stepSize", boosting.stepSize());
    weigh(trees, weighted);
    common(
        trees,
        boosting.depth(),
        boosting.minInstances(),
        boosting.features(),
        boosting.subsample());
    return (Model<?>) trees.fit(vectors);
  }

  private static void weigh(Estimator<?> trees, boolean weighted) {
    if (weighted) {
      set(trees, "weightCol", FoldRows.WEIGHT);
    }
  }

  /** The settings that MLlib's four estimators of trees share, by MLlib's own names. */
  private void common(
      Estimator<?> trees, int depth, int minInstances, String features, double subsample) {
    set(trees, "maxDepth", depth);
    set(trees, "minInstancesPerNode", minInstances);
    set(trees, "featureSubsetStrategy", features);
    set(trees, "subsamplingRate", subsample);
    set(trees, "maxBins", maxBins);
    set(trees, "seed", seed);
  }

  private static void set(Estimator<?> trees, String name, Object value) {
    trees.set(trees.getParam(name), value);
  }

  /** {@link FoldEvaluator} scores what MLlib's models predict. */
  @Override
  public Optional<Scored> score(int fold, int candidate, Dataset<?> validation) {
    return leftOut.contains(candidate) ? Optional.of(Scored.LEFT_OUT) : Optional.empty();
  }

  @Override
  public String engine() {
    return "mllib, because " + reason;
  }

  @Override
  public void release() {
    // The fold's cached vectors are the folding's.
  }
}
