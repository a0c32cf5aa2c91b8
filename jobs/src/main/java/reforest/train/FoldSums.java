package reforest.train;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Task;
import reforest.config.Metric;

/** Sums over a fold's rows from which a candidate's score follows; sums of parts add up. */
final class FoldSums implements Serializable {

  private static final long serialVersionUID = 1L;

  private final Metric metric;
  private final int classes;
  private final double clip;

  /** About the mean label, so that squares do not cancel out. */
  private final double pivot;

  private long rows;
  private double errors;
  private double squares;
  private double labels;
  private double labelSquares;
  private double losses;
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
   */
  FoldSums(Metric metric, int classes, double clip, double pivot, boolean thresholds) {
    this.metric = metric;
    this.classes = classes;
    this.clip = clip;
    this.pivot = pivot;
    this.confusion = new long[classes * classes];
    this.curve = thresholds ? new ThresholdCurve() : null;
  }

  /** Takes a prediction of a number into account. */
  void add(double label, double prediction) {
    rows++;
    double error = label - prediction;
    undefined |= Double.isNaN(prediction);
    errors += Math.abs(error);
    squares += error * error;
    labels += label - pivot;
    labelSquares += (label - pivot) * (label - pivot);
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
    if (metric == Metric.AUC) {
      if (ranked == scores.length) {
        scores = Arrays.copyOf(scores, Math.max(1024, 2 * ranked));
        positives = Arrays.copyOf(positives, Math.max(1024, 2 * ranked));
      }
      scores[ranked] = score;
      positives[ranked++] = label == 1;
    }
  }

  /** Sums of no rows, for the same measure. */
  FoldSums copy() {
    return new FoldSums(metric, classes, clip, pivot, curve != null);
  }

  FoldSums merge(FoldSums other) {
    rows += other.rows;
    errors += other.errors;
    squares += other.squares;
    labels += other.labels;
    labelSquares += other.labelSquares;
    losses += other.losses;
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

  /** What candidates are compared by. */
  Trainer.Scored scored(Task task) {
    return new Trainer.Scored(score(task), Optional.ofNullable(curve));
  }

  /** The metric as MLlib's evaluators define it; NaN when it is undefined. */
  private double score(Task task) {
    if (rows == 0 || undefined) {
      return Double.NaN;
    }
    double value =
        switch (metric) {
          case RMSE -> Math.sqrt(squares / rows);
          case MAE -> errors / rows;
          case R2 -> 1 - squares / (labelSquares - labels * labels / rows);
          case LOG_LOSS -> losses / rows;
          case AUC -> auc();
          case ACCURACY -> (double) correct() / rows;
          case PRECISION -> byClass(task, this::precision);
          case RECALL -> byClass(task, this::recall);
          case F1 -> byClass(task, this::f1);
          case BIAS, COST -> throw new IllegalStateException(metric + " cannot rank candidates");
        };
    return Double.isFinite(value) ? value : Double.NaN;
  }

  private interface OfClass {
    double of(int k);
  }

  /** Of the positive class, or weighted by the classes' shares where there are more than two. */
  private double byClass(Task task, OfClass measure) {
    if (task == Task.BINARY) {
      return measure.of(1);
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += measure.of(k) * truly(k) / rows;
    }
    return sum;
  }

  private double precision(int k) {
    long said =
        IntStream.range(0, classes).mapToLong(label -> confusion[label * classes + k]).sum();
    return said == 0 ? 0 : (double) confusion[k * classes + k] / said;
  }

  private double recall(int k) {
    return truly(k) == 0 ? 0 : (double) confusion[k * classes + k] / truly(k);
  }

  private double f1(int k) {
    double sum = precision(k) + recall(k);
    return sum == 0 ? 0 : 2 * precision(k) * recall(k) / sum;
  }

  private long truly(int k) {
    return IntStream.range(0, classes).mapToLong(said -> confusion[k * classes + said]).sum();
  }

  private long correct() {
    return IntStream.range(0, classes).mapToLong(k -> confusion[k * classes + k]).sum();
  }

  /** Share of pairs that are ranked rightly, equal ones counting half (Mann and Whitney 1947). */
  private double auc() {
    int[] order =
        IntStream.range(0, ranked)
            .boxed()
            .sorted((a, b) -> Double.compare(scores[a], scores[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    double pairs = 0;
    long negativesBelow = 0;
    long allPositives = 0;
    int i = 0;
    while (i < ranked) {
      long tiedPositives = 0;
      long tiedNegatives = 0;
      double score = scores[order[i]];
      for (; i < ranked && scores[order[i]] == score; i++) {
        if (positives[order[i]]) {
          tiedPositives++;
        } else {
          tiedNegatives++;
        }
      }
      pairs += tiedPositives * (negativesBelow + tiedNegatives / 2.0);
      negativesBelow += tiedNegatives;
      allPositives += tiedPositives;
    }
    return allPositives == 0 || negativesBelow == 0
        ? Double.NaN
        : pairs / ((double) allPositives * negativesBelow);
  }
}
