package reforest.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import reforest.bundle.ReforestException;
import reforest.bundle.Store;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.home.Location;
import reforest.job.Demo;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.registry.RunRecord;

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
              Store models = home.store(configuration.model().model());
              String bundle = Location.below(models.root(), Home.bundle(p.bundle())).toString();
              outcome.champion(p.sequence(), p.bundle()).bundle(p.bundle(), bundle);
            });
    return outcome
        .detail("home", home.root().toString())
        .detail("retrains", result.retrains().stream().map(it -> verdict(home, it)).toList())
        .detail("scored", result.scored().map(DemoCommand::scored).orElse(Map.of()))
        .detail("rolledBack", result.rolledBack().isPresent())
        .detail(
            "backtest",
            result.backtest().map(run -> RunOutcome.metrics(run.record())).orElse(Map.of()))
        .build();
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
