package reforest.config;

/** The numbers that a setting may take. */
record Range(double min, boolean minIncluded, double max, boolean maxIncluded) {

  /** Any number but NaN and the infinities. */
  static final Range ANY = new Range(-Double.MAX_VALUE, true, Double.MAX_VALUE, true);

  static Range of(double min, double max) {
    return new Range(min, true, max, true);
  }

  static Range atLeast(double min) {
    return new Range(min, true, Double.MAX_VALUE, true);
  }

  static Range above(double min) {
    return new Range(min, false, Double.MAX_VALUE, true);
  }

  /** Numbers larger than {@code min} and at most {@code max}. */
  static Range upTo(double min, double max) {
    return new Range(min, false, max, true);
  }

  /** Numbers larger than {@code min} and smaller than {@code max}. */
  static Range between(double min, double max) {
    return new Range(min, false, max, false);
  }

  boolean holds(double value) {
    return (minIncluded ? value >= min : value > min) && (maxIncluded ? value <= max : value < max);
  }

  String words() {
    if (max == Double.MAX_VALUE) {
      return min == -max ? "a finite number" : (minIncluded ? "at least " : "above ") + min;
    }
    if (minIncluded && maxIncluded) {
      return "from " + min + " to " + max;
    }
    return (minIncluded ? "at least " : "above ")
        + min
        + " and "
        + (maxIncluded ? "at most " : "below ")
        + max;
  }
}
