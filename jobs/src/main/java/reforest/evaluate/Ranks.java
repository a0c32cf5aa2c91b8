package reforest.evaluate;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;
import reforest.statistics.GroupShares;
import reforest.statistics.LeaveOneOut;

/**
 * Keeps what the area under the ROC curve needs of each row, and computes it with its placement
 * values summed by group (DeLong, DeLong, Clarke-Pearson 1988; Obuchowski 1997). Ties count half.
 *
 * <p>Exact: all sums are whole numbers, and scores are never binned. About {@code 8 * roles + 16}
 * bytes a row are held in the driver, and 8 more where two ways cross. Past {@value #MOST_ROWS}
 * rows all of them are let go: the area is then undefined, and metrics that are functions of sums
 * are none the worse for it.
 */
final class Ranks implements Serializable {
  private static final long serialVersionUID = 1L;

  static final int MOST_ROWS = 10_000_000;

  private final int words;
  private final int mostRows;
  private boolean tooMany;
  private double[][] scores;
  private long[] slices;

  /** By way, then row. */
  private final int[][] groups;

  private boolean[] positive;
  private int rows;

  /**
   * @param roles how many predict
   * @param slices how many slices, the whole among them
   * @param ways in how many ways rows form groups
   * @param mostRows with more rows there is no area
   */
  Ranks(int roles, int slices, int ways, int mostRows) {
    this.mostRows = mostRows;
    words = (slices + Long.SIZE - 1) / Long.SIZE;
    scores = new double[roles][0];
    this.slices = new long[0];
    groups = new int[ways][0];
    positive = new boolean[0];
  }

  void add(int[] inGroups, int[] in, boolean isPositive, double[][] predictions, boolean[] bad) {
    if (!grow(rows + 1L)) {
      return;
    }
    for (int role = 0; role < scores.length; role++) {
      // Adding zero makes the negative zero equal to the positive one.
      scores[role][rows] = bad[role] ? 0 : predictions[role][1] + 0.0;
    }
    for (int way = 0; way < groups.length; way++) {
      groups[way][rows] = inGroups[way];
    }
    positive[rows] = isPositive;
    slices[rows * words] |= 1;
    for (int slice : in) {
      slices[rows * words + (slice + 1) / Long.SIZE] |= 1L << ((slice + 1) % Long.SIZE);
    }
    rows++;
  }

  void merge(Ranks other) {
    tooMany |= other.tooMany;
    if (!grow((long) rows + other.rows)) {
      return;
    }
    for (int role = 0; role < scores.length; role++) {
      System.arraycopy(other.scores[role], 0, scores[role], rows, other.rows);
    }
    for (int way = 0; way < groups.length; way++) {
      System.arraycopy(other.groups[way], 0, groups[way], rows, other.rows);
    }
    System.arraycopy(other.positive, 0, positive, rows, other.rows);
    System.arraycopy(other.slices, 0, slices, rows * words, other.rows * words);
    rows += other.rows;
  }

  /** Why there is no area of any role; empty when there may be one. */
  Optional<String> undefined() {
    return tooMany
        ? Optional.of("AUC is computed for at most %d rows".formatted(mostRows))
        : Optional.empty();
  }

  /** Makes room, unless that many rows are too many: then it forgets those it has. */
  private boolean grow(long needed) {
    if (tooMany || needed > mostRows) {
      tooMany = true;
      rows = 0;
      scores = new double[scores.length][0];
      slices = new long[0];
      Arrays.setAll(groups, way -> new int[0]);
      positive = new boolean[0];
      return false;
    }
    if (needed > positive.length) {
      int length = (int) Math.min(mostRows, Math.max(64, Math.max(needed, 2L * rows)));
      for (int role = 0; role < scores.length; role++) {
        scores[role] = Arrays.copyOf(scores[role], length);
      }
      for (int way = 0; way < groups.length; way++) {
        groups[way] = Arrays.copyOf(groups[way], length);
      }
      positive = Arrays.copyOf(positive, length);
      slices = Arrays.copyOf(slices, Math.multiplyExact(length, words));
    }
    return true;
  }

  /** One role's scores, each replaced by the position of its value among all distinct values. */
  Ranked ranked(int role) {
    double[] sorted = Arrays.copyOf(scores[role], rows);
    Arrays.sort(sorted);
    int distinct = 0;
    for (int i = 0; i < rows; i++) {
      if (i == 0 || sorted[i] != sorted[i - 1]) {
        sorted[distinct++] = sorted[i];
      }
    }
    int[] places = new int[rows];
    for (int row = 0; row < rows; row++) {
      places[row] = Arrays.binarySearch(sorted, 0, distinct, scores[role][row]);
    }
    return new Ranked(places, distinct);
  }

  /** The places of one role's scores. */
  final class Ranked {
    private final int[] places;
    private final int distinct;

    Ranked(int[] places, int distinct) {
      this.places = places;
      this.distinct = distinct;
    }

    /** The area on one slice, the whole being slice 0, as figures for the jackknife in one way. */
    Placements placements(int slice, int way, int groupCount) {
      long[][] at = new long[2][distinct];
      long[] total = new long[2];
      for (int row = 0; row < rows; row++) {
        if (isIn(row, slice)) {
          int kind = positive[row] ? 1 : 0;
          at[kind][places[row]]++;
          total[kind]++;
        }
      }
      // Twice the rows of the other kind that each place beats, ties once.
      long[][] beaten = new long[2][distinct];
      long[] below = new long[2];
      for (int place = 0; place < distinct; place++) {
        beaten[1][place] = 2 * below[0] + at[0][place];
        beaten[0][place] = 2 * (total[1] - below[1] - at[1][place]) + at[1][place];
        below[0] += at[0][place];
        below[1] += at[1][place];
      }
      long[][] wins = new long[2][groupCount];
      long[][] count = new long[2][groupCount];
      for (int row = 0; row < rows; row++) {
        if (isIn(row, slice)) {
          int kind = positive[row] ? 1 : 0;
          wins[kind][groups[way][row]] += beaten[kind][places[row]];
          count[kind][groups[way][row]]++;
        }
      }
      return new Placements(wins, count);
    }

    private boolean isIn(int row, int slice) {
      return (slices[row * words + slice / Long.SIZE] >>> (slice % Long.SIZE) & 1) != 0;
    }
  }

  /**
   * Placement values by kind (1 is positive) and group.
   *
   * @param wins twice the placement values, not yet divided by the rows of the other kind
   * @param count rows
   */
  @SuppressWarnings("ArrayRecordComponent") // Never leaves this package, and is never compared.
  record Placements(long[][] wins, long[][] count) {

    /** The area and its parts by group, in the form of leaving groups out. */
    LeaveOneOut curve(GroupShares shares) {
      double[] rows = {Arrays.stream(count[0]).sum(), Arrays.stream(count[1]).sum()};
      long[] informed = {informed(0), informed(1)};
      int all = shares.size();
      if (!(rows[0] > 0 && rows[1] > 0)) {
        String why = "there are no " + (rows[1] > 0 ? "negative" : "positive") + " rows";
        return new LeaveOneOut(Double.NaN, new double[all], shares, 0, Optional.of(why));
      }
      double area = Arrays.stream(wins[1]).sum() / 2.0 / rows[0] / rows[1];
      int groups = shares.present();
      double[] without = new double[all];
      for (int g = 0; g < all; g++) {
        double deviation = 0;
        for (int kind = 0; kind < 2; kind++) {
          double placed = wins[kind][g] / 2.0 / rows[1 - kind] - count[kind][g] * area;
          double correction = Math.sqrt(informed[kind] / (informed[kind] - 1.0));
          deviation += correction * placed / rows[kind];
        }
        // The jackknife shrinks each difference by this much again.
        without[g] = area - deviation / Math.sqrt((groups - 1.0) / groups);
      }
      return new LeaveOneOut(
          area, without, shares, (int) Math.min(informed[0], informed[1]), Optional.empty());
    }

    /** Groups that hold rows of a kind: the fewer of both kinds limit what is known. */
    private long informed(int kind) {
      return Arrays.stream(count[kind]).filter(n -> n > 0).count();
    }
  }
}
