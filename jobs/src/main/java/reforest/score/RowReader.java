package reforest.score;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.ingest.CsvDialect;

/** Rows of an input, one after the other. */
interface RowReader {

  /**
   * The next row, by column; empty at the end.
   *
   * @throws reforest.bundle.ReforestException of kind {@code DATA} when it cannot be read as a row
   */
  Optional<Map<String, @Nullable Object>> next() throws IOException;

  /**
   * Rows of a text.
   *
   * @param dialect how CSV is written
   * @throws reforest.bundle.ReforestException of kind {@code DATA} when it does not begin as that
   *     format does
   */
  static RowReader of(ScoreRows.Format format, BufferedReader text, CsvDialect dialect)
      throws IOException {
    return format == ScoreRows.Format.JSON ? new JsonRows(text) : new CsvRows(text, dialect);
  }

  /** Line of the input, from 1, where the last row began. */
  long line();
}
