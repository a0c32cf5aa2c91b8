package reforest.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import reforest.job.Ask;
import reforest.job.DryRun;
import reforest.job.Outcome;
import reforest.job.Work;

@Command(
    name = RepairCommand.NAME,
    header = "Derive the registry's tables again from runs and promotions.",
    description = {
      "The promotion log and the folders of the runs hold the truth; the Delta tables of the registry"
          + " only make it easy to query. Run it after a crash or a lost table."
    },
    footer = {"%nExample:", "  reforest repair --conf conf/bikeshare.conf"})
final class RepairCommand extends JobCommand {

  static final String NAME = "repair";

  RepairCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  Outcome run(Work work, Ask ask) {
    return work.repair(ask);
  }

  @Override
  DryRun.Needs needs(Ask ask) {
    return new DryRun.Needs(Optional.empty(), Optional.empty(), false);
  }
}
