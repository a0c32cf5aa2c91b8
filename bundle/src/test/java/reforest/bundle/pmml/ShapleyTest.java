package reforest.bundle.pmml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapleyTest {

  private static final int FIELDS = Grown.FIELDS;

  /** By the definition: each field's average gain over all orders in which fields become known. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 7})
  void sharesOutAsTheDefinitionByAllCoalitionsDoes(int depth) {
    Random random = new Random(depth);
    for (int repeat = 0; repeat < 20; repeat++) {
      Grown grown = Grown.of(random, 3, depth, FIELDS, 2);
      Shapley shapley = new Shapley(grown.forest);
      for (int i = 0; i < 20; i++) {
        double[] row = Grown.row(random, FIELDS);
        for (int value = 0; value < 2; value++) {
          assertThat(shapley.base(value)).isCloseTo(grown.expected(row, 0, value), within(1e-12));
          assertThat(shares(shapley, row, value))
              .containsExactly(grown.byDefinition(row, value), within(1e-12));
        }
      }
    }
  }

  /** Trees that hardly branch, so that deep ones stay small; up to 20 fields on a path. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 60})
  void addsUpToThePredictionAtAnyDepth(int depth) {
    Random random = new Random(depth);
    for (int fields : new int[] {2, 25, 100}) {
      Grown grown = Grown.of(random, 5, depth, fields, 1);
      Shapley shapley = new Shapley(grown.forest);
      for (int i = 0; i < 20; i++) {
        double[] row = Grown.row(random, fields);
        double sum = shapley.base(0);
        for (double share : shares(shapley, row, 0)) {
          sum += share;
        }
        double predicted = grown.forest.sum(row);
        assertThat(sum).isCloseTo(predicted, within(1e-11 * Math.max(1, Math.abs(predicted))));
      }
    }
  }

  @Test
  void givesNothingToAFieldThatNoTreeSplits() {
    Forest.Builder builder = new Forest.Builder();
    builder.startTree();
    int root = builder.split(Split.atMost(1, 0));
    builder.cover(4);
    builder.leaf(10);
    builder.cover(3);
    builder.startRight(root);
    builder.leaf(20);
    builder.cover(1);
    Shapley shapley = new Shapley(builder.build());

    assertThat(shapley.base(0)).isEqualTo(12.5);
    assertThat(shares(shapley, new double[] {9, 1, 9}, 0))
        .containsExactly(new double[] {0, 7.5, 0}, within(1e-14));
  }

  private static double[] shares(Shapley shapley, double[] row, int value) {
    double[] sums = new double[row.length];
    shapley.add(row, value, sums, new ShapleyTree.Room());
    return sums;
  }
}
