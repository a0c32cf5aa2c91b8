package reforest.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.cli.terminal.Words.Tone;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.job.Rollback;

@Command(
    name = RollbackCommand.NAME,
    header = "Make an earlier champion the champion again.",
    description = {
      "Adds a promotion that names the old bundle, which is verified first. It takes the same care"
          + " as a promotion: if another one comes between, it ends with exit code 4.",
      "",
      "The same command again goes no further back: where the champion is a rollback for the same"
          + " reason, to the promotion that --to names, or of a command that was cut off before the"
          + " registry was told, that promotion stands and nothing more is done. To go further, name"
          + " it with --expect."
    },
    footer = {
      "%nExamples:",
      "  reforest rollback --conf conf/bikeshare.conf --reason \"nights are off since Monday\"",
      "  reforest rollback --conf conf/bikeshare.conf --expect 6 --reason \"promotion 6 is bad\"",
      "  reforest rollback --conf conf/bikeshare.conf --to 3 --reason \"back to the spring model\""
    })
final class RollbackCommand extends JobCommand<Rollback.Result> {

  static final String NAME = "rollback";

  @Option(
      names = "--to",
      paramLabel = "N",
      description =
          "Number of the promotion to go back to; the one before the champion's by default.")
  private @Nullable Long to;

  @Option(
      names = "--expect",
      paramLabel = "N",
      description =
          "Number of the promotion that shall go; if another stands, nothing is done, with exit"
              + " code 3, or 0 where it is this very rollback.")
  private @Nullable Long expected;

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
  Job<Rollback.Result> job(Jobs jobs, Configuration configuration) {
    return jobs.rollback(configuration, reason)
        .with(new Rollback.Options(Optional.ofNullable(to), Optional.ofNullable(expected), reason));
  }

  @Override
  Outcome told(Home home, Configuration configuration, Rollback.Result result) {
    List<String> reasons = new ArrayList<>();
    reasons.add(
        result.recorded()
            ? "promotion %d stands since %s, rolled back because: %s; nothing more was done"
                .formatted(
                    result.promotion().sequence(),
                    result.promotion().at(),
                    result.promotion().reason())
            : reason);
    reasons.addAll(result.warnings());
    return Outcome.of(configuration.model().model())
        .reasons(reasons)
        .run(result.promotion().run())
        .bundle(result.bundle().digest(), result.bundle().location())
        .champion(result.promotion().sequence(), result.promotion().bundle())
        .detail("recorded", result.recorded())
        .detail("predecessor", result.promotion().predecessor())
        .words(
            words ->
                words
                    .told(
                        Tone.GOOD.of("back"),
                        List.of(
                            "bundle %s is the champion of %s again, by promotion %d"
                                .formatted(
                                    result.promotion().bundle(),
                                    configuration.model().model(),
                                    result.promotion().sequence())))
                    .told(Tone.MUTED.of("reason"), reasons)
                    .fact("bundle", result.bundle().location())
                    .next(atHome("pull", configuration.model().model(), "served")))
        .build();
  }
}
