package reforest.features;

import java.io.Serializable;
import java.util.Arrays;
import reforest.statistics.CounterRandom;

/** How often each value was seen, while there are few different ones; both zeros are one. */
public final class ValueCounts implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Different values up to which each is counted. */
  private static final int FEW = 2048;

  private double[] keys = new double[16];
  private long[] seen = new long[16];
  private int size;
  private boolean isFull;

  public void add(double value, long times) {
    if (isFull) {
      return;
    }
    double plain = value + 0.0;
    int at = slot(keys, seen, plain);
    if (seen[at] == 0) {
      if (size == FEW) {
        isFull = true;
        keys = new double[0];
        seen = new long[0];
        return;
      }
      keys[at] = plain;
      size++;
    }
    seen[at] += times;
    if (2 * size > keys.length) {
      grow();
    }
  }

  private static int slot(double[] keys, long[] seen, double value) {
    int mask = keys.length - 1;
    int at = (int) CounterRandom.mix(Double.doubleToLongBits(value)) & mask;
    while (seen[at] != 0 && keys[at] != value) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    double[] moreKeys = new double[2 * keys.length];
    long[] moreSeen = new long[2 * keys.length];
    for (int i = 0; i < keys.length; i++) {
      if (seen[i] != 0) {
        int at = slot(moreKeys, moreSeen, keys[i]);
        moreKeys[at] = keys[i];
        moreSeen[at] = seen[i];
      }
    }
    keys = moreKeys;
    seen = moreSeen;
  }

  public void merge(ValueCounts other) {
    if (other.isFull) {
      isFull = true;
      return;
    }
    for (int i = 0; i < other.keys.length && !isFull; i++) {
      if (other.seen[i] != 0) {
        add(other.keys[i], other.seen[i]);
      }
    }
  }

  /** Whether there were too many different values, so that nothing is known. */
  public boolean isFull() {
    return isFull;
  }

  /**
   * The value of a rank.
   *
   * @param rank from 0, below how many values were seen
   */
  double at(long rank) {
    double[] sorted = values();
    Arrays.sort(sorted);
    int at = 0;
    for (long left = rank; left >= times(sorted[at]); at++) {
      left -= times(sorted[at]);
    }
    return sorted[at];
  }

  private long times(double value) {
    return seen[slot(keys, seen, value)];
  }

  public double[] values() {
    double[] values = new double[size];
    int at = 0;
    for (int i = 0; i < keys.length; i++) {
      if (seen[i] != 0) {
        values[at++] = keys[i];
      }
    }
    return values;
  }

  public double[] weights() {
    double[] weights = new double[size];
    int at = 0;
    for (long times : seen) {
      if (times != 0) {
        weights[at++] = times;
      }
    }
    return weights;
  }
}
