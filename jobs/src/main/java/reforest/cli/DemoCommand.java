package reforest.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import reforest.bundle.ReforestException;
import reforest.job.Ask;
import reforest.job.Demo;
import reforest.job.DryRun;
import reforest.job.Outcome;
import reforest.job.Work;

@Command(
    name = DemoCommand.NAME,
    header = "Retrain a year of bike-sharing demand, from the first ingest to a rollback.",
    description = {
      "Runs on an embedded Spark and writes everything below one new folder, which it names;"
          + " nothing else is touched. A folder that is not empty and not a demo's own is refused."
    },
    footer = {"%nExamples:", "  reforest demo", "  reforest demo --home /tmp/forest"})
final class DemoCommand extends JobCommand {

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
  Outcome run(Work work, Ask ask) {
    return work.demo(ask);
  }

  @Override
  DryRun.Needs needs(Ask ask) {
    return new DryRun.Needs(
        Optional.empty(), Optional.empty(), false, Optional.of(() -> Demo.found(ask)));
  }
}
