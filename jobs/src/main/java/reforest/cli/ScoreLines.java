package reforest.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Explanation;
import reforest.bundle.Explanation.Contribution;
import reforest.bundle.Manifest;
import reforest.bundle.Prediction;
import reforest.bundle.ReforestException;
import reforest.score.ScoreRows.Scored;

/** Scored rows as lines of text. */
interface ScoreLines {

  /** How they are written. */
  enum Format {
    /** Comma separated values, the first line names the columns. */
    CSV,
    /** One JSON object a line. */
    JSONL
  }

  /** What comes before the first row; empty where nothing does. */
  String head();

  /** One row, with its end of line. */
  String line(Scored row);

  /**
   * Lines in a format.
   *
   * @param passed columns of the input that stand beside the prediction
   * @param reasons how many reasons are told at most; 0 where nothing is explained
   * @throws ReforestException of kind {@code ARGUMENTS} when one has the name of a column that says
   *     something else
   */
  static ScoreLines of(Format format, Manifest manifest, List<String> passed, int reasons) {
    ScoreLines lines =
        format == Format.CSV
            ? new Csv(manifest, passed, reasons)
            : new Json(manifest, passed, reasons);
    List<String> own =
        format == Format.CSV
            ? Csv.columns(manifest, reasons)
            : List.of("line", "prediction", "probabilities", "outside", "explanation", "error");
    passed.stream()
        .filter(own::contains)
        .findFirst()
        .ifPresent(
            taken -> {
              throw new ReforestException(
                  ReforestException.Kind.ARGUMENTS,
                  "a column '" + taken + "' of the input would hide what the output says under it",
                  "rename it in the input, or leave it out of --with");
            });
    return lines;
  }

  /** JSON as it always was; the columns that are passed on stand after the line's number. */
  record Json(Manifest manifest, List<String> passed, int reasons) implements ScoreLines {

    @Override
    public String head() {
      return "";
    }

    @Override
    public String line(Scored row) {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("line", row.line());
      row.passed().forEach((name, value) -> line.set(name, Result.node(value)));
      if (row.prediction().isEmpty()) {
        line.put("error", row.error().orElse(""));
      } else {
        predicted(line, row.prediction().get());
        line.set("outside", Result.node(row.outside()));
        row.explanation().ifPresent(it -> explained(line.putObject("explanation"), it));
      }
      return Result.compact(line) + "\n";
    }

    /** The reasons that are not told stand as one number, so that all add up to the result. */
    private void explained(ObjectNode json, Explanation explanation) {
      explanation.label().ifPresent(label -> json.put("label", label));
      json.put("way", key(explanation.way()));
      json.put("scale", key(explanation.scale()));
      json.put("base", explanation.base());
      json.put("result", explanation.result());
      double rest = explanation.contributions().stream().mapToDouble(Contribution::amount).sum();
      ArrayNode told = json.putArray("reasons");
      for (Contribution reason : explanation.reasons(reasons)) {
        ObjectNode each = told.addObject();
        each.put("feature", reason.feature());
        each.set("value", Result.node(reason.value().orElse(null)));
        each.put("contribution", reason.amount());
        reason.min().ifPresent(min -> each.put("min", min));
        reason.max().ifPresent(max -> each.put("max", max));
        rest -= reason.amount();
      }
      json.put("rest", rest);
    }

    private static String key(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void predicted(ObjectNode line, Prediction prediction) {
      if (prediction.label().isEmpty()) {
        line.set("prediction", Result.node(prediction.value()));
        return;
      }
      line.put("prediction", prediction.label().get());
      ObjectNode probabilities = line.putObject("probabilities");
      for (int i = 0; i < prediction.probabilities().size(); i++) {
        probabilities.put(manifest.classes().get(i), prediction.probabilities().get(i));
      }
    }
  }

  /** CSV as RFC 4180 has it: a missing value is an empty cell, an empty text a quoted one. */
  record Csv(Manifest manifest, List<String> passed, int reasons) implements ScoreLines {

    private static List<String> columns(Manifest manifest, int reasons) {
      List<String> columns = new ArrayList<>(List.of("line", "prediction"));
      manifest.classes().forEach(name -> columns.add("probability " + name));
      columns.add("outside");
      if (reasons > 0) {
        columns.addAll(List.of("base", "result"));
      }
      for (int i = 1; i <= reasons; i++) {
        columns.addAll(
            List.of("reason " + i, "value " + i, "contribution " + i, "min " + i, "max " + i));
      }
      columns.add("error");
      return columns;
    }

    @Override
    public String head() {
      List<@Nullable Object> cells = new ArrayList<>(columns(manifest, reasons));
      cells.addAll(1, passed);
      return row(cells);
    }

    @Override
    public String line(Scored row) {
      List<@Nullable Object> cells = new ArrayList<>();
      cells.add(row.line());
      passed.forEach(name -> cells.add(row.passed().get(name)));
      Prediction prediction = row.prediction().orElse(null);
      cells.add(
          prediction == null
              ? null
              : prediction.label().<Object>map(label -> label).orElse(prediction.value()));
      for (int i = 0; i < manifest.classes().size(); i++) {
        cells.add(prediction == null ? null : prediction.probabilities().get(i));
      }
      cells.add(row.outside().isEmpty() ? null : String.join("; ", row.outside()));
      if (reasons > 0) {
        explained(cells, row.explanation().orElse(null));
      }
      cells.add(row.error().orElse(null));
      return row(cells);
    }

    private void explained(List<@Nullable Object> cells, @Nullable Explanation explanation) {
      cells.add(explanation == null ? null : explanation.base());
      cells.add(explanation == null ? null : explanation.result());
      List<Contribution> told = explanation == null ? List.of() : explanation.reasons(reasons);
      for (int i = 0; i < reasons; i++) {
        Contribution reason = i < told.size() ? told.get(i) : null;
        cells.add(reason == null ? null : reason.feature());
        cells.add(reason == null ? null : reason.value().orElse(null));
        cells.add(reason == null ? null : reason.amount());
        cells.add(reason == null ? null : reason.min().orElse(null));
        cells.add(reason == null ? null : reason.max().orElse(null));
      }
    }

    private static String row(List<@Nullable Object> cells) {
      return cells.stream().map(Csv::cell).collect(Collectors.joining(",", "", "\n"));
    }

    private static String cell(@Nullable Object value) {
      if (value == null) {
        return "";
      }
      String text = value.toString();
      return text.isEmpty() || text.matches("(?s).*[,\"\r\n].*")
          ? "\"" + text.replace("\"", "\"\"") + "\""
          : text;
    }
  }
}
