package reforest.bundle.pmml;

import java.util.Arrays;

/** Which rows go left at a node: those up to a threshold, or those of some categories. */
final class Split {

  private final int field;
  private final double threshold;
  private final int unseen;
  private final long[] left;

  private Split(int field, double threshold, int unseen, long[] left) {
    this.field = field;
    this.threshold = threshold;
    this.unseen = unseen;
    this.left = left;
  }

  /** Values up to and including the threshold go left. */
  static Split atMost(int field, double threshold) {
    return new Split(field, threshold, -1, new long[0]);
  }

  /**
   * Some categories go left.
   *
   * @param unseen the highest code, which is that of unseen categories
   * @param in whether {@code codes} go left, or all others
   */
  static Split among(int field, int unseen, int[] codes, boolean in) {
    long[] left = new long[(unseen >>> 6) + 1];
    for (int code : codes) {
      left[code >>> 6] |= 1L << code;
    }
    Split split = new Split(field, Double.NaN, unseen, left);
    return in ? split : split.complement();
  }

  /** Of a set: the split that sends exactly the others left. */
  Split complement() {
    long[] others = new long[left.length];
    for (int code = 0; code <= unseen; code++) {
      others[code >>> 6] |= ~left[code >>> 6] & 1L << code;
    }
    return new Split(field, threshold, unseen, others);
  }

  /** Whether both send the same rows left. */
  boolean isSameAs(Split other) {
    return field == other.field
        && Double.compare(threshold, other.threshold) == 0
        && unseen == other.unseen
        && Arrays.equals(left, other.left);
  }

  boolean isSet() {
    return unseen >= 0;
  }

  int field() {
    return field;
  }

  double threshold() {
    return threshold;
  }

  int unseen() {
    return unseen;
  }

  /** The bits of the codes that go left; not to be changed. */
  long[] left() {
    return left;
  }
}
