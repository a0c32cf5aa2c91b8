package reforest.config;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What metrics must be told besides labels and predictions.
 *
 * @param quantile of the quantile loss, between 0 and 1; NaN where there is no such metric
 * @param liftShare the share of the rows, those of the largest probabilities, that lift looks at;
 *     above 0 and below 1
 * @param business what a row's prediction is worth; null where nothing is declared
 * @param keepsRows whether a regression's rows are kept, too, for metrics that need their order,
 *     and curves are made of the rows of any task
 */
public record MetricSettings(
    double quantile, double liftShare, @Nullable BusinessMetric business, boolean keepsRows)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The usual share of lift. */
  public static final double LIFT_SHARE = 0.1;

  /** Only what needs no setting, of sums and of two classes' order, without curves. */
  public static final MetricSettings PLAIN =
      new MetricSettings(Double.NaN, LIFT_SHARE, null, false);

  /** All that needs no setting. */
  public static final MetricSettings USUAL = new MetricSettings(Double.NaN, LIFT_SHARE, null, true);

  public MetricSettings {
    if (!Double.isNaN(quantile) && !(quantile > 0 && quantile < 1)) {
      throw new IllegalArgumentException("quantile must be between 0 and 1, got " + quantile);
    }
    if (!(liftShare > 0 && liftShare < 1)) {
      throw new IllegalArgumentException("lift share must be between 0 and 1, got " + liftShare);
    }
  }

  /**
   * What a row's prediction is worth, or costs, to whoever uses it.
   *
   * @param name what it is called in reports
   * @param sql Spark SQL expression over {@code label}, {@code prediction}, for classes {@code
   *     probability}, and the table's columns
   * @param isCost whether less of it is better
   * @param unit what it is counted in; empty when nothing is said
   */
  public record BusinessMetric(String name, String sql, boolean isCost, String unit)
      implements Serializable {

    private static final long serialVersionUID = 1L;

    /** The metric that it is measured as. */
    public Metric metric() {
      return isCost ? Metric.BUSINESS_COST : Metric.BUSINESS_VALUE;
    }
  }
}
