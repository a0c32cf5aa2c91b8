package reforest.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.ModelConfig;
import reforest.snapshot.Columns;
import reforest.snapshot.Folds;

/** Searches the configured forests by cross-validation and refits the winner on all rows. */
public final class Train {

  private static final String FOLD = "fold";

  private final ModelConfig config;

  /**
   * @param config what is searched, and over which columns
   */
  public Train(ModelConfig config) {
    this.config = config;
  }

  /**
   * Compares every candidate on the same folds.
   *
   * @param folds training rows with their folds
   * @throws ReforestException when the label's classes do not fit the task, or no candidate has a
   *     defined score on every fold
   */
  public Trained search(Folds.Numbered folds) {
    List<String> classes = TrainingRows.classes(folds.rows(), config);
    List<Candidate> candidates = Candidate.of(config.train());
    Scores scores = new Scores(candidates, folds.folds(), config.train().metric().key());
    Folding folding =
        new Folding(config.features(), folds.folds(), blocks(folds), folds.labelDelay());
    ForestEstimator estimator =
        new ForestEstimator(
            new ForestEstimator.Search(
                config.task(),
                candidates,
                config.train().maxBins(),
                config.train().seed(),
                folding,
                scores));
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(estimator)
            .setEvaluator(
                new FoldEvaluator(
                    config.train().metric(), config.task(), config.evaluate().clip(), scores))
            .setEstimatorParamMaps(grid(estimator, candidates.size()))
            .setNumFolds(folds.folds())
            .setFoldCol(FOLD)
            .setParallelism(config.train().parallelism())
            .setSeed(config.train().seed());
    Dataset<Row> rows = rows(folds, classes);
    try {
      CrossValidatorModel validated = validator.fit(rows);
      List<CandidateResult> results = scores.results();
      ForestModel best = (ForestModel) validated.bestModel();
      CandidateResult winner = results.get(best.candidate());
      if (Double.isNaN(winner.meanScore())) {
        throw new ReforestException(
            Kind.DATA,
            "no candidate has a defined "
                + config.train().metric().key()
                + " on every fold: "
                + results.stream()
                    .map(r -> r.candidate().describe() + " " + r.scores())
                    .collect(Collectors.joining("; ")),
            "use fewer folds or another train.metric");
      }
      return new Trained(config.task(), classes, best.recipe(), best.trees(), winner, results);
    } finally {
      folding.release();
    }
  }

  private static List<Folding.Block> blocks(Folds.Numbered folds) {
    return folds.blocks().stream().map(b -> new Folding.Block(b.start(), b.end())).toList();
  }

  private Dataset<Row> rows(Folds.Numbered folds, List<String> classes) {
    List<Column> kept = new ArrayList<>();
    Column fold = functions.col(Folds.COLUMN);
    kept.add(fold.as(FOLD));
    kept.add(fold.as(Folding.BLOCK));
    config
        .data()
        .eventTime()
        .ifPresent(time -> kept.add(Columns.of(time).cast("timestamp").as(Folding.TIME)));
    return TrainingRows.of(folds.rows(), config, classes, kept);
  }

  private static ParamMap[] grid(ForestEstimator estimator, int candidates) {
    ParamMap[] grid = new ParamMap[candidates];
    for (int i = 0; i < candidates; i++) {
      grid[i] = new ParamMap().put(estimator.candidate().w(i));
    }
    return grid;
  }
}
