package reforest.train;

import java.util.List;
import java.util.Locale;
import reforest.config.ErrorCosts;

/**
 * The probability from which on the positive class is decided for, chosen on the rows that the
 * folds left out.
 *
 * @param value the probability, above 0 and below 1
 * @param costs mean cost of a row's decision on each fold; the same rows chose the value, so they
 *     are a little flattered
 * @param even the same for the most probable class
 */
public record Threshold(double value, List<Double> costs, List<Double> even) {
  public Threshold {
    costs = List.copyOf(costs);
    even = List.copyOf(even);
  }

  static Threshold of(List<ThresholdCurve> folds, ErrorCosts costs) {
    double value = ThresholdCurve.cheapest(folds, costs);
    return new Threshold(
        value,
        folds.stream().map(fold -> fold.cost(costs, value)).toList(),
        folds.stream().map(fold -> fold.cost(costs, 0.5)).toList());
  }

  String sentence(String positive) {
    return String.format(
        Locale.ROOT,
        "It decides for '%s' from a probability of %.4g on, which costs %.4g a row on what the folds"
            + " left out (standard error %.2g); deciding for the more probable class costs %.4g.",
        positive,
        value,
        CandidateResult.mean(costs),
        CandidateResult.standardError(costs),
        CandidateResult.mean(even));
  }
}
