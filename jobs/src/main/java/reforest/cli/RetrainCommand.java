package reforest.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.job.Retrain;

@Command(
    name = RetrainCommand.NAME,
    header = "Train a challenger and judge it against the champion.",
    description = {
      "Pins a version of the table, searches forests by cross-validation, stages the best one as a"
          + " bundle, and compares the bundles of challenger and champion on rows that neither was"
          + " trained on.",
      "",
      "Without --publish it is judged on the development window: look as often as you like, nothing"
          + " is spent and nothing can change. With --publish it is judged on the newest, protected"
          + " window; each try there is counted, and a challenger that wins becomes the champion."
    },
    footer = {
      "%nThe exit code is 0 for each verdict: PROMOTE, KEEP and INCONCLUSIVE.",
      "%nExamples:",
      "  reforest retrain --conf conf/bikeshare.conf",
      "  reforest retrain --conf conf/bikeshare.conf --publish --result verdict.json",
      "  reforest retrain --conf conf/bikeshare.conf --data-version 4 train.seed=7"
    })
final class RetrainCommand extends JobCommand<Retrain.Result> {

  static final String NAME = "retrain";

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--publish",
      description = "Judge on the protected window; a challenger that wins becomes the champion.")
  private boolean publish;

  @ArgGroup private @Nullable VersionOptions rows;

  @Option(
      names = "--logical-date",
      paramLabel = "TEXT",
      description =
          "The scheduled date that this run is for; runs of different dates are different runs.")
  private @Nullable String logicalDate;

  @Option(
      names = "--force",
      description =
          "Train again although the same run has finished; counts as another try. Needs --reason.")
  private boolean force;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      converter = Reason.class,
      description = "Why, for --force; recorded.")
  private @Nullable String reason;

  RetrainCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  void validate() {
    if (spec != null && force != (reason != null)) {
      throw new ParameterException(
          spec.commandLine(),
          force ? "--force needs --reason TEXT" : "--reason is for --force, which is missing");
    }
  }

  @Override
  Job<Retrain.Result> job(Jobs jobs, Configuration configuration) {
    return jobs.retrain(configuration)
        .with(
            new Retrain.Options(
                publish,
                VersionOptions.version(rows),
                Optional.ofNullable(logicalDate),
                Optional.ofNullable(reason)));
  }

  @Override
  Outcome told(Home home, Configuration configuration, Retrain.Result result) {
    return RunOutcome.of(home, result, this);
  }
}
