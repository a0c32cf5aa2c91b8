package reforest.page;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes HTML that is well-formed XML too: every element it opens it closes, and every text and
 * attribute is escaped.
 *
 * <p>Attributes are pairs of name and value after the content. A page has a measure of how much it
 * holds, so that one with a thousand rows stays a page.
 */
public final class Html {
  private static final int WHOLE = 1_000;

  private final StringBuilder out = new StringBuilder("<!DOCTYPE html>\n");
  private final Measure measure;
  private int ids;
  private int least;

  /**
   * How much a page holds.
   *
   * @param rows of one table at most
   * @param letters of one text at most
   */
  public record Measure(int rows, int letters) {
    /** Everything. */
    public static final Measure ALL = new Measure(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  private static final List<Measure> MEASURES =
      List.of(
          new Measure(1_000, 4_000),
          new Measure(300, 2_000),
          new Measure(100, 1_000),
          new Measure(40, 400),
          new Measure(20, 200),
          new Measure(12, 100),
          new Measure(6, 50),
          new Measure(3, 25));

  /** A page that holds everything. */
  public Html() {
    this(Measure.ALL);
  }

  /** A page that leaves out what is beyond a measure, and says so. */
  public Html(Measure measure) {
    this.measure = measure;
  }

  /**
   * The first that is not too large of the same page in ever smaller measures, or the smallest.
   *
   * @param mostBytes of UTF-8
   * @param page writes it
   */
  public static String within(int mostBytes, Consumer<Html> page) {
    Html html = new Html();
    for (Measure measure : MEASURES) {
      html = new Html(measure);
      page.accept(html);
      if (html.sizeBytes() <= mostBytes) {
        break;
      }
    }
    return html.toString();
  }

  /** How large the page is by now, in bytes of UTF-8. */
  public int sizeBytes() {
    return toString().getBytes(StandardCharsets.UTF_8).length;
  }

  /** A name for an element that no other of this page has. */
  String newId() {
    ids++;
    return "f" + ids;
  }

  /** An element with whatever {@code content} writes. */
  public Html in(String tag, Runnable content, String... attributes) {
    start(tag, attributes).append('>');
    content.run();
    out.append("</").append(tag).append(">\n");
    return this;
  }

  /** An element with text. */
  public Html add(String tag, String text, String... attributes) {
    start(tag, attributes).append('>');
    text(text);
    out.append("</").append(tag).append('>');
    return this;
  }

  /** An element that never has content, such as {@code meta} or a shape of SVG. */
  public Html leaf(String tag, String... attributes) {
    start(tag, attributes).append("/>");
    return this;
  }

  /** Text, cut to the page's measure. */
  public Html text(String text) {
    escape(clip(text, Math.max(least, measure.letters())));
    return this;
  }

  /** What stands in the head of a page that loads nothing and runs nothing. */
  public Html page(String title, String css) {
    leaf("meta", "charset", "utf-8");
    leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    leaf("meta", "name", "color-scheme", "content", "light dark");
    // Should an escape ever be forgotten, there is still nothing that could run or be fetched.
    leaf(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'");
    add("title", title);
    return style(css);
  }

  /** A list with as many entries as the page's measure allows; nothing for an empty one. */
  public <T> Html list(List<T> entries, Consumer<T> each) {
    if (entries.isEmpty()) {
      return this;
    }
    return in(
        "ul",
        () -> {
          entries.stream()
              .limit(measure.rows())
              .forEach(entry -> in("li", () -> each.accept(entry)));
          if (entries.size() > measure.rows()) {
            add("li", NumberText.count(entries.size() - measure.rows()) + " more");
          }
        });
  }

  /** As many of the entries as the page's measure allows. */
  public <T> List<T> fitting(List<T> entries) {
    return entries.subList(0, Math.min(entries.size(), measure.rows()));
  }

  /** What is folded away until somebody opens it. */
  public Html folded(String summary, Runnable content) {
    return in(
        "details",
        () -> {
          add("summary", summary);
          content.run();
        });
  }

  /** The page's own style sheet, the one thing that is not escaped. */
  private Html style(String css) {
    if (css.indexOf('<') >= 0 || css.indexOf('&') >= 0) {
      throw new IllegalArgumentException("the style sheet cannot stand in a page as it is");
    }
    out.append("<style>\n").append(css).append("</style>\n");
    return this;
  }

  /** A table that scrolls sideways where the screen is narrow. */
  public Html table(String caption, Runnable content) {
    return in(
        "div",
        () ->
            in(
                "table",
                () -> {
                  add("caption", caption);
                  content.run();
                }),
        "class",
        "wide",
        "role",
        "region",
        "tabindex",
        "0",
        "aria-label",
        caption);
  }

  /**
   * What must not be cut, such as an answer or a command, as long as it stays below a thousand
   * letters.
   */
  public Html whole(Runnable content) {
    int before = least;
    least = WHOLE;
    content.run();
    least = before;
    return this;
  }

  /** The column heads of a table. */
  public Html heads(Iterable<String> heads) {
    return in("thead", () -> row(() -> heads.forEach(head -> add("th", head, "scope", "col"))));
  }

  /**
   * The body of a table, as many rows of it as the page's measure allows; a last row says how many
   * were left out.
   *
   * @param columns how many columns the table has
   */
  public <T> Html rows(List<T> rows, int columns, Consumer<T> each) {
    return in(
        "tbody",
        () -> {
          rows.stream().limit(measure.rows()).forEach(each);
          if (rows.size() > measure.rows()) {
            String left = NumberText.count(rows.size() - measure.rows(), "more row");
            row(
                () ->
                    add(
                        "td",
                        left + " would make this page too large",
                        "colspan",
                        String.valueOf(columns),
                        "class",
                        "muted"));
          }
        });
  }

  /** The numbers of a picture as a table that is folded away. */
  public Html numbers(String title, List<String> heads, List<List<String>> rows) {
    return folded("The numbers", () -> grid(title + ", the numbers", heads, rows));
  }

  /** A table of texts whose first column names the rows. */
  public Html grid(String caption, List<String> heads, List<List<String>> rows) {
    return table(
        caption,
        () -> {
          heads(heads);
          rows(
              rows,
              heads.size(),
              cells ->
                  row(
                      () -> {
                        name(cells.get(0));
                        cells.subList(1, cells.size()).forEach(this::number);
                      }));
        });
  }

  /** A text of at most so many letters, with an ellipsis where it was cut. */
  static String clip(String text, int letters) {
    if (text.length() <= letters) {
      return text;
    }
    int end =
        text.offsetByCodePoints(0, Math.min(letters - 1, text.codePointCount(0, text.length())));
    return text.substring(0, end) + "…";
  }

  public Html row(Runnable cells) {
    return in("tr", cells);
  }

  /** A link to a place beside the page, or to an address. */
  public Html link(String text, String place) {
    return add("a", text, "href", place);
  }

  /** A cell of text. */
  public Html cell(String text) {
    return add("td", text);
  }

  /** A cell whose text is so long that it needs room on a narrow screen too. */
  public Html longCell(String text) {
    return add("td", text, "class", "long");
  }

  /** A cell with a number, aligned so that digits stand below each other. */
  public Html number(String text) {
    return add("td", text, "class", "n");
  }

  /** The head of a row. */
  public Html name(String text) {
    return add("th", text, "scope", "row");
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private StringBuilder start(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      String value = attributes[i + 1];
      escape(attributes[i].startsWith("aria-") ? clip(value, measure.letters()) : value);
      out.append('"');
    }
    return out;
  }

  private void escape(String text) {
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isHarmless(c) ? c : 0xFFFD);
              }
            });
  }

  /** Not what XML forbids, and not what makes text look as if it stood in another order. */
  private static boolean isHarmless(int c) {
    boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
    boolean forbidden = (c >= 0xD800 && c <= 0xDFFF) || c == 0xFFFE || c == 0xFFFF;
    boolean reorders = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return !control && !forbidden && !reorders;
  }
}
