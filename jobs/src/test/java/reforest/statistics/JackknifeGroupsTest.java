package reforest.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which group a cluster belongs to. */
final class JackknifeGroupsTest {

  private static final List<String> FEW = List.of("b", "a", "b", "c");

  @Test
  void fewClustersHaveAGroupEachInTheOrderOfTheirNames() {
    JackknifeGroups groups = JackknifeGroups.of(FEW, 3);

    assertThat(groups.size()).isEqualTo(3);
    assertThat(groups.isShared()).isFalse();
    assertThat(groups.isInTime()).isFalse();
    assertThat(List.of("a", "b", "c")).extracting(groups::group).containsExactly(0, 1, 2);
    assertThatThrownBy(() -> groups.group("d")).hasMessage("unknown cluster d");
  }

  @Test
  void manyClustersShareGroupsByHash() {
    JackknifeGroups groups = JackknifeGroups.of(FEW, 2);

    assertThat(groups.size()).isEqualTo(2);
    assertThat(groups.isShared()).isTrue();
    assertThat(groups.isInTime()).isFalse();
    assertThat(JackknifeGroups.hashed(2).group("new")).isBetween(0, 1);
    int[] counts = new int[10];
    IntStream.range(0, 10_000)
        .forEach(i -> counts[JackknifeGroups.hashed(10).group("customer " + i)]++);
    assertThat(IntStream.of(counts).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(850, 1_150));
  }

  @Test
  void aHashIsTheSameOnEveryMachineAndInEveryRelease() {
    assertThat(JackknifeGroups.hashed(1_000).group("customer 1"))
        .isEqualTo((int) Long.remainderUnsigned(JackknifeGroups.hash("customer 1"), 1_000));
    assertThat(Long.toHexString(JackknifeGroups.hash(""))).isEqualTo(HASH_OF_NOTHING);
    assertThat(Long.toHexString(JackknifeGroups.hash("ä1"))).isEqualTo(HASH_OF_TEXT);
  }

  private static final String HASH_OF_NOTHING = "2180a92350d49cce";
  private static final String HASH_OF_TEXT = "4e6eb339412ee84e";

  @Test
  void periodsStandInTheirOrderWithoutThoseThatHaveNoRows() {
    JackknifeGroups groups = JackknifeGroups.ofPeriods(List.of(12L, -3L, 100L, 12L), 5);

    assertThat(groups.size()).isEqualTo(3);
    assertThat(groups.isInTime()).isTrue();
    assertThat(groups.isShared()).isFalse();
    assertThat(List.of("-3", "12", "100")).extracting(groups::group).containsExactly(0, 1, 2);
    assertThatThrownBy(() -> groups.group("13")).hasMessage("unknown cluster 13");
  }

  @Test
  void tooManyPeriodsShareGroupsWithTheirNeighbours() {
    JackknifeGroups groups =
        JackknifeGroups.ofPeriods(LongStream.rangeClosed(5, 14).boxed().toList(), 4);

    assertThat(groups.size()).isEqualTo(4);
    assertThat(groups.isInTime()).isTrue();
    assertThat(groups.isShared()).isTrue();
    assertThat(LongStream.rangeClosed(5, 14).mapToObj(Long::toString))
        .extracting(groups::group)
        .containsExactly(0, 0, 0, 1, 1, 2, 2, 2, 3, 3);
    assertThatThrownBy(() -> groups.group("4")).hasMessage("unknown period 4");
    assertThatThrownBy(() -> groups.group("15")).hasMessage("unknown period 15");
  }

  @Test
  void asManyPeriodsAsGroupsNeedNotShare() {
    assertThatThrownBy(() -> JackknifeGroups.ofPeriods(1, 4, 4))
        .hasMessage("4 groups cannot hold the periods from 1 to 4");
    assertThatThrownBy(() -> JackknifeGroups.ofPeriods(1, 9, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(JackknifeGroups.ofPeriods(1, 5, 4).size()).isEqualTo(4);
  }
}
