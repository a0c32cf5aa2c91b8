package reforest.bundle.pmml;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** A random forest, with what the definition of a share needs. */
final class Grown {

  static final int NUMBERS = 4;

  /** Of as many fields the first {@link #NUMBERS} are numbers, the others categories. */
  static final int FIELDS = 6;

  /** The highest code of a category. */
  static final int UNSEEN = 5;

  private static final int MOST_NODES = 400;

  private final Forest.Builder builder = new Forest.Builder();
  private final Random random;
  private final int fields;
  private final int width;
  private final List<Node> roots = new ArrayList<>();
  private int nodes;
  Forest forest = builder.build();

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
    return shares(fields, known -> expected(row, known, value));
  }

  /** Shapley values of a game: what it gives by the bits of who is known. */
  static double[] shares(int fields, IntToDoubleFunction game) {
    double[] shares = new double[fields];
    for (int known = 0; known < 1 << fields; known++) {
      for (int field = 0; field < fields; field++) {
        if ((known >> field & 1) == 0) {
          double gain = game.applyAsDouble(known | 1 << field) - game.applyAsDouble(known);
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

  static double[] row(Random random, int fields) {
    double[] row = new double[fields];
    for (int field = 0; field < fields; field++) {
      row[field] =
          isNumber(field)
              ? random.nextInt(10) == 0 ? Double.NaN : random.nextGaussian()
              : random.nextInt(UNSEEN + 1);
    }
    return row;
  }

  static boolean isNumber(int field) {
    return field % FIELDS < NUMBERS;
  }
}
