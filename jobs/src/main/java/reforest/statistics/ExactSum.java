package reforest.statistics;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Arrays;

/**
 * The sum of doubles without any rounding until it is read, so that order and partitioning cannot
 * show in a result (expansions of non-overlapping parts: Shewchuk 1997).
 *
 * <p>Once an infinity or NaN was added the sum is not finite. Not thread-safe.
 */
public final class ExactSum implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Non-overlapping, of growing magnitude; their exact sum is the sum of all finite terms. */
  private double[] parts = new double[2];

  private int size;
  private double notFinite;

  public void add(double term) {
    double carry = term;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      double sum = carry + parts[i];
      double rest = lost(carry, parts[i], sum);
      if (rest != 0) {
        parts[kept++] = rest;
      }
      carry = sum;
    }
    if (!Double.isFinite(carry)) {
      notFinite += carry;
      size = 0;
      return;
    }
    if (carry != 0) {
      if (kept == parts.length) {
        parts = Arrays.copyOf(parts, 2 * kept);
      }
      parts[kept++] = carry;
    }
    size = kept;
  }

  public void add(ExactSum other) {
    for (int i = 0; i < other.size; i++) {
      add(other.parts[i]);
    }
    notFinite += other.notFinite;
  }

  /** Few doubles whose exact sum is this one; a single one that is not finite where it is not. */
  public double[] parts() {
    return notFinite != 0 ? new double[] {notFinite} : Arrays.copyOf(parts, size);
  }

  /** The sum, rounded once to the nearest double. */
  public double value() {
    if (notFinite != 0) {
      return notFinite;
    }
    return switch (size) {
      case 0 -> 0;
      case 1 -> parts[0];
      case 2 -> parts[0] + parts[1];
      default -> {
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < size; i++) {
          sum = sum.add(new BigDecimal(parts[i]));
        }
        yield sum.doubleValue();
      }
    };
  }

  /** What rounding took from {@code a + b}, exactly, whichever is larger. */
  private static double lost(double a, double b, double sum) {
    double fromB = sum - a;
    return (a - (sum - fromB)) + (b - fromB);
  }
}
