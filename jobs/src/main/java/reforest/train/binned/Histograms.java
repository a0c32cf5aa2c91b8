package reforest.train.binned;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums a node's rows by feature and bin, and for a class by class: the one loop that training
 * spends its time in.
 */
final class Histograms {

  /** Rows at a time. */
  private static final int BLOCK = 4096;

  private final BinnedRows table;
  private final FeatureThreads crew;
  private final int stride;
  private final int[] offsets;
  private final int size;

  /** A node's rows, what they add and their classes, side by side. */
  private final long[] gathered;

  private final long @Nullable [] gatheredWeights;
  private final byte @Nullable [] gatheredClasses;

  /** Sums by {@code offset(feature) + bin * stride + class}. */
  static final class Node {
    final long[] packed;
    final long @Nullable [] weights;

    private Node(int size, boolean weighted) {
      this.packed = new long[size];
      this.weights = weighted ? new long[size] : null;
    }
  }

  Histograms(BinnedRows table, Binning binning, int classes, FeatureThreads crew) {
    this.table = table;
    this.crew = crew;
    this.stride = Math.max(1, classes);
    this.offsets = new int[binning.features()];
    int at = 0;
    for (int feature = 0; feature < offsets.length; feature++) {
      offsets[feature] = at;
      at += binning.bins(feature) * stride;
    }
    this.size = at;
    this.gathered = new long[table.size()];
    this.gatheredWeights = table.isWeighted() && classes == 0 ? new long[table.size()] : null;
    this.gatheredClasses = classes > 0 ? new byte[table.size()] : null;
  }

  Node empty() {
    return new Node(size, gatheredWeights != null);
  }

  int offset(int feature) {
    return offsets[feature];
  }

  /** The sums of the rows {@code order[from]} to {@code order[to - 1]}, for some features. */
  void fill(Node node, TreeSample sample, int[] order, int from, int to, int[] features) {
    for (int feature : features) {
      int end = feature + 1 < offsets.length ? offsets[feature + 1] : size;
      Arrays.fill(node.packed, offsets[feature], end, 0);
      if (node.weights != null) {
        Arrays.fill(node.weights, offsets[feature], end, 0);
      }
    }
    boolean whole = from == 0 && to == table.size();
    long[] adds = whole ? sample.packed : gather(sample.packed, gathered, order, from, to);
    byte[] classes = sample.classes;
    if (classes != null && gatheredClasses != null) {
      byte[] of = classes;
      if (!whole) {
        for (int i = from; i < to; i++) {
          gatheredClasses[i - from] = classes[order[i]];
        }
        of = gatheredClasses;
      }
      byte[] beside = of;
      crew.share(
          features,
          to - from,
          some -> {
            for (int feature : some) {
              addClasses(
                  table.column(feature),
                  whole ? null : order,
                  from,
                  to,
                  adds,
                  beside,
                  node.packed,
                  offsets[feature],
                  stride);
            }
          });
      return;
    }
    crew.share(
        features,
        to - from,
        some -> addAll(whole ? null : order, from, to, adds, node.packed, some));
    long[] weights = sample.weights;
    long[] sums = node.weights;
    if (weights != null && gatheredWeights != null && sums != null) {
      long[] heavy = whole ? weights : gather(weights, gatheredWeights, order, from, to);
      crew.share(
          features, to - from, some -> addAll(whole ? null : order, from, to, heavy, sums, some));
    }
  }

  /** Leaves in {@code node} what {@code part} does not hold. */
  void subtract(Node node, Node part) {
    subtract(node.packed, part.packed);
    if (node.weights != null && part.weights != null) {
      subtract(node.weights, part.weights);
    }
  }

  private static void subtract(long[] from, long[] part) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= part[i];
    }
  }

  private static long[] gather(long[] values, long[] to, int[] order, int from, int end) {
    for (int i = from; i < end; i++) {
      to[i - from] = values[order[i]];
    }
    return to;
  }

  /** Some rows at a time, so that what they add stays in the processor's nearest cache. */
  private void addAll(
      int @Nullable [] order, int from, int to, long[] adds, long[] sums, int[] features) {
    for (int start = from; start < to; start += BLOCK) {
      addBlock(order, start, Math.min(to, start + BLOCK), -from, adds, sums, features);
    }
  }

  /**
   * Four columns at a time share the reading of rows and what they add.
   *
   * @param apart from a row's place in the order to its place in {@code adds}
   */
  private void addBlock(
      int @Nullable [] order,
      int from,
      int to,
      int apart,
      long[] adds,
      long[] sums,
      int[] features) {
    int i = 0;
    for (; i + 4 <= features.length; i += 4) {
      int a = features[i];
      int b = features[i + 1];
      int c = features[i + 2];
      int d = features[i + 3];
      if (order == null) {
        addFour(
            table.column(a),
            table.column(b),
            table.column(c),
            table.column(d),
            from,
            to,
            adds,
            sums,
            offsets[a],
            offsets[b],
            offsets[c],
            offsets[d]);
      } else {
        addFour(
            table.column(a),
            table.column(b),
            table.column(c),
            table.column(d),
            order,
            from,
            to,
            apart,
            adds,
            sums,
            offsets[a],
            offsets[b],
            offsets[c],
            offsets[d]);
      }
    }
    for (; i < features.length; i++) {
      int at = offsets[features[i]];
      addOne(table.column(features[i]), order, from, to, apart, adds, sums, at);
    }
  }

  private static void addFour(
      byte[] a,
      byte[] b,
      byte[] c,
      byte[] d,
      int from,
      int to,
      long[] adds,
      long[] sums,
      int atA,
      int atB,
      int atC,
      int atD) {
    for (int row = from; row < to; row++) {
      long add = adds[row];
      sums[atA + (a[row] & 255)] += add;
      sums[atB + (b[row] & 255)] += add;
      sums[atC + (c[row] & 255)] += add;
      sums[atD + (d[row] & 255)] += add;
    }
  }

  private static void addFour(
      byte[] a,
      byte[] b,
      byte[] c,
      byte[] d,
      int[] order,
      int from,
      int to,
      int apart,
      long[] adds,
      long[] sums,
      int atA,
      int atB,
      int atC,
      int atD) {
    for (int i = from; i < to; i++) {
      int row = order[i];
      long add = adds[i + apart];
      sums[atA + (a[row] & 255)] += add;
      sums[atB + (b[row] & 255)] += add;
      sums[atC + (c[row] & 255)] += add;
      sums[atD + (d[row] & 255)] += add;
    }
  }

  private static void addOne(
      byte[] column,
      int @Nullable [] order,
      int from,
      int to,
      int apart,
      long[] adds,
      long[] sums,
      int at) {
    if (order == null) {
      for (int row = from; row < to; row++) {
        sums[at + (column[row] & 255)] += adds[row];
      }
      return;
    }
    for (int i = from; i < to; i++) {
      sums[at + (column[order[i]] & 255)] += adds[i + apart];
    }
  }

  private static void addClasses(
      byte[] column,
      int @Nullable [] order,
      int from,
      int to,
      long[] adds,
      byte[] classes,
      long[] sums,
      int at,
      int stride) {
    if (order == null) {
      for (int row = 0; row < to; row++) {
        sums[at + (column[row] & 255) * stride + (classes[row] & 255)] += adds[row];
      }
      return;
    }
    for (int i = from; i < to; i++) {
      sums[at + (column[order[i]] & 255) * stride + (classes[i - from] & 255)] += adds[i - from];
    }
  }
}
