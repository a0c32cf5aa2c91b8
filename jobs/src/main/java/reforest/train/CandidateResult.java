package reforest.train;

import java.util.List;

/**
 * How one candidate did in cross-validation.
 *
 * @param candidate which
 * @param scores the metric on each fold, NaN where it is undefined
 * @param seconds wall time of each fold's fit
 * @param costs what each fold's fit costs those who use it
 * @param leftOut whether a budget left no time for it on a fold
 */
public record CandidateResult(
    Candidate candidate,
    List<Double> scores,
    List<Double> seconds,
    List<ModelCost> costs,
    boolean leftOut) {
  public CandidateResult {
    scores = List.copyOf(scores);
    seconds = List.copyOf(seconds);
    costs = List.copyOf(costs);
  }

  /** Mean of the folds' scores; NaN when one is undefined. */
  public double meanScore() {
    return mean(scores);
  }

  /** Standard error of {@link #meanScore}, taking the folds as independent. */
  public double standardError() {
    return standardError(scores);
  }

  /** Wall time of all folds' fits. */
  public double totalSeconds() {
    return seconds.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Mean over the folds; NaN when one was not fitted. */
  public ModelCost cost() {
    return new ModelCost(
        mean(costs.stream().map(ModelCost::visits).toList()),
        mean(costs.stream().map(ModelCost::bytes).toList()));
  }

  static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }

  /** Of the mean of some values; NaN for fewer than two. */
  static double standardError(List<Double> values) {
    double mean = mean(values);
    double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.size() - 1.0) / values.size());
  }
}
