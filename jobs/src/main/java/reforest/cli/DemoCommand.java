package reforest.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;
import reforest.cli.terminal.ConsoleProgress;
import reforest.cli.terminal.Words;
import reforest.cli.terminal.Words.Tone;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.home.Location;
import reforest.job.Demo;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.registry.RunRecord;
import reforest.report.RunWords;

@Command(
    name = DemoCommand.NAME,
    header = "Retrain a year of bike-sharing demand, from the first ingest to a rollback.",
    description = {
      "Runs on an embedded Spark and writes everything below one new folder, which it names;"
          + " nothing else is touched. A folder that is not empty and not a demo's own is refused."
    },
    footer = {"%nExamples:", "  reforest demo", "  reforest demo --home /tmp/forest"})
final class DemoCommand extends JobCommand<Demo.Result> {

  static final String NAME = "demo";

  /** Where the launcher says that the project lies, so that the demo runs in any folder. */
  private static final String PROJECT = "REFOREST_PROJECT";

  DemoCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  List<Path> filesByDefault() {
    String project = console().environment().getOrDefault(PROJECT, "");
    Path file = Path.of(project, "conf", "bikeshare.conf");
    if (!Files.exists(file)) {
      throw new ReforestException(
          ReforestException.Kind.ARGUMENTS,
          "there is no " + file,
          "run ./reforest demo from the project's folder, or name the demo's file with --conf");
    }
    return List.of(file);
  }

  /** Without {@code --home}, the first folder of this name that is not there yet. */
  @Override
  List<String> ownOverrides() {
    List<String> own = new ArrayList<>(super.ownOverrides());
    if (!hasHome()) {
      Path free = Path.of("reforest-demo");
      for (int i = 2; Files.exists(free); i++) {
        free = Path.of("reforest-demo-" + i);
      }
      own.add("home=" + free);
    }
    return own;
  }

  @Override
  Job<Demo.Result> job(Jobs jobs, Configuration configuration) {
    return jobs.demo(configuration);
  }

  @Override
  Outcome told(Home home, Configuration configuration, Demo.Result result) {
    Outcome.Builder outcome = Outcome.of(configuration.model().model());
    result
        .champion()
        .ifPresent(
            p -> {
              String bundle = bundle(home, configuration.model().model(), p);
              outcome.champion(p.sequence(), p.bundle()).bundle(p.bundle(), bundle);
            });
    List<String> summary = summary(home, configuration.model().model(), result);
    if (!shell().view().words() && shell().view().progress() != ConsoleProgress.Style.QUIET) {
      summary.forEach(console().err()::println);
    }
    return outcome
        .detail("home", home.root().toString())
        .detail("retrains", result.retrains().stream().map(it -> verdict(home, it)).toList())
        .detail("scored", result.scored().map(DemoCommand::scored).orElse(Map.of()))
        .detail("rolledBack", result.rolledBack().isPresent())
        .detail(
            "backtest",
            result.backtest().map(run -> RunOutcome.metrics(run.record())).orElse(Map.of()))
        .words(words -> tell(home, words, summary, result))
        .build();
  }

  /** What was reached, where it lies and what to try next. */
  private static List<String> summary(Home home, String model, Demo.Result result) {
    List<String> lines = new ArrayList<>(List.of(""));
    for (Demo.Retrained retrain : result.retrains()) {
      RunRecord record = retrain.run().record();
      lines.add(retrain.after() + "  " + record.verdict() + "  " + home.find(record.report()));
    }
    result
        .champion()
        .ifPresent(
            champion -> lines.addAll(List.of("", "Champion  " + bundle(home, model, champion))));
    result.backtest().ifPresent(run -> lines.add("Backtest  " + home.find(run.record().report())));
    lines.add("All runs  " + ReportCommand.write(home, Optional.of(model), Optional.empty()));
    lines.add("");
    lines.add("Try next:");
    lines.add("  ./reforest models --home " + home.root() + " " + model);
    lines.add("  ./reforest pull " + model + " served --home " + home.root());
    lines.add(
        "  ./reforest retrain --conf conf/bikeshare.conf --home " + home.root() + " train.seed=7");
    return lines;
  }

  /** The same, with the gains, which a terminal has room and colours for. */
  private static void tell(
      Home home, Words.Builder words, List<String> summary, Demo.Result result) {
    words.gap();
    words.table(
        List.of("after", "verdict", "gain", "report"),
        result.retrains().stream()
            .map(
                retrain -> {
                  RunRecord record = retrain.run().record();
                  return List.of(
                      Tone.PLAIN.of(retrain.after().toString()),
                      RunOutcome.verdict(record.decision(), record.verdict()),
                      Tone.PLAIN.of(new RunWords(record).gain()),
                      Tone.MUTED.of(home.find(record.report())));
                })
            .toList());
    summary.stream().skip(1L + result.retrains().size()).forEach(words::say);
  }

  private static String bundle(Home home, String model, Promotion promotion) {
    return Location.below(home.store(model).root(), Home.bundle(promotion.bundle())).toString();
  }

  private static Map<String, Object> verdict(Home home, Demo.Retrained retrain) {
    RunRecord record = retrain.run().record();
    Map<String, Object> verdict = new LinkedHashMap<>();
    verdict.put("after", retrain.after().toString());
    verdict.put("verdict", record.verdict());
    verdict.put("run", record.run());
    verdict.put("report", home.find(record.report()));
    return verdict;
  }

  private static Map<String, Object> scored(Demo.Scored scored) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("row", scored.row());
    row.put("prediction", scored.prediction());
    row.put("outside", scored.outside());
    return row;
  }
}
