package reforest.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Stack;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reforest.bundle.Bundle;
import reforest.bundle.Explanation.Way;
import reforest.bundle.History;
import reforest.bundle.LocalStore;
import reforest.bundle.Manifest;
import reforest.bundle.ReforestException;
import reforest.bundle.Scorer;
import reforest.bundle.SeriesField;
import reforest.ingest.CsvDialect;
import reforest.page.NumberText;
import reforest.publish.Champions;
import reforest.score.ObservedRows;
import reforest.score.PulledBundle;
import reforest.score.ScoreRows;

@Command(
    name = ScoreCommand.NAME,
    header = "Score rows with a bundle, as a service would.",
    description = {
      "Reads CSV with a header, or one JSON object a line, and writes one JSON object a row to"
          + " stdout: the prediction, and under 'outside' whatever the model has not seen in"
          + " training. A row that cannot be scored gets an 'error' instead, and the exit code is"
          + " 3."
    },
    footer = {
      "%nExamples:",
      "  reforest score --bundle served hours.csv",
      "  reforest score --bundle served hours.csv --with ts --output csv",
      "  reforest score --bundle served hours.csv --explain 3",
      "  reforest score --bundle served hours.csv --explain 3 --background",
      "  echo '{\"hr\": 8, \"temp\": 0.5}' | reforest score --home reforest-demo --model bikeshare"
    })
final class ScoreCommand extends HomeCommand {

  static final String NAME = "score";

  private static final String STDIN = "-";

  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      description =
          "A bundle's folder, or one that 'reforest pull' has filled; by default the champion of"
              + " --model below --home.")
  private @Nullable Path bundle;

  @Option(names = "--model", paramLabel = "NAME", description = "The model whose champion scores.")
  private @Nullable String model;

  @Option(
      names = "--format",
      paramLabel = "csv|json",
      description = "How the rows are written; by default what the file's name says, else json.")
  private ScoreRows.@Nullable Format format;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description =
          "Rows that were observed before, for a model that looks back on series, as CSV or JSON"
              + " lines; repeat for several files. The rows that are scored count as observed, too,"
              + " as far as they hold what it looks back on; those of standard input for the rows"
              + " after them.")
  private List<String> observed = new ArrayList<>();

  @Option(
      names = "--with",
      paramLabel = "COLUMN",
      split = ",",
      description = "Columns of the rows that are repeated beside the prediction, such as a key.")
  private List<String> with = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "csv|jsonl",
      description = "How the predictions are written; jsonl by default.")
  private ScoreLines.Format output = ScoreLines.Format.JSONL;

  @Option(
      names = "--explain",
      paramLabel = "COUNT",
      arity = "0..1",
      fallbackValue = "3",
      preprocessor = DefaultReasons.class,
      description =
          "Explain each prediction by its COUNT strongest reasons, 3 by default: which input, its"
              + " value, what it adds to the model's average, and the range of the training.")
  private @Nullable Integer explain;

  @Option(
      names = "--background",
      description =
          "Explain by the training rows that the bundle brings along: an input that is left out has"
              + " the value of one of them, and of classes the probability is explained. By default"
              + " it follows the rows that came to each split of the trees.")
  private boolean background;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = STDIN,
      description = "The rows; standard input by default, or where '-' stands.")
  private String first = STDIN;

  @Parameters(index = "1..*", paramLabel = SETTINGS, description = ABOUT_SETTINGS)
  private List<String> settings = new ArrayList<>();

  ScoreCommand(Shell shell) {
    super(shell, NAME);
  }

  @Override
  List<String> typed() {
    List<String> typed = new ArrayList<>(settings);
    if (isFirstASetting()) {
      typed.add(0, first);
    }
    return typed;
  }

  /** Without a number, which could not be told from the file's name by its place. */
  static final class DefaultReasons implements IParameterPreprocessor {

    @Override
    public boolean preprocess(
        Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      boolean isAttached = "=".equals(info.get("separator"));
      if (!isAttached && !args.isEmpty() && !args.peek().matches("-?[0-9]+")) {
        args.push("3");
      }
      return false;
    }
  }

  @Override
  void validate() {
    super.validate();
    if (explain != null && explain < 1) {
      throw refusal("--explain must be at least 1, got " + explain);
    }
    if (background && explain == null) {
      throw refusal("--background says how to explain; add --explain");
    }
    if (readsConfFromStdin() && (first.equals(STDIN) || isFirstASetting())) {
      throw refusal("standard input cannot hold both the configuration and the rows; name a file");
    }
    if (observed.contains(STDIN)) {
      throw refusal("--history takes files, since standard input may hold the rows");
    }
  }

  /** A file's path may look like one, such as day=7/hours.csv. */
  private boolean isFirstASetting() {
    return isSetting(first) && !Files.exists(Path.of(first));
  }

  /** Predictions go there. */
  @Override
  boolean printsResult() {
    return false;
  }

  @Override
  Outcome run() {
    String input = isFirstASetting() ? STDIN : first;
    Bundle read = bundle();
    Scorer scorer = Scorer.of(read);
    ScoreRows.Summary summary = score(scorer, input);
    tellWithoutHistory(scorer.manifest(), summary);
    summary
        .firstFailure()
        .ifPresent(
            failure -> {
              throw refused(
                  "%d of %d rows cannot be scored; the first is in line %d: %s"
                      .formatted(
                          summary.failures(),
                          summary.rows(),
                          failure.line(),
                          failure.error().orElse("")),
                  "correct those rows; all others were scored",
                  null);
            });
    return Outcome.of(scorer.manifest().model())
        .bundle(read.digest(), bundle == null ? "" : bundle.toString())
        .detail("rows", summary.rows())
        .words(
            words ->
                words.say(
                    NumberText.count(summary.rows(), "row")
                        + " scored with bundle "
                        + read.digest()))
        .build();
  }

  /** A model that found nothing to look back on predicts by other inputs alone. */
  private void tellWithoutHistory(Manifest manifest, ScoreRows.Summary summary) {
    for (Manifest.Input input : manifest.inputs()) {
      Long rows = summary.withoutHistory().get(input.name());
      if (rows != null) {
        console()
            .err()
            .printf(
                Locale.ROOT,
                "%s is missing in %d of %s: it is %s, and no such row was observed; --history names"
                    + " files of earlier rows%n",
                input.name(),
                rows,
                NumberText.count(summary.rows(), "row"),
                input.series().map(SeriesField::words).orElse(""));
      }
    }
  }

  private ScoreRows.Summary score(Scorer scorer, String input) {
    PrintStream out = console().out();
    CsvDialect dialect = CsvDialect.of(csvOptions());
    int reasons = explain == null ? 0 : explain;
    ScoreLines lines = ScoreLines.of(output, scorer.manifest(), with, reasons);
    History history = History.of(scorer.manifest());
    if (history.isNeeded()) {
      for (String file : observed) {
        read(
            file,
            dialect,
            text -> {
              new ObservedRows(history, format(file), dialect, file).read(text);
              return history.size();
            });
      }
      if (!input.equals(STDIN)) {
        // Rows may stand in any order, and each may look back on all that are older.
        read(
            input,
            dialect,
            text -> {
              new ObservedRows(history, format(input), dialect, input).readAhead(text);
              return history.size();
            });
      }
    }
    return read(
        input,
        dialect,
        text -> {
          // Not before a row is known to have what is asked for.
          StringBuilder head = new StringBuilder(lines.head());
          ScoreRows.Summary summary =
              new ScoreRows(scorer, history, format(input), dialect, input, with, way())
                  .execute(
                      text,
                      row -> {
                        out.print(head);
                        head.setLength(0);
                        out.print(lines.line(row));
                        Stdout.require(out);
                      });
          out.print(head);
          return summary;
        });
  }

  private interface Reading<T> {
    T of(BufferedReader text) throws IOException;
  }

  private <T> T read(String input, CsvDialect dialect, Reading<T> reading) {
    Charset charset =
        format(input) == ScoreRows.Format.CSV ? dialect.charset() : StandardCharsets.UTF_8;
    try (InputStream in = open(input);
        BufferedReader text = new BufferedReader(new InputStreamReader(in, charset.newDecoder()))) {
      return reading.of(text);
    } catch (CharacterCodingException e) {
      throw refused(
          input + " is not " + charset,
          "convert it, such as with iconv, or name a --conf whose data.source.options.encoding is"
              + " right",
          e);
    } catch (IOException e) {
      throw new ReforestException(
          ReforestException.Kind.STORE,
          "cannot read " + input + ": " + e,
          "check that the file exists and that this user may read it",
          e);
    }
  }

  private @Nullable Way way() {
    return explain == null ? null : background ? Way.INTERVENTIONAL : Way.PATH_DEPENDENT;
  }

  private ScoreRows.Format format(String input) {
    if (format != null) {
      return format;
    }
    return input.toLowerCase(Locale.ROOT).matches(".*[.]csv([.]gz)?")
        ? ScoreRows.Format.CSV
        : ScoreRows.Format.JSON;
  }

  private Bundle bundle() {
    if (bundle == null) {
      String name = model(model, "--model NAME");
      return Champions.bundle(home().existing(name), name);
    }
    return PulledBundle.bundle(new LocalStore(bundle));
  }

  private InputStream open(String input) throws IOException {
    if (input.equals(STDIN)) {
      return console().in();
    }
    InputStream file = Files.newInputStream(Path.of(input));
    return input.endsWith(".gz") ? new GZIPInputStream(file) : file;
  }

  private static ReforestException refused(String message, String hint, @Nullable Exception cause) {
    return new ReforestException(ReforestException.Kind.DATA, message, hint, cause);
  }
}
