package reforest.train;

import static org.apache.spark.sql.functions.col;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.jspecify.annotations.Nullable;
import reforest.features.Recipe;
import reforest.features.TrainingRows;
import reforest.train.binned.BinnedRows;
import reforest.train.binned.Binning;
import reforest.train.binned.EnsembleFit;
import reforest.train.binned.EnsembleFit.Timed;
import reforest.train.binned.GrownTree;
import reforest.train.binned.MllibModels;
import reforest.train.binned.RowsBuilder;
import reforest.train.binned.ThresholdSurvey;

/** One fold's rows as binned columns, and every candidate that was fitted on them. */
final class BinnedFold {

  /** Rows that thresholds are chosen from: so many for each bin, and some at least. */
  private static final int SAMPLED_PER_BIN = 256;

  private static final int SAMPLED = 20_000;

  private final BinnedTrainer.Plan plan;
  private final Recipe recipe;
  private final Binning binning;
  private final int rows;
  private final double meanLabel;
  private final Map<Integer, Fit> fits;
  private @Nullable Map<Integer, Trainer.Scored> scores;

  /**
   * One candidate's trees, cut to its depth.
   *
   * @param seconds what growing them took
   */
  private record Fit(List<GrownTree> trees, double seconds) {}

  private BinnedFold(
      BinnedTrainer.Plan plan,
      Recipe recipe,
      Binning binning,
      BinnedRows table,
      Map<Integer, Fit> fits) {
    this.plan = plan;
    this.recipe = recipe;
    this.binning = binning;
    this.rows = table.size();
    this.meanLabel = table.meanLabel();
    this.fits = fits;
  }

  /**
   * Fits some candidates.
   *
   * @param wanted their positions
   */
  static BinnedFold fit(FoldRows.Prepared prepared, BinnedTrainer.Plan plan, List<Integer> wanted) {
    Recipe recipe = prepared.recipe();
    boolean weighted = prepared.isWeighted();
    JavaRDD<InternalRow> rows =
        values(prepared.rows(), recipe, weighted ? List.of(FoldRows.WEIGHT) : List.of());
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(rows.context());
    Binning binning = survey(rows, plan, recipe).binning(plan.maxBins());
    List<BinnedRows> parts = rows.mapPartitions(part -> binned(part, binning, weighted)).collect();
    BinnedRows table = BinnedRows.ordered(parts, binning.features());
    Broadcast<BinnedRows> everywhere = spark.broadcast(table);
    try {
      List<SharedFits.Unit> units =
          new SharedFits(
                  plan.task(), plan.classes(), binning.features(), plan.maxBins(), plan.seed())
              .of(plan.candidates(), wanted, spark.defaultParallelism());
      List<Piece> pieces = new ArrayList<>();
      for (int unit = 0; unit < units.size(); unit++) {
        for (EnsembleFit part : units.get(unit).parts()) {
          pieces.add(new Piece(unit, part));
        }
      }
      List<List<Timed>> grown = new ArrayList<>();
      while (grown.size() < pieces.size() && (grown.isEmpty() || !isOver(prepared, plan))) {
        List<Piece> wave =
            pieces.subList(
                grown.size(), wave(pieces, grown.size(), plan, spark.defaultParallelism()));
        int threads = threads(spark, wave.size());
        grown.addAll(
            spark
                .parallelize(List.copyOf(wave), wave.size())
                .map(piece -> piece.ensemble().fit(everywhere.value(), binning, threads))
                .collect());
      }
      // A wave ends with a unit, so that what was fitted is whole units.
      int fitted = pieces.size() == grown.size() ? units.size() : pieces.get(grown.size()).unit();
      return new BinnedFold(
          plan, recipe, binning, table, fits(plan, units.subList(0, fitted), pieces, grown));
    } finally {
      everywhere.destroy();
    }
  }

  /** How many threads each of some tasks may use, where there are more cores than tasks. */
  private static int threads(JavaSparkContext spark, int tasks) {
    int cores = spark.defaultParallelism();
    // The driver is counted among them, and alone does all the work where the master is local.
    int executors = Math.max(1, spark.sc().statusTracker().getExecutorInfos().length - 1);
    return Math.max(1, Math.min(cores / tasks, cores / executors));
  }

  private static boolean isOver(FoldRows.Prepared prepared, BinnedTrainer.Plan plan) {
    return plan.deadline().isOver(prepared.fold());
  }

  /**
   * The end of what is fitted at once: everything, or little more than the cores can do at once
   * where the time may be over before the rest.
   */
  private static int wave(List<Piece> pieces, int start, BinnedTrainer.Plan plan, int cores) {
    int end = plan.deadline().isNever() ? pieces.size() : Math.min(pieces.size(), start + cores);
    while (end < pieces.size() && pieces.get(end).unit() == pieces.get(end - 1).unit()) {
      end++;
    }
    return end;
  }

  /**
   * A part of a unit's fit.
   *
   * @param unit its position among the units
   */
  private record Piece(int unit, EnsembleFit ensemble) implements Serializable {}

  private static Map<Integer, Fit> fits(
      BinnedTrainer.Plan plan,
      List<SharedFits.Unit> units,
      List<Piece> pieces,
      List<List<Timed>> grown) {
    Map<Integer, Fit> fits = new HashMap<>();
    for (int unit = 0; unit < units.size(); unit++) {
      List<Timed> trees = new ArrayList<>();
      for (int piece = 0; piece < pieces.size(); piece++) {
        if (pieces.get(piece).unit() == unit) {
          trees.addAll(grown.get(piece));
        }
      }
      // Candidates of one depth share their trees, and what is sent to score them holds each once.
      Map<Integer, List<GrownTree>> cut = new HashMap<>();
      for (int position : units.get(unit).candidates()) {
        Candidate candidate = plan.candidates().get(position);
        List<GrownTree> ofDepth =
            cut.computeIfAbsent(candidate.depth(), depth -> EnsembleFit.trees(trees, depth));
        fits.put(
            position,
            new Fit(
                List.copyOf(ofDepth.subList(0, candidate.members())),
                trees.stream().limit(candidate.members()).mapToDouble(Timed::seconds).sum()));
      }
    }
    return fits;
  }

  /** Label, values and more of each row, read without making an object of each value. */
  private static JavaRDD<InternalRow> values(Dataset<Row> rows, Recipe recipe, List<String> more) {
    List<String> columns = new ArrayList<>(List.of(Recipe.FEATURES));
    columns.addAll(more);
    return recipe
        .values(rows)
        .select(TrainingRows.LABEL, columns.toArray(new String[0]))
        .queryExecution()
        .toRdd()
        .toJavaRDD();
  }

  private static ThresholdSurvey survey(
      JavaRDD<InternalRow> rows, BinnedTrainer.Plan plan, Recipe recipe) {
    List<Integer> categories = recipe.categoryCounts();
    double wanted = Math.max(SAMPLED, (double) SAMPLED_PER_BIN * plan.maxBins());
    double share = Math.min(1, wanted / Math.max(1, plan.rows()));
    List<ThresholdSurvey> parts =
        rows.mapPartitions(
                part -> {
                  ThresholdSurvey survey = new ThresholdSurvey(categories, share);
                  while (part.hasNext()) {
                    InternalRow row = part.next();
                    survey.add(row.getDouble(0), row.getArray(1).toDoubleArray());
                  }
                  return List.of(survey).iterator();
                })
            .collect();
    ThresholdSurvey all = new ThresholdSurvey(categories, share);
    parts.forEach(all::merge);
    return all;
  }

  private static Iterator<BinnedRows> binned(
      Iterator<InternalRow> part, Binning binning, boolean weighted) {
    RowsBuilder builder = new RowsBuilder(binning, weighted);
    while (part.hasNext()) {
      InternalRow row = part.next();
      builder.add(
          row.getDouble(0), weighted ? row.getDouble(2) : 1.0, row.getArray(1).toDoubleArray());
    }
    return List.of(builder.build()).iterator();
  }

  int rows() {
    return rows;
  }

  /** Whether there was time for a candidate that was wanted. */
  boolean hasFitted(int position) {
    return fits.containsKey(position);
  }

  private Fit fit(int position) {
    return Objects.requireNonNull(
        fits.get(position), () -> "candidate " + position + " was not fitted on this fold");
  }

  private Predictor predictor(int position) {
    return Predictor.of(plan.candidates().get(position), fit(position).trees(), plan.classes());
  }

  Trainer.Fitted fitted(int position) {
    Fit fit = fit(position);
    Predictor predictor = predictor(position);
    return new Trainer.Fitted(
        recipe,
        () -> model(position, fit),
        asked ->
            recipe
                .values(asked)
                .withColumn("prediction", predictor.column(binning, col(Recipe.FEATURES))),
        fit.seconds(),
        ModelCost.of(
            predictor, new MllibModels(binning)::root, new BundleSize(recipe, plan.classNames())));
  }

  private Model<?> model(int position, Fit fit) {
    MllibModels models = new MllibModels(binning);
    Candidate candidate = plan.candidates().get(position);
    return candidate instanceof Candidate.GradientBoosting boosting
        ? models.boosting(fit.trees(), boosting.stepSize(), plan.task().isClassification())
        : models.forest(fit.trees());
  }

  /** The candidate's score; all candidates are scored in one pass when the first is asked for. */
  Trainer.Scored score(int position, Dataset<?> validation) {
    Map<Integer, Trainer.Scored> known = scores;
    if (known == null) {
      known = scoreAll(validation.toDF());
      scores = known;
    }
    return Objects.requireNonNull(known.get(position));
  }

  private Map<Integer, Trainer.Scored> scoreAll(Dataset<Row> validation) {
    JavaRDD<InternalRow> asked = values(validation, recipe, List.of());
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(asked.context());
    List<Integer> positions = fits.keySet().stream().sorted().toList();
    List<Predictor> predictors = positions.stream().map(this::predictor).toList();
    FoldSums none =
        new FoldSums(
            plan.metric(),
            plan.task(),
            plan.classes(),
            plan.clip(),
            meanLabel,
            plan.thresholds(),
            plan.settings());
    Binning bins = binning;
    Broadcast<List<Predictor>> everywhere = spark.broadcast(predictors);
    List<List<FoldSums>> parts;
    try {
      parts =
          asked
              .mapPartitions(
                  part -> List.of(Predictor.score(part, bins, everywhere.value(), none)).iterator())
              .collect();
    } finally {
      everywhere.destroy();
    }
    Map<Integer, Trainer.Scored> found = new HashMap<>();
    for (int i = 0; i < positions.size(); i++) {
      FoldSums sums = none.copy();
      for (List<FoldSums> part : parts) {
        sums.merge(part.get(i));
      }
      found.put(positions.get(i), sums.scored());
    }
    return found;
  }
}
