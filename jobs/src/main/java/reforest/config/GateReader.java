package reforest.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import reforest.bundle.Task;
import reforest.config.GateConfig.Guardrail;
import reforest.config.GateConfig.Mode;

/** Reads {@code gate}: what a challenger must show. */
final class GateReader {

  private GateReader() {}

  /** The gate; its slice margin is NaN when there is none, which only matters if slices need it. */
  static GateConfig read(Section gate, Optional<Task> task, MetricReader metrics) {
    Metric primary = metrics.read(gate, "primary");
    Range margins = MetricReader.margin(primary);
    Mode mode =
        gate.choice("mode", List.of(Mode.values()), m -> m.name().toLowerCase(Locale.ROOT))
            .orElse(Mode.SUPERIOR);
    double minGain = gate.number("min-gain", Range.atLeast(0)).orElse(0.0);
    Optional<Double> margin = gate.number("margin", margins);
    if (mode == Mode.REFRESH && !gate.has("margin")) {
      gate.missing(
          "margin", "the loss of " + primary.key() + " that is still as good, for mode refresh");
    }
    double worthwhile =
        gate.number(
            "worthwhile-gain", margins, "the gain of " + primary.key() + " that is worth having");
    if (mode == Mode.SUPERIOR && worthwhile <= minGain) {
      gate.problem(
          "worthwhile-gain",
          "must be above gate.min-gain "
              + minGain
              + ", or no better model could ever win; got "
              + worthwhile);
    }
    double sliceMargin = gate.number("slice-margin", margins).orElse(Double.NaN);
    List<Guardrail> guardrails = new ArrayList<>();
    for (Section section : gate.sections("guardrails")) {
      Metric metric = metrics.read(section, "metric");
      if (guardrails.stream().anyMatch(g -> g.metric() == metric)) {
        section.problem("metric", metric.key() + " has a guardrail already");
      }
      double allowed =
          section.number(
              "margin", MetricReader.margin(metric), "how much worse " + metric.key() + " may get");
      guardrails.add(new Guardrail(metric, allowed));
    }
    double alpha =
        gate.number(
            "alpha", Range.upTo(0, 0.5), "the chance of promoting a model that is not better");
    return new GateConfig(
        primary,
        mode,
        minGain,
        margin.orElse(0.0),
        worthwhile,
        sliceMargin,
        guardrails,
        alpha,
        gate.count("attempts", 0, 10),
        gate.count("fresh-clusters", 1, 1000),
        LimitsReader.read(gate, task, metrics));
  }
}
