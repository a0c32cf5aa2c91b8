package reforest.page;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lines with bands over a row of names: weeks, hours, categories, bins.
 *
 * <pre>{@code
 * new LineChart("Error by week", "Lower is better; the band is the 95 % interval.", "week", "MAE (rentals)")
 *     .line("This year", List.of(new LineChart.Point("2011-10-03", 31.2, 28.0, 35.1)))
 *     .line("Last year", List.of(new LineChart.Point("2011-10-03", 33.9, null, null)))
 *     .write(html);
 * }</pre>
 *
 * <p>The names stand in the order in which they first come; a line has a gap where it has no value.
 */
public final class LineChart {

  /** More bands would hide each other. */
  private static final int MOST_BANDS = 2;

  private static final int MOST_DOTS = 40;
  private static final int MOST_LABELS = 5;
  private static final int LONGEST_LABEL = 12;

  private final String title;
  private final String reading;
  private final String xName;
  private final String yName;
  private final List<Line> lines = new ArrayList<>();
  private boolean zero;

  /**
   * One value.
   *
   * @param at the name it stands over
   * @param value null where there is none
   * @param lower lower end of its interval; null when there is none
   * @param upper upper end; null when there is none
   */
  public record Point(
      String at, @Nullable Double value, @Nullable Double lower, @Nullable Double upper) {}

  private record Line(String name, Map<String, Point> points, boolean joined) {}

  /**
   * @param title what it shows, in a line
   * @param reading how to read it, in a sentence
   * @param xName what the names are
   * @param yName what goes up, with its unit
   */
  public LineChart(String title, String reading, String xName, String yName) {
    this.title = title;
    this.reading = reading;
    this.xName = xName;
    this.yName = yName;
  }

  /** A line; the bands of the first two are drawn, those of others stand in the table. */
  public LineChart line(String name, List<Point> points) {
    return add(name, points, true);
  }

  /** Dots that are not joined, where the names have no order; with bands as {@link #line}. */
  public LineChart dots(String name, List<Point> points) {
    return add(name, points, false);
  }

  private LineChart add(String name, List<Point> points, boolean joined) {
    Map<String, Point> byName = new LinkedHashMap<>();
    points.forEach(p -> byName.putIfAbsent(p.at(), p));
    lines.add(new Line(name, byName, joined));
    return this;
  }

  /** Draws the line of zero, so that the axis holds it. */
  public LineChart zero() {
    zero = true;
    return this;
  }

  /** Writes title, legend, picture, how to read it, and the numbers. */
  public void write(Html html) {
    List<String> names =
        lines.stream().flatMap(l -> l.points().keySet().stream()).distinct().toList();
    if (all().noneMatch(p -> isFinite(p.value()))) {
      Canvas.nothing(html, title);
      return;
    }
    List<String> heads = new ArrayList<>(List.of(xName));
    lines.forEach(l -> heads.add(l.name().isEmpty() ? yName : l.name()));
    Canvas.figure(
        html,
        title,
        reading,
        lines.stream()
            .map(
                l -> new Canvas.Key(l.name(), l.joined(), !l.joined() || names.size() <= MOST_DOTS))
            .toList(),
        () -> Canvas.picture(html, title, yName + " upwards, by " + xName, () -> draw(html, names)),
        heads,
        numbers(names));
  }

  private void draw(Html html, List<String> names) {
    Axis y =
        Axis.of(
            DoubleStream.concat(
                zero ? DoubleStream.of(0) : DoubleStream.empty(),
                all()
                    .flatMap(p -> Stream.of(p.value(), p.lower(), p.upper()))
                    .filter(Objects::nonNull)
                    .mapToDouble(Double::doubleValue)),
            Canvas.BOTTOM,
            Canvas.TOP);
    double left = Canvas.left(y);
    Axis x = new Axis(-0.5, names.size() - 0.5, left, Canvas.RIGHT);
    Canvas.upright(html, y, left, yName);
    Canvas.lower(html, left, xName);
    labels(html, names, x);
    if (zero) {
      html.leaf(
          "line",
          "x1",
          Axis.text(left),
          "x2",
          Axis.text(Canvas.RIGHT),
          "y1",
          y.at(0),
          "y2",
          y.at(0),
          "class",
          "frame");
    }
    for (int i = 0; i < Math.min(MOST_BANDS, lines.size()); i++) {
      band(html, lines.get(i), names, Canvas.kind(i), x, y);
    }
    for (int i = 0; i < lines.size(); i++) {
      line(html, lines.get(i), names, Canvas.kind(i), x, y);
    }
    Canvas.ground(html, left);
  }

  private static void labels(Html html, List<String> names, Axis x) {
    int longest = names.stream().mapToInt(n -> Math.min(LONGEST_LABEL, n.length())).max().orElse(1);
    int room = (int) ((Canvas.RIGHT - x.from()) / (6.2 * longest + 10));
    int every =
        Math.max(
            1,
            (int) Math.ceil(names.size() / (double) Math.max(1, Math.min(room, 4 * MOST_LABELS))));
    double taken = 0;
    for (int i = 0; i < names.size(); i += every) {
      String text = Html.clip(names.get(i), LONGEST_LABEL);
      double half = 3.1 * text.length();
      double at = Math.max(half + 2, Math.min(Canvas.WIDTH - half - 2, x.place(i)));
      if (at - half > taken) {
        Canvas.label(html, at, text);
        taken = at + half + 4;
      }
    }
  }

  private static void band(Html html, Line line, List<String> names, String kind, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    List<Integer> run = new ArrayList<>();
    for (int i = 0; i <= names.size(); i++) {
      Point p = i < names.size() ? line.points().get(names.get(i)) : null;
      boolean bounded = p != null && isFinite(p.lower()) && isFinite(p.upper());
      if (bounded && (line.joined() || run.isEmpty())) {
        run.add(i);
      } else {
        close(path, run, line, names, x, y);
        run.clear();
        if (bounded) {
          run.add(i);
        }
      }
    }
    if (path.length() > 0) {
      html.leaf("path", "d", path.toString(), "class", "band " + kind);
    }
  }

  /** One stretch of a band without a gap. */
  private static void close(
      StringBuilder path, List<Integer> run, Line line, List<String> names, Axis x, Axis y) {
    if (run.isEmpty()) {
      return;
    }
    // A band over a single name would have no width.
    double half = run.size() == 1 ? 0.3 : 0;
    for (int k = 0; k < run.size(); k++) {
      Point p = Objects.requireNonNull(line.points().get(names.get(run.get(k))));
      path.append(k == 0 ? 'M' : 'L')
          .append(x.at(run.get(k) - half))
          .append(' ')
          .append(y.at(Objects.requireNonNull(p.upper())));
      if (half > 0) {
        path.append('H').append(x.at(run.get(k) + half));
      }
    }
    for (int k = run.size() - 1; k >= 0; k--) {
      Point p = Objects.requireNonNull(line.points().get(names.get(run.get(k))));
      path.append('L')
          .append(x.at(run.get(k) + half))
          .append(' ')
          .append(y.at(Objects.requireNonNull(p.lower())));
      if (half > 0) {
        path.append('H').append(x.at(run.get(k) - half));
      }
    }
    path.append('Z');
  }

  private static void line(Html html, Line line, List<String> names, String kind, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    boolean gap = true;
    for (int i = 0; i < names.size(); i++) {
      Point p = line.points().get(names.get(i));
      Double value = p == null ? null : p.value();
      if (value == null || !Double.isFinite(value)) {
        gap = true;
        continue;
      }
      path.append(gap ? 'M' : 'L').append(x.at(i)).append(' ').append(y.at(value));
      if (!line.joined() || names.size() <= MOST_DOTS) {
        html.leaf("circle", "cx", x.at(i), "cy", y.at(value), "r", "3", "class", "dot " + kind);
      }
      gap = false;
    }
    if (line.joined() && path.length() > 0) {
      html.leaf("path", "d", path.toString(), "class", "line " + kind);
    }
  }

  private List<List<String>> numbers(List<String> names) {
    List<List<String>> rows = new ArrayList<>();
    for (String name : names) {
      List<String> row = new ArrayList<>(List.of(name));
      for (Line line : lines) {
        Point p = line.points().get(name);
        row.add(p == null ? "–" : NumberText.withInterval(p.value(), p.lower(), p.upper()));
      }
      rows.add(row);
    }
    return rows;
  }

  private Stream<Point> all() {
    return lines.stream().flatMap(l -> l.points().values().stream());
  }

  private static boolean isFinite(@Nullable Double value) {
    return value != null && Double.isFinite(value);
  }
}
