package reforest.config;

import java.util.List;
import java.util.Optional;

/**
 * What a challenger must keep to besides its gains: that the declared rule is beaten, hard floors
 * for its own figures, how many predictions may change, and what it may cost those who use it.
 *
 * @param baseline what follows where it is not shown to be better than the rule or the dummy
 * @param floors what its own figures over all rows must be shown to reach
 * @param churn how many predictions may change
 * @param budget what it may cost
 * @param weakSlices what follows where a slice that nobody has declared is found and confirmed to
 *     be harmed
 */
public record GateLimits(
    Baseline baseline, List<Floor> floors, Churn churn, Budget budget, Response weakSlices) {

  /** No limits: a rule that is not beaten is told, and nothing more. */
  public static final GateLimits NONE =
      new GateLimits(Baseline.WARN, List.of(), Churn.ANY, Budget.ANY, Response.WARN);

  public GateLimits {
    floors = List.copyOf(floors);
  }

  /** What follows where a challenger to a champion is not shown to be better than the rule. */
  public enum Baseline {
    /** It is told first of all. */
    WARN,
    /** It is told, and the challenger does not win. */
    BLOCK
  }

  /** What follows of something that speaks against a challenger. */
  public enum Response {
    /** Nobody looks for it. */
    OFF,
    /** It is told. */
    WARN,
    /** It is told, and the challenger does not win. */
    BLOCK
  }

  /**
   * A figure that the challenger itself must be shown to reach over all rows.
   *
   * @param metric which
   * @param limit in the metric's unit
   * @param isLeast whether it must be at least that, and not at most
   */
  public record Floor(Metric metric, double limit, boolean isLeast) {

    /** In words: {@code at least 0.5}. */
    public String words() {
      return (isLeast ? "at least " : "at most ") + limit;
    }
  }

  /**
   * How many predictions may differ from the champion's.
   *
   * @param tolerance a regression's prediction has moved when it moves by more, in the label's
   *     unit; empty where that is not counted, and of no account for classes
   * @param most the share of rows whose prediction may move, 0 to 1
   * @param mostWorse the share of rows whose prediction may get worse, 0 to 1
   */
  public record Churn(
      Optional<Double> tolerance, Optional<Double> most, Optional<Double> mostWorse) {

    /** Any number may. */
    public static final Churn ANY = new Churn(Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether there is a limit to hold. */
    public boolean isLimited() {
      return most.isPresent() || mostWorse.isPresent();
    }
  }

  /**
   * What a model may cost those who use it.
   *
   * @param bytes size of its PMML
   * @param nodeVisits splits that a training row passes on average, over all trees
   */
  public record Budget(Optional<Long> bytes, Optional<Double> nodeVisits) {

    /** Anything. */
    public static final Budget ANY = new Budget(Optional.empty(), Optional.empty());
  }
}
