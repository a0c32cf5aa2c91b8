package reforest.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Task;
import reforest.config.MetricSettings.BusinessMetric;

/**
 * Reads metrics and amounts of them.
 *
 * @param task what is predicted, if that could be read
 * @param settings what metrics are told besides
 */
record MetricReader(Optional<Task> task, MetricSettings settings) {

  /** Names that an expression has beside the columns'. */
  private static final List<String> ADDED = List.of("label", "prediction", "probability");

  /** Whether less of a business metric is better. */
  private enum Better {
    LOWER,
    HIGHER
  }

  /** With what stands in {@code evaluate}. */
  static MetricReader of(Section evaluate, Optional<Task> task, DataConfig data) {
    Optional<Double> quantile = evaluate.number("quantile", Range.between(0, 1));
    if (quantile.isPresent() && task.filter(Task::isClassification).isPresent()) {
      evaluate.problem(
          "quantile", "is for regression tasks, but task is " + task.orElseThrow().key());
    }
    double share = evaluate.number("lift-share", Range.between(0, 1), "a share of the rows");
    return new MetricReader(
        task,
        new MetricSettings(
            quantile.orElse(Double.NaN),
            share > 0 && share < 1 ? share : MetricSettings.LIFT_SHARE,
            business(evaluate, data),
            true));
  }

  private static @Nullable BusinessMetric business(Section evaluate, DataConfig data) {
    if (!evaluate.has("business")) {
      return null;
    }
    Section section = evaluate.section("business");
    String name = section.text("name", "what the business metric is called, such as cost");
    String sql =
        section.text("sql", "what a row's prediction costs or is worth, as a Spark SQL expression");
    Optional<Better> better =
        section.choice(
            "better", List.of(Better.values()), it -> it.name().toLowerCase(Locale.ROOT));
    if (!section.has("better")) {
      section.missing("better", "lower for a cost, higher for a gain");
    }
    Optional<String> unit = section.text("unit");
    for (String added : ADDED) {
      boolean isLabel = added.equals("label") && data.label().equalsIgnoreCase(added);
      if (!isLabel
          && data.columns().stream().anyMatch(column -> column.name().equalsIgnoreCase(added))) {
        section.problem(
            "sql",
            "cannot tell the column "
                + added
                + " from what the expression calls so; give the column another name");
      }
    }
    return new BusinessMetric(
        name, sql, better.filter(Better.HIGHER::equals).isEmpty(), unit.orElse(""));
  }

  /** The metric under a key, which must be there and fit the task. */
  Metric read(Section section, String key) {
    return read(section, key, metric -> true);
  }

  /** The metric that candidates are ranked by. */
  Metric readRanking(Section section, String key) {
    Predicate<Metric> ranks = metric -> metric.noRanking().isEmpty();
    Metric metric = read(section, key, ranks);
    metric
        .noRanking()
        .filter(why -> task.filter(it -> !metric.fits(it)).isEmpty())
        .ifPresent(
            why ->
                section.problem(
                    key,
                    metric.key()
                        + " cannot rank candidates: "
                        + why
                        + "; write one of "
                        + fitting(ranks)));
    return metric;
  }

  private Metric read(Section section, String key, Predicate<Metric> offered) {
    Optional<String> name = section.choice(key, names(metric -> true), it -> it);
    Optional<Metric> metric = name.map(this::named);
    if (metric.isEmpty() && !section.has(key)) {
      section.missing(key, "a metric such as rmse or log-loss");
    }
    if (metric.isPresent() && task.filter(it -> !metric.get().fits(it)).isPresent()) {
      section.problem(
          key,
          metric.get().key()
              + " does not fit task "
              + task.orElseThrow().key()
              + "; write one of "
              + fitting(offered));
    }
    return metric.orElse(Metric.RMSE);
  }

  private String fitting(Predicate<Metric> offered) {
    return String.join(", ", names(offered.and(metric -> task.map(metric::fits).orElse(true))));
  }

  private Metric named(String name) {
    if (!name.equals(Metric.BUSINESS)) {
      return Metric.of(name).orElseThrow();
    }
    BusinessMetric declared = settings.business();
    return declared == null ? Metric.BUSINESS_COST : declared.metric();
  }

  /** What may be written for metrics; one of the business stands for whichever is declared. */
  private static List<String> names(Predicate<Metric> wanted) {
    List<String> names =
        Arrays.stream(Metric.values())
            .filter(wanted)
            .filter(metric -> metric.unit() != Metric.Unit.BUSINESS)
            .map(Metric::key)
            .collect(Collectors.toCollection(ArrayList::new));
    if (Arrays.stream(Metric.values())
        .anyMatch(it -> it.unit() == Metric.Unit.BUSINESS && wanted.test(it))) {
      names.add(Metric.BUSINESS);
    }
    return names;
  }

  /** Amounts above 0 that a metric can differ by; shares and areas differ by less than 1. */
  static Range margin(Metric metric) {
    return metric.unit() == Metric.Unit.SHARE ? Range.between(0, 1) : Range.above(0);
  }
}
