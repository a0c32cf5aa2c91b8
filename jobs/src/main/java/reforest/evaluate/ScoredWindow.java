package reforest.evaluate;

import java.io.Serializable;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import reforest.bundle.Manifest.Input;
import reforest.statistics.ClusterWays;

/**
 * The rows of a window as the models scored them, which can be gone through again and again, and
 * need not be in one place.
 *
 * <p>Rows on which the challenger or the champion has no usable prediction are left out.
 */
public interface ScoredWindow {

  /** Rows that are in memory. */
  static ScoredWindow of(
      ComparisonPlan plan, ClusterWays ways, List<Input> inputs, List<Scored> rows) {
    return new ScoredRows.InMemory(plan, ways, List.copyOf(inputs), List.copyOf(rows));
  }

  /** What was measured. */
  ComparisonPlan plan();

  /** In which ways rows depend on each other. */
  ClusterWays ways();

  /** What the values of a row are: the challenger's inputs that hold no personal data. */
  List<Input> inputs();

  /**
   * Goes through all rows.
   *
   * @param empty makes what rows are added to
   * @param add adds a row
   * @param merge adds the rows of the second to the first, in any order, and returns it
   * @return all rows added up
   */
  <T extends Serializable> T fold(
      SerializableSupplier<T> empty, SerializableConsumer<T> add, SerializableOperator<T> merge);

  /**
   * One row.
   *
   * @param key a hash that tells this row from others
   * @param groups its group in each way in which rows depend on each other
   * @param values the inputs as {@link reforest.bundle.Scorer#encode} gives them: numbers, NaN
   *     where missing, or codes of categories
   * @param challenger the challenger's loss, in the unit of {@link RowLoss}, at least 0
   * @param champion the champion's; NaN without one
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Scored(long key, int[] groups, double[] values, double challenger, double champion)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Makes something, on any machine. */
  interface SerializableSupplier<T> extends Supplier<T>, Serializable {}

  /** Takes a row, on any machine. */
  interface SerializableConsumer<T> extends BiConsumer<T, Scored>, Serializable {}

  /** Merges two, on any machine. */
  interface SerializableOperator<T> extends BinaryOperator<T>, Serializable {}
}
