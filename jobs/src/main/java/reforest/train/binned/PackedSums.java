package reforest.train.binned;

/**
 * A count and a sum in one whole number, so that a row costs one addition and the result is the
 * same in any order.
 *
 * <p>The upper bits count, the lower ones sum values in units of a power of two, as fine as the sum
 * of all absolute values allows: with a million rows some 22 bits of a mean value.
 *
 * @param shift bits of the sum
 * @param scale units in one, a power of two
 * @param unit what a unit is worth: one over the scale, which a double says exactly
 */
record PackedSums(int shift, double scale, double unit) {

  /** No finer and no coarser than a double can say. */
  private static final int MAX_EXPONENT = 1000;

  /**
   * Holds any part of some rows.
   *
   * @param count rows in all, each as often as it counts
   * @param absolute sum of all absolute values, finite
   */
  static PackedSums of(long count, double absolute) {
    int shift = Long.numberOfLeadingZeros(Math.max(1, count));
    int exponent = absolute > 0 ? shift - 3 - Math.getExponent(absolute) : 0;
    int bounded = Math.max(-MAX_EXPONENT, Math.min(MAX_EXPONENT, exponent));
    return new PackedSums(shift, Math.scalb(1.0, bounded), Math.scalb(1.0, -bounded));
  }

  long pack(long count, double value) {
    return (count << shift) + Math.round(value * scale);
  }

  /** The part below the count, in units. */
  private long units(long packed) {
    return (packed << (Long.SIZE - shift)) >> (Long.SIZE - shift);
  }

  double sum(long packed) {
    return units(packed) * unit;
  }

  long count(long packed) {
    return (packed - units(packed)) >>> shift;
  }
}
