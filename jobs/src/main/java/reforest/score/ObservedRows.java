package reforest.score;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.bundle.History;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.ingest.CsvDialect;
import reforest.score.ScoreRows.Format;

/** Rows of a text that were observed, on which a model looks back. */
public final class ObservedRows {

  private final History history;
  private final Format format;
  private final CsvDialect dialect;
  private final String name;

  /**
   * @param history takes the rows in
   * @param format how they are written
   * @param dialect how CSV is written
   * @param name of the text, for messages
   */
  public ObservedRows(History history, Format format, CsvDialect dialect, String name) {
    this.history = history;
    this.format = format;
    this.dialect = dialect;
    this.name = name;
  }

  /**
   * Takes in all rows of a text.
   *
   * @throws ReforestException of kind {@code DATA} when one cannot be read; of kind {@code
   *     ARGUMENTS} when none holds what the model looks back on
   */
  public void read(BufferedReader text) throws IOException {
    RowReader rows = RowReader.of(format, text, dialect);
    long before = history.size();
    try {
      for (Optional<Map<String, @Nullable Object>> row = rows.next();
          row.isPresent();
          row = rows.next()) {
        history.add(ScoreRows.caseless(row.get()));
      }
    } catch (ReforestException e) {
      throw new ReforestException(
          e.kind(), "line %d of %s: %s".formatted(rows.line(), name, e.getMessage()), e.hint(), e);
    }
    if (history.size() == before) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "no row of " + name + " adds to what the model looks back on",
          "give rows that hold "
              + String.join(", ", history.columns())
              + ", as an ingest reads them");
    }
  }

  /** Takes in those rows that can be read, of a text whose rows are scored one by one later. */
  public void readAhead(BufferedReader text) throws IOException {
    RowReader rows = RowReader.of(format, text, dialect);
    while (true) {
      try {
        Optional<Map<String, @Nullable Object>> row = rows.next();
        if (row.isEmpty()) {
          return;
        }
        history.add(ScoreRows.caseless(row.get()));
      } catch (ReforestException told) {
        // When the row is scored.
        if (told.kind() == Kind.ARGUMENTS) {
          throw told;
        }
      }
    }
  }
}
