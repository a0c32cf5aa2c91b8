package reforest.score;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;
import reforest.ingest.CsvDialect;
import reforest.ingest.CsvText;
import reforest.table.SparkErrors;

/**
 * Reads CSV with a header, by the parser of an ingest.
 *
 * <p>An empty cell is a missing value, in quotes or not, and so is one that holds the dialect's
 * {@code nullValue}.
 */
final class CsvRows implements RowReader {

  private final CsvParser parser;
  private final CsvText text;
  private final String nothing;
  private final List<String> header;
  private long line;
  private boolean ended;

  CsvRows(Reader in, CsvDialect dialect) throws IOException {
    this.parser = dialect.parser();
    this.nothing = dialect.nothing();
    this.text = new CsvText(in, dialect);
    try {
      parser.beginParsing(text);
    } catch (TextParsingException | IllegalStateException e) {
      throw unreadable(e);
    }
    @Nullable String @Nullable [] cells = record();
    if (cells == null) {
      throw refused("is empty", "give CSV whose first line names the columns");
    }
    List<String> names = new ArrayList<>();
    for (String cell : cells) {
      // A byte order mark is no part of the first name, nor are blanks after commas.
      String name = cell == null ? "" : cell.replaceFirst("^\uFEFF", "").strip();
      if (name.indexOf('\0') >= 0) {
        throw refused(
            "is not " + dialect.charset() + "; it seems to be UTF-16",
            "convert it, such as with iconv, or name a --conf whose data.source.options.encoding is"
                + " right");
      }
      if (!name.isEmpty() && names.contains(name)) {
        throw refused("names the column '" + name + "' twice in its header", "rename one of them");
      }
      names.add(name);
    }
    this.header = List.copyOf(names);
  }

  List<String> header() {
    return header;
  }

  @Override
  public Optional<Map<String, @Nullable Object>> next() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    @Nullable String @Nullable [] cells = record();
    if (cells == null) {
      return Optional.empty();
    }
    if (cells.length != header.size()) {
      throw refused(
          "has "
              + cells.length
              + " cells in line "
              + line
              + " where its header has "
              + header.size(),
          "quote cells that hold commas");
    }
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (int i = 0; i < cells.length; i++) {
      if (!header.get(i).isEmpty()) {
        row.put(header.get(i), nothing.equals(cells[i]) ? null : cells[i]);
      }
    }
    return Optional.of(row);
  }

  @Override
  public long line() {
    return line;
  }

  private @Nullable String @Nullable [] record() throws IOException {
    try {
      line = parser.getContext() == null ? 1 : parser.getContext().currentLine() + 1;
      @Nullable String @Nullable [] cells = parser.parseNext();
      ended = cells == null || parser.getContext().isStopped();
      if (ended && text.isOpen()) {
        throw refused("ends within the quotes that line " + text.opened() + " opens", "close them");
      }
      return cells;
    } catch (TextParsingException e) {
      ended = true;
      throw unreadable(e);
    }
  }

  /** The parser's own words go on with its settings; what it stumbled over is below. */
  private static ReforestException unreadable(RuntimeException thrown) throws IOException {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof IOException broken) {
        throw broken;
      }
    }
    return refused("cannot be read: " + SparkErrors.firstLine(thrown), "correct it");
  }

  private static ReforestException refused(String why, String hint) {
    return new ReforestException(ReforestException.Kind.DATA, "the CSV input " + why, hint);
  }
}
