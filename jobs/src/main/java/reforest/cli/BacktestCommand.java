package reforest.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.job.Backtest;
import reforest.job.Job;
import reforest.job.Jobs;

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
public final class BacktestCommand extends JobCommand<Backtest.Result> {

  public static final String NAME = "backtest";

  @Option(
      names = "--bundle",
      paramLabel = "ID",
      description =
          "Digest of a published bundle, or key of a run; its first digits do. The champion by"
              + " default. 'reforest models NAME' lists both.")
  private @Nullable String bundle;

  @ArgGroup private @Nullable VersionOptions rows;

  BacktestCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  Job<Backtest.Result> job(Jobs jobs, Configuration configuration) {
    Backtest backtest = jobs.backtest(configuration).on(VersionOptions.version(rows));
    return bundle == null ? backtest : backtest.of(bundle);
  }

  @Override
  Outcome told(Home home, Configuration configuration, Backtest.Result result) {
    return RunOutcome.of(home, result, this);
  }
}
