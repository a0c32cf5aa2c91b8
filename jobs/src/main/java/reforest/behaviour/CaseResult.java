package reforest.behaviour;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.config.BehaviourCase.Head;

/**
 * What came of one case of a suite.
 *
 * @param head its name, and how it counts
 * @param blocks whether a failure stands in the way of a promotion
 * @param predictions how many predictions it took
 * @param failures how many of its rows, or of their changes, were not as expected
 * @param shown the worst of the failures, the worst first; at most {@link #MOST_SHOWN}
 */
public record CaseResult(
    Head head, boolean blocks, long predictions, long failures, List<Failure> shown) {

  /** More failures of one case say little that these do not. */
  public static final int MOST_SHOWN = 3;

  public CaseResult {
    shown = List.copyOf(shown);
  }

  /** Whether everything was as expected. */
  public boolean holds() {
    return failures == 0;
  }

  /**
   * A prediction that is not as expected.
   *
   * @param row the inputs, in the order of the bundle's; values of personal columns are left out
   * @param change what was changed of the row; empty where nothing was
   * @param expected in words with the values
   * @param got in words with the values, or why there is no prediction
   * @param outside what of the row the model has not seen in training, a sentence each
   */
  public record Failure(
      Map<String, String> row,
      Optional<String> change,
      String expected,
      String got,
      List<String> outside) {
    public Failure {
      outside = List.copyOf(outside);
    }

    /** In one sentence: what was expected, and what came. */
    public String sentence() {
      return change.map(it -> "with " + it + " ").orElse("")
          + "expected "
          + expected
          + ", got "
          + got;
    }
  }
}
