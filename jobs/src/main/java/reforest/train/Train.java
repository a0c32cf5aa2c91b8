package reforest.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reforest.bundle.Manifest.Provenance;
import reforest.bundle.ReforestException;
import reforest.config.FeatureConfig;
import reforest.config.ModelConfig;
import reforest.config.TrainConfig;
import reforest.features.TrainingRows;
import reforest.split.Folds;
import reforest.table.Columns;

/** Searches the configured forests by cross-validation and refits the winner on all rows. */
public final class Train {

  private static final Logger LOG = LoggerFactory.getLogger(Train.class);
  private static final String FOLD = "fold";

  private final ModelConfig config;
  private final Optional<Candidate> champion;
  private final LongSupplier nanoClock;
  private final Consumer<FitsSoFar> heard;

  /**
   * A search.
   *
   * @param config what is searched, and over which columns
   * @param champion the model to beat, whose settings are tried, too; empty before there is one
   * @param nanoClock nanoseconds from any origin, for a budget of time
   */
  public Train(ModelConfig config, Optional<Provenance> champion, LongSupplier nanoClock) {
    this(
        config,
        champion.flatMap(it -> Candidate.parse(it.family(), it.parameters())),
        nanoClock,
        soFar -> {});
  }

  private Train(
      ModelConfig config,
      Optional<Candidate> champion,
      LongSupplier nanoClock,
      Consumer<FitsSoFar> heard) {
    this.config = config;
    this.champion = champion;
    this.nanoClock = nanoClock;
    this.heard = heard;
  }

  /** The same, and somebody hears after each fit how far the search is. */
  public Train heardBy(Consumer<FitsSoFar> listener) {
    return new Train(config, champion, nanoClock, listener);
  }

  /**
   * Compares every candidate on the same folds.
   *
   * @param folds training rows with their folds
   * @throws ReforestException when the label's classes do not fit the task, or no candidate has a
   *     defined score on every fold, or limits exclude all that have
   */
  public Trained search(Folds.Numbered folds) {
    List<String> classes = TrainingRows.classes(folds.rows(), config);
    long size = folds.rows().count();
    Optional<String> mllib = mllibBecause(config, folds.rows(), size);
    Candidates tried = Candidates.of(config.train(), champion, mllib.isEmpty());
    List<Candidate> candidates = tried.all();
    Deadline deadline =
        new Deadline(config.train().search().budget().time(), folds.folds(), nanoClock);
    Scores scores = new Scores(candidates, folds.folds(), config.train().metric().key(), heard);
    Dataset<Row> rows = rows(folds, classes).persist(StorageLevel.MEMORY_AND_DISK());
    FoldRows folding =
        new FoldRows(rows, config.features(), folds.folds(), blocks(folds), folds.labelDelay());
    Trainer trainer = trainer(config, size, mllib, classes, candidates, folding, deadline);
    ForestEstimator.Search search =
        new ForestEstimator.Search(
            folding, trainer, scores, best -> choice(scores.results()).winner());
    ForestEstimator estimator = new ForestEstimator(search);
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(estimator)
            .setEvaluator(
                new FoldEvaluator(
                    config.train().metric(),
                    config.task(),
                    classes.size(),
                    config.evaluate().clip(),
                    config.evaluate().errorCosts().isPresent(),
                    config.evaluate().metrics(),
                    search))
            .setEstimatorParamMaps(grid(estimator, candidates.size()))
            .setNumFolds(folds.folds())
            .setFoldCol(FOLD)
            .setParallelism(config.train().parallelism())
            .setSeed(config.train().seed());
    try {
      CrossValidatorModel validated = validator.fit(rows.select(FOLD, FoldRows.BLOCK));
      List<CandidateResult> results = scores.results();
      ForestModel winner = (ForestModel) validated.bestModel();
      Optional<Threshold> threshold =
          config
              .evaluate()
              .errorCosts()
              .map(costs -> Threshold.of(scores.curves(winner.candidate()), costs));
      List<String> remarks = remarks(tried, results, results.get(winner.candidate()));
      threshold.ifPresent(it -> remarks.add(it.sentence(classes.get(1))));
      return new Trained(
          config.task(),
          classes,
          winner.recipe(),
          winner.trees(),
          results.get(winner.candidate()),
          trainer.engine(),
          results,
          choice(results),
          threshold,
          remarks);
    } finally {
      trainer.release();
      folding.release();
      rows.unpersist();
    }
  }

  private List<String> remarks(
      Candidates tried, List<CandidateResult> results, CandidateResult winner) {
    List<String> remarks = new ArrayList<>(tried.remarks());
    if (config.train().search().earlyStopping().isPresent()) {
      Candidates.cut(winner, results).ifPresent(remarks::add);
    }
    long leftOut = results.stream().filter(CandidateResult::leftOut).count();
    if (leftOut > 0) {
      remarks.add(
          "train.budget.time left out "
              + leftOut
              + " of "
              + results.size()
              + " candidates, so this search cannot be repeated exactly.");
    }
    return remarks;
  }

  private WinnerChoice choice(List<CandidateResult> results) {
    return WinnerChoice.of(results, config.train().metric(), config.train().search());
  }

  /** Why MLlib's own training must take over; empty where binned columns fit into memory. */
  static Optional<String> mllibBecause(ModelConfig config, Dataset<Row> all, long rows) {
    return MemoryCheck.of(all.sparkSession().sparkContext())
        .mllibBecause(config.train(), rows, width(config.features()));
  }

  /**
   * Who fits the candidates.
   *
   * @param rows about how many there are
   * @param mllib what {@link #mllibBecause} said
   */
  static Trainer trainer(
      ModelConfig config,
      long rows,
      Optional<String> mllib,
      List<String> classes,
      List<Candidate> candidates,
      FoldRows folding,
      Deadline deadline) {
    TrainConfig train = config.train();
    if (mllib.isPresent()) {
      LOG.info("MLlib's own training takes over, because {}", mllib.get());
      return new MllibTrainer(
          folding,
          config.task(),
          classes,
          candidates,
          train.maxBins(),
          train.seed(),
          deadline,
          mllib.get());
    }
    return new BinnedTrainer(
        new BinnedTrainer.Plan(
            config.task(),
            classes,
            candidates,
            train.maxBins(),
            train.seed(),
            train.metric(),
            config.evaluate().clip(),
            config.evaluate().errorCosts().isPresent(),
            config.evaluate().metrics(),
            rows,
            deadline));
  }

  private static int width(FeatureConfig features) {
    return features.numeric().size() + features.derived().size() + features.categorical().size();
  }

  private static List<FoldRows.Block> blocks(Folds.Numbered folds) {
    return folds.blocks().stream().map(b -> new FoldRows.Block(b.start(), b.end())).toList();
  }

  private Dataset<Row> rows(Folds.Numbered folds, List<String> classes) {
    List<Column> kept = new ArrayList<>();
    Column fold = functions.col(Folds.COLUMN);
    kept.add(fold.as(FOLD));
    kept.add(fold.as(FoldRows.BLOCK));
    config
        .data()
        .eventTime()
        .ifPresent(time -> kept.add(Columns.of(time).cast("timestamp").as(FoldRows.TIME)));
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
