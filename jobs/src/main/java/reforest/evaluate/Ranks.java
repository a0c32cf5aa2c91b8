package reforest.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import reforest.bundle.Task;
import reforest.config.RankCounts;

/**
 * Keeps what metrics that need the rows' order want of each row: all that it takes to put them in
 * order later, so that scores are never binned, and neither the order in which rows came nor how
 * they were divided shows in a result.
 *
 * <p>About {@code 8 * roles + 16} bytes a row are held in the driver, for each class where there
 * are several, and 8 more where two ways cross. Past {@link #mostRows} rows all of them are let go:
 * what needs their order is then undefined, and metrics that are functions of sums are none the
 * worse for it.
 */
final class Ranks implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of two classes. */
  static final int MOST_ROWS = 10_000_000;

  /** Of numbers: few enough for the memory that suffices where nothing needs rows in order. */
  static final int MOST_NUMBERS = 2_000_000;

  private final ComparisonPlan plan;
  private final int kept;
  private final int words;
  private final int mostRows;
  private boolean tooMany;

  /** By role and then by class, if several are kept, then by row. */
  private final double[][] scores;

  private long[] slices;

  /** By way, then row. */
  private final int[][] groups;

  /** A regression's, else empty. */
  private double[] labels;

  /** Index of the true class; empty of a regression. */
  private int[] classes;

  private int rows;

  /**
   * @param plan what is measured
   * @param ways in how many ways rows form groups
   * @param mostRows with more rows nothing is kept
   */
  Ranks(ComparisonPlan plan, int ways, int mostRows) {
    this.plan = plan;
    this.mostRows = mostRows;
    kept = plan.task() == Task.MULTICLASS ? plan.outputs() : 1;
    // One bit for the whole, then one for each slice and each group that is told apart.
    words = (plan.slices().size() + plan.fairness().groups().size() + Long.SIZE) / Long.SIZE;
    scores = new double[plan.roles().size() * kept][0];
    slices = new long[0];
    groups = new int[ways][0];
    labels = new double[0];
    classes = new int[0];
  }

  /** The most rows that are kept for a plan. */
  static int mostRows(ComparisonPlan plan) {
    return mostRows(plan.task(), plan.outputs());
  }

  /**
   * The most rows that are kept.
   *
   * @param classes how many the label has; of no account where it has not several
   */
  static int mostRows(Task task, int classes) {
    return switch (task) {
      case REGRESSION -> MOST_NUMBERS;
      case BINARY -> MOST_ROWS;
      case MULTICLASS -> MOST_ROWS / Math.max(2, classes);
    };
  }

  void add(int[] inGroups, int[] in, double label, double[][] predictions, boolean[] bad) {
    if (!grow(rows + 1L)) {
      return;
    }
    for (int role = 0; role < predictions.length; role++) {
      for (int k = 0; k < kept; k++) {
        int output = plan.task() == Task.BINARY ? 1 : k;
        // Adding zero makes the negative zero equal to the positive one.
        scores[role * kept + k][rows] = bad[role] ? 0 : predictions[role][output] + 0.0;
      }
    }
    for (int way = 0; way < groups.length; way++) {
      groups[way][rows] = inGroups[way];
    }
    if (isRegression()) {
      labels[rows] = label;
    } else {
      classes[rows] = (int) label;
    }
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
    for (int score = 0; score < scores.length; score++) {
      System.arraycopy(other.scores[score], 0, scores[score], rows, other.rows);
    }
    for (int way = 0; way < groups.length; way++) {
      System.arraycopy(other.groups[way], 0, groups[way], rows, other.rows);
    }
    if (isRegression()) {
      System.arraycopy(other.labels, 0, labels, rows, other.rows);
    } else {
      System.arraycopy(other.classes, 0, classes, rows, other.rows);
    }
    System.arraycopy(other.slices, 0, slices, rows * words, other.rows * words);
    rows += other.rows;
  }

  /** The most rows that are kept, where there are more; empty where all are. */
  OptionalInt exceeded() {
    return tooMany ? OptionalInt.of(mostRows) : OptionalInt.empty();
  }

  /** Makes room, unless that many rows are too many: then it forgets those it has. */
  private boolean grow(long needed) {
    if (tooMany || needed > mostRows) {
      tooMany = true;
      rows = 0;
      resize(0);
      return false;
    }
    int room = isRegression() ? labels.length : classes.length;
    if (needed > room) {
      resize((int) Math.min(mostRows, Math.max(64, Math.max(needed, 2L * rows))));
    }
    return true;
  }

  private void resize(int length) {
    for (int score = 0; score < scores.length; score++) {
      scores[score] = Arrays.copyOf(scores[score], length);
    }
    for (int way = 0; way < groups.length; way++) {
      groups[way] = Arrays.copyOf(groups[way], length);
    }
    if (isRegression()) {
      labels = Arrays.copyOf(labels, length);
    } else {
      classes = Arrays.copyOf(classes, length);
    }
    slices = Arrays.copyOf(slices, Math.multiplyExact(length, words));
  }

  private boolean isRegression() {
    return plan.task() == Task.REGRESSION;
  }

  ComparisonPlan plan() {
    return plan;
  }

  int rows() {
    return rows;
  }

  /** A row's group in a way. */
  int group(int way, int row) {
    return groups[way][row];
  }

  /** A row's true value, or the index of its class. */
  double label(int row) {
    return isRegression() ? labels[row] : classes[row];
  }

  /** What a role predicts of a row: a number, or the positive one of two classes' probability. */
  double prediction(int role, int row) {
    return scores[role * kept][row];
  }

  boolean isIn(int row, int slice) {
    return (slices[row * words + slice / Long.SIZE] >>> (slice % Long.SIZE) & 1) != 0;
  }

  /** One role's rows in the order that its metrics are about. */
  RankedMetrics ofRole(int role) {
    List<Order> orders = new ArrayList<>();
    for (int k = 0; k < kept; k++) {
      double[] values = Arrays.copyOf(scores[role * kept + k], rows);
      byte[] kinds = new byte[rows];
      for (int row = 0; row < rows; row++) {
        if (isRegression()) {
          values[row] = Math.abs(values[row] - labels[row]);
        } else {
          kinds[row] = (byte) (classes[row] == (kept == 1 ? 1 : k) ? 1 : 0);
        }
      }
      orders.add(Order.of(values, kinds));
    }
    return new RankedMetrics(this, orders);
  }

  /** One role's rows in the order of what it predicts, all of them of kind 0 for a regression. */
  Order predictions(int role) {
    byte[] kinds = new byte[rows];
    for (int row = 0; row < rows; row++) {
      kinds[row] = (byte) (isRegression() || classes[row] != 1 ? 0 : 1);
    }
    return Order.of(Arrays.copyOf(scores[role * kept], rows), kinds);
  }

  /**
   * Rows by a score, each with the place of its score among all distinct ones.
   *
   * @param scores distinct ones, growing
   * @param places by row
   * @param kinds by row, 0 or 1
   */
  @SuppressWarnings("ArrayRecordComponent") // Never leaves this package, and is never compared.
  record Order(double[] scores, int[] places, byte[] kinds) {

    private static Order of(double[] values, byte[] kinds) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int distinct = 0;
      for (int i = 0; i < sorted.length; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1]) {
          sorted[distinct++] = sorted[i];
        }
      }
      int[] places = new int[values.length];
      for (int row = 0; row < places.length; row++) {
        places[row] = Arrays.binarySearch(sorted, 0, distinct, values[row]);
      }
      return new Order(Arrays.copyOf(sorted, distinct), places, kinds);
    }

    /** The rows of a slice, the whole being slice 0. */
    RankCounts counts(Ranks ranks, int slice) {
      long[][] at = new long[2][scores.length];
      for (int row = 0; row < places.length; row++) {
        if (ranks.isIn(row, slice)) {
          at[kinds[row]][places[row]]++;
        }
      }
      return new RankCounts(scores, at, ranks.plan().settings());
    }
  }
}
