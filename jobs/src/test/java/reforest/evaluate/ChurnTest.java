package reforest.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reforest.bundle.Task;
import reforest.statistics.JackknifeGroups;

class ChurnTest {

  private static Churn churn(ComparisonPlan plan, Rows rows) {
    return Comparison.of(plan, 100, rows.list()).churn().orElseThrow();
  }

  @Test
  void countsClassesThatChangeAndThoseThatWereRight() {
    Churn churn =
        churn(
            Rows.binary(),
            new Rows()
                .binary("right before, wrong now", 1, 0.4, 0.6)
                .binary("wrong before, right now", 0, 0.4, 0.6)
                .binary("the same class", 1, 0.9, 0.6)
                .binary("wrong both times", 0, 0.9, 0.8));

    assertThat(churn).isEqualTo(new Churn(4, 2, 1));
    assertThat(churn.changedShare()).isEqualTo(0.5);
    assertThat(churn.worseShare()).isEqualTo(0.25);
  }

  @Test
  void countsNumbersThatMoveByMoreThanTheTolerance() {
    Churn churn =
        churn(
            Rows.regression().tolerating(2),
            new Rows()
                .number("by the tolerance itself", Set.of(), 10, 12, 10)
                .number("away from the label", Set.of(), 10, 13, 10)
                .number("towards the label", Set.of(), 10, 10, 13)
                .number("to the other side of the label", Set.of(), 10, 8, 12));

    assertThat(churn).isEqualTo(new Churn(4, 3, 1));
  }

  @Test
  void countsNothingOfARegressionWithoutATolerance() {
    Rows rows = new Rows().number("a", Set.of(), 1, 2, 3).number("b", Set.of(), 1, 2, 3);

    assertThat(Comparison.of(Rows.regression(), 100, rows.list()).churn()).isEmpty();
  }

  @Test
  void countsNothingWithoutAChampion() {
    ComparisonPlan plan =
        new ComparisonPlan(
            Task.BINARY, List.of("no", "yes"), List.of(Role.CHALLENGER), List.of(), 1e-6, 0);
    Rows rows = new Rows().binary("a", 1, 0.4, 0.6).binary("b", 1, 0.4, 0.6);

    assertThat(Comparison.of(plan, 100, rows.list()).churn()).isEmpty();
  }

  @Test
  void leavesOutRowsThatOneOfThemCannotPredict() {
    Churn churn =
        churn(
            Rows.binary(),
            new Rows()
                .binary("a", 1, 0.4, 0.6)
                .binary("b", 1, Double.NaN, 0.6)
                .binary("c", 1, 0.4, 7));

    assertThat(churn).isEqualTo(new Churn(1, 1, 1));
  }

  @Test
  void addsUpWhatPartsCounted() {
    Accumulator first = new Accumulator(Rows.binary(), 2);
    Accumulator second = new Accumulator(Rows.binary(), 2);
    first.add(1, 0, new int[0], 1, new double[][] {{0.6, 0.4}, {0.4, 0.6}});
    second.add(2, 1, new int[0], 0, new double[][] {{0.6, 0.4}, {0.4, 0.6}});
    second.add(3, 1, new int[0], 0, new double[][] {{0.6, 0.4}, {0.6, 0.4}});

    assertThat(first.merge(second).comparison(2, JackknifeGroups.hashed(2)).churn())
        .contains(new Churn(3, 2, 1));
    assertThat(new Churn(3, 2, 1).changedShare()).isCloseTo(2.0 / 3, within(1e-15));
  }
}
