package reforest.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a command tells a person who looks at a terminal; the JSON of the same result is for
 * machines.
 *
 * @param lines from top to bottom
 */
public record Words(List<Line> lines) {

  /** Nothing to tell. */
  public static final Words NONE = new Words(List.of());

  /** What begins the lines below a name, so that their texts stand below each other. */
  private static final int NAME = 11;

  private static final String ESCAPE = "\u001B[";
  private static final String PLAIN_AGAIN = ESCAPE + "0m";

  public Words {
    lines = List.copyOf(lines);
  }

  /** How a text stands out, where colours may be used. */
  public enum Tone {
    PLAIN(""),
    /** Of less weight. */
    MUTED("2"),
    STRONG("1"),
    GOOD("1;32"),
    BAD("1;31"),
    /** Neither good nor bad. */
    OPEN("1;33");

    private final String code;

    Tone(String code) {
      this.code = code;
    }

    /** A text in this tone. */
    public Span of(String text) {
      return new Span(this, text);
    }

    /** A text with the codes that terminals take for this tone. */
    public String coloured(String text) {
      return code.isEmpty() ? text : ESCAPE + code + "m" + text + PLAIN_AGAIN;
    }
  }

  /** A piece of a line. */
  public record Span(Tone tone, String text) {

    /** Data may hold what moves a terminal's cursor or changes its colours. */
    public Span {
      text =
          text.codePoints()
              .map(c -> Character.isISOControl(c) ? 0xFFFD : c)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
    }

    private int width() {
      return text.codePointCount(0, text.length());
    }

    private Span padded(int width) {
      return new Span(tone, text + " ".repeat(Math.max(0, width - width())));
    }
  }

  /** One line. */
  public record Line(List<Span> spans) {
    public Line {
      spans = List.copyOf(spans);
    }

    private String text(boolean coloured) {
      return spans.stream()
          .map(span -> coloured ? span.tone().coloured(span.text()) : span.text())
          .collect(Collectors.joining())
          .stripTrailing();
    }
  }

  /** The text, each line with its end. */
  public String text(boolean coloured) {
    return lines.stream().map(line -> line.text(coloured) + "\n").collect(Collectors.joining());
  }

  /** Collects lines from top to bottom. */
  public static final class Builder {
    private final List<Line> lines = new ArrayList<>();

    /** A line of plain text. */
    public Builder say(String text) {
      return line(Tone.PLAIN.of(text));
    }

    /** A line of several tones. */
    public Builder line(Span... spans) {
      lines.add(new Line(List.of(spans)));
      return this;
    }

    /** An empty line. */
    public Builder gap() {
      return line();
    }

    /** A text with a name before it. */
    public Builder fact(String name, String text) {
      return told(Tone.MUTED.of(name), List.of(text));
    }

    /** Some texts, one below the other, beside what they are about. */
    public Builder told(Span about, List<String> texts) {
      int width = Math.max(NAME, about.width() + 2);
      for (int i = 0; i < Math.max(1, texts.size()); i++) {
        Span first = i == 0 ? about : Tone.PLAIN.of("");
        line(first.padded(width), Tone.PLAIN.of(i < texts.size() ? texts.get(i) : ""));
      }
      return this;
    }

    /** What a person would type next. */
    public Builder next(String command) {
      return line(Tone.MUTED.of("next").padded(NAME), Tone.STRONG.of(command));
    }

    /** Columns, each as wide as its widest text. */
    public Builder table(List<String> heads, List<List<Span>> rows) {
      List<List<Span>> all = new ArrayList<>();
      all.add(heads.stream().map(Tone.MUTED::of).toList());
      all.addAll(rows);
      for (List<Span> row : all) {
        List<Span> cells = new ArrayList<>();
        for (int column = 0; column < row.size(); column++) {
          int at = column;
          int width = all.stream().mapToInt(r -> r.get(at).width()).max().orElse(0);
          cells.add(row.get(column).padded(width + 2));
        }
        lines.add(new Line(cells));
      }
      return this;
    }

    /** What was collected. */
    public Words build() {
      return new Words(lines);
    }
  }
}
