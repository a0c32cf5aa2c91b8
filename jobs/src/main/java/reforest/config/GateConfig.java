package reforest.config;

import java.util.List;

/**
 * When a challenger wins. Margins and gains are in the unit of their metric, and positive.
 *
 * @param primary the metric that must gain
 * @param mode what must be shown of it
 * @param minGain required gain in mode {@code SUPERIOR}, at least 0
 * @param margin loss that is still as good in mode {@code REFRESH}, above 0
 * @param worthwhileGain the gain that power is computed for, above 0
 * @param sliceMargin how much worse the primary metric may get on a slice, above 0; NaN when every
 *     slice has a margin of its own
 * @param guardrails metrics that may not get worse over all rows by more than their margin
 * @param alpha chance of promoting a model that is not better, over all tries on one window
 * @param attempts how often a run evaluates again after another run changed the champion
 * @param freshClusters how many periods no earlier try has seen a try needs, where clusters are
 *     periods; at least 1
 * @param limits what must hold besides
 */
public record GateConfig(
    Metric primary,
    Mode mode,
    double minGain,
    double margin,
    double worthwhileGain,
    double sliceMargin,
    List<Guardrail> guardrails,
    double alpha,
    int attempts,
    int freshClusters,
    GateLimits limits) {
  /** Usual fresh clusters. */
  private static final int FRESH_CLUSTERS = 14;

  public GateConfig {
    guardrails = List.copyOf(guardrails);
  }

  /** With as many fresh clusters as is usual, and without limits. */
  public GateConfig(
      Metric primary,
      Mode mode,
      double minGain,
      double margin,
      double worthwhileGain,
      double sliceMargin,
      List<Guardrail> guardrails,
      double alpha,
      int attempts) {
    this(
        primary,
        mode,
        minGain,
        margin,
        worthwhileGain,
        sliceMargin,
        guardrails,
        alpha,
        attempts,
        FRESH_CLUSTERS,
        GateLimits.NONE);
  }

  /** The gain that the primary metric must exceed. */
  public double requiredGain() {
    return mode == Mode.SUPERIOR ? minGain : -margin;
  }

  /** What must be shown of the primary metric. */
  public enum Mode {
    /** It gains more than {@code minGain}. */
    SUPERIOR,
    /** It loses less than {@code margin}: for models whose fresh data is worth having. */
    REFRESH
  }

  /**
   * A metric that may not get worse over all rows.
   *
   * @param metric which
   * @param margin by how much it may, above 0
   */
  public record Guardrail(Metric metric, double margin) {}
}
