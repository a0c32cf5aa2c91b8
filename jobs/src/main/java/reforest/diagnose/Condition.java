package reforest.diagnose;

import java.io.Serializable;
import java.math.BigDecimal;
import reforest.bundle.Manifest.Input;
import reforest.table.Columns;

/**
 * A condition on one feature: a range of a number, a category, or that it is missing.
 *
 * @param feature place of the feature among the inputs
 * @param words what must hold: {@code 6 <= hr < 10}, {@code season = winter} or {@code hum is
 *     missing}
 * @param predicate the same in SQL over the table's columns; empty text where SQL cannot say it
 */
record Condition(int feature, String words, String predicate) implements Serializable {
  private static final long serialVersionUID = 1L;

  static Condition missing(int feature, Input input) {
    return new Condition(feature, input.name() + " is missing", sql(input, "IS NULL"));
  }

  /**
   * That a number is in a range.
   *
   * @param from the least; negative infinity where there is none
   * @param to it is below this; infinity where there is none
   */
  static Condition between(int feature, Input input, double from, double to) {
    String name = input.name();
    if (from == Double.NEGATIVE_INFINITY) {
      return new Condition(feature, name + " < " + plain(to), sql(input, "< " + plain(to)));
    }
    String least = sql(input, ">= " + plain(from));
    return to == Double.POSITIVE_INFINITY
        ? new Condition(feature, name + " >= " + plain(from), least)
        : new Condition(
            feature,
            plain(from) + " <= " + name + " < " + plain(to),
            least.isEmpty() ? "" : least + " AND " + sql(input, "< " + plain(to)));
  }

  /** That a category is one of those that the model knows. */
  static Condition is(int feature, Input input, String category) {
    return new Condition(
        feature,
        input.name() + " = " + category,
        sql(input, "= '" + category.replace("\\", "\\\\").replace("'", "\\'") + "'"));
  }

  /** That a category is none that the model knows. */
  static Condition isUnknown(int feature, Input input) {
    return new Condition(feature, input.name() + " is rare or new", "");
  }

  /** What is read off a time or looked back on is no column of the table. */
  private static String sql(Input input, String holds) {
    return input.calendar().isPresent() || input.series().isPresent()
        ? ""
        : Columns.quote(input.name()) + " " + holds;
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
