package reforest.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import reforest.config.BoostingStart;
import reforest.config.Engine;
import reforest.config.Metric;
import reforest.config.Recency;
import reforest.config.SearchConfig;
import reforest.config.SearchConfig.Budget;
import reforest.config.SearchConfig.Choose;
import reforest.config.SearchConfig.Interval;
import reforest.config.SearchConfig.Limits;
import reforest.config.SearchConfig.Strategy;
import reforest.config.TrainConfig;
import reforest.config.TrainConfig.GradientBoostingGrid;
import reforest.config.TrainConfig.RandomForestGrid;

class CandidatesTest {

  private static final RandomForestGrid FORESTS =
      new RandomForestGrid(
          List.of(10, 40),
          List.of(4, 8),
          List.of(1, 5, 20),
          List.of("all", "sqrt"),
          List.of(1.0),
          Map.of());

  private static final GradientBoostingGrid BOOSTERS =
      new GradientBoostingGrid(
          List.of(),
          List.of(3, 5),
          List.of(),
          List.of(),
          List.of("all"),
          List.of(),
          BoostingStart.TREE,
          Map.of(
              "iterations", new Interval(20, 200, true),
              "step-size", new Interval(0.01, 0.3, true),
              "min-instances", new Interval(1, 50, true),
              "subsample", new Interval(0.5, 1.0, false)));

  private static final Candidate.GradientBoosting CHAMPION =
      new Candidate.GradientBoosting(77, 6, 0.07, 3, "all", 0.8);

  private static TrainConfig config(
      Strategy strategy,
      int fits,
      Optional<RandomForestGrid> forests,
      Optional<GradientBoostingGrid> boosters) {
    return new TrainConfig(
        Metric.RMSE,
        3,
        7,
        1,
        32,
        Engine.AUTO,
        0.5,
        new SearchConfig(
            strategy,
            new Budget(fits > 0 ? OptionalInt.of(fits) : OptionalInt.empty(), Optional.empty()),
            List.of(Recency.ALL),
            OptionalInt.empty(),
            Choose.BEST,
            Limits.NONE),
        forests,
        boosters);
  }

  private static List<Candidate> drawn(int fits) {
    return Candidates.of(
            config(Strategy.RANDOM, fits, Optional.of(FORESTS), Optional.of(BOOSTERS)),
            Optional.empty(),
            true)
        .all();
  }

  @Test
  void drawsAsOftenFromEachFamilyAndTriesAllThatOneFitAnswers() {
    List<Candidate> all = drawn(6);

    List<Candidate> forests =
        all.stream().filter(c -> c instanceof Candidate.RandomForest).toList();
    // Three fits of two numbers of trees and two depths each.
    assertThat(forests).hasSize(12);
    assertThat(all).hasSize(15);
    assertThat(forests.stream().map(Candidate::trees).distinct()).containsExactly(10, 40);
    assertThat(forests.stream().map(Candidate::depth).distinct()).containsExactly(4, 8);
  }

  @Test
  void drawsStayWithinTheirRangesAndLists() {
    assertThat(drawn(60))
        .filteredOn(c -> c instanceof Candidate.GradientBoosting)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            c -> {
              Candidate.GradientBoosting b = (Candidate.GradientBoosting) c;
              assertThat(b.iterations()).isBetween(20, 200);
              assertThat(b.depth()).isIn(3, 5);
              assertThat(b.stepSize()).isBetween(0.01, 0.3);
              assertThat(b.minInstances()).isBetween(1, 50);
              assertThat(b.subsample()).isBetween(0.5, 1.0);
              // What is recorded is what is fitted.
              assertThat(Candidate.parse(b.family(), b.parameters())).hasValue(b);
            });
  }

  @Test
  void aLogarithmicRangeGivesEachOrderOfMagnitudeTheSameChance() {
    GradientBoostingGrid wide =
        new GradientBoostingGrid(
            List.of(10),
            List.of(3),
            List.of(),
            List.of(1),
            List.of("all"),
            List.of(1.0),
            BoostingStart.TREE,
            Map.of("step-size", new Interval(0.0001, 1, true)));

    List<Candidate> all =
        Candidates.of(
                config(Strategy.RANDOM, 400, Optional.empty(), Optional.of(wide)),
                Optional.empty(),
                true)
            .all();

    for (double below : new double[] {0.001, 0.01, 0.1, 1}) {
      assertThat(all)
          .filteredOn(
              c -> {
                double step = ((Candidate.GradientBoosting) c).stepSize();
                return step <= below && step > below / 10;
              })
          .hasSizeBetween(70, 130);
    }
  }

  @Test
  void moreFitsKeepThoseThatFewerHadDrawn() {
    assertThat(drawn(20)).startsWith(drawn(7).toArray(new Candidate[0]));
    assertThat(drawn(20)).doesNotHaveDuplicates().isEqualTo(drawn(20));
  }

  @Test
  void anExhaustedSpaceEndsTheDraws() {
    Candidates found =
        Candidates.of(
            config(Strategy.RANDOM, 50, Optional.of(FORESTS), Optional.empty()),
            Optional.empty(),
            true);

    assertThat(new HashSet<>(found.all())).hasSize(24).hasSameSizeAs(found.all());
    assertThat(found.remarks())
        .containsExactly("A random search drew 6 fits; there seem to be no more.");
  }

  @Test
  void aBudgetOfFitsCutsTheGridAndSaysWhatItLeftOut() {
    Candidates whole =
        Candidates.of(
            config(Strategy.GRID, 0, Optional.of(FORESTS), Optional.empty()),
            Optional.empty(),
            true);
    Candidates cut =
        Candidates.of(
            config(Strategy.GRID, 2, Optional.of(FORESTS), Optional.empty()),
            Optional.empty(),
            true);

    assertThat(whole.all()).hasSize(24);
    assertThat(whole.remarks()).isEmpty();
    assertThat(cut.all()).hasSize(8).isSubsetOf(whole.all());
    assertThat(cut.remarks())
        .containsExactly("train.budget.fits left out 4 of the grid's 6 fits, the last ones.");
  }

  @Test
  void theChampionsSettingsAreTheFirstCandidateOnce() {
    TrainConfig config = config(Strategy.RANDOM, 4, Optional.of(FORESTS), Optional.of(BOOSTERS));

    Candidates found = Candidates.of(config, Optional.of(CHAMPION), true);
    Candidates again = Candidates.of(config, Optional.of(found.all().get(1)), true);

    assertThat(found.all().get(0)).isEqualTo(CHAMPION);
    assertThat(found.championFirst()).isTrue();
    assertThat(found.remarks()).contains("The first candidate has the champion's settings.");
    assertThat(found.all()).hasSize(11);
    assertThat(again.all()).hasSize(10).startsWith(found.all().get(1));
  }

  @Test
  void aChampionOfAFamilyThatIsNotSearchedIsNamedButNotTried() {
    Candidates found =
        Candidates.of(
            config(Strategy.GRID, 0, Optional.of(FORESTS), Optional.empty()),
            Optional.of(CHAMPION),
            true);

    assertThat(found.championFirst()).isFalse();
    assertThat(found.all()).doesNotContain(CHAMPION);
    assertThat(found.remarks().get(0)).contains("its family is not searched: gradient-boosting");
  }

  @Test
  void earlyStoppingNeedsAFitThatAnswersShorterOnes() {
    TrainConfig plain = config(Strategy.GRID, 0, Optional.empty(), Optional.of(BOOSTERS));
    TrainConfig stopping =
        new TrainConfig(
            plain.metric(),
            plain.folds(),
            plain.seed(),
            1,
            32,
            Engine.AUTO,
            0.5,
            new SearchConfig(
                Strategy.GRID,
                Budget.NONE,
                List.of(Recency.ALL),
                OptionalInt.of(20),
                Choose.BEST,
                Limits.NONE),
            Optional.empty(),
            Optional.of(BOOSTERS));

    Candidates binned = Candidates.of(stopping, Optional.of(CHAMPION), true);
    Candidates mllib = Candidates.of(stopping, Optional.of(CHAMPION), false);

    assertThat(binned.all().stream().map(Candidate::trees)).containsExactly(77, 20, 40, 60);
    assertThat(mllib.all()).containsExactly(CHAMPION);
    assertThat(mllib.remarks())
        .contains(
            "Early stopping was not tried, since MLlib's own training would fit each length anew.");
  }

  @Test
  void aStartFromTheMeanNeedsBinnedColumns() {
    GradientBoostingGrid fromMean =
        new GradientBoostingGrid(
            List.of(20, 40),
            List.of(3),
            List.of(0.1),
            List.of(5),
            List.of("all"),
            List.of(1.0),
            BoostingStart.MEAN,
            Map.of());
    TrainConfig config = config(Strategy.GRID, 0, Optional.empty(), Optional.of(fromMean));

    Candidates binned = Candidates.of(config, Optional.of(CHAMPION.from(BoostingStart.MEAN)), true);
    Candidates mllib = Candidates.of(config, Optional.of(CHAMPION.from(BoostingStart.MEAN)), false);

    assertThat(binned.all()).hasSize(3).allMatch(c -> c.members() == c.trees() + 1);
    assertThat(binned.all().get(0).sharedFit("all")).isNotEqualTo(CHAMPION.sharedFit("all"));
    assertThat(mllib.all()).hasSize(3).allMatch(c -> c.members() == c.trees());
    assertThat(mllib.all().get(0)).isEqualTo(CHAMPION);
    assertThat(mllib.remarks())
        .contains(
            "Boosting started by MLlib's first tree, since its own training cannot start from the"
                + " mean.");
    assertThat(binned.remarks()).doesNotContainAnyElementsOf(mllib.remarks().subList(1, 2));
  }

  @Test
  void settingsOfAnotherReleaseAreNoCandidate() {
    assertThat(Candidate.parse(CHAMPION.family(), CHAMPION.parameters())).hasValue(CHAMPION);
    Candidate recent =
        CHAMPION.on(
            new Recency(Optional.of(Duration.ofDays(180)), Optional.of(Duration.ofHours(36))));
    assertThat(recent.parameters())
        .containsEntry("window", "180d")
        .containsEntry("half-life", "36h");
    assertThat(Candidate.parse(recent.family(), recent.parameters())).hasValue(recent);
    Candidate fromMean = CHAMPION.from(BoostingStart.MEAN);
    assertThat(fromMean.parameters()).containsEntry("start", "mean");
    assertThat(Candidate.parse(fromMean.family(), fromMean.parameters())).hasValue(fromMean);
    assertThat(Candidate.parse("gradient-boosting", Map.of("iterations", "7"))).isEmpty();
    assertThat(Candidate.parse("perceptron", CHAMPION.parameters())).isEmpty();
  }

  @Test
  void eachFoldMayTakeItsShareOfTheTimeAndTheRefitAnyTime() {
    long[] now = {5};
    Deadline deadline = new Deadline(Optional.of(Duration.ofNanos(400)), 3, () -> now[0]);

    now[0] = 104;
    assertThat(deadline.isOver(0)).isFalse();
    now[0] = 105;
    assertThat(deadline.isOver(0)).isTrue();
    assertThat(deadline.isOver(1)).isFalse();
    now[0] = 1000;
    assertThat(deadline.isOver(2)).isTrue();
    assertThat(deadline.isOver(-1)).isFalse();
    assertThat(new Deadline(Optional.empty(), 3, () -> now[0]).isOver(0)).isFalse();
  }
}
