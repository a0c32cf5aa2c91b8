package reforest.cli;

import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.cli.terminal.Words;
import reforest.cli.terminal.Words.Tone;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.home.Location;
import reforest.job.Ingesting;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.page.NumberText;

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
final class IngestCommand extends JobCommand<Ingesting.Result> {

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
  Job<Ingesting.Result> job(Jobs jobs, Configuration configuration) {
    return jobs.ingest(configuration).with(new Ingesting.Options(Optional.ofNullable(source)));
  }

  @Override
  Outcome told(Home home, Configuration configuration, Ingesting.Result result) {
    return Outcome.of(configuration.model().model())
        .dataVersion(result.versionAfter())
        .detail("table", result.table())
        .detail(
            "versionBefore",
            result.versionBefore().isPresent()
                ? Optional.of(result.versionBefore().getAsLong())
                : Optional.empty())
        .detail("read", result.read())
        .detail("inserted", result.inserted())
        .detail("updated", result.updated())
        .detail("unchanged", result.unchanged())
        .detail("repeated", result.repeated())
        .detail("quarantined", result.quarantined())
        .detail("quarantineReasons", result.reasons())
        .words(words -> tell(words, configuration, result))
        .build();
  }

  private void tell(Words.Builder words, Configuration configuration, Ingesting.Result result) {
    words.line(
        Tone.STRONG.of(configuration.model().model()),
        Tone.PLAIN.of(": " + NumberText.count(result.read(), "row") + " read"));
    words.fact("new", NumberText.count(result.inserted()));
    words.fact("changed", NumberText.count(result.updated()));
    words.fact("unchanged", NumberText.count(result.unchanged()));
    words.fact("repeated", NumberText.count(result.repeated()));
    words.told(
        (result.quarantined() > 0 ? Tone.OPEN : Tone.MUTED).of("refused"),
        Stream.concat(
                Stream.of(NumberText.count(result.quarantined())),
                result.reasons().entrySet().stream()
                    .map(it -> NumberText.count(it.getValue(), "row") + ": " + it.getKey()))
            .toList());
    words.fact("table", result.table());
    words.fact(
        "version",
        result.versionAfter()
            + (result.versionBefore().isEmpty()
                ? ", the first"
                : result.versionBefore().getAsLong() == result.versionAfter()
                    ? ", as before"
                    : ", before it " + result.versionBefore().getAsLong()));
    words.next(again("retrain"));
  }
}
