package reforest.config;

import java.util.Arrays;

/**
 * Rows in the order of their scores: how many of each kind have each score. Of two classes kind 1
 * is the positive one and the score its probability; of a regression all rows are of kind 0, and
 * the score is the absolute error.
 */
public final class RankCounts {

  private final double[] scores;
  private final long[][] counts;
  private final long[] rows;
  private final MetricSettings settings;

  /**
   * @param scores distinct scores, growing
   * @param counts rows by kind, of which there are two, and then by place of their score
   * @param settings what metrics must be told besides
   */
  public RankCounts(double[] scores, long[][] counts, MetricSettings settings) {
    this.scores = scores.clone();
    this.counts = new long[][] {counts[0].clone(), counts[1].clone()};
    this.rows = new long[] {Arrays.stream(counts[0]).sum(), Arrays.stream(counts[1]).sum()};
    this.settings = settings;
  }

  /** Rows of both kinds. */
  public long rows() {
    return rows[0] + rows[1];
  }

  /** Rows of a kind. */
  public long rows(int kind) {
    return rows[kind];
  }

  /** How many distinct scores there are. */
  public int places() {
    return scores.length;
  }

  /** The score of a place; they grow. */
  public double score(int place) {
    return scores[place];
  }

  /** Rows of a kind with the score of a place; a place may have none. */
  public long at(int kind, int place) {
    return counts[kind][place];
  }

  /**
   * Bins of about as many rows each, never dividing rows of one score.
   *
   * @param count how many; some may stay empty
   * @return by place the number of its bin, from 0 and growing
   */
  public int[] bins(int count) {
    return RankFormulas.bins(this, count);
  }

  MetricSettings settings() {
    return settings;
  }

  /** The score of a row by its position in the order, from 0. */
  double nth(long position) {
    long before = 0;
    for (int place = 0; place < scores.length; place++) {
      before += counts[0][place] + counts[1][place];
      if (position < before) {
        return scores[place];
      }
    }
    throw new IllegalArgumentException(
        "there are %d rows and no row %d".formatted(rows(), position));
  }

  /** The least score that at least this share of the rows does not exceed. */
  double quantile(double share) {
    long position = (long) Math.ceil(share * rows()) - 1;
    return nth(Math.max(0, Math.min(rows() - 1, position)));
  }
}
