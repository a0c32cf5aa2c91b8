package reforest.score;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of an input, one after the other. */
interface RowReader {

  /**
   * The next row, by column; empty at the end.
   *
   * @throws reforest.bundle.ReforestException of kind {@code DATA} when it cannot be read as a row
   */
  Optional<Map<String, @Nullable Object>> next() throws IOException;

  /** Line of the input, from 1, where the last row began. */
  long line();
}
