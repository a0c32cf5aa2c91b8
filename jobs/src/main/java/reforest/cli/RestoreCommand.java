package reforest.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.job.Restoring;

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
final class RestoreCommand extends JobCommand<Restoring.Result> {

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
  Job<Restoring.Result> job(Jobs jobs, Configuration configuration) {
    return jobs.restore(configuration, dataVersion, reason);
  }

  @Override
  Outcome told(Home home, Configuration configuration, Restoring.Result result) {
    return Outcome.of(configuration.model().model())
        .reasons(List.of(reason))
        .dataVersion(result.versionAfter())
        .detail("table", result.table())
        .detail("versionBefore", result.versionBefore())
        .detail("restored", result.restored())
        .words(
            words ->
                words
                    .say(
                        "%s: version %d has the rows of version %d; the newest before was %d"
                            .formatted(
                                configuration.model().model(),
                                result.versionAfter(),
                                result.restored(),
                                result.versionBefore()))
                    .fact("table", result.table())
                    .next(again("retrain")))
        .build();
  }
}
