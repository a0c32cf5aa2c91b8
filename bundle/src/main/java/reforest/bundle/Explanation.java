package reforest.bundle;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Why a model says what it says of one row: {@code base}, what it says on average over other rows,
 * and what each feature of this row adds to it, which together are {@code result}.
 *
 * <p>The amounts are Shapley values, exact.
 *
 * @param way what a feature that is left out follows
 * @param scale what base, result and amounts are measured in
 * @param label the class that it is about; empty when the model predicts a number
 * @param base what the model says without knowing anything of the row: its mean over the rows that
 *     the way names
 * @param result what it says of the row
 * @param contributions one for each feature: the inputs in the order of the manifest, then the
 *     columns that the model derives of them; 0 where no tree asks for it
 */
public record Explanation(
    Way way,
    Scale scale,
    Optional<String> label,
    double base,
    double result,
    List<Contribution> contributions) {

  public Explanation {
    contributions = List.copyOf(contributions);
  }

  /** What a feature that is left out follows (Lundberg et al. 2020, "tree explainer"). */
  public enum Way {
    /** The training rows on both sides of each split, by their shares. */
    PATH_DEPENDENT,
    /** Its values in the background rows of the bundle, one after the other. */
    INTERVENTIONAL
  }

  /** What is explained. */
  public enum Scale {
    /** The predicted number, in its own unit. */
    VALUE,
    /** The probability of a class, from 0 to 1. */
    PROBABILITY,
    /** The natural logarithm of a class's odds, p / (1 - p). */
    LOG_ODDS
  }

  /**
   * The features that matter most, from the largest amount on, whatever its sign; those of 0 are
   * left out.
   *
   * @param most how many at most
   */
  public List<Contribution> reasons(int most) {
    return contributions.stream()
        .filter(each -> each.amount() != 0)
        .sorted(Comparator.comparingDouble((Contribution each) -> -Math.abs(each.amount())))
        .limit(most)
        .toList();
  }

  /**
   * What one feature adds.
   *
   * @param feature name of an input or of a derived column
   * @param value what the row has there: a {@link Double}, or the text of a category; empty when it
   *     is missing
   * @param amount what it adds to the base, on the explanation's scale
   * @param min smallest training value; empty for a category and for a derived column
   * @param max largest training value; empty for a category and for a derived column
   */
  public record Contribution(
      String feature,
      Optional<Object> value,
      double amount,
      Optional<Double> min,
      Optional<Double> max) {}
}
