package reforest.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.home.Location;
import reforest.job.Ask;
import reforest.job.DryRun;
import reforest.job.Outcome;
import reforest.job.Work;

@Command(
    name = IngestCommand.NAME,
    header = "Merge new and corrected rows into the model's table.",
    description = {
      "Rows are checked against the contract in the configuration and merged by key: known keys are"
          + " updated, new ones inserted, and a repeated ingest changes nothing. Rows that break the"
          + " contract go to the quarantine table with their reason; too many of them fail the"
          + " command and leave the table as it was."
    },
    footer = {
      "%nExamples:",
      "  reforest ingest --conf conf/bikeshare.conf --source data/2011-05.csv",
      "  reforest ingest --conf conf/bikeshare.conf --source s3a://bucket/may/ --dry-run"
    })
final class IngestCommand extends JobCommand {

  static final String NAME = "ingest";

  @Option(
      names = "--source",
      paramLabel = "PATH",
      description = "What to read, on any Hadoop file system; data.source.path by default.")
  private @Nullable String source;

  IngestCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  void checkOptions() {
    Optional.ofNullable(source).ifPresent(Location::refuseCredentials);
  }

  @Override
  Outcome run(Work work, Ask ask) {
    return work.ingest(ask, new Work.IngestOptions(Optional.ofNullable(source)));
  }

  @Override
  DryRun.Needs needs(Ask ask) {
    Optional<String> path =
        Optional.ofNullable(source).or(() -> ask.config().data().source().path());
    return new DryRun.Needs(path, Optional.empty(), false);
  }
}
