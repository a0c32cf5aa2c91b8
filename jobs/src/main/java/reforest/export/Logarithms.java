package reforest.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import reforest.config.FeatureConfig.Derived;
import reforest.config.FeatureConfig.Operation;
import reforest.features.Recipe;

/**
 * Writes splits of a logarithm as splits of its operand.
 *
 * <p>Libraries differ in the last digit of a logarithm, which would send a row that lies on a split
 * the other way; what the operand must be, the exporter finds once, with Spark's own logarithm.
 */
final class Logarithms {

  private final Map<String, Derived> columns = new HashMap<>();
  private final boolean highest;

  /**
   * For some derived columns.
   *
   * @param highest whether missing operands count as higher than every value, and so their
   *     logarithm
   */
  Logarithms(List<Derived> derived, boolean highest) {
    this.highest = highest;
    for (Derived column : derived) {
      if (column.operation() == Operation.LOG) {
        columns.put(column.name(), column);
      }
    }
  }

  /**
   * A split of numbers.
   *
   * @param field the column that decides
   * @param at its largest value that goes to the left
   */
  record Cut(String field, double at) {}

  /** The same split, of the operand where the column is a logarithm. */
  Cut resolve(Cut cut) {
    Derived column = columns.get(cut.field());
    // Below the logarithm of the floor lies no value at all, and no operand either.
    if (column == null || log(column.constant()) > cut.at()) {
      return cut;
    }
    return resolve(new Cut(column.of().get(0), largest(column.constant(), cut.at())));
  }

  /** The largest operand from {@code floor} on whose logarithm is at most {@code at}. */
  private double largest(double floor, double at) {
    // Positive numbers stand in the order of their bits.
    long below = Double.doubleToRawLongBits(floor);
    long above = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);
    while (below + 1 < above) {
      long middle = below + (above - below) / 2;
      if (log(Double.longBitsToDouble(middle)) <= at) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return Double.longBitsToDouble(below);
  }

  /** As Spark takes it, in the last digit too. */
  private double log(double operand) {
    return highest && operand == Recipe.HIGHEST ? Recipe.HIGHEST : StrictMath.log(operand);
  }
}
