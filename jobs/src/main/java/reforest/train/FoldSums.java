package reforest.train;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Task;
import reforest.config.ErrorCosts;
import reforest.config.Metric;
import reforest.config.MetricSettings;
import reforest.config.MetricSums;
import reforest.config.RankCounts;
import reforest.config.RowErrors;

/** Sums over a fold's rows from which a candidate's score follows; sums of parts add up. */
final class FoldSums implements MetricSums, Serializable {

  private static final long serialVersionUID = 1L;

  private final Metric metric;
  private final Task task;
  private final int classes;
  private final double clip;

  /** About the mean label, so that squares do not cancel out. */
  private final double pivot;

  private final MetricSettings settings;
  private long rows;
  private double errors;
  private double absoluteErrors;
  private double squares;
  private double labels;
  private double labelSquares;
  private double relativeErrors;
  private double symmetricErrors;
  private double quantileLosses;
  private long zeroLabels;
  private double losses;
  private double squaredProbabilities;
  private final long[] confusion;
  private double[] scores = new double[0];
  private boolean[] positives = new boolean[0];
  private int ranked;
  private boolean undefined;

  /** Of two classes where a threshold will be chosen between them. */
  private final @Nullable ThresholdCurve curve;

  /**
   * @param classes classes of the label; 0 for a regression
   * @param thresholds whether a threshold between two classes will be chosen
   * @param settings what metrics are told besides
   */
  FoldSums(
      Metric metric,
      Task task,
      int classes,
      double clip,
      double pivot,
      boolean thresholds,
      MetricSettings settings) {
    this.metric = metric;
    this.task = task;
    this.classes = classes;
    this.clip = clip;
    this.pivot = pivot;
    this.settings = settings;
    this.confusion = new long[classes * classes];
    this.curve = thresholds ? new ThresholdCurve() : null;
  }

  /** Takes a prediction of a number into account. */
  void add(double label, double prediction) {
    rows++;
    double error = prediction - label;
    undefined |= Double.isNaN(prediction);
    errors += error;
    absoluteErrors += Math.abs(error);
    squares += error * error;
    labels += label - pivot;
    labelSquares += (label - pivot) * (label - pivot);
    if (label == 0) {
      zeroLabels++;
    } else {
      relativeErrors += RowErrors.relative(label, prediction);
    }
    symmetricErrors += RowErrors.symmetric(label, prediction);
    quantileLosses += RowErrors.quantile(label, prediction, settings.quantile());
    if (metric.isRanked()) {
      keep(Math.abs(error), false);
    }
  }

  private void keep(double score, boolean isPositive) {
    if (ranked == scores.length) {
      scores = Arrays.copyOf(scores, Math.max(1024, 2 * ranked));
      positives = Arrays.copyOf(positives, Math.max(1024, 2 * ranked));
    }
    scores[ranked] = score;
    positives[ranked++] = isPositive;
  }

  /**
   * Takes a prediction of a class into account.
   *
   * @param probabilities of the classes
   * @param score what positives are ranked by, of two classes
   */
  void add(int label, double[] probabilities, int predicted, double score) {
    rows++;
    confusion[label * classes + predicted]++;
    double probability = probabilities[label];
    undefined |= Double.isNaN(probability);
    losses -= Math.log(Math.max(clip, Math.min(1 - clip, probability)));
    if (curve != null && !undefined) {
      curve.add(label == 1, probabilities[1]);
    }
    squaredProbabilities += RowErrors.squared(task, label, probabilities);
    if (metric.isRanked()) {
      keep(score, label == 1);
    }
  }

  /** Sums of no rows, for the same measure. */
  FoldSums copy() {
    return new FoldSums(metric, task, classes, clip, pivot, curve != null, settings);
  }

  FoldSums merge(FoldSums other) {
    rows += other.rows;
    errors += other.errors;
    absoluteErrors += other.absoluteErrors;
    squares += other.squares;
    labels += other.labels;
    labelSquares += other.labelSquares;
    relativeErrors += other.relativeErrors;
    symmetricErrors += other.symmetricErrors;
    quantileLosses += other.quantileLosses;
    zeroLabels += other.zeroLabels;
    losses += other.losses;
    squaredProbabilities += other.squaredProbabilities;
    undefined |= other.undefined;
    for (int i = 0; i < confusion.length; i++) {
      confusion[i] += other.confusion[i];
    }
    if (curve != null && other.curve != null) {
      curve.merge(other.curve);
    }
    if (other.ranked > 0) {
      scores = Arrays.copyOf(scores, ranked + other.ranked);
      positives = Arrays.copyOf(positives, ranked + other.ranked);
      System.arraycopy(other.scores, 0, scores, ranked, other.ranked);
      System.arraycopy(other.positives, 0, positives, ranked, other.ranked);
      ranked += other.ranked;
    }
    return this;
  }

  /** What candidates are compared by; NaN when it is undefined. */
  Trainer.Scored scored() {
    double value =
        rows == 0 || undefined
            ? Double.NaN
            : metric.isRanked() ? metric.of(inOrder()) : metric.ranking(this);
    return new Trainer.Scored(
        Double.isFinite(value) ? value : Double.NaN, Optional.ofNullable(curve));
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public double errors() {
    return errors;
  }

  @Override
  public double absoluteErrors() {
    return absoluteErrors;
  }

  @Override
  public double squaredErrors() {
    return squares;
  }

  @Override
  public double labels() {
    return labels;
  }

  @Override
  public double squaredLabels() {
    return labelSquares;
  }

  @Override
  public double relativeErrors() {
    return relativeErrors;
  }

  @Override
  public long zeroLabels() {
    return zeroLabels;
  }

  @Override
  public double symmetricErrors() {
    return symmetricErrors;
  }

  @Override
  public double quantileLosses() {
    return quantileLosses;
  }

  @Override
  public double squaredProbabilities() {
    return squaredProbabilities;
  }

  /** The folds keep no columns to compute it of. */
  @Override
  public double business() {
    return 0;
  }

  @Override
  public long withoutBusiness() {
    return rows;
  }

  @Override
  public double losses() {
    return losses;
  }

  @Override
  public Task task() {
    return task;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public double actual(int label) {
    return IntStream.range(0, classes).mapToLong(said -> confusion[label * classes + said]).sum();
  }

  @Override
  public double predicted(int label) {
    return IntStream.range(0, classes).mapToLong(is -> confusion[is * classes + label]).sum();
  }

  @Override
  public double hits(int label) {
    return confusion[label * classes + label];
  }

  /** Candidates are ranked before a threshold between the errors is chosen. */
  @Override
  public @Nullable ErrorCosts costs() {
    return null;
  }

  /** The rows by what they are ranked by. */
  private RankCounts inOrder() {
    double[] sorted = Arrays.copyOf(scores, ranked);
    for (int i = 0; i < ranked; i++) {
      // Adding zero makes the negative zero equal to the positive one.
      sorted[i] += 0.0;
    }
    Arrays.sort(sorted);
    int distinct = 0;
    for (int i = 0; i < ranked; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[distinct++] = sorted[i];
      }
    }
    long[][] counts = new long[2][distinct];
    for (int i = 0; i < ranked; i++) {
      int place = Arrays.binarySearch(sorted, 0, distinct, scores[i] + 0.0);
      counts[positives[i] ? 1 : 0][place]++;
    }
    return new RankCounts(Arrays.copyOf(sorted, distinct), counts, settings);
  }
}
