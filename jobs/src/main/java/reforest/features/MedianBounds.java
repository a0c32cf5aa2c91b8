package reforest.features;

import java.io.Serializable;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * What one pass over a column tells of its median: the median itself where few values are different
 * between two bounds, and else bounds that are nearer to it.
 *
 * <p>Bounds are those of the bits of a double, most significant first, so that a few passes end at
 * any median, however its column is spread, and each finds the same in any order of the rows.
 */
public final class MedianBounds implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Bits that a pass tells apart: the sign and the exponent, and then as many of the fraction. */
  private static final int BITS = 12;

  /**
   * More for a first pass that may take more memory: of a million values mostly so few share them
   * with the median that the second pass counts each.
   */
  private static final int FINE_BITS = 22;

  /** Bits that parts of one block differ in; blocks take memory once there is a value in them. */
  private static final int BLOCK_BITS = 10;

  /** There are fewer values than its reciprocal. */
  private static final double SHARE = 0x1p-64;

  private static final long[] NONE = {};

  /** Bounds, inclusive, in the order of {@link #key}. */
  private final long low;

  private final long high;

  /** Bits below those that this pass tells apart. */
  private final int shift;

  /** Whether this is the first pass, which alone sums and looks for extremes. */
  private final boolean isFirst;

  private long count;
  private double sum;

  /** What rounding took from the sum. */
  private double rest;

  /** The sum once more, of so small a share of each value that it never overflows. */
  private double share;

  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  private long below;
  private long between;
  private double nextAbove = Double.POSITIVE_INFINITY;
  private final ValueCounts few = new ValueCounts();

  /** How many values each part has; a block without any is {@link #NONE}. */
  private final long[][] parts;

  private MedianBounds(long low, long high, int shift, int bits, boolean isFirst) {
    this.low = low;
    this.high = high;
    this.shift = shift;
    this.isFirst = isFirst;
    this.parts = new long[1 << (bits - BLOCK_BITS)][];
    Arrays.fill(parts, NONE);
  }

  /**
   * For the first pass: nothing seen yet, and no bounds.
   *
   * @param isFine whether it may take 8 KB for each sign and exponent that there is, in place of 32
   *     KB for all, and mostly save a pass
   */
  public static MedianBounds unbounded(boolean isFine) {
    int bits = isFine ? FINE_BITS : BITS;
    return new MedianBounds(Long.MIN_VALUE, Long.MAX_VALUE, Long.SIZE - bits, bits, true);
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
    if (isFirst) {
      addUp(plain);
      share += SHARE * plain;
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
      int part = (int) ((key - low) >>> shift);
      block(part >>> BLOCK_BITS)[part & ((1 << BLOCK_BITS) - 1)]++;
    }
  }

  private long[] block(int number) {
    long[] block = parts[number];
    if (block.length == 0) {
      block = new long[1 << BLOCK_BITS];
      parts[number] = block;
    }
    return block;
  }

  /** Neumaier's sum (1974): hardly any order of the rows makes another one of it. */
  private void addUp(double value) {
    double more = sum + value;
    rest += Math.abs(sum) >= Math.abs(value) ? sum - more + value : value - more + sum;
    sum = more;
  }

  /** Takes another part of the column into account, seen with the same bounds. */
  public MedianBounds merge(MedianBounds other) {
    count += other.count;
    addUp(other.sum);
    rest += other.rest;
    share += other.share;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    below += other.below;
    nextAbove = Math.min(nextAbove, other.nextAbove);
    between += other.between;
    few.merge(other.few);
    for (int number = 0; number < parts.length; number++) {
      long[] more = other.parts[number];
      for (int part = 0; part < more.length; part++) {
        block(number)[part] += more[part];
      }
    }
    return this;
  }

  /** How many values there were. */
  public long count() {
    return count;
  }

  /** Their mean, as the first pass has it; NaN without any. */
  public double mean() {
    return Double.isFinite(sum + rest) ? (sum + rest) / count : share / count / SHARE;
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
  public MedianBounds narrowed() {
    long left = (count - 1) / 2 - below;
    int number = 0;
    long inBlock = LongStream.of(parts[number]).sum();
    while (left >= inBlock) {
      left -= inBlock;
      inBlock = LongStream.of(parts[++number]).sum();
    }
    long[] block = parts[number];
    int part = 0;
    while (left >= block[part]) {
      left -= block[part];
      part++;
    }
    long from = low + ((((long) number << BLOCK_BITS) + part) << shift);
    return new MedianBounds(from, from + (1L << shift) - 1, Math.max(0, shift - BITS), BITS, false);
  }
}
