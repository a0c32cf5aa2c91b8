package reforest.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How predictions are compared.
 *
 * @param clusterColumns columns whose equal values mark rows that depend on each other; empty when
 *     the time alone marks them
 * @param clusterPeriod rows of the same period of event time depend on each other; empty when the
 *     columns alone mark them. With both, rows depend on each other in two ways; with neither, each
 *     key is a cluster of its own
 * @param maxGroups most groups that the jackknife leaves out; more clusters share groups by hash
 * @param clip log-loss takes probabilities from {@code clip} to {@code 1 - clip}
 * @param errorCosts what errors of a decision between two classes cost, if that is declared
 * @param baseline Spark SQL expression of a rule that predicts the label (for classes: the positive
 *     class's probability, binary tasks only), if there is one
 * @param slices the named subsets that are looked at
 * @param metrics what metrics are told besides
 */
public record EvaluateConfig(
    List<String> clusterColumns,
    Optional<Duration> clusterPeriod,
    int maxGroups,
    double clip,
    Optional<ErrorCosts> errorCosts,
    Optional<String> baseline,
    List<Slice> slices,
    MetricSettings metrics) {

  /** More slices than this say little and cost much. */
  public static final int MOST_SLICES = 200;

  public EvaluateConfig {
    clusterColumns = List.copyOf(clusterColumns);
    slices = List.copyOf(slices);
  }

  /** With the metrics that need no setting. */
  public EvaluateConfig(
      List<String> clusterColumns,
      Optional<Duration> clusterPeriod,
      int maxGroups,
      double clip,
      Optional<ErrorCosts> errorCosts,
      Optional<String> baseline,
      List<Slice> slices) {
    this(
        clusterColumns,
        clusterPeriod,
        maxGroups,
        clip,
        errorCosts,
        baseline,
        slices,
        MetricSettings.USUAL);
  }

  /**
   * A declared slice, or a family of them.
   *
   * @param name its name, never {@link #OVERALL}; the values of {@code columns} are appended to a
   *     family's
   * @param columns one slice for each combination of their values; empty when {@code where} is set
   * @param where Spark SQL predicate; rows where it is null are left out
   * @param critical whether too few rows to judge it must stop a promotion
   * @param margin how much worse the primary metric may get here; without one, {@code
   *     gate.slice-margin}
   */
  public record Slice(
      String name,
      List<String> columns,
      Optional<String> where,
      boolean critical,
      Optional<Double> margin) {

    /** The name of the slice that every row is in, which no declared one may have. */
    public static final String OVERALL = "overall";

    public Slice {
      columns = List.copyOf(columns);
    }
  }
}
