package reforest.score;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Explanation;
import reforest.bundle.Explanation.Way;
import reforest.bundle.History;
import reforest.bundle.Manifest;
import reforest.bundle.Prediction;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Scorer;
import reforest.config.Nearest;
import reforest.ingest.CsvDialect;

/** Scores the rows of a text, one after the other, as a service would. */
public final class ScoreRows {

  /** How rows are written down. */
  public enum Format {
    /** Comma separated values, the first line names the columns. */
    CSV,
    /** One JSON object a line. */
    JSON
  }

  private final Scorer scorer;
  private final History history;
  private final Format format;
  private final CsvDialect dialect;
  private final String name;
  private final List<String> passed;
  private final Optional<Way> way;

  /**
   * Of a model that looks back on no other rows, or whose rows hold what it finds there.
   *
   * @param dialect how CSV is written
   * @param name of the text, for messages
   * @param passed columns of the text whose values are told beside the predictions
   * @param way how predictions are explained; null where they are not
   * @throws ReforestException of kind {@code DATA} when they shall be, and the bundle cannot
   */
  public ScoreRows(
      Scorer scorer,
      Format format,
      CsvDialect dialect,
      String name,
      List<String> passed,
      @Nullable Way way) {
    this(scorer, History.of(scorer.manifest()), format, dialect, name, passed, way);
  }

  /**
   * @param history what was observed before; each row that is scored is taken in, too
   * @param dialect how CSV is written
   * @param name of the text, for messages
   * @param passed columns of the text whose values are told beside the predictions
   * @param way how predictions are explained; null where they are not
   * @throws ReforestException of kind {@code DATA} when they shall be, and the bundle cannot
   */
  public ScoreRows(
      Scorer scorer,
      History history,
      Format format,
      CsvDialect dialect,
      String name,
      List<String> passed,
      @Nullable Way way) {
    if (way != null) {
      scorer.requireExplains(way);
    }
    this.way = Optional.ofNullable(way);
    this.history = history;
    this.dialect = dialect;
    this.scorer = scorer;
    this.format = format;
    this.name = name;
    this.passed = List.copyOf(passed);
  }

  /**
   * What became of one row.
   *
   * @param line of the text, from 1, where it begins
   * @param prediction empty when it could not be scored
   * @param outside inputs unlike those of the training, in words
   * @param explanation why it is predicted; empty where that was not asked for
   * @param error why it could not be scored; empty when it was
   * @param passed values of the columns that are passed on, null where they are missing; empty when
   *     the row could not be read
   */
  public record Scored(
      long line,
      Optional<Prediction> prediction,
      List<String> outside,
      Optional<Explanation> explanation,
      Optional<String> error,
      Map<String, @Nullable Object> passed) {
    public Scored {
      outside = List.copyOf(outside);
      passed = Collections.unmodifiableMap(new LinkedHashMap<>(passed));
    }
  }

  /**
   * What became of all.
   *
   * @param rows how many there were
   * @param failures how many of them could not be scored
   * @param firstFailure the first of these; empty when all were scored
   * @param withoutHistory for each input that looks back on a series and found nothing, in how many
   *     rows
   */
  public record Summary(
      long rows, long failures, Optional<Scored> firstFailure, Map<String, Long> withoutHistory) {
    public Summary {
      withoutHistory = Collections.unmodifiableMap(new LinkedHashMap<>(withoutHistory));
    }
  }

  /**
   * Scores all rows; one that cannot be read or scored does not keep the others from it.
   *
   * @param told hears of each row
   * @throws ReforestException of kind {@code DATA} when no column is an input of the model, or the
   *     text lacks one that is passed on
   */
  public Summary execute(BufferedReader text, Consumer<Scored> told) throws IOException {
    RowReader source = open(text);
    long rows = 0;
    long failures = 0;
    Optional<Scored> firstFailure = Optional.empty();
    boolean checked = false;
    Map<String, Long> withoutHistory = new LinkedHashMap<>();
    while (true) {
      Scored scored;
      Map<String, @Nullable Object> beside = Map.of();
      try {
        Optional<Map<String, @Nullable Object>> row = source.next();
        if (row.isEmpty()) {
          return new Summary(rows, failures, firstFailure, withoutHistory);
        }
        if (!checked) {
          requireColumns(row.get().keySet());
          checked = true;
        }
        beside = beside(row.get());
        Map<String, @Nullable Object> inputs = complete(row.get(), withoutHistory);
        scored =
            new Scored(
                source.line(),
                Optional.of(scorer.score(inputs)),
                scorer.outside(inputs),
                way.map(it -> scorer.explain(inputs, it)),
                Optional.empty(),
                beside);
      } catch (ReforestException e) {
        if (e.kind() == Kind.ARGUMENTS) {
          // It is not this row that is wrong.
          throw e;
        }
        String error = String.valueOf(e.getMessage());
        scored =
            new Scored(
                source.line(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.of(error),
                beside);
        failures++;
        firstFailure = firstFailure.isPresent() ? firstFailure : Optional.of(scored);
      }
      rows++;
      told.accept(scored);
    }
  }

  /** Capitals make no difference in names, as in an ingest. */
  static Map<String, @Nullable Object> caseless(Map<String, @Nullable Object> row) {
    Map<String, @Nullable Object> inputs = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    inputs.putAll(row);
    return inputs;
  }

  private Map<String, @Nullable Object> complete(
      Map<String, @Nullable Object> row, Map<String, Long> withoutHistory) {
    Map<String, @Nullable Object> own = caseless(row);
    if (!history.isNeeded()) {
      return own;
    }
    history.add(own);
    Map<String, @Nullable Object> complete = caseless(history.complete(own));
    for (Manifest.Input input : scorer.manifest().inputs()) {
      if (input.series().isPresent() && complete.get(input.name()) == null) {
        withoutHistory.merge(input.name(), 1L, Long::sum);
      }
    }
    return complete;
  }

  private Map<String, @Nullable Object> beside(Map<String, @Nullable Object> row) {
    Map<String, @Nullable Object> beside = new LinkedHashMap<>();
    passed.forEach(column -> beside.put(column, row.get(column)));
    return beside;
  }

  private void requireColumns(Collection<String> there) {
    List<String> unknown = passed.stream().filter(column -> !there.contains(column)).toList();
    if (!unknown.isEmpty()) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          name + " has no column " + String.join(", ", unknown) + " to pass on",
          "it has " + String.join(", ", there));
    }
  }

  private RowReader open(BufferedReader text) throws IOException {
    RowReader rows = RowReader.of(format, text, dialect);
    if (rows instanceof CsvRows csv) {
      requireInputs(csv);
    }
    return rows;
  }

  private void requireInputs(CsvRows csv) {
    requireColumns(csv.header());
    List<String> inputs =
        Stream.concat(
                scorer.manifest().inputs().stream().map(Manifest.Input::reads),
                history.columns().stream())
            .distinct()
            .toList();
    if (inputs.stream()
        .noneMatch(input -> csv.header().stream().anyMatch(input::equalsIgnoreCase))) {
      String meant =
          csv.header().stream()
              .flatMap(
                  column ->
                      Nearest.to(column, inputs)
                          .map(n -> "'" + n + "' for '" + column + "'")
                          .stream())
              .findFirst()
              .map(m -> "; did you mean " + m + "?")
              .orElse("");
      throw new ReforestException(
          Kind.DATA,
          "no column of " + name + " is an input of the model" + meant,
          separator(csv.header()) + "the inputs are " + String.join(", ", inputs));
    }
  }

  /** A header that is one name with other separators in it was written for another dialect. */
  private static String separator(List<String> header) {
    Optional<String> found =
        List.of(";", "\t", "|").stream()
            .filter(it -> header.size() == 1 && header.get(0).contains(it))
            .findFirst();
    return found
        .map(
            it ->
                "its header is one column; where "
                    + (it.equals("\t") ? "tabs separate" : it + " separates")
                    + " the cells, name a configuration with --conf that says so with"
                    + " data.source.options.sep; ")
        .orElse("");
  }
}
