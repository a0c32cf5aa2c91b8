package reforest.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import reforest.bundle.ReforestException;
import reforest.cli.terminal.Words.Tone;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.job.Removing;
import reforest.page.NumberText;
import reforest.table.RowChoice;

@Command(
    name = RemoveCommand.NAME,
    header = "Take wrong rows out of the model's table.",
    description = {
      "A new version of the table is added without them. Nothing is lost: the versions before keep"
          + " them for as long as data.history says, and 'reforest restore' undoes it. A source that"
          + " still has the rows brings them back with the next ingest, so mend it first.",
      "",
      "With --dry-run nothing is removed; it starts Spark to say how many rows would go, and shows"
          + " the keys of some."
    },
    footer = {
      "%nExamples:",
      "  reforest remove --conf conf/bikeshare.conf --key ts=2012-07-04T09:00 --dry-run"
          + " --reason \"a wrong clock\"",
      "  reforest remove --conf conf/bikeshare.conf --where \"ts > '2031-01-01'\" --reason"
          + " \"a wrong clock\""
    })
final class RemoveCommand extends JobCommand<Removing.Result> {

  static final String NAME = "remove";

  @ArgGroup(multiplicity = "1")
  private @Nullable Chosen chosen;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      converter = Reason.class,
      required = true,
      description = "Why; recorded in the table's history.")
  private String reason = "";

  /** Which rows; the options exclude each other. */
  static final class Chosen {

    @Option(
        names = "--key",
        paramLabel = "COLUMN=VALUE[,...]",
        description =
            "A row by the values of all columns of its key, written as an ingest reads them. Repeat"
                + " for several rows.")
    private List<String> keys = new ArrayList<>();

    @Option(
        names = "--where",
        paramLabel = "SQL",
        description = "All rows for which Spark SQL over the table's columns is true.")
    private @Nullable String where;
  }

  RemoveCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  boolean dryRunNeedsSpark() {
    return true;
  }

  @Override
  Job<Removing.Result> job(Jobs jobs, Configuration configuration) {
    Removing removing = jobs.remove(configuration, choice(configuration), reason);
    return isDryRun() ? removing.looking() : removing;
  }

  private RowChoice choice(Configuration configuration) {
    if (chosen == null || chosen.where == null) {
      List<String> columns = configuration.model().data().key();
      List<String> typed = chosen == null ? List.of() : chosen.keys;
      return RowChoice.ofKeys(typed.stream().map(key -> values(key, columns)).toList());
    }
    return RowChoice.where(chosen.where);
  }

  /** A comma parts two columns where the name of a column of the key and = follow. */
  private static Map<String, String> values(String typed, List<String> columns) {
    String names = columns.stream().map(Pattern::quote).collect(Collectors.joining("|"));
    Matcher column = Pattern.compile("(?:^|,)\\s*(" + names + ")=").matcher(typed);
    Map<String, String> values = new LinkedHashMap<>();
    String name = "";
    int from = 0;
    while (column.find()) {
      if (column.start() > 0) {
        values.put(name, typed.substring(from, column.start()));
      }
      name = column.group(1);
      from = column.end();
      if (values.containsKey(name)) {
        throw refused(typed, name + " is named twice", columns);
      }
    }
    if (from == 0) {
      throw refused(typed, "it does not begin with a column of the key and =", columns);
    }
    values.put(name, typed.substring(from));
    return values;
  }

  private static ReforestException refused(String typed, String why, List<String> columns) {
    return new ReforestException(
        ReforestException.Kind.ARGUMENTS,
        "--key '%s' names no row: %s".formatted(typed, why),
        "write --key "
            + columns.stream().map(name -> name + "=...").collect(Collectors.joining(",")));
  }

  @Override
  Outcome told(Home home, Configuration configuration, Removing.Result result) {
    Outcome.Builder outcome =
        Outcome.of(configuration.model().model())
            .reasons(List.of(reason))
            .dataVersion(result.versionAfter())
            .detail("table", result.table())
            .detail("versionBefore", result.versionBefore())
            .detail("rows", result.rows())
            .detail("left", result.left())
            .detail("keys", result.examples());
    if (isDryRun()) {
      outcome.detail("dryRun", true);
    }
    return outcome
        .words(
            words -> {
              words.say(
                  isDryRun()
                      ? "%s: %s of version %d would be removed, %s would stay"
                          .formatted(
                              configuration.model().model(),
                              NumberText.count(result.rows(), "row"),
                              result.versionBefore(),
                              NumberText.count(result.left()))
                      : "%s: version %d is without %s, %s stayed"
                          .formatted(
                              configuration.model().model(),
                              result.versionAfter(),
                              NumberText.count(result.rows(), "row"),
                              NumberText.count(result.left())));
              List<String> shown = new ArrayList<>(result.examples());
              if (result.rows() > shown.size()) {
                shown.add("and " + NumberText.count(result.rows() - shown.size()) + " more");
              }
              words.told(Tone.MUTED.of("rows"), shown);
              words.fact("table", result.table());
              if (isDryRun()) {
                words.say("Nothing was removed. The same command without --dry-run does it.");
              } else {
                words.fact(
                    "undo",
                    again(
                        RestoreCommand.NAME,
                        "--data-version",
                        Long.toString(result.versionBefore()),
                        "--reason",
                        "TEXT"));
                words.next(again(RetrainCommand.NAME));
              }
            })
        .build();
  }
}
