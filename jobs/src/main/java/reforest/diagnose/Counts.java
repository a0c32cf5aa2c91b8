package reforest.diagnose;

import java.io.Serializable;

/**
 * Rows of some slices, and by how much their losses exceed what is usual, in whole numbers, so that
 * neither the order of the rows nor how they were divided changes a result.
 */
final class Counts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Clusters are put into so many groups, by which the uncertainty is judged while searching. */
  static final int BUCKETS = 32;

  /** One standard deviation of the excess. */
  static final long UNIT = 1L << 20;

  /** An excess counts as at most so many standard deviations, so that no single row decides. */
  static final int MOST = 6;

  private final long[] rows;
  private final long[] sums;
  private final long[] positives;
  private final long[] bucketRows;
  private final long[] bucketSums;

  Counts(int slices) {
    rows = new long[slices];
    sums = new long[slices];
    positives = new long[slices];
    bucketRows = new long[slices * BUCKETS];
    bucketSums = new long[slices * BUCKETS];
  }

  /** An excess in standard deviations, as it is added up. */
  static long units(double deviations) {
    return Math.round(Math.max(-MOST, Math.min(MOST, deviations)) * UNIT);
  }

  void add(int slice, int bucket, long excess) {
    rows[slice]++;
    sums[slice] += excess;
    positives[slice] += Math.max(0, excess);
    bucketRows[slice * BUCKETS + bucket]++;
    bucketSums[slice * BUCKETS + bucket] += excess;
  }

  Counts merge(Counts other) {
    add(rows, other.rows);
    add(sums, other.sums);
    add(positives, other.positives);
    add(bucketRows, other.bucketRows);
    add(bucketSums, other.bucketSums);
    return this;
  }

  private static void add(long[] to, long[] from) {
    for (int i = 0; i < to.length; i++) {
      to[i] += from[i];
    }
  }

  long rows(int slice) {
    return rows[slice];
  }

  /**
   * By how many of its standard errors the mean excess lies above zero. The error is that of
   * independent rows, or the larger one halfway to that of independent groups of clusters, which
   * few groups tell too roughly to be taken alone.
   *
   * @return negative infinity where rows of a single group tell nothing
   */
  double score(int slice) {
    int present = 0;
    double mean = (double) sums[slice] / UNIT / rows[slice];
    double squares = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      int at = slice * BUCKETS + bucket;
      if (bucketRows[at] > 0) {
        present++;
        double rest = (double) bucketSums[at] / UNIT - mean * bucketRows[at];
        squares += rest * rest;
      }
    }
    if (present < 2) {
      return Double.NEGATIVE_INFINITY;
    }
    double ofRows = 1.0 / rows[slice];
    double ofGroups = present / (present - 1.0) * squares / rows[slice] / rows[slice];
    return mean / Math.sqrt(Math.max(ofRows, (ofRows + ofGroups) / 2));
  }

  /**
   * What no slice within this one can exceed in {@link #score}: as if it kept the rows with the
   * largest excess alone (the idea of SliceLine's bound, Sagadeeva and Boehm 2021, for this score).
   *
   * @param fewest rows that a slice must have
   */
  double bound(int slice, long fewest) {
    double positive = (double) positives[slice] / UNIT;
    return positive / Math.sqrt(Math.max((double) fewest, positive / MOST));
  }
}
