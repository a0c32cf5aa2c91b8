package reforest.bundle.pmml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.Manifest;
import reforest.bundle.Models;

class CoversTest {

  @Test
  void keepsHowManyTrainingRowsCameToEachNode() {
    Forest forest = forest(Models.AVERAGE, Models.bikes(Models.AVERAGE));

    assertThat(covers(forest)).containsExactly(10, 4, 6, 3, 3, 10, 7.5, 2.5);
    assertThat(forest.trees()).isEqualTo(2);
    assertThat(forest.root(0)).isZero();
    assertThat(forest.root(1)).isEqualTo(5);
  }

  @Test
  void keepsThemForTreesOfClassesToo() {
    Forest forest = forest(Models.COUNTED, Models.kinds(Models.COUNTED));

    assertThat(covers(forest)).containsExactly(8, 4, 4, 4);
  }

  @Test
  void knowsNoneWhereOnlyTheClassesOfLeavesWereCounted() {
    Forest forest = forest(Models.CLASSES, Models.kinds(Models.CLASSES));

    assertThat(forest.nodes()).isEqualTo(4);
    assertThat(forest.hasCovers()).isFalse();
    assertThatThrownBy(() -> forest.cover(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the model does not say how many rows came to its nodes");
  }

  /** 16 of 10 rows pass a split of the first tree, and 10 of 10 one of the second. */
  @Test
  void tellsHowManySplitsARowPasses() {
    assertThat(forest(Models.AVERAGE, Models.bikes(Models.AVERAGE)).visits())
        .isCloseTo(2.6, within(1e-12));
    assertThat(forest(Models.CLASSES, Models.kinds(Models.CLASSES)).visits()).isNaN();
  }

  @Test
  void predictsTheSameWithoutThem() {
    String bare = Models.AVERAGE.replaceAll("(<Node[^>]*) recordCount=\"[^\"]*\"", "$1");
    PmmlModel counted = PmmlModel.read(Models.bytes(Models.AVERAGE), Models.bikes(Models.AVERAGE));
    PmmlModel plain = PmmlModel.read(Models.bytes(bare), Models.bikes(bare));

    assertThat(plain.forest().hasCovers()).isFalse();
    double[] expected = new double[1];
    double[] actual = new double[1];
    for (double temp : new double[] {0, 0.4, 0.5, Double.NaN}) {
      for (double season : new double[] {0, 1, 2, 3}) {
        double[] row = {temp, 1, season};
        counted.predict(row, expected);
        plain.predict(row, actual);
        assertThat(actual).containsExactly(expected);
      }
    }
  }

  /** A tenth and two tenths are not three tenths, by one unit in the last place. */
  @ParameterizedTest
  @ValueSource(strings = {"0.3", "0.30000000000000004"})
  void takesWeightsThatAddUpToWithinRounding(String root) {
    String weighted =
        Models.AVERAGE
            .replace("id=\"1\" recordCount=\"10\"", "id=\"1\" recordCount=\"" + root + "\"")
            .replace("recordCount=\"4\"", "recordCount=\"0.1\"")
            .replace("recordCount=\"6\"", "recordCount=\"0.2\"")
            .replace("score=\"20.0\" recordCount=\"3\"", "score=\"20.0\" recordCount=\"0.2\"")
            .replace("score=\"30.0\" recordCount=\"3\"", "score=\"30.0\" recordCount=\"0\"");

    assertThat(covers(forest(weighted, Models.bikes(weighted))))
        .startsWith(Double.parseDouble(root), 0.1, 0.2, 0.2, 0.0);
  }

  /** More nodes than there is room for at first. */
  @Test
  void keepsThemForManyNodes() {
    Forest.Builder builder = new Forest.Builder();
    for (int tree = 0; tree < 1000; tree++) {
      builder.startTree();
      builder.leaf(tree);
      builder.cover(2.0 * tree);
    }

    assertThat(covers(builder.build()))
        .containsExactly(IntStream.range(0, 1000).mapToDouble(tree -> 2.0 * tree).toArray());
  }

  private static double[] covers(Forest forest) {
    assertThat(forest.hasCovers()).isTrue();
    return IntStream.range(0, forest.nodes()).mapToDouble(forest::cover).toArray();
  }

  private static Forest forest(String pmml, Manifest manifest) {
    return PmmlModel.read(Models.bytes(pmml), manifest).forest();
  }
}
