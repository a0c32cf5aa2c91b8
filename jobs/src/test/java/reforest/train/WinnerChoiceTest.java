package reforest.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import reforest.bundle.ReforestException;
import reforest.config.Metric;
import reforest.config.SearchConfig;
import reforest.config.SearchConfig.Choose;
import reforest.config.SearchConfig.Limits;
import reforest.testing.TestConfigs;

class WinnerChoiceTest {

  private static CandidateResult result(int trees, double visits, double bytes, Double... scores) {
    return new CandidateResult(
        new Candidate.GradientBoosting(trees, 3, 0.1, 5, "all", 1.0),
        List.of(scores),
        Collections.nCopies(scores.length, 1.0),
        Collections.nCopies(scores.length, new ModelCost(visits, bytes)),
        false);
  }

  private static SearchConfig search(Choose choose, OptionalDouble visits, OptionalLong bytes) {
    return TestConfigs.search(choose, new Limits(visits, bytes));
  }

  private static final SearchConfig SIMPLEST =
      search(Choose.SIMPLEST, OptionalDouble.empty(), OptionalLong.empty());

  /** Folds differ by more than candidates do, as seasons do. */
  private static final List<CandidateResult> SEASONS =
      List.of(
          result(400, 1200, 4e5, 10.0, 20.0, 30.0),
          // Better on one fold and worse on the others: on average within the noise.
          result(100, 300, 1e5, 10.3, 19.8, 30.1),
          // Worse by little, and on every fold.
          result(50, 150, 5e4, 10.4, 20.5, 30.4),
          result(10, 30, 1e4, 12.0, 24.0, 37.0));

  @Test
  void theBestMeanWinsByDefaultAndSaysWhatItCostsBesideTheSimplest() {
    WinnerChoice choice = WinnerChoice.of(SEASONS, Metric.RMSE, SearchConfig.PLAIN);

    assertThat(choice.winner()).isZero();
    assertThat(choice.best()).isZero();
    assertThat(choice.reason())
        .isEqualTo(
            "the best mean score; train.choose = simplest would take gradient-boosting"
                + " iterations=100 depth=3 step-size=0.1 min-instances=5 features=all subsample=1.0,"
                + " whose rmse is worse by 0.0667 ± 0.145 on average, whose bundle has about 100 KB in"
                + " place of 400, and whose rows pass 300 splits in place of 1,200");
    assertThat(WinnerChoice.of(SEASONS.subList(0, 1), Metric.RMSE, SearchConfig.PLAIN).reason())
        .isEqualTo("the best mean score");
  }

  @Test
  void theSimplestWithinOneStandardErrorOfTheFoldsDifferencesWins() {
    WinnerChoice choice = WinnerChoice.of(SEASONS, Metric.RMSE, SIMPLEST);

    assertThat(choice.winner()).isEqualTo(1);
    assertThat(choice.best()).isZero();
    assertThat(choice.reason())
        .startsWith("the simplest of 2 within one standard error of the best, gradient-boosting");
    // Differences 0.3, -0.2 and 0.1.
    assertThat(choice.standings().get(1).behind()).isCloseTo(0.2 / 3, within(1e-12));
    assertThat(choice.standings().get(1).standardError())
        .isCloseTo(Math.sqrt(0.19 / 3 / 3), within(1e-3));
    // The folds' own spread, 5.8 of the best mean, would have let all of them pass.
    assertThat(SEASONS.get(0).standardError()).isGreaterThan(choice.standings().get(3).behind());
  }

  @Test
  void whereMoreIsBetterTheLossIsTheOtherWayRound() {
    List<CandidateResult> results =
        List.of(result(100, 300, 1e5, 0.7, 0.8), result(10, 30, 1e4, 0.69, 0.805));

    assertThat(WinnerChoice.of(results, Metric.AUC, SearchConfig.PLAIN).winner()).isZero();
    assertThat(WinnerChoice.of(results, Metric.AUC, SIMPLEST).winner()).isEqualTo(1);
    assertThat(WinnerChoice.of(results, Metric.RMSE, SearchConfig.PLAIN).winner()).isEqualTo(1);
  }

  @Test
  void limitsExcludeWhatIsTooDearAndTheBestOfTheRestWins() {
    WinnerChoice visits =
        WinnerChoice.of(
            SEASONS,
            Metric.RMSE,
            search(Choose.BEST, OptionalDouble.of(150), OptionalLong.empty()));
    WinnerChoice bytes =
        WinnerChoice.of(
            SEASONS,
            Metric.RMSE,
            search(Choose.BEST, OptionalDouble.empty(), OptionalLong.of(100_000)));

    assertThat(visits.winner()).isEqualTo(2);
    assertThat(visits.standings().get(0).excluded())
        .hasValue("a row passes 1200.0 splits, and train.limits.node-visits is 150.0");
    assertThat(visits.standings().get(2).excluded()).isEmpty();
    assertThat(bytes.winner()).isEqualTo(1);
    assertThat(bytes.standings().get(0).excluded())
        .hasValue(
            "its bundle would take about 400000 bytes, and train.limits.bundle-bytes is 100000");
  }

  @Test
  void saysForEachCandidateWhatExcludedItWhenNoneIsLeft() {
    SearchConfig strict = search(Choose.BEST, OptionalDouble.of(1), OptionalLong.empty());

    assertThatThrownBy(() -> WinnerChoice.of(SEASONS, Metric.RMSE, strict))
        .isInstanceOf(ReforestException.class)
        .hasMessageStartingWith("train.limits exclude every candidate: gradient-boosting")
        .hasMessageContaining("a row passes 30.0 splits, and train.limits.node-visits is 1.0");
  }

  @Test
  void anUndefinedScoreOrCostNeverWins() {
    List<CandidateResult> results =
        List.of(result(10, 30, 1e4, 1.0, Double.NaN), result(20, Double.NaN, 1e4, 2.0, 2.0));

    assertThat(WinnerChoice.of(results, Metric.RMSE, SIMPLEST).winner()).isEqualTo(1);
    assertThat(WinnerChoice.of(results, Metric.RMSE, SIMPLEST).standings().get(0).excluded())
        .hasValue("its score is undefined on a fold");
    SearchConfig limited = search(Choose.BEST, OptionalDouble.of(100), OptionalLong.empty());
    assertThatThrownBy(() -> WinnerChoice.of(results, Metric.RMSE, limited))
        .hasMessageContaining("a row passes NaN splits");
  }
}
