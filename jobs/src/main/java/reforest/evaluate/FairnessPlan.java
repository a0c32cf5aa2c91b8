package reforest.evaluate;

import java.io.Serializable;
import java.util.List;
import reforest.config.FairnessConfig;
import reforest.config.Metric;

/**
 * Which groups are told apart, beside the slices that the gate judges.
 *
 * @param config what is asked of them
 * @param error the metric that is the groups' error
 * @param groups all groups of all columns, in the order of their places behind the slices
 */
public record FairnessPlan(FairnessConfig config, Metric error, List<Group> groups)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No groups. */
  public static final FairnessPlan NONE =
      new FairnessPlan(FairnessConfig.NONE, Metric.LOG_LOSS, List.of());

  public FairnessPlan {
    groups = List.copyOf(groups);
  }

  /** The same once it is known which groups the window has. */
  FairnessPlan of(List<Group> found) {
    return new FairnessPlan(config, error, found);
  }

  /**
   * One group.
   *
   * @param column the column
   * @param value its value there, as text
   */
  public record Group(String column, String value) implements Serializable {
    private static final long serialVersionUID = 1L;
  }
}
