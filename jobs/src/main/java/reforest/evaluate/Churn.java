package reforest.evaluate;

/**
 * How many predictions a change from champion to challenger would alter.
 *
 * @param rows rows that both have a usable prediction for
 * @param changed rows whose predicted class changes, or whose prediction moves by more than the
 *     tolerance
 * @param worse rows that were right and would be wrong, or whose error grows by more than the
 *     tolerance
 */
public record Churn(long rows, long changed, long worse) {

  /** The share of the rows whose prediction changes; NaN without rows. */
  public double changedShare() {
    return (double) changed / rows;
  }

  /** The share of the rows whose prediction gets worse; NaN without rows. */
  public double worseShare() {
    return (double) worse / rows;
  }
}
