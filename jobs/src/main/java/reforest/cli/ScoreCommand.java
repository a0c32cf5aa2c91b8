package reforest.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Manifest;
import reforest.bundle.Prediction;
import reforest.bundle.ReforestException;
import reforest.bundle.Scorer;
import reforest.config.Nearest;
import reforest.publish.Champions;
import reforest.score.CsvRows;
import reforest.score.JsonRows;
import reforest.score.PulledBundle;
import reforest.score.RowReader;

@Command(
    name = ScoreCommand.NAME,
    header = "Score rows with a bundle, as a service would.",
    description = {
      "Reads CSV with a header, or one JSON object a line, and writes one JSON object a row to"
          + " stdout: the prediction, and under 'outside' whatever the model has not seen in training."
          + " A row that cannot be scored gets an 'error' instead, and the exit code is 3."
    },
    footer = {
      "%nExamples:",
      "  reforest score --bundle served hours.csv",
      "  echo '{\"hr\": 8, \"temp\": 0.5}' | reforest score --home reforest-demo --model bikeshare"
    })
final class ScoreCommand extends HomeCommand {

  static final String NAME = "score";

  private static final String STDIN = "-";

  /** How rows are written down. */
  enum Format {
    /** Comma separated values, the first line names the columns. */
    CSV,
    /** One JSON object a line. */
    JSON
  }

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
  private @Nullable Format format;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = STDIN,
      description = "The rows; standard input by default, or where '-' stands.")
  private String first = STDIN;

  @Parameters(index = "1..*", paramLabel = SETTINGS, description = ABOUT_SETTINGS)
  private List<String> settings = new ArrayList<>();

  private String input = STDIN;
  private long rows;
  private long failures;
  private String firstFailure = "";

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
    input = isFirstASetting() ? STDIN : first;
    Bundle read = bundle();
    Scorer scorer = Scorer.of(read);
    try (InputStream in = open();
        BufferedReader text =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()))) {
      score(scorer, text);
    } catch (CharacterCodingException e) {
      throw refused(input + " is not UTF-8", "convert it, such as with iconv", e);
    } catch (IOException e) {
      throw new ReforestException(
          ReforestException.Kind.STORE,
          "cannot read " + input + ": " + e,
          "check that the file exists and that this user may read it",
          e);
    }
    if (failures > 0) {
      throw refused(
          failures + " of " + rows + " rows cannot be scored; " + firstFailure,
          "correct those rows; all others were scored",
          null);
    }
    return Outcome.of(scorer.manifest().model())
        .bundle(read.digest(), bundle == null ? "" : bundle.toString())
        .detail("rows", rows)
        .build();
  }

  private Bundle bundle() {
    if (bundle == null) {
      String name = model(model, "--model NAME");
      return Champions.bundle(home().existing(name), name);
    }
    return PulledBundle.bundle(new LocalStore(bundle));
  }

  private InputStream open() throws IOException {
    if (input.equals(STDIN)) {
      return console().in();
    }
    return Files.newInputStream(Path.of(input));
  }

  private void score(Scorer scorer, BufferedReader text) throws IOException {
    RowReader source = source(scorer, text);
    PrintStream out = console().out();
    while (true) {
      Optional<Map<String, @Nullable Object>> row = Optional.empty();
      String error = "";
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      try {
        row = source.next();
        if (row.isEmpty()) {
          break;
        }
        line.put("line", source.line());
        describe(scorer, row.get(), line);
      } catch (ReforestException e) {
        error = String.valueOf(e.getMessage());
        line.put("line", source.line());
        line.put("error", error);
      }
      rows++;
      if (!error.isEmpty()) {
        firstFailure =
            failures == 0 ? "the first is in line " + source.line() + ": " + error : firstFailure;
        failures++;
      }
      out.print(Result.compact(line) + "\n");
    }
    out.flush();
  }

  private RowReader source(Scorer scorer, BufferedReader text) throws IOException {
    Format chosen =
        format != null
            ? format
            : input.toLowerCase(Locale.ROOT).endsWith(".csv") ? Format.CSV : Format.JSON;
    if (chosen == Format.JSON) {
      return new JsonRows(text);
    }
    CsvRows csv = new CsvRows(text);
    List<String> inputs = scorer.manifest().inputs().stream().map(Manifest.Input::name).toList();
    if (inputs.stream().noneMatch(csv.header()::contains)) {
      String meant =
          csv.header().stream()
              .flatMap(
                  name ->
                      Nearest.to(name, inputs).map(n -> "'" + n + "' for '" + name + "'").stream())
              .findFirst()
              .map(m -> "; did you mean " + m + "?")
              .orElse("");
      throw refused(
          "no column of " + input + " is an input of the model" + meant,
          "the inputs are " + String.join(", ", inputs),
          null);
    }
    return csv;
  }

  private static void describe(Scorer scorer, Map<String, @Nullable Object> row, ObjectNode line) {
    Prediction prediction = scorer.score(row);
    List<String> outside = scorer.outside(row);
    if (prediction.label().isPresent()) {
      line.put("prediction", prediction.label().get());
      ObjectNode probabilities = line.putObject("probabilities");
      for (int i = 0; i < prediction.probabilities().size(); i++) {
        probabilities.put(scorer.manifest().classes().get(i), prediction.probabilities().get(i));
      }
    } else {
      line.set("prediction", Result.node(prediction.value()));
    }
    line.set("outside", Result.node(outside));
  }

  private static ReforestException refused(String message, String hint, @Nullable Exception cause) {
    return new ReforestException(ReforestException.Kind.DATA, message, hint, cause);
  }
}
