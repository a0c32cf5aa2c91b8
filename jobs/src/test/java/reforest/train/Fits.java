package reforest.train;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import reforest.config.ModelConfig;
import reforest.features.TrainingRows;

/** One candidate fitted on all rows, without the search around it. */
public final class Fits {

  private Fits() {}

  /** The first candidate of the configuration. */
  public static Trained first(Dataset<Row> rows, ModelConfig config) {
    List<String> classes = TrainingRows.classes(rows, config);
    List<Candidate> candidates = Candidate.of(config.train());
    Dataset<Row> named =
        TrainingRows.of(rows, config, classes, List.of(functions.lit(0).as(FoldRows.BLOCK)));
    FoldRows folding = new FoldRows(named, config.features(), 1, List.of(), Duration.ZERO);
    ForestEstimator estimator =
        new ForestEstimator(
            new ForestEstimator.Search(
                folding,
                Train.trainer(
                    config,
                    rows.count(),
                    Train.mllibBecause(config, rows, rows.count()),
                    classes,
                    candidates,
                    folding,
                    new Deadline(Optional.empty(), 1, System::nanoTime)),
                new Scores(candidates, 1, "none"),
                best -> best));
    ForestModel model = estimator.fit(named, new ParamMap().put(estimator.candidate().w(0)));
    Model<?> trees = model.trees();
    folding.release();
    CandidateResult result =
        new CandidateResult(
            candidates.get(0),
            List.of(Double.NaN),
            List.of(Double.NaN),
            List.of(ModelCost.of(trees, new BundleSize(model.recipe(), classes))),
            false);
    return new Trained(
        config.task(),
        classes,
        model.recipe(),
        trees,
        result,
        "any",
        List.of(result),
        new WinnerChoice(
            0, 0, List.of(new WinnerChoice.Standing(0, 0, Optional.empty())), "the only one"),
        Optional.empty(),
        List.of());
  }

  /** What the search would take for the size of its bundle. */
  public static double bytes(Trained trained) {
    return ModelCost.of(trained.trees(), new BundleSize(trained.recipe(), trained.classes()))
        .bytes();
  }

  /** The same with a threshold between its two classes. */
  public static Trained decided(Trained trained, double threshold) {
    return new Trained(
        trained.task(),
        trained.classes(),
        trained.recipe(),
        trained.trees(),
        trained.winner(),
        trained.engine(),
        trained.candidates(),
        trained.choice(),
        Optional.of(new Threshold(threshold, List.of(0.0), List.of(0.0))),
        trained.remarks());
  }
}
