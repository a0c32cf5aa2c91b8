package reforest.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.job.Ask;
import reforest.job.DryRun;
import reforest.job.Outcome;
import reforest.job.Work;

@Command(
    name = RestoreCommand.NAME,
    header = "Make an old version of the model's table the newest again.",
    description = {
      "Undoes ingests: a new version is added whose rows are those of the old one. Nothing is lost,"
          + " so a restore can be undone by another one."
    },
    footer = {
      "%nExample:",
      "  reforest restore --conf conf/bikeshare.conf --data-version 4 --reason \"May came twice\""
    })
final class RestoreCommand extends JobCommand {

  static final String NAME = "restore";

  @Option(
      names = "--data-version",
      paramLabel = "N",
      required = true,
      description = "The version to go back to, from 0.")
  private long dataVersion;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      converter = Reason.class,
      required = true,
      description = "Why; recorded in the table's history.")
  private String reason = "";

  RestoreCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  Outcome run(Work work, Ask ask) {
    return work.restore(ask, new Work.RestoreOptions(dataVersion, reason));
  }

  @Override
  DryRun.Needs needs(Ask ask) {
    return new DryRun.Needs(
        Optional.empty(),
        Optional.of(new Work.Rows(Optional.of(dataVersion), Optional.empty())),
        false);
  }
}
