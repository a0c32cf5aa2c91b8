package reforest.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Task;
import reforest.config.RankCounts;
import reforest.evaluate.Ranks.Order;
import reforest.evaluate.RoleCurves.Bin;
import reforest.evaluate.RoleCurves.Decile;
import reforest.evaluate.RoleCurves.Point;
import reforest.statistics.ExactSum;
import reforest.statistics.Jackknife;
import reforest.statistics.JackknifeGroups;
import reforest.statistics.LeaveOneOut;

/**
 * Draws the curves of a role's predictions of all rows.
 *
 * @param ranks the rows, of which there is one at least
 * @param ways in which rows depend on each other
 */
record CurveMaker(Ranks ranks, List<JackknifeGroups> ways) {

  private static final int BINS = 10;

  /** A curve has no more points than this and one at each end. */
  private static final int STEPS = 48;

  private static final double[] RESIDUALS = {0.05, 0.25, 0.5, 0.75, 0.95};

  CurveMaker {
    ways = List.copyOf(ways);
  }

  RoleCurves of(int role) {
    Order order = ranks.predictions(role);
    RankCounts counts = order.counts(ranks, 0);
    boolean numbers = ranks.plan().task() == Task.REGRESSION;
    List<Bin> bins = new ArrayList<>();
    List<Decile> deciles = new ArrayList<>();
    int[] ofPlace = counts.bins(BINS);
    for (int bin = 0; bin < BINS; bin++) {
      int[] rows = rows(order, ofPlace, bin);
      if (rows.length > 0) {
        Bin made = bin(role, rows);
        if (numbers) {
          deciles.add(new Decile(made, residuals(role, rows)));
        } else {
          bins.add(made);
        }
      }
    }
    return numbers
        ? new RoleCurves(Optional.empty(), List.of(), List.of(), List.of(), deciles)
        : new RoleCurves(
            Optional.of(ranks.plan().classes().get(1)),
            roc(counts),
            precisionRecall(counts),
            bins,
            List.of());
  }

  private static int[] rows(Order order, int[] ofPlace, int bin) {
    int[] places = order.places();
    int[] found = new int[places.length];
    int size = 0;
    for (int row = 0; row < places.length; row++) {
      if (ofPlace[places[row]] == bin) {
        found[size++] = row;
      }
    }
    return Arrays.copyOf(found, size);
  }

  private Bin bin(int role, int[] rows) {
    ExactSum predicted = new ExactSum();
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int row : rows) {
      double prediction = ranks.prediction(role, row);
      predicted.add(prediction);
      least = Math.min(least, prediction);
      greatest = Math.max(greatest, prediction);
    }
    List<LeaveOneOut> observed = new ArrayList<>();
    for (int way = 0; way < ways.size(); way++) {
      observed.add(observed(rows, way));
    }
    return new Bin(
        rows.length,
        least,
        greatest,
        predicted.value() / rows.length,
        new Jackknife(observed).estimate());
  }

  /** The mean label, and the same without each group. */
  private LeaveOneOut observed(int[] rows, int way) {
    int groups = ways.get(way).size();
    ExactSum all = new ExactSum();
    @Nullable ExactSum[] sums = new ExactSum[groups];
    long[] counts = new long[groups];
    for (int row : rows) {
      int group = ranks.group(way, row);
      ExactSum sum = sums[group];
      if (sum == null) {
        sum = new ExactSum();
        sums[group] = sum;
      }
      sum.add(ranks.label(row));
      all.add(ranks.label(row));
      counts[group]++;
    }
    return LeaveOneOut.of(
        counts,
        ways.get(way).isInTime(),
        all.value() / rows.length,
        g ->
            (all.value() - Objects.requireNonNull(sums[g]).value())
                / (rows.length - (double) counts[g]));
  }

  private List<Double> residuals(int role, int[] rows) {
    double[] sorted = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      sorted[i] = ranks.prediction(role, rows[i]) - ranks.label(rows[i]);
    }
    Arrays.sort(sorted);
    List<Double> quantiles = new ArrayList<>();
    for (double share : RESIDUALS) {
      quantiles.add(sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)]);
    }
    return quantiles;
  }

  /** From (0, 0) to (1, 1), with a point wherever the curve has gone far enough. */
  private static List<Point> roc(RankCounts rows) {
    if (rows.rows(0) == 0 || rows.rows(1) == 0) {
      return List.of();
    }
    List<Point> points = new ArrayList<>();
    points.add(new Point(0, 0, Double.POSITIVE_INFINITY));
    double drawn = 0;
    long[] seen = new long[2];
    for (int place = rows.places() - 1; place >= 0; place--) {
      seen[0] += rows.at(0, place);
      seen[1] += rows.at(1, place);
      double x = (double) seen[0] / rows.rows(0);
      double y = (double) seen[1] / rows.rows(1);
      if (place == 0 || x + y - drawn >= 2.0 / STEPS) {
        points.add(new Point(x, y, rows.score(place)));
        drawn = x + y;
      }
    }
    return points;
  }

  /** By growing recall, with a point wherever that has grown enough. */
  private static List<Point> precisionRecall(RankCounts rows) {
    List<Point> points = new ArrayList<>();
    double drawn = Double.NEGATIVE_INFINITY;
    long positive = 0;
    long all = 0;
    for (int place = rows.places() - 1; place >= 0 && positive < rows.rows(1); place--) {
      positive += rows.at(1, place);
      all += rows.at(0, place) + rows.at(1, place);
      double recall = (double) positive / rows.rows(1);
      boolean isLast = positive == rows.rows(1);
      if (rows.at(1, place) > 0 && (isLast || recall - drawn >= 1.0 / STEPS)) {
        points.add(new Point(recall, (double) positive / all, rows.score(place)));
        drawn = recall;
      }
    }
    return points;
  }
}
