package reforest.bundle.pmml;

import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Shares out what one tree says of a row among the fields that it splits.
 *
 * <p>A field that is not in a coalition follows both children of a split, by the share of training
 * rows that came to each (Lundberg et al. 2020, "path-dependent"). A field's Shapley value is the
 * integral over t from 0 to 1 of what it adds where each other field is in the coalition with the
 * probability t (Owen 1972). What a tree then says is the sum over its leaves of their value times
 * one factor for each field on their path: t + P (1 - t) where the row meets all of the field's
 * conditions, else P (1 - t), where P is the share of training rows that meet them. For k fields
 * that is a polynomial of a degree below k, which k / 2 points integrate exactly (Wettenstein,
 * Mitchell and Yu 2026, "Quadrature-TreeSHAP").
 *
 * <p>One sweep down a tree gives the product of the factors above each split, and one up what the
 * tree says below it for each unit of that product. What a split's field adds then needs only the
 * difference of its two sides. Every factor lies from 0 to 1, and the only ones that are divided by
 * are at least t, so that depth does no harm.
 *
 * <p>Immutable; safe for use by several threads.
 */
final class ShapleyTree {

  /** Points are taken four at a time. */
  private static final int POINTS = 4;

  private final Forest forest;
  private final int root;
  private final int size;

  /** By node: its right child, or 0 for a leaf. A left child follows its parent. */
  private final int[] right;

  private final int[] field;

  /** The splits whose children are both leaves; what follows is short for them. */
  private final int[] twigs;

  /**
   * All other splits, by level. On each, and among twigs, those whose field is split for the first
   * time come first, so that a processor can guess which are.
   */
  private final int[] forks;

  /** The leaves below these. */
  private final int[] lone;

  /**
   * By split: the node above it, or itself, that the last earlier split of the same field led to;
   * {@link #size} where there is none.
   */
  private final int[] earlier;

  /** By node: the share of its parent's training rows that came to it. */
  private final double[] share;

  /**
   * By node: of the splits above it that have its parent's field, the product of the shares; 1
   * behind the last node.
   */
  private final double[] held;

  /** By value and node: what a leaf says. */
  private final double[] said;

  private final Quadrature quadrature;

  /**
   * @param forest one that knows its covers
   */
  ShapleyTree(Forest forest, int tree) {
    this.forest = forest;
    root = forest.root(tree);
    size = forest.end(tree) - root;
    right = new int[size];
    field = new int[size];
    earlier = new int[size];
    share = new double[size];
    held = new double[size + 1];
    held[size] = 1;
    said = new double[forest.width() * size];
    int[] parent = new int[size];
    int[] level = new int[size];
    int[] fields = new int[size];
    parent[0] = -1;
    int most = 0;
    for (int node = 0; node < size; node++) {
      most = Math.max(most, fields[node]);
      if (forest.isLeaf(root + node)) {
        for (int value = 0; value < forest.width(); value++) {
          said[value * size + node] = forest.leaf(root + node, value);
        }
        continue;
      }
      right[node] = forest.right(root + node) - root;
      field[node] = forest.field(root + node);
      int at = node;
      while (parent[at] >= 0 && field[parent[at]] != field[node]) {
        at = parent[at];
      }
      boolean isFirst = parent[at] < 0;
      earlier[node] = isFirst ? size : at;
      double cover = forest.cover(root + node);
      for (int child : new int[] {node + 1, right[node]}) {
        parent[child] = node;
        // Where no row came, both ways count alike.
        share[child] = cover > 0 ? forest.cover(root + child) / cover : 0.5;
        level[child] = level[node] + 1;
        held[child] = share[child] * held[earlier[node]];
        fields[child] = fields[node] + (isFirst ? 1 : 0);
      }
    }
    IntPredicate isTwig =
        node -> right[node] > 0 && right[node + 1] == 0 && right[right[node]] == 0;
    Comparator<Integer> guessed = Comparator.comparing(node -> earlier[node] < size);
    twigs = sorted(isTwig, guessed);
    forks =
        sorted(
            node -> right[node] > 0 && !isTwig.test(node),
            Comparator.<Integer>comparingInt(node -> level[node]).thenComparing(guessed));
    lone =
        sorted(
            node -> right[node] == 0 && (node == 0 || !isTwig.test(parent[node])),
            Comparator.naturalOrder());
    int blocks = Math.max(1, (most + 2 * POINTS - 1) / (2 * POINTS));
    quadrature = Quadrature.of(blocks * POINTS);
  }

  private int[] sorted(IntPredicate which, Comparator<Integer> order) {
    return IntStream.range(0, size)
        .filter(which)
        .boxed()
        .sorted(order)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** What the tree says on average over its training rows. */
  double base(int value) {
    double[] reach = new double[size];
    reach[0] = 1;
    double sum = 0;
    for (int node = 0; node < size; node++) {
      if (right[node] == 0) {
        sum += reach[node] * said[value * size + node];
      } else {
        reach[node + 1] = reach[node] * share[node + 1];
        reach[right[node]] = reach[node] * share[right[node]];
      }
    }
    return sum;
  }

  /** Room for the sweeps over one tree, used again for the next. */
  static final class Room {

    /** By fork: the child that the row goes to. */
    private int[] own = new int[0];

    /**
     * By node: whether the row meets all conditions on its parent's field down to it; true behind
     * the last node.
     */
    private boolean[] holds = new boolean[0];

    /** By node and point: the product of the factors above it, by the point's weight. */
    private double[] above = new double[0];

    /** By node and point: what the tree says below it, for each unit of that product. */
    private double[] below = new double[0];

    private void reserve(int size) {
      if (own.length < size) {
        own = new int[size];
        holds = new boolean[size + 1];
        above = new double[size * POINTS];
        below = new double[size * POINTS];
      }
    }
  }

  /**
   * Adds each field's share of what the tree says to {@code sums}.
   *
   * @param fields of the row, derived ones included
   * @param keys of these, as {@link Forest#keys} gives them
   * @param value which of a leaf's values is shared out
   */
  void add(double[] fields, long[] keys, int value, double[] sums, Room room) {
    room.reserve(size);
    room.holds[size] = true;
    for (int first = 0; first < quadrature.points().length; first += POINTS) {
      System.arraycopy(quadrature.weights(), first, room.above, 0, POINTS);
      descend(first, fields, keys, room);
      for (int leaf : lone) {
        double only = said[value * size + leaf];
        put(room.below, leaf, only, only, only, only);
      }
      turn(first, value, fields, keys, sums, room);
      ascend(first, sums, room);
    }
  }

  private int other(int node, int own) {
    return node + 1 + right[node] - own;
  }

  private void descend(int first, double[] fields, long[] keys, Room room) {
    double[] above = room.above;
    double ta = quadrature.points()[first];
    double tb = quadrature.points()[first + 1];
    double tc = quadrature.points()[first + 2];
    double td = quadrature.points()[first + 3];
    for (int node : forks) {
      int own = forest.next(root + node, keys, fields) - root;
      int other = other(node, own);
      room.own[node] = own;
      room.holds[other] = false;
      room.holds[own] = room.holds[earlier[node]];
      int at = node * POINTS;
      double a = above[at];
      double b = above[at + 1];
      double c = above[at + 2];
      double d = above[at + 3];
      int before = earlier[node];
      if (!room.holds[before]) {
        double p = share[own];
        double q = share[other];
        put(above, own, p * a, p * b, p * c, p * d);
        put(above, other, q * a, q * b, q * c, q * d);
        continue;
      }
      if (before < size) {
        double h = held[before];
        a /= ta + h * (1 - ta);
        b /= tb + h * (1 - tb);
        c /= tc + h * (1 - tc);
        d /= td + h * (1 - td);
      }
      double p = held[own];
      double q = held[other];
      double ra = a * (1 - ta);
      double rb = b * (1 - tb);
      double rc = c * (1 - tc);
      double rd = d * (1 - td);
      put(above, own, a * ta + p * ra, b * tb + p * rb, c * tc + p * rc, d * td + p * rd);
      put(above, other, q * ra, q * rb, q * rc, q * rd);
    }
  }

  /** What {@link #descend} and {@link #ascend} do, for splits between leaves. */
  private void turn(int first, int value, double[] fields, long[] keys, double[] sums, Room room) {
    double[] above = room.above;
    double ta = quadrature.points()[first];
    double tb = quadrature.points()[first + 1];
    double tc = quadrature.points()[first + 2];
    double td = quadrature.points()[first + 3];
    for (int node : twigs) {
      int own = forest.next(root + node, keys, fields) - root;
      int other = other(node, own);
      double mine = said[value * size + own];
      double theirs = said[value * size + other];
      int before = earlier[node];
      if (!room.holds[before]) {
        double both = share[own] * mine + share[other] * theirs;
        put(room.below, node, both, both, both, both);
        continue;
      }
      int at = node * POINTS;
      double wa = above[at];
      double wb = above[at + 1];
      double wc = above[at + 2];
      double wd = above[at + 3];
      double q = held[other];
      double mean = held[own] * mine + q * theirs;
      double gap = mine - mean;
      double sa = mean + ta * gap;
      double sb = mean + tb * gap;
      double sc = mean + tc * gap;
      double sd = mean + td * gap;
      if (before < size) {
        double o = held[before];
        double fa = 1 / (ta + o * (1 - ta));
        double fb = 1 / (tb + o * (1 - tb));
        double fc = 1 / (tc + o * (1 - tc));
        double fd = 1 / (td + o * (1 - td));
        sa *= fa;
        sb *= fb;
        sc *= fc;
        sd *= fd;
        wa *= fa * fa;
        wb *= fb * fb;
        wc *= fc * fc;
        wd *= fd * fd;
      }
      put(room.below, node, sa, sb, sc, sd);
      sums[field[node]] += q * (mine - theirs) * ((wa + wb) + (wc + wd));
    }
  }

  private void ascend(int first, double[] sums, Room room) {
    double[] above = room.above;
    double[] below = room.below;
    double ta = quadrature.points()[first];
    double tb = quadrature.points()[first + 1];
    double tc = quadrature.points()[first + 2];
    double td = quadrature.points()[first + 3];
    for (int i = forks.length - 1; i >= 0; i--) {
      int node = forks[i];
      int own = room.own[node];
      int other = other(node, own);
      double a = below[own * POINTS];
      double b = below[own * POINTS + 1];
      double c = below[own * POINTS + 2];
      double d = below[own * POINTS + 3];
      double e = below[other * POINTS];
      double f = below[other * POINTS + 1];
      double g = below[other * POINTS + 2];
      double h = below[other * POINTS + 3];
      int before = earlier[node];
      if (!room.holds[before]) {
        // An earlier condition on the field fails already: this one changes nothing.
        double p = share[own];
        double q = share[other];
        put(below, node, p * a + q * e, p * b + q * f, p * c + q * g, p * d + q * h);
        continue;
      }
      double wa = above[node * POINTS];
      double wb = above[node * POINTS + 1];
      double wc = above[node * POINTS + 2];
      double wd = above[node * POINTS + 3];
      double p = held[own];
      double q = held[other];
      double sa = a * ta + (1 - ta) * (p * a + q * e);
      double sb = b * tb + (1 - tb) * (p * b + q * f);
      double sc = c * tc + (1 - tc) * (p * c + q * g);
      double sd = d * td + (1 - td) * (p * d + q * h);
      if (before < size) {
        double o = held[before];
        double fa = 1 / (ta + o * (1 - ta));
        double fb = 1 / (tb + o * (1 - tb));
        double fc = 1 / (tc + o * (1 - tc));
        double fd = 1 / (td + o * (1 - td));
        sa *= fa;
        sb *= fb;
        sc *= fc;
        sd *= fd;
        wa *= fa * fa;
        wb *= fb * fb;
        wc *= fc * fc;
        wd *= fd * fd;
      }
      put(below, node, sa, sb, sc, sd);
      sums[field[node]] += q * ((wa * (a - e) + wb * (b - f)) + (wc * (c - g) + wd * (d - h)));
    }
  }

  private static void put(double[] to, int node, double a, double b, double c, double d) {
    int at = node * POINTS;
    to[at] = a;
    to[at + 1] = b;
    to[at + 2] = c;
    to[at + 3] = d;
  }
}
