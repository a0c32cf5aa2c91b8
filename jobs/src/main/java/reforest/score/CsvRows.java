package reforest.score;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;

/**
 * Reads CSV with a header as RFC 4180 has it: commas, double quotes, line breaks in quotes.
 *
 * <p>An empty cell is a missing value, a quoted empty one is an empty text.
 */
final class CsvRows implements RowReader {

  private final BufferedReader in;
  private final List<String> header;
  private long line = 1;
  private long rowLine;

  CsvRows(BufferedReader in) throws IOException {
    this.in = in;
    List<@Nullable String> cells = record();
    if (cells == null) {
      throw refused("is empty", "give CSV whose first line names the columns");
    }
    List<String> names = new ArrayList<>();
    for (String cell : cells) {
      // A byte order mark is no part of the first name.
      String name = cell == null ? "" : names.isEmpty() ? cell.replaceFirst("^\uFEFF", "") : cell;
      if (names.contains(name)) {
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
    List<@Nullable String> cells = record();
    while (cells != null && cells.size() == 1 && cells.get(0) == null) {
      cells = record();
    }
    if (cells == null) {
      return Optional.empty();
    }
    if (cells.size() != header.size()) {
      throw refused(
          "has "
              + cells.size()
              + " cells in line "
              + rowLine
              + " where its header has "
              + header.size(),
          "quote cells that hold commas");
    }
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      row.put(header.get(i), cells.get(i));
    }
    return Optional.of(row);
  }

  @Override
  public long line() {
    return rowLine;
  }

  /** The cells up to the end of a line, null for an empty one; null at the end of the input. */
  private @Nullable List<@Nullable String> record() throws IOException {
    rowLine = line;
    List<@Nullable String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    boolean empty = true;
    for (int c = in.read(); ; c = in.read()) {
      if (quoted) {
        if (c < 0) {
          throw refused("ends within the quotes that line " + rowLine + " opens", "close them");
        }
        if (c != '"') {
          line += c == '\n' ? 1 : 0;
          cell.append((char) c);
          continue;
        }
        in.mark(1);
        if (in.read() == '"') {
          cell.append('"');
        } else {
          in.reset();
          quoted = false;
        }
        continue;
      }
      if (c < 0 && empty) {
        return null;
      }
      empty = false;
      if (c == '"' && cell.isEmpty() && !wasQuoted) {
        quoted = true;
        wasQuoted = true;
      } else if (c == ',' || c == '\n' || c < 0) {
        boolean carriage = c != ',' && !cell.isEmpty() && cell.charAt(cell.length() - 1) == '\r';
        if (carriage) {
          cell.setLength(cell.length() - 1);
        }
        cells.add(cell.isEmpty() && !wasQuoted ? null : cell.toString());
        cell.setLength(0);
        wasQuoted = false;
        if (c != ',') {
          line++;
          return cells;
        }
      } else {
        cell.append((char) c);
      }
    }
  }

  private static ReforestException refused(String why, String hint) {
    return new ReforestException(ReforestException.Kind.DATA, "the CSV input " + why, hint);
  }
}
