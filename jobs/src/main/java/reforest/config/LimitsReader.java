package reforest.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import reforest.bundle.Task;
import reforest.config.GateLimits.Baseline;
import reforest.config.GateLimits.Budget;
import reforest.config.GateLimits.Churn;
import reforest.config.GateLimits.Floor;
import reforest.config.GateLimits.Response;
import reforest.config.Metric.Direction;

/** Reads the part of {@code gate} that a challenger must keep to besides its gains. */
final class LimitsReader {

  private LimitsReader() {}

  static GateLimits read(Section gate, Optional<Task> task, MetricReader metrics) {
    Baseline baseline =
        gate.choice("baseline", List.of(Baseline.values()), b -> b.name().toLowerCase(Locale.ROOT))
            .orElse(Baseline.WARN);
    Section budget = gate.section("budget");
    return new GateLimits(
        baseline,
        floors(gate, metrics),
        churn(gate.section("churn"), task),
        new Budget(budget.bytes("size"), budget.number("node-visits", Range.above(0))),
        gate.choice(
                "weak-slices", List.of(Response.values()), r -> r.name().toLowerCase(Locale.ROOT))
            .orElse(Response.WARN));
  }

  private static List<Floor> floors(Section gate, MetricReader metrics) {
    List<Floor> floors = new ArrayList<>();
    for (Section section : gate.sections("floors")) {
      Metric metric = metrics.read(section, "metric");
      Optional<Double> least = section.number("at-least", Range.ANY);
      Optional<Double> most = section.number("at-most", Range.ANY);
      if (section.has("at-least") == section.has("at-most")) {
        section.problem(
            section.has("at-most") ? "at-most" : "metric",
            section.has("at-most")
                ? "and at-least are both there; write one floor for each"
                : "needs at-least or at-most, what the challenger must reach");
        continue;
      }
      boolean isLeast = section.has("at-least");
      if (metric.direction() == (isLeast ? Direction.LOWER : Direction.HIGHER)) {
        section.problem(
            isLeast ? "at-least" : "at-most",
            "asks for a bad model, since of %s %s; write %s"
                .formatted(
                    metric.key(), metric.direction().words(), isLeast ? "at-most" : "at-least"));
      }
      if (floors.stream().anyMatch(it -> it.metric() == metric && it.isLeast() == isLeast)) {
        section.problem("metric", metric.key() + " has such a floor already");
      }
      Optional<Double> limit = isLeast ? least : most;
      limit.ifPresent(it -> floors.add(new Floor(metric, it, isLeast)));
    }
    return floors;
  }

  private static Churn churn(Section churn, Optional<Task> task) {
    Optional<Double> tolerance = churn.number("tolerance", Range.above(0));
    Range share = Range.of(0, 1);
    Churn read =
        new Churn(tolerance, churn.number("most", share), churn.number("most-worse", share));
    boolean numbers = task.isPresent() && !task.get().isClassification();
    if (numbers && read.isLimited() && !churn.has("tolerance")) {
      churn.missing("tolerance", "by how much a prediction must move to count as moved");
    }
    return read;
  }
}
