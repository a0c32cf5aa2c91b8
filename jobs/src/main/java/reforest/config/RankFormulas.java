package reforest.config;

import java.util.Arrays;
import java.util.Optional;

/**
 * The metrics that need the rows in the order of their scores; NaN where one is undefined.
 *
 * <p>Beside its value each tells its influence: how fast the value changes when a row of a score
 * and a kind counts a little more (the infinitesimal jackknife, Jaeckel 1972; Efron 1982, chapter
 * 6). Summed over a group's rows that is what the value gains by the group, to first order. Leaving
 * groups out for real would need all rows again for each group, and of a median it would be no
 * consistent estimate (Miller 1974).
 */
final class RankFormulas {

  private static final int BINS = 10;

  private RankFormulas() {}

  /** A metric of rows in order, of which there is at least one. */
  interface RankFormula {

    double of(RankCounts rows);

    /**
     * How fast it changes by kind and then place, for a value that is a number.
     *
     * @param groups how many groups the rows form, at least 1
     */
    double[][] influence(RankCounts rows, double value, int groups);

    /** Why it is NaN. */
    default Optional<String> why(RankCounts rows) {
      return rows.rows(1) == 0
          ? Optional.of("there are no positive rows")
          : rows.rows(0) == 0 ? Optional.of("there are no negative rows") : Optional.empty();
    }
  }

  /** Share of pairs that are ranked rightly, ties counting half (Mann and Whitney 1947). */
  static final class AreaUnderRoc implements RankFormula {
    @Override
    public double of(RankCounts rows) {
      double pairs = (double) rows.rows(0) * rows.rows(1);
      long twice = 0;
      long below = 0;
      for (int place = 0; place < rows.places(); place++) {
        twice += rows.at(1, place) * (2 * below + rows.at(0, place));
        below += rows.at(0, place);
      }
      return pairs == 0 ? Double.NaN : twice / 2.0 / pairs;
    }

    /** Placement values (DeLong, DeLong, Clarke-Pearson 1988; Obuchowski 1997). */
    @Override
    public double[][] influence(RankCounts rows, double value, int groups) {
      double[][] influence = new double[2][rows.places()];
      double[] all = {rows.rows(0), rows.rows(1)};
      long[] below = new long[2];
      for (int place = 0; place < rows.places(); place++) {
        long beaten = 2 * below[0] + rows.at(0, place);
        long beating = 2 * (rows.rows(1) - below[1] - rows.at(1, place)) + rows.at(1, place);
        influence[1][place] = (beaten / 2.0 / all[0] - value) / all[1];
        influence[0][place] = (beating / 2.0 / all[1] - value) / all[0];
        below[0] += rows.at(0, place);
        below[1] += rows.at(1, place);
      }
      return influence;
    }
  }

  /**
   * Average precision: the mean over the positive rows of the precision among the rows that score
   * at least as high, which is the area under the precision-recall curve without interpolation
   * (Davis and Goadrich 2006).
   */
  static final class AveragePrecision implements RankFormula {
    @Override
    public double of(RankCounts rows) {
      long positive = 0;
      long all = 0;
      double sum = 0;
      for (int place = rows.places() - 1; place >= 0; place--) {
        positive += rows.at(1, place);
        all += rows.at(0, place) + rows.at(1, place);
        if (rows.at(1, place) > 0) {
          sum += (double) positive / all * rows.at(1, place);
        }
      }
      return positive == 0 ? Double.NaN : sum / positive;
    }

    @Override
    public double[][] influence(RankCounts rows, double value, int groups) {
      double[] precision = new double[rows.places()];
      long[] atLeast = new long[rows.places()];
      long positive = 0;
      long all = 0;
      for (int place = rows.places() - 1; place >= 0; place--) {
        positive += rows.at(1, place);
        all += rows.at(0, place) + rows.at(1, place);
        precision[place] = (double) positive / all;
        atLeast[place] = all;
      }
      double[][] influence = new double[2][rows.places()];
      double up = 0;
      double down = 0;
      for (int place = 0; place < rows.places(); place++) {
        // One more row lowers each precision that it counts in, and if positive also raises it.
        double each = (double) rows.at(1, place) / atLeast[place];
        up += each;
        down += each * precision[place];
        influence[1][place] = (precision[place] - value + up - down) / positive;
        influence[0][place] = -down / positive;
      }
      return influence;
    }

    @Override
    public Optional<String> why(RankCounts rows) {
      return Optional.of("there are no positive rows");
    }
  }

  /**
   * How many times as many positive rows as in all rows there are in the share of the rows that
   * score highest; of rows that tie at its border a part counts.
   */
  static final class Lift implements RankFormula {
    @Override
    public double of(RankCounts rows) {
      double share = rows.settings().liftShare();
      return rows.rows(1) == 0 ? Double.NaN : found(rows, share) / (share * rows.rows(1));
    }

    /** Positive rows in the share of rows that score highest. */
    private static double found(RankCounts rows, double share) {
      double left = share * rows.rows();
      double positive = 0;
      for (int place = rows.places() - 1; place >= 0 && left > 0; place--) {
        long here = rows.at(0, place) + rows.at(1, place);
        positive += here <= left ? rows.at(1, place) : rows.at(1, place) * (left / here);
        left -= here;
      }
      return positive;
    }

    @Override
    public double[][] influence(RankCounts rows, double value, int groups) {
      double share = rows.settings().liftShare();
      double all = rows.rows(1);
      double recall = value * share;
      // Where a row more moves the border, it takes in or drops rows such as those near it.
      double near = Math.min(share, 1 - share) * Math.min(0.5, Math.pow(groups, -1.0 / 3));
      double local =
          (found(rows, share + near) - found(rows, share - near)) / (2 * near * rows.rows());
      double[][] influence = new double[2][rows.places()];
      double left = share * rows.rows();
      for (int place = rows.places() - 1; place >= 0; place--) {
        long here = rows.at(0, place) + rows.at(1, place);
        double taken = Math.max(0, Math.min(1, left / here));
        double moved = local * (share - taken);
        influence[0][place] = moved / all / share;
        influence[1][place] = (taken - recall + moved) / all / share;
        left -= here;
      }
      return influence;
    }

    @Override
    public Optional<String> why(RankCounts rows) {
      return Optional.of("there are no positive rows");
    }
  }

  /**
   * Mean distance of the probabilities from the share of positive rows, in ten bins of about as
   * many rows each (Naeini, Cooper, Hauskrecht 2015; bins by rank: Nixon et al. 2019). Rows of one
   * probability are never divided. Somewhat too large where rows are few, since chance is distance,
   * too.
   */
  static final class CalibrationError implements RankFormula {
    @Override
    public double of(RankCounts rows) {
      double sum = 0;
      for (double distance : distances(rows, rows.bins(BINS))) {
        sum += Math.abs(distance);
      }
      return sum / rows.rows();
    }

    /** By bin the sum of probability less 1 or 0. */
    private static double[] distances(RankCounts rows, int[] bins) {
      double[] distances = new double[BINS];
      for (int place = 0; place < rows.places(); place++) {
        double score = rows.score(place);
        distances[bins[place]] += rows.at(0, place) * score + rows.at(1, place) * (score - 1);
      }
      return distances;
    }

    @Override
    public double[][] influence(RankCounts rows, double value, int groups) {
      int[] bins = rows.bins(BINS);
      double[] distances = distances(rows, bins);
      double[][] influence = new double[2][rows.places()];
      for (int place = 0; place < rows.places(); place++) {
        double side = Math.signum(distances[bins[place]]);
        for (int kind = 0; kind < 2; kind++) {
          influence[kind][place] = (side * (rows.score(place) - kind) - value) / rows.rows();
        }
      }
      return influence;
    }
  }

  /**
   * The middle one of the scores, which are a regression's absolute errors; of two middle ones the
   * mean.
   */
  static final class Median implements RankFormula {

    /** The 95 % bound of the normal distribution, and what follows of it (Hall, Sheather 1988). */
    private static final double NORMAL = 1.959963984540054;

    @Override
    public double of(RankCounts rows) {
      long all = rows.rows();
      return rows.nth((all - 1) / 2) / 2 + rows.nth(all / 2) / 2;
    }

    /**
     * Rows below the median push it down and those above up, the farther the thinner rows lie
     * there: 1 over their density, from the quantiles a bandwidth above and below (Siddiqui 1960),
     * which is that of Hall and Sheather (1988) with groups in the place of rows, so that it is
     * never narrower than what the median may move by, were all rows of a group alike.
     */
    @Override
    public double[][] influence(RankCounts rows, double value, int groups) {
      double bandwidth =
          Math.min(
              0.5,
              Math.pow(groups, -1.0 / 3)
                  * Math.pow(NORMAL, 2.0 / 3)
                  * Math.pow(1.5 / (2 * Math.PI), 1.0 / 3));
      double thinness =
          (rows.quantile(0.5 + bandwidth) - rows.quantile(0.5 - bandwidth)) / (2 * bandwidth);
      double[][] influence = new double[2][rows.places()];
      long below = 0;
      for (int place = 0; place < rows.places() && rows.score(place) < value; place++) {
        below += rows.at(0, place);
      }
      long above = 0;
      for (int place = rows.places() - 1; place >= 0 && rows.score(place) > value; place--) {
        above += rows.at(0, place);
      }
      long tied = rows.rows() - below - above;
      for (int place = 0; place < rows.places(); place++) {
        double side = Math.signum(rows.score(place) - value);
        // Of rows that tie with it, as many count to either side as make both halves.
        double pull = side != 0 ? side : (double) (below - above) / tied;
        influence[0][place] = pull / 2 * thinness / rows.rows();
      }
      return influence;
    }

    @Override
    public Optional<String> why(RankCounts rows) {
      return Optional.empty();
    }
  }

  /** Bins by rank: by place the number of its bin. */
  static int[] bins(RankCounts rows, int count) {
    int[] bins = new int[rows.places()];
    Arrays.fill(bins, count - 1);
    long before = 0;
    for (int place = 0; place < bins.length; place++) {
      long here = rows.at(0, place) + rows.at(1, place);
      // By the middle of rows that tie, so that many do not push all others to one side.
      bins[place] = (int) Math.min(count - 1, (2 * before + here) * count / (2 * rows.rows()));
      before += here;
    }
    return bins;
  }
}
