package reforest.ingest;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Passes CSV on with line feeds alone as line ends, and knows whether it ends within quotes, where
 * a parser would take all that follows for one cell.
 */
public final class CsvText extends FilterReader {

  private enum State {
    START,
    PLAIN,
    QUOTED,
    AFTER_QUOTE
  }

  private final char delimiter;
  private final boolean anyLineEnd;
  private final boolean doubled;
  private State state = State.START;
  private boolean returned;
  private long line = 1;
  private long opened;

  /**
   * @param in the text
   */
  public CsvText(Reader in, CsvDialect dialect) {
    super(in);
    this.delimiter = dialect.delimiter();
    this.anyLineEnd = dialect.parsed().lineSeparatorInRead().isEmpty();
    this.doubled = dialect.isQuoteDoubled();
  }

  /** Whether a quote is open; never where the dialect has another way to write quotes in quotes. */
  public boolean isOpen() {
    return doubled && state == State.QUOTED;
  }

  /** Line, from 1, of the quote that was opened last; 0 before the first. */
  public long opened() {
    return opened;
  }

  @Override
  public int read() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(char[] buffer, int from, int length) throws IOException {
    int kept = 0;
    // A line feed that ended a line already leaves nothing, and nothing is no answer.
    while (kept == 0) {
      int read = super.read(buffer, from, length);
      if (read <= 0) {
        return read;
      }
      for (int i = 0; i < read; i++) {
        char c = buffer[from + i];
        boolean second = returned && c == '\n';
        returned = anyLineEnd && c == '\r';
        if (!second) {
          char passed = returned ? '\n' : c;
          next(passed);
          buffer[from + kept++] = passed;
        }
      }
    }
    return kept;
  }

  private void next(char c) {
    if (c == '\n') {
      line++;
    }
    if (c == '"') {
      quote();
    } else if (state != State.QUOTED) {
      state = c == delimiter || c == '\n' ? State.START : State.PLAIN;
    }
  }

  private void quote() {
    switch (state) {
      case START -> {
        state = State.QUOTED;
        opened = line;
      }
      case QUOTED -> state = State.AFTER_QUOTE;
      case AFTER_QUOTE -> state = State.QUOTED;
      case PLAIN -> {}
    }
  }
}
