package reforest.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
   * @throws ReforestException of kind {@code ARGUMENTS} when one has the name of a column that says
   *     something else
   */
  static ScoreLines of(Format format, Manifest manifest, List<String> passed) {
    ScoreLines lines =
        format == Format.CSV ? new Csv(manifest, passed) : new Json(manifest, passed);
    List<String> own =
        format == Format.CSV
            ? Csv.columns(manifest)
            : List.of("line", "prediction", "probabilities", "outside", "error");
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
  record Json(Manifest manifest, List<String> passed) implements ScoreLines {

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
      }
      return Result.compact(line) + "\n";
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
  record Csv(Manifest manifest, List<String> passed) implements ScoreLines {

    private static List<String> columns(Manifest manifest) {
      List<String> columns = new ArrayList<>(List.of("line", "prediction"));
      manifest.classes().forEach(name -> columns.add("probability " + name));
      columns.addAll(List.of("outside", "error"));
      return columns;
    }

    @Override
    public String head() {
      List<@Nullable Object> cells = new ArrayList<>(columns(manifest));
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
      cells.add(row.error().orElse(null));
      return row(cells);
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
