package reforest.bundle.pmml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForestTest {

  private static final int NUMBERS = 3;
  private static final int UNSEEN = 70;

  /** Values on, beside and beyond thresholds. */
  private static final double[] VALUES = {
    -1e300,
    -2,
    -1,
    -0.0,
    0.0,
    Double.MIN_VALUE,
    1,
    2,
    1e300,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  private static final double[] CODES = {0, 1, 63, 64, 69, UNSEEN, 71, -1, Double.NaN};

  /** As many trees as are walked at once, fewer, more, and some beyond. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 8, 11})
  void sumsWhatEachTreeSaysByItself(int trees) {
    Random random = new Random(trees);
    Forest.Builder builder = new Forest.Builder();
    List<ToDoubleFunction<double[]>> plain = new ArrayList<>();
    for (int tree = 0; tree < trees; tree++) {
      builder.startTree();
      plain.add(grow(builder, random, random.nextInt(7)));
    }
    Forest forest = builder.build();

    assertThat(forest.trees()).isEqualTo(trees);
    for (int i = 0; i < 500; i++) {
      double[] row = new double[NUMBERS + 2];
      for (int field = 0; field < row.length; field++) {
        row[field] =
            field < NUMBERS
                ? VALUES[random.nextInt(VALUES.length)]
                : CODES[random.nextInt(CODES.length)];
      }
      double sum = 0;
      for (ToDoubleFunction<double[]> tree : plain) {
        sum += tree.applyAsDouble(row);
      }
      double[] out = new double[1];
      forest.sum(row, out, 1);
      assertThat(forest.sum(row)).isEqualTo(sum);
      assertThat(out[0]).isEqualTo(sum);
    }
  }

  /** Adds a tree, and gives the same one as a function. */
  private static ToDoubleFunction<double[]> grow(Forest.Builder builder, Random random, int depth) {
    if (depth == 0) {
      double value = random.nextGaussian();
      builder.leaf(value);
      return row -> value;
    }
    int field = random.nextInt(NUMBERS + 2);
    if (field < NUMBERS) {
      double threshold = VALUES[random.nextInt(9)];
      int node = builder.split(Split.atMost(field, threshold));
      ToDoubleFunction<double[]> left = grow(builder, random, random.nextInt(depth));
      builder.startRight(node);
      ToDoubleFunction<double[]> right = grow(builder, random, random.nextInt(depth));
      return row -> (row[field] <= threshold ? left : right).applyAsDouble(row);
    }
    int code = random.nextInt(UNSEEN + 1);
    int node = builder.split(Split.among(field, UNSEEN, new int[] {code, 64}, true));
    ToDoubleFunction<double[]> left = grow(builder, random, random.nextInt(depth));
    builder.startRight(node);
    ToDoubleFunction<double[]> right = grow(builder, random, random.nextInt(depth));
    return row -> {
      double value = row[field];
      boolean isKnown = value >= 0 && value < UNSEEN;
      boolean isIn = isKnown ? value == code || value == 64 : code == UNSEEN;
      return (isIn ? left : right).applyAsDouble(row);
    };
  }
}
