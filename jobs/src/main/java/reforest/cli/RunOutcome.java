package reforest.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reforest.cli.terminal.Words;
import reforest.cli.terminal.Words.Span;
import reforest.cli.terminal.Words.Tone;
import reforest.evaluate.NamedSlice;
import reforest.gate.Decision;
import reforest.home.Home;
import reforest.job.RunResult;
import reforest.registry.RunKind;
import reforest.registry.RunRecord;
import reforest.report.RunWords;

/** What commands tell that end with the record of a run. */
final class RunOutcome {

  private RunOutcome() {}

  /**
   * What is told of a run.
   *
   * @param command that asked for it
   */
  static Outcome of(Home home, RunResult result, JobCommand<?> command) {
    RunRecord record = result.record();
    if (record.waits()) {
      return waiting(result, command);
    }
    Outcome.Builder outcome =
        Outcome.of(record.model())
            .run(record.run())
            .verdict(record.verdict(), result.reasons())
            .dataVersion(record.data().version())
            .bundle(record.challenger(), home.find(record.bundle()))
            .report(home.find(record.report()));
    metrics(record).forEach(outcome::metric);
    result.champion().ifPresent(p -> outcome.champion(p.sequence(), p.bundle()));
    result.alert().ifPresent(alert -> outcome.detail("alert", alert));
    return outcome
        .detail("attempt", record.attempt())
        .detail("recorded", result.recorded())
        .detail("window", record.window().text())
        .detail("power", Optional.ofNullable(record.gate().power()))
        .words(words(home, result, next(record, command)))
        .build();
  }

  /** What is told of a run that had nothing new to judge. */
  private static Outcome waiting(RunResult result, JobCommand<?> command) {
    RunRecord record = result.record();
    Outcome.Builder outcome =
        Outcome.of(record.model())
            .run(record.run())
            .verdict(record.verdict(), result.reasons())
            .dataVersion(record.data().version());
    result.champion().ifPresent(p -> outcome.champion(p.sequence(), p.bundle()));
    return outcome
        .detail("recorded", false)
        .detail("window", record.window().text())
        .words(
            words -> {
              words.line(
                  Tone.STRONG.of(record.model()),
                  Tone.PLAIN.of(": data version " + record.data().version()));
              words.fact("window", record.window().text());
              List<String> why = new ArrayList<>();
              result.reasons().forEach(reason -> why.add("· " + reason));
              why.add("Nothing was trained, and no chance of a wrong promotion was spent.");
              words.told(verdict(record.decision(), record.verdict()), why);
              words.next(command.atHome("models", record.model()));
            })
        .build();
  }

  private static Consumer<Words.Builder> words(Home home, RunResult result, String next) {
    RunRecord record = result.record();
    RunWords run = new RunWords(record);
    return words -> {
      result.alert().ifPresent(alert -> words.line(Tone.BAD.of("alert: " + alert)));
      words.line(
          Tone.STRONG.of(record.model()),
          Tone.PLAIN.of(": " + run.kind() + ", data version " + record.data().version()));
      words.gap();
      measured(words, run);
      words.gap();
      words.fact("rows", run.rows());
      words.fact("window", run.window());
      if (record.decision().isPresent()) {
        words.fact(
            "gain",
            run.metric()
                + " "
                + run.gain()
                + run.required().map(required -> ", must exceed " + required).orElse(""));
        run.power().ifPresent(power -> words.fact("power", power));
      }
      words.gap();
      List<String> why = new ArrayList<>(List.of(run.sentence()));
      result.reasons().forEach(reason -> why.add("· " + reason));
      why.add(run.consequence());
      words.told(
          verdict(record.decision(), record.decision().isPresent() ? record.verdict() : "figures"),
          why);
      words.fact("report", home.find(record.report()));
      words.next(next);
    };
  }

  private static void measured(Words.Builder words, RunWords run) {
    List<String> heads = new ArrayList<>(List.of("metric"));
    heads.addAll(run.roles());
    words.table(
        heads,
        run.metrics().stream().map(row -> row.stream().map(Tone.PLAIN::of).toList()).toList());
  }

  /** A verdict in the colour of what was decided. */
  static Span verdict(Optional<Decision> decision, String text) {
    return decision
        .map(
            it ->
                switch (it) {
                  case PROMOTE -> Tone.GOOD;
                  case KEEP -> Tone.BAD;
                  case INCONCLUSIVE -> Tone.OPEN;
                })
        .orElse(Tone.PLAIN)
        .of(text);
  }

  private static String next(RunRecord record, JobCommand<?> command) {
    if (record.promotion() != null) {
      return command.atHome("pull", record.model(), "served");
    }
    boolean develops = record.runKind().filter(RunKind.DEVELOP::equals).isPresent();
    return develops && record.decision().filter(Decision.PROMOTE::equals).isPresent()
        ? command.again("retrain", "--publish")
        : command.atHome("models", record.model());
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
