package reforest.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Figures of sums by group. */
final class GroupedSumsTest {

  private static ClusterWays groups(int count) {
    return ClusterWays.of(
        JackknifeGroups.of(IntStream.range(0, count).mapToObj(i -> "g" + i).toList(), 200));
  }

  @Test
  void hasTheErrorOfAMeanOfEqualGroups() {
    GroupedSums sums = new GroupedSums(groups(4), 1);
    double[] means = {1, 2, 4, 9};
    for (int group = 0; group < means.length; group++) {
      sums.add(new int[] {group}, means[group] - 0.5);
      sums.add(new int[] {group}, means[group] + 0.5);
    }

    Estimate mean = sums.mean(0);

    assertThat(sums.rows()).isEqualTo(8);
    assertThat(mean.groups()).isEqualTo(4);
    assertThat(mean.value()).isEqualTo(4);
    // The standard error of the mean of four numbers: their deviation over the root of four.
    assertThat(mean.standardError())
        .isCloseTo(Math.sqrt((9 + 4 + 0 + 25) / 3.0 / 4), within(1e-12));
  }

  @Test
  void isUndefinedWithoutRowsAndOfOneGroup() {
    GroupedSums none = new GroupedSums(groups(3), 1);
    GroupedSums one = new GroupedSums(groups(3), 1);
    one.add(new int[] {1}, 5);
    one.add(new int[] {1}, 7);

    assertThat(none.mean(0).undefined()).contains("there are no such rows");
    assertThat(none.mean(0).value()).isNaN();
    assertThat(one.mean(0).value()).isEqualTo(6);
    assertThat(one.mean(0).undefined())
        .contains("its rows form 1 group, and an uncertainty needs two");
  }

  @Test
  void makesAFigureOfSeveralSums() {
    GroupedSums sums = new GroupedSums(groups(2), 2);
    sums.add(new int[] {0}, 3, 1);
    sums.add(new int[] {1}, 9, 3);

    Estimate ratio = sums.figure(of -> of[0] / of[1]);

    assertThat(ratio.value()).isEqualTo(3);
    assertThat(ratio.standardError()).isZero();
    assertThat(List.of(sums.figure(of -> of[2]).value())).containsExactly(2.0);
  }
}
