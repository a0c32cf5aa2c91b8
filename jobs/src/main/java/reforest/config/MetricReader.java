package reforest.config;

import java.util.List;
import java.util.Optional;
import reforest.bundle.Task;

/** Reads metrics and amounts of them. */
final class MetricReader {

  private MetricReader() {}

  /** The metric under a key, which must be there and fit the task. */
  static Metric read(Section section, String key, Optional<Task> task) {
    Optional<Metric> metric = section.choice(key, List.of(Metric.values()), Metric::key);
    if (metric.isEmpty() && !section.has(key)) {
      section.missing(key, "a metric such as rmse or log-loss");
    }
    if (metric.isPresent() && task.isPresent() && !metric.get().fits(task.get())) {
      section.problem(
          key,
          metric.get().key()
              + " does not fit task "
              + task.get().key()
              + "; write one of "
              + ConfigReader.metricsOf(task.get()));
    }
    return metric.orElse(Metric.RMSE);
  }

  /** Amounts above 0 that a metric can differ by; shares and areas differ by less than 1. */
  static Range margin(Metric metric) {
    return metric.unit() == Metric.Unit.SHARE ? Range.between(0, 1) : Range.above(0);
  }
}
