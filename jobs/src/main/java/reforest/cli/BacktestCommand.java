package reforest.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.job.Ask;
import reforest.job.Backtest;
import reforest.job.Digests;
import reforest.job.DryRun;
import reforest.job.Outcome;
import reforest.job.Work;

@Command(
    name = BacktestCommand.NAME,
    header = "Score any bundle on any version of the data.",
    description = {
      "Shows how a bundle would do, overall and on each slice. It is logged, decides nothing and"
          + " spends no try."
    },
    footer = {
      "%nExamples:",
      "  reforest backtest --conf conf/bikeshare.conf",
      "  reforest backtest --conf conf/bikeshare.conf --bundle 3f9a... --data-version 7"
    })
public final class BacktestCommand extends JobCommand {

  public static final String NAME = "backtest";

  @Option(
      names = "--bundle",
      paramLabel = "ID",
      description =
          "Digest of a published bundle, or key of a run; its first digits do. The champion by"
              + " default. 'reforest models NAME' lists both.")
  private @Nullable String bundle;

  @ArgGroup private @Nullable RowsOptions rows;

  BacktestCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  Outcome run(Work work, Ask ask) {
    return work.backtest(ask, new Work.BacktestOptions(named(), RowsOptions.rows(rows)));
  }

  @Override
  DryRun.Needs needs(Ask ask) {
    // Without a name it is the champion, which is looked at anyway.
    return new DryRun.Needs(
        Optional.empty(),
        Optional.of(RowsOptions.rows(rows)),
        bundle == null,
        named().map(name -> () -> "bundle " + found(ask, name) + " is intact"));
  }

  private static String found(Ask ask, String name) {
    return Backtest.find(ask, Optional.of(name)).bundle().digest();
  }

  private Optional<String> named() {
    return Optional.ofNullable(bundle).map(Digests::checked);
  }
}
