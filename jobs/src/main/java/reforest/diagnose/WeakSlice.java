package reforest.diagnose;

import java.util.List;
import java.util.Optional;
import reforest.evaluate.RowLoss;

/**
 * A slice that was found in half of the clusters, and what the other half says of it. All figures
 * are of the other half.
 *
 * @param kind what is the matter with it
 * @param conditions all that must hold, in words
 * @param predicate the same in SQL over the table's columns, as {@code slices} take it; empty where
 *     SQL cannot say it
 * @param rows how many rows
 * @param share their share of all rows, 0 to 1
 * @param loss what is told
 * @param challenger the challenger's figure on the slice
 * @param elsewhere the challenger's on all other rows; NaN when there are none
 * @param champion the champion's on the slice; NaN without one
 * @param excess by how much the mean loss of a row exceeds that of other rows, or the champion's,
 *     in the unit of {@link RowLoss}
 * @param lower one-sided 95 % lower bound of the excess; NaN when it is unknown
 * @param chance of such an excess where there is none in truth, 0 to 1; 1 when it is unknown
 * @param confirmed whether it holds, with the number of slices that were looked at counted in
 */
public record WeakSlice(
    Kind kind,
    List<String> conditions,
    Optional<String> predicate,
    long rows,
    double share,
    RowLoss loss,
    double challenger,
    double elsewhere,
    double champion,
    double excess,
    double lower,
    double chance,
    boolean confirmed) {
  public WeakSlice {
    conditions = List.copyOf(conditions);
  }

  /** What is the matter with a slice. */
  public enum Kind {
    /** The challenger's loss is larger there than elsewhere. */
    WEAK("weak"),
    /** The challenger's loss is larger there than the champion's. */
    HARMED("harmed");

    private final String key;

    Kind(String key) {
      this.key = key;
    }

    /** The name in records: {@code weak} or {@code harmed}. */
    public String key() {
      return key;
    }
  }

  /** Its conditions in a row: {@code hr < 6 and season = winter}. */
  public String name() {
    return String.join(" and ", conditions);
  }
}
