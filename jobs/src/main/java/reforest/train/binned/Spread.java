package reforest.train.binned;

import java.io.Serializable;
import java.util.OptionalDouble;

/**
 * What one pass over a column tells of its median: the median itself where few values are different
 * between two bounds, and else bounds that are nearer to it.
 *
 * <p>Bounds are those of the bits of a double, most significant first, so that a few passes end at
 * any median, however its column is spread, and each finds the same in any order of the rows.
 */
public final class Spread implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Bits that a pass tells apart; the first has the sign and the exponent. */
  private static final int BITS = 12;

  /** Bounds, inclusive, in the order of {@link #key}. */
  private final long low;

  private final long high;

  /** Bits below those that this pass tells apart. */
  private final int shift;

  private long count;
  private double sum;

  /** What rounding took from the sum. */
  private double rest;

  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  private long below;
  private long between;
  private double nextAbove = Double.POSITIVE_INFINITY;
  private final Counts few = new Counts();
  private final long[] parts = new long[1 << BITS];

  private Spread(long low, long high, int shift) {
    this.low = low;
    this.high = high;
    this.shift = shift;
  }

  /** For the first pass: nothing seen yet, and no bounds. */
  public static Spread unbounded() {
    return new Spread(Long.MIN_VALUE, Long.MAX_VALUE, Long.SIZE - BITS);
  }

  /** Whether this is the first pass, which alone sums and looks for extremes. */
  private boolean isFirst() {
    return shift == Long.SIZE - BITS;
  }

  /** Whole numbers in the order of the doubles. */
  private static long key(double value) {
    long bits = Double.doubleToLongBits(value);
    return bits ^ (bits >> (Long.SIZE - 1) & Long.MAX_VALUE);
  }

  /** Takes a value into account that is not NaN; both zeros are one. */
  public void add(double value) {
    double plain = value + 0.0;
    count++;
    if (isFirst()) {
      addUp(plain);
      min = Math.min(min, plain);
      max = Math.max(max, plain);
    }
    long key = key(plain);
    if (key < low) {
      below++;
    } else if (key > high) {
      nextAbove = Math.min(nextAbove, plain);
    } else {
      between++;
      few.add(plain, 1);
      parts[(int) ((key - low) >>> shift)]++;
    }
  }

  /** Neumaier's sum (1974): hardly any order of the rows makes another one of it. */
  private void addUp(double value) {
    double more = sum + value;
    rest += Math.abs(sum) >= Math.abs(value) ? sum - more + value : value - more + sum;
    sum = more;
  }

  /** Takes another part of the column into account, seen with the same bounds. */
  public Spread merge(Spread other) {
    count += other.count;
    addUp(other.sum);
    rest += other.rest;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    below += other.below;
    nextAbove = Math.min(nextAbove, other.nextAbove);
    between += other.between;
    few.merge(other.few);
    for (int part = 0; part < parts.length; part++) {
      parts[part] += other.parts[part];
    }
    return this;
  }

  /** How many values there were. */
  public long count() {
    return count;
  }

  /** Their mean, as the first pass has it; NaN without any. */
  public double mean() {
    return (Double.isInfinite(sum) ? sum : sum + rest) / count;
  }

  /** The smallest, as the first pass has it; infinite without any. */
  public double min() {
    return min;
  }

  /** The largest, as the first pass has it; infinite without any. */
  public double max() {
    return max;
  }

  /** The median, which of an even number is midway between two values; empty if not known yet. */
  public OptionalDouble median() {
    if (count == 0 || few.isFull()) {
      return OptionalDouble.empty();
    }
    long place = (count - 1) / 2 - below;
    double lower = few.at(place);
    double upper = count % 2 == 1 ? lower : place + 1 < between ? few.at(place + 1) : nextAbove;
    return OptionalDouble.of(lower == upper ? lower : 0.5 * lower + 0.5 * upper);
  }

  /** For the next pass: nothing seen yet, with bounds that are nearer to a median not yet known. */
  public Spread narrowed() {
    int part = 0;
    for (long left = (count - 1) / 2 - below; left >= parts[part]; part++) {
      left -= parts[part];
    }
    long from = low + ((long) part << shift);
    return new Spread(from, from + (1L << shift) - 1, Math.max(0, shift - BITS));
  }
}
