package reforest.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One value a row on a common axis, as bars from zero or as dots with their intervals (a forest
 * plot). It is a table, so that names may be long, and it holds its own numbers.
 *
 * <pre>{@code
 * RowChart.bars("Importance", "The longer, the more the error grows without it.", "feature", "RMSE (rentals)")
 *     .row("hr", 61.3, 55.0, 67.9)
 *     .row("temp", 12.8, 10.1, 15.2)
 *     .write(html);
 * }</pre>
 *
 * <p>The first rows stand in sight, the rest folds away.
 */
public final class RowChart {

  private static final int WIDTH = 240;
  private static final int HEIGHT = 20;
  private static final int SIDE = 8;

  /** An interval that reaches this many times further than all values is cut. */
  private static final double LONGEST = 4;

  private static final int IN_SIGHT = 12;

  private final String title;
  private final String reading;
  private final String rowName;
  private final String valueName;
  private final boolean bars;
  private final List<Row> rows = new ArrayList<>();
  private int inSight = IN_SIGHT;

  /**
   * One row.
   *
   * @param name what the value is of
   * @param value null where there is none
   * @param lower lower end of its interval; null when there is none
   * @param upper upper end; null when there is none
   * @param mark what it is compared with; null for nothing
   * @param note what is said beside it; empty for nothing
   * @param tone {@code good}, {@code bad}, {@code open}, or empty
   */
  public record Row(
      String name,
      @Nullable Double value,
      @Nullable Double lower,
      @Nullable Double upper,
      @Nullable Double mark,
      String note,
      String tone) {}

  private RowChart(String title, String reading, String rowName, String valueName, boolean bars) {
    this.title = title;
    this.reading = reading;
    this.rowName = rowName;
    this.valueName = valueName;
    this.bars = bars;
  }

  /**
   * Bars from zero.
   *
   * @param title what it shows, in a line
   * @param reading how to read it, in a sentence
   * @param rowName what a row is: {@code feature}
   * @param valueName what a value is, with its unit
   */
  public static RowChart bars(String title, String reading, String rowName, String valueName) {
    return new RowChart(title, reading, rowName, valueName, true);
  }

  /** Dots with their intervals; as {@link #bars}. */
  public static RowChart intervals(String title, String reading, String rowName, String valueName) {
    return new RowChart(title, reading, rowName, valueName, false);
  }

  /** A row without a mark and a note. */
  public RowChart row(
      String name, @Nullable Double value, @Nullable Double lower, @Nullable Double upper) {
    return row(new Row(name, value, lower, upper, null, "", ""));
  }

  /** A row. */
  public RowChart row(Row row) {
    rows.add(row);
    return this;
  }

  /** How many rows stand in sight; the rest folds away. */
  public RowChart inSight(int most) {
    inSight = most;
    return this;
  }

  /** Writes the table with its pictures, and how to read it. */
  public void write(Html html) {
    if (rows.stream().noneMatch(r -> isFinite(r.value()))) {
      Canvas.nothing(html, title);
      return;
    }
    Axis axis = axis();
    html.in(
        "figure",
        () -> {
          int first = Math.min(rows.size(), inSight);
          table(html, title, rows.subList(0, first), axis);
          html.in(
              "figcaption",
              () -> {
                html.add("p", reading);
                if (rows.size() > first) {
                  html.folded(
                      NumberText.count(rows.size() - first) + " more",
                      () ->
                          table(
                              html, title + ", the rest", rows.subList(first, rows.size()), axis));
                }
              });
        },
        "class",
        "rows");
  }

  private void table(Html html, String caption, List<Row> shown, Axis axis) {
    boolean notes = rows.stream().anyMatch(r -> !r.note().isEmpty());
    html.table(
        caption,
        () -> {
          List<String> heads = new ArrayList<>(List.of(rowName, valueName));
          if (notes) {
            heads.add("What it means");
          }
          html.heads(heads);
          html.rows(shown, notes ? 3 : 2, row -> row(html, row, axis, notes));
          html.in(
              "tfoot",
              () ->
                  html.row(
                      () -> {
                        html.cell("");
                        html.in("td", () -> scale(html, axis));
                        if (notes) {
                          html.cell("");
                        }
                      }));
        });
  }

  private void row(Html html, Row row, Axis axis, boolean notes) {
    html.row(
        () -> {
          html.name(row.name());
          html.in(
              "td",
              () -> {
                Double value = row.value();
                if (value != null && Double.isFinite(value)) {
                  svg(html, () -> draw(html, row, value, axis));
                }
                html.add(
                    "small",
                    NumberText.withInterval(value, row.lower(), row.upper())
                        + (row.mark() == null ? "" : ", mark at " + NumberText.plain(row.mark())));
              });
          if (notes) {
            html.add(
                "td", row.note(), "class", row.tone().isEmpty() ? "note" : "note " + row.tone());
          }
        });
  }

  private void draw(Html html, Row row, double value, Axis axis) {
    upright(html, axis.at(0), "zero");
    String tone = row.tone().isEmpty() ? "" : " " + row.tone();
    if (bars) {
      double from = Math.min(axis.place(0), axis.place(value));
      double width = Math.abs(axis.place(value) - axis.place(0));
      html.leaf(
          "rect",
          "x",
          Axis.text(from),
          "y",
          "4",
          "width",
          Axis.text(Math.max(1, width)),
          "height",
          "12",
          "class",
          "bar" + tone);
    }
    Double lower = row.lower();
    Double upper = row.upper();
    if (lower != null && upper != null && !lower.isNaN() && !upper.isNaN()) {
      html.leaf(
          "path",
          "d",
          "M" + axis.at(lower) + " 10H" + axis.at(upper),
          "class",
          (bars ? "whisker" : "interval") + tone);
      // What goes on beyond the axis ends in an arrow.
      if (lower < axis.low()) {
        html.leaf("path", "d", "M8 4L1 10L8 16Z", "class", "arrow" + tone);
      }
      if (upper > axis.high()) {
        html.leaf("path", "d", "M232 4L239 10L232 16Z", "class", "arrow" + tone);
      }
    }
    if (row.mark() != null) {
      upright(html, axis.at(row.mark()), "mark");
    }
    if (!bars) {
      html.leaf("circle", "cx", axis.at(value), "cy", "10", "r", "4", "class", "value");
    }
  }

  private static void upright(Html html, String x, String kind) {
    html.leaf("path", "d", "M" + x + " 0V" + HEIGHT, "class", kind);
  }

  private static void scale(Html html, Axis axis) {
    svg(
        html,
        () -> {
          for (double tick : axis.ticks(4)) {
            html.leaf("path", "d", "M" + axis.at(tick) + " 0V4", "class", "tick");
            html.add("text", axis.label(tick, 4), "x", axis.at(tick), "y", "16");
          }
        });
  }

  /** The text beside it says the same, so it need not be read. */
  private static void svg(Html html, Runnable shapes) {
    html.in("svg", shapes, "aria-hidden", "true");
  }

  private Axis axis() {
    double[] values =
        rows.stream()
            .flatMap(r -> Stream.of(r.value(), r.mark()))
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .toArray();
    double largest = DoubleStream.of(values).map(Math::abs).max().orElse(0);
    double limit = largest > 0 ? Math.min(LONGEST * largest, Double.MAX_VALUE / 4) : 1;
    double low = Math.min(0, DoubleStream.of(values).min().orElse(0));
    double high = Math.max(0, DoubleStream.of(values).max().orElse(0));
    for (Row row : rows) {
      if (isFinite(row.lower())) {
        low = Math.min(low, Math.max(-limit, Objects.requireNonNull(row.lower())));
      }
      if (isFinite(row.upper())) {
        high = Math.max(high, Math.min(limit, Objects.requireNonNull(row.upper())));
      }
    }
    return low < high
        ? new Axis(low, high, SIDE, WIDTH - SIDE)
        : new Axis(-1, 1, SIDE, WIDTH - SIDE);
  }

  private static boolean isFinite(@Nullable Double value) {
    return value != null && Double.isFinite(value);
  }
}
