package reforest.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.job.Ask;
import reforest.job.DryRun;
import reforest.job.Outcome;
import reforest.job.Work;
import reforest.publish.Publish;

@Command(
    name = RollbackCommand.NAME,
    header = "Make an earlier champion the champion again.",
    description = {
      "Adds a promotion that names the old bundle, which is verified first. It takes the same care"
          + " as a promotion: if another one comes between, it ends with exit code 4."
    },
    footer = {
      "%nExamples:",
      "  reforest rollback --conf conf/bikeshare.conf --reason \"nights are off since Monday\"",
      "  reforest rollback --conf conf/bikeshare.conf --to 3 --reason \"back to the spring model\""
    })
final class RollbackCommand extends JobCommand {

  static final String NAME = "rollback";

  @Option(
      names = "--to",
      paramLabel = "N",
      description =
          "Number of the promotion to go back to; the one before the champion's by default.")
  private @Nullable Long to;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      converter = Reason.class,
      required = true,
      description = "Why; recorded in the promotion log.")
  private String reason = "";

  RollbackCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  Outcome run(Work work, Ask ask) {
    return work.rollback(ask, new Work.RollbackOptions(Optional.ofNullable(to), reason));
  }

  @Override
  DryRun.Needs needs(Ask ask) {
    return new DryRun.Needs(
        Optional.empty(), Optional.empty(), false, Optional.of(() -> found(ask)));
  }

  private String found(Ask ask) {
    Publish publish = new Publish(ask.store(), ask.console().clock());
    Publish.Target target = publish.target(Optional.ofNullable(to));
    return "promotion %d, whose bundle %s is intact, can come back"
        .formatted(target.promotion().sequence(), target.bundle().digest());
  }
}
