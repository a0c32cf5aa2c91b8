package reforest.bundle.pmml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapleyTest {

  private static final int NUMBERS = 4;
  private static final int FIELDS = 6;
  private static final int UNSEEN = 5;

  /** By the definition: each field's average gain over all orders in which fields become known. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 7})
  void sharesOutAsTheDefinitionByAllCoalitionsDoes(int depth) {
    Random random = new Random(depth);
    for (int repeat = 0; repeat < 20; repeat++) {
      Grown grown = Grown.of(random, 3, depth, FIELDS, 2);
      Shapley shapley = new Shapley(grown.forest);
      for (int i = 0; i < 20; i++) {
        double[] row = row(random, FIELDS);
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
        double[] row = row(random, fields);
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

  private static double[] row(Random random, int fields) {
    double[] row = new double[fields];
    for (int field = 0; field < fields; field++) {
      row[field] =
          isNumber(field)
              ? random.nextInt(10) == 0 ? Double.NaN : random.nextGaussian()
              : random.nextInt(UNSEEN + 1);
    }
    return row;
  }

  private static boolean isNumber(int field) {
    return field % FIELDS < NUMBERS;
  }

  /** A random forest, with what the definition of a share needs. */
  private static final class Grown {

    private static final int MOST_NODES = 400;

    private final Forest.Builder builder = new Forest.Builder();
    private final Random random;
    private final int fields;
    private final int width;
    private final List<Node> roots = new ArrayList<>();
    private int nodes;
    private Forest forest = builder.build();

    /** Its place in the forest tells which way a row goes; without children it is a leaf. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Node(int at, int field, double cover, double[] values, List<Node> children) {}

    private Grown(Random random, int fields, int width) {
      this.random = random;
      this.fields = fields;
      this.width = width;
    }

    static Grown of(Random random, int trees, int depth, int fields, int width) {
      Grown grown = new Grown(random, fields, width);
      for (int tree = 0; tree < trees; tree++) {
        grown.builder.startTree();
        grown.roots.add(grown.grow(depth, 1 + random.nextInt(1000)));
      }
      grown.forest = grown.builder.build();
      return grown;
    }

    private Node grow(int depth, int cover) {
      int at = nodes++;
      if (depth == 0 || (at % MOST_NODES > MOST_NODES / 2 && depth < 5)) {
        double[] values = random.doubles(width, -10, 10).toArray();
        builder.leaf(values);
        builder.cover(cover);
        return new Node(at, -1, cover, values, List.of());
      }
      int field = random.nextInt(fields);
      builder.split(
          isNumber(field)
              ? Split.atMost(field, random.nextGaussian() / 2)
              : Split.among(
                  field, UNSEEN, new int[] {random.nextInt(UNSEEN), 2}, random.nextBoolean()));
      builder.cover(cover);
      int lefts = random.nextInt(cover + 1);
      // One child stays shallow where trees are deep.
      int shallow = depth > 8 ? random.nextInt(3) : depth - 1;
      boolean isLeft = random.nextBoolean();
      Node left = grow(isLeft ? depth - 1 : shallow, lefts);
      builder.startRight(at);
      Node right = grow(isLeft ? shallow : depth - 1, cover - lefts);
      return new Node(at, field, cover, new double[0], List.of(left, right));
    }

    double[] byDefinition(double[] row, int value) {
      double[] shares = new double[fields];
      for (int known = 0; known < 1 << fields; known++) {
        for (int field = 0; field < fields; field++) {
          if ((known >> field & 1) == 0) {
            double gain = expected(row, known | 1 << field, value) - expected(row, known, value);
            shares[field] += gain / (fields * choose(fields - 1, Integer.bitCount(known)));
          }
        }
      }
      return shares;
    }

    private static double choose(int n, int k) {
      double ways = 1;
      for (int i = 1; i <= k; i++) {
        ways = ways * (n - k + i) / i;
      }
      return ways;
    }

    /** What the trees say where only some fields are known, the bits of {@code known}. */
    double expected(double[] row, int known, int value) {
      return roots.stream().mapToDouble(root -> expected(root, row, known, value)).sum();
    }

    private double expected(Node node, double[] row, int known, int value) {
      if (node.children.isEmpty()) {
        return node.values[value];
      }
      if ((known >> node.field & 1) == 1) {
        int next = forest.next(node.at, forest.keys(row), row);
        Node child = node.children.get(next == node.at + 1 ? 0 : 1);
        return expected(child, row, known, value);
      }
      double sum = 0;
      for (Node child : node.children) {
        double share = node.cover > 0 ? child.cover / node.cover : 0.5;
        sum += share * expected(child, row, known, value);
      }
      return sum;
    }
  }
}
