package reforest.config;

import java.util.List;

/**
 * How a model must behave, whatever its figures are.
 *
 * @param cases what is asked of it, in the order of the configuration
 * @param blockingLevel failed cases of this level and below stand in the way of a promotion; those
 *     above are told, from 1
 */
public record BehaviourConfig(List<BehaviourCase> cases, int blockingLevel) {

  /** Nothing is asked. */
  public static final BehaviourConfig NONE = new BehaviourConfig(List.of(), 1);

  /** The largest level that a case can have. */
  public static final int MOST_LEVEL = 3;

  /** More predictions than this of one suite take too long for each run. */
  public static final long MOST_PREDICTIONS = 1_000_000;

  public BehaviourConfig {
    cases = List.copyOf(cases);
  }

  /** How many predictions it takes to run all cases. */
  public long predictions() {
    return cases.stream().mapToLong(BehaviourCase::predictions).sum();
  }

  /** Whether a failure of the case stands in the way of a promotion. */
  public boolean blocks(BehaviourCase asked) {
    return asked.head().level() <= blockingLevel;
  }
}
