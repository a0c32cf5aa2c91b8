package reforest.train;

import java.util.List;

/**
 * How one candidate did in cross-validation.
 *
 * @param candidate which
 * @param scores the metric on each fold, NaN where it is undefined
 * @param seconds wall time of each fold's fit
 */
public record CandidateResult(Candidate candidate, List<Double> scores, List<Double> seconds) {
  public CandidateResult {
    scores = List.copyOf(scores);
    seconds = List.copyOf(seconds);
  }

  /** Mean of the folds' scores; NaN when one is undefined. */
  public double meanScore() {
    return scores.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** Wall time of all folds' fits. */
  public double totalSeconds() {
    return seconds.stream().mapToDouble(Double::doubleValue).sum();
  }
}
