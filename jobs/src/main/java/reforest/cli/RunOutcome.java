package reforest.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.evaluate.NamedSlice;
import reforest.home.Home;
import reforest.job.RunResult;
import reforest.registry.RunRecord;

/** What commands tell that end with the record of a run. */
final class RunOutcome {

  private RunOutcome() {}

  static Outcome of(Home home, RunResult result) {
    RunRecord record = result.record();
    Outcome.Builder outcome =
        Outcome.of(record.model())
            .run(record.run())
            .verdict(record.verdict(), result.reasons())
            .dataVersion(record.data().version())
            .bundle(record.challenger(), home.find(record.bundle()))
            .report(home.find(record.report()));
    metrics(record).forEach(outcome::metric);
    result.champion().ifPresent(p -> outcome.champion(p.sequence(), p.bundle()));
    return outcome
        .detail("attempt", record.attempt())
        .detail("recorded", result.recorded())
        .detail("window", record.window().text())
        .detail("power", Optional.ofNullable(record.gate().power()))
        .build();
  }

  /** The figures over all rows, each with its interval. */
  static Map<String, Object> metrics(RunRecord record) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    for (RunRecord.Metric metric : record.metrics()) {
      if (metric.slice().equals(NamedSlice.OVERALL)) {
        Map<String, @Nullable Object> figure = new LinkedHashMap<>();
        figure.put("value", metric.value());
        figure.put("lower", metric.lower());
        figure.put("upper", metric.upper());
        metrics.put(metric.role() + "." + metric.metric(), figure);
      }
    }
    return metrics;
  }
}
