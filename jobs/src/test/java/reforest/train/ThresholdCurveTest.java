package reforest.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.config.ErrorCosts;

class ThresholdCurveTest {

  private record Guess(boolean positive, double probability) {}

  /** Rows whose probabilities are right: each is positive as often as it says. */
  private static List<Guess> calibrated(long seed, int rows) {
    Random random = new Random(seed);
    List<Guess> guesses = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double probability = random.nextDouble();
      guesses.add(new Guess(random.nextDouble() < probability, probability));
    }
    return guesses;
  }

  private static ThresholdCurve curve(List<Guess> guesses) {
    ThresholdCurve curve = new ThresholdCurve();
    guesses.forEach(guess -> curve.add(guess.positive(), guess.probability()));
    return curve;
  }

  private static double cost(List<Guess> guesses, ErrorCosts costs, double threshold) {
    double sum = 0;
    for (Guess guess : guesses) {
      boolean decided = guess.probability() >= threshold;
      sum += costs.of(decided && !guess.positive() ? 1 : 0, !decided && guess.positive() ? 1 : 0);
    }
    return sum / guesses.size();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.25, 1, 4, 100})
  void findsTheThresholdThatProbabilitiesThatAreRightAskFor(double falseNegative) {
    ErrorCosts costs = new ErrorCosts(1, falseNegative);
    List<Guess> guesses = calibrated(3, 200_000);

    double chosen = ThresholdCurve.cheapest(List.of(curve(guesses)), costs);

    assertThat(chosen).isCloseTo(costs.threshold(), within(0.03));
    assertThat(cost(guesses, costs, chosen))
        .isLessThanOrEqualTo(cost(guesses, costs, costs.threshold()) * 1.001);
  }

  @Test
  void countsCostsAsGoingThroughTheRowsDoes() {
    ErrorCosts costs = new ErrorCosts(2, 3);
    List<Guess> guesses = new ArrayList<>(calibrated(5, 500));
    guesses.add(new Guess(true, 0));
    guesses.add(new Guess(false, 1));
    guesses.add(new Guess(true, 0.5));
    guesses.add(new Guess(false, 0.5));
    ThresholdCurve curve = curve(guesses.subList(0, 300));
    curve.merge(curve(guesses.subList(300, guesses.size())));

    double chosen = ThresholdCurve.cheapest(List.of(curve), costs);

    assertThat(curve.rows()).isEqualTo(504);
    assertThat(curve.cost(costs, 0.5)).isCloseTo(cost(guesses, costs, 0.5), within(1e-12));
    assertThat(curve.cost(costs, chosen)).isCloseTo(cost(guesses, costs, chosen), within(1e-12));
    for (double threshold = 0.01; threshold < 1; threshold += 0.01) {
      // Between two counted thresholds a row or two may lie that make it cheaper still.
      assertThat(cost(guesses, costs, chosen))
          .isLessThanOrEqualTo(cost(guesses, costs, threshold) + 0.03);
    }
  }

  @Test
  void takesTheOneNearestToWhatTheCostsSayOfThoseThatCostTheSame() {
    ThresholdCurve curve = curve(List.of(new Guess(false, 0.1), new Guess(true, 0.9)));

    assertThat(ThresholdCurve.cheapest(List.of(curve), new ErrorCosts(1, 1))).isEqualTo(0.5);
    assertThat(ThresholdCurve.cheapest(List.of(curve), new ErrorCosts(3, 1)))
        .isCloseTo(0.75, within(0.01));
    // Beyond what keeps the two apart, as near as it gets.
    assertThat(ThresholdCurve.cheapest(List.of(curve), new ErrorCosts(99, 1)))
        .isCloseTo(0.9, within(0.01));
  }

  @Test
  void saysWhatTheFoldsSawOfTheThreshold() {
    ErrorCosts costs = new ErrorCosts(1, 5);
    List<Guess> one = calibrated(7, 2000);
    List<Guess> other = calibrated(8, 2000);

    Threshold threshold = Threshold.of(List.of(curve(one), curve(other)), costs);

    assertThat(threshold.costs().get(1))
        .isCloseTo(cost(other, costs, threshold.value()), within(1e-12));
    assertThat(threshold.even().get(0)).isCloseTo(cost(one, costs, 0.5), within(1e-12));
    assertThat(threshold.sentence("late"))
        .matches(
            "It decides for 'late' from a probability of 0\\.1[0-9]+ on, which costs 0\\.[0-9]+ a row"
                + " on what the folds left out \\(standard error 0\\.[0-9]+\\); deciding for the more"
                + " probable class costs 0\\.[0-9]+\\.");
  }
}
