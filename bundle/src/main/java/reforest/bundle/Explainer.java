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
   * What the model says of the row that was explained last, on the {@link #scale}; NaN before the
   * first one.
   */
  double result();
}
