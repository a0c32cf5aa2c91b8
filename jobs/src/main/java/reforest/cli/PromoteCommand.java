package reforest.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.job.Promote;

@Command(
    name = PromoteCommand.NAME,
    header = "Make the challenger of an earlier run the champion, if the gate lets it.",
    description = {
      "The challenger is judged on the protected window, which counts as a try. --override makes it"
          + " the champion whatever the verdict, and is recorded as that, with its reason.",
      "",
      "With --override a champion that was trained on rows of the window is replaced without being"
          + " compared. Still refused, before the try counts: a bundle that is the champion already, a"
          + " challenger that was trained on rows of the window, and settings or rows that let nothing"
          + " be measured."
    },
    footer = {
      "%nExamples:",
      "  reforest promote --conf conf/bikeshare.conf --run 8c1d...",
      "  reforest promote --conf conf/bikeshare.conf --run 8c1d... --override --reason \"recall 12\""
    })
public final class PromoteCommand extends JobCommand<Promote.Result> {

  public static final String NAME = "promote";

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--run",
      paramLabel = "KEY",
      required = true,
      description =
          "Key of the run that staged the challenger; its first digits do. 'reforest models NAME'"
              + " lists them.")
  private String run = "";

  @Option(
      names = "--expect",
      paramLabel = "N",
      description =
          "Number of the promotion that shall be replaced, 0 for none; if another stands, nothing is"
              + " promoted, with exit code 3.")
  private @Nullable Long expected;

  @Option(names = "--override", description = "Promote whatever the verdict is. Needs --reason.")
  private boolean override;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      converter = Reason.class,
      description = "Why, for --override; recorded.")
  private @Nullable String reason;

  PromoteCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  void validate() {
    if (spec != null && override != (reason != null)) {
      throw new ParameterException(
          spec.commandLine(),
          override
              ? "--override needs --reason TEXT"
              : "--reason is for --override, which is missing");
    }
    if (spec != null && !run.matches("[0-9a-f]{1,32}")) {
      throw new ParameterException(
          spec.commandLine(),
          "--run must be the key of a run, 32 digits of 0-9 and a-f, got '" + run + "'");
    }
  }

  @Override
  Job<Promote.Result> job(Jobs jobs, Configuration configuration) {
    return jobs.promote(configuration, run)
        .with(new Promote.Options(run, Optional.ofNullable(reason), Optional.ofNullable(expected)));
  }

  @Override
  Outcome told(Home home, Configuration configuration, Promote.Result result) {
    return RunOutcome.of(home, result, this);
  }
}
