package reforest.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reforest.config.Metric;

/** Every candidate's score and cost on every fold, which {@code CrossValidator} itself forgets. */
final class Scores {

  private static final Logger LOG = LoggerFactory.getLogger(Scores.class);

  private final List<Candidate> candidates;
  private final int folds;
  private final String metric;
  private final Consumer<FitsSoFar> heard;
  private int done;
  private final double[][] scores;
  private final double[][] seconds;
  private final List<List<ModelCost>> costs = new ArrayList<>();
  private final Set<Integer> leftOut = new HashSet<>();
  private final Map<Integer, List<ThresholdCurve>> curves = new HashMap<>();

  Scores(List<Candidate> candidates, int folds, String metric) {
    this(candidates, folds, metric, soFar -> {});
  }

  /**
   * @param heard hears how far the search is, after each fit
   */
  Scores(List<Candidate> candidates, int folds, String metric, Consumer<FitsSoFar> heard) {
    this.candidates = List.copyOf(candidates);
    this.folds = folds;
    this.metric = metric;
    this.heard = heard;
    this.scores = new double[candidates.size()][folds];
    this.seconds = new double[candidates.size()][folds];
    for (int i = 0; i < candidates.size(); i++) {
      Arrays.fill(scores[i], Double.NaN);
      Arrays.fill(seconds[i], Double.NaN);
      costs.add(new ArrayList<>(Collections.nCopies(folds, ModelCost.UNKNOWN)));
    }
  }

  synchronized void fitted(int candidate, int fold, Trainer.Fitted fit) {
    if (fold >= 0) {
      seconds[candidate][fold] = fit.seconds();
      costs.get(candidate).set(fold, fit.cost());
      if (fit.isLeftOut()) {
        leftOut.add(candidate);
      }
    }
  }

  synchronized void scored(int candidate, int fold, Trainer.Scored scored) {
    double score = scored.score();
    scores[candidate][fold] = score;
    scored
        .curve()
        .ifPresent(curve -> curves.computeIfAbsent(candidate, c -> new ArrayList<>()).add(curve));
    if (LOG.isInfoEnabled()) {
      LOG.info(
          String.format(
              Locale.ROOT,
              "fold %d/%d candidate %d/%d %s: %s %.6g (%.1f s)",
              fold + 1,
              folds,
              candidate + 1,
              candidates.size(),
              candidates.get(candidate).describe(),
              metric,
              score,
              seconds[candidate][fold]));
    }
    done++;
    Metric.of(metric)
        .ifPresent(
            of -> heard.accept(new FitsSoFar(done, candidates.size() * folds, of, best(of))));
  }

  /** The best mean over the folds that were scored so far; NaN while none is defined. */
  private double best(Metric of) {
    DoubleStream means =
        Arrays.stream(scores)
            .mapToDouble(
                row -> Arrays.stream(row).filter(Double::isFinite).average().orElse(Double.NaN))
            .filter(Double::isFinite);
    return (of.direction() == Metric.Direction.HIGHER ? means.max() : means.min())
        .orElse(Double.NaN);
  }

  /** What thresholds cost on the rows that each fold left out, where they were counted. */
  synchronized List<ThresholdCurve> curves(int candidate) {
    return List.copyOf(curves.getOrDefault(candidate, List.of()));
  }

  synchronized List<CandidateResult> results() {
    List<CandidateResult> results = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      results.add(
          new CandidateResult(
              candidates.get(i),
              Arrays.stream(scores[i]).boxed().toList(),
              Arrays.stream(seconds[i]).boxed().toList(),
              costs.get(i),
              leftOut.contains(i)));
    }
    return results;
  }
}
