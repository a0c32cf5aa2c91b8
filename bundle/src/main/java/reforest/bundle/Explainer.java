package reforest.bundle;

import java.util.List;
import reforest.bundle.Explanation.Scale;
import reforest.bundle.Explanation.Way;

/**
 * Explains one result of a model for many rows, with numbers in and numbers out.
 *
 * <p>It works in room of its own, so it is not safe for several threads: each takes one from {@link
 * Scorer#explainer}, which costs little.
 */
public interface Explainer {

  /** What a feature that is left out follows. */
  Way way();

  /** What base and amounts are measured in. */
  Scale scale();

  /**
   * What gets an amount: the inputs in the order of the manifest, then the columns that the model
   * derives of them.
   */
  List<String> features();

  /**
   * Explains a row: the returned base and all amounts add up to what the model says of it.
   *
   * @param encoded one number for each input, as {@link Scorer#encode} gives it; not changed
   * @param amounts receives what each of the {@link #features} adds to the base, from place 0 on; 0
   *     where no tree asks for it. What stands behind them is left alone
   * @return what the model says without knowing anything of the row, on the {@link #scale}
   * @throws IllegalArgumentException when the row has not as many numbers as the model has inputs,
   *     or there is no room for the amounts
   */
  double explain(double[] encoded, double[] amounts);

  /**
   * Explains many rows, tree by tree for some of them at a time, which takes less than one row
   * after the other.
   *
   * @param encoded the rows, each as {@link #explain(double[], double[])} takes it
   * @param amounts receives the amounts of each
   * @param bases receives the base of each
   * @throws IllegalArgumentException as for one row, or when there is no room for a row's amounts
   *     or base
   */
  default void explain(double[][] encoded, double[][] amounts, double[] bases) {
    if (amounts.length < encoded.length || bases.length < encoded.length) {
      throw new IllegalArgumentException(
          encoded.length
              + " rows need as many arrays of amounts and bases, got "
              + amounts.length
              + " and "
              + bases.length);
    }
    for (int row = 0; row < encoded.length; row++) {
      bases[row] = explain(encoded[row], amounts[row]);
    }
  }

  /**
   * What the model says of the row that was explained last, on the {@link #scale}; NaN before the
   * first one.
   */
  double result();
}
