package reforest.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Points or curves over two axes of numbers: one thing against another, with the diagonal where
 * both are equal, or with the front of those that nothing beats in both.
 *
 * <pre>{@code
 * new XyChart("Predicted against observed", "On the diagonal both are equal.", "predicted", "observed")
 *     .curve("Measured", List.of(XyChart.Point.of(10, 11.5, 9.8, 13.1), XyChart.Point.of(20, 19)))
 *     .diagonal()
 *     .write(html);
 * }</pre>
 *
 * <p>A point with a coordinate that is not finite is left out of the picture. Curves of more points
 * than the picture can show are thinned.
 */
public final class XyChart {

  /** More points would lie on top of each other. */
  private static final int MOST_POINTS = 120;

  private final String title;
  private final String reading;
  private final String xName;
  private final String yName;
  private final List<Series> series = new ArrayList<>();
  private boolean diagonal;
  private boolean unit;

  /**
   * One point.
   *
   * @param x how far to the right
   * @param y how far up
   * @param lower lower end of the interval of {@code y}; null when there is none
   * @param upper upper end; null when there is none
   * @param name what it is, for the table and whoever points at it; empty for none
   */
  public record Point(
      double x, double y, @Nullable Double lower, @Nullable Double upper, String name) {

    /** A point without a name and an interval. */
    public static Point of(double x, double y) {
      return new Point(x, y, null, null, "");
    }

    /** A point with the interval of {@code y}. */
    public static Point of(double x, double y, @Nullable Double lower, @Nullable Double upper) {
      return new Point(x, y, lower, upper, "");
    }

    /** A point with a name. */
    public static Point of(double x, double y, String name) {
      return new Point(x, y, null, null, name);
    }

    boolean isDrawn() {
      return Double.isFinite(x) && Double.isFinite(y);
    }
  }

  private record Series(String name, List<Point> points, boolean joined, boolean dots) {
    List<Point> drawn() {
      List<Point> finite = points.stream().filter(Point::isDrawn).toList();
      if (finite.size() <= MOST_POINTS) {
        return finite;
      }
      List<Point> thinned = new ArrayList<>();
      for (int i = 0; i < MOST_POINTS; i++) {
        thinned.add(finite.get((int) ((long) i * (finite.size() - 1) / (MOST_POINTS - 1))));
      }
      return thinned;
    }
  }

  /**
   * @param title what it shows, in a line
   * @param reading how to read it, in a sentence
   * @param xName what goes to the right, with its unit
   * @param yName what goes up, with its unit
   */
  public XyChart(String title, String reading, String xName, String yName) {
    this.title = title;
    this.reading = reading;
    this.xName = xName;
    this.yName = yName;
  }

  /** Points joined by a line in their order, with whiskers where they have intervals. */
  public XyChart curve(String name, List<Point> points) {
    boolean few = points.size() <= 30;
    series.add(new Series(name, List.copyOf(points), true, few));
    return this;
  }

  /** Points that are not joined. */
  public XyChart points(String name, List<Point> points) {
    series.add(new Series(name, List.copyOf(points), false, true));
    return this;
  }

  /**
   * The points that no other beats in both coordinates, joined by steps.
   *
   * @param up whether more is better upwards; to the right less is better always
   */
  public XyChart front(String name, List<Point> points, boolean up) {
    List<Point> sorted =
        points.stream()
            .filter(Point::isDrawn)
            .sorted(
                Comparator.comparingDouble(Point::x)
                    .thenComparing(Comparator.comparingDouble((Point p) -> up ? -p.y() : p.y())))
            .toList();
    List<Point> front = new ArrayList<>();
    for (Point each : sorted) {
      if (front.isEmpty() || (up ? each.y() > last(front).y() : each.y() < last(front).y())) {
        if (!front.isEmpty()) {
          front.add(new Point(each.x(), last(front).y(), null, null, ""));
        }
        front.add(each);
      }
    }
    series.add(new Series(name, front, true, false));
    return this;
  }

  /** The line on which both coordinates are equal; both axes are the same then. */
  public XyChart diagonal() {
    diagonal = true;
    return this;
  }

  /** Both axes from 0 to 1. */
  public XyChart unit() {
    unit = true;
    return this;
  }

  /** Writes title, legend, picture, how to read it, and the numbers. */
  public void write(Html html) {
    if (series.stream().allMatch(s -> s.drawn().isEmpty())) {
      Canvas.nothing(html, title);
      return;
    }
    boolean named = all().anyMatch(p -> !p.name().isEmpty());
    boolean bounded = all().anyMatch(p -> p.lower() != null);
    List<String> heads = new ArrayList<>(List.of("Series"));
    if (named) {
      heads.add("Point");
    }
    heads.addAll(List.of(xName, yName));
    if (bounded) {
      heads.add("Interval");
    }
    Canvas.figure(
        html,
        title,
        reading,
        series.stream().map(s -> new Canvas.Key(s.name(), s.joined(), s.dots())).toList(),
        () ->
            Canvas.picture(
                html, title, xName + " to the right, " + yName + " upwards", () -> draw(html)),
        heads,
        numbers(named, bounded));
  }

  private void draw(Html html) {
    DoubleStream ys =
        all()
            .filter(Point::isDrawn)
            .flatMapToDouble(
                p -> DoubleStream.concat(DoubleStream.of(p.y()), ends(p.lower(), p.upper())));
    DoubleStream xs = all().filter(Point::isDrawn).mapToDouble(Point::x);
    Axis y;
    Axis x;
    if (unit) {
      y = new Axis(0, 1, Canvas.BOTTOM, Canvas.TOP);
      x = new Axis(0, 1, Canvas.left(y), Canvas.RIGHT);
    } else if (diagonal) {
      double[] both = DoubleStream.concat(xs, ys).toArray();
      y = Axis.of(DoubleStream.of(both), Canvas.BOTTOM, Canvas.TOP);
      x = new Axis(y.low(), y.high(), Canvas.left(y), Canvas.RIGHT);
    } else {
      y = Axis.of(ys, Canvas.BOTTOM, Canvas.TOP);
      x = Axis.of(xs, Canvas.left(y), Canvas.RIGHT);
    }
    Canvas.upright(html, y, x.from(), yName);
    for (double tick : x.ticks(Canvas.TICKS)) {
      Canvas.label(html, x.place(tick), x.label(tick, Canvas.TICKS));
    }
    Canvas.lower(html, x.from(), xName);
    if (diagonal) {
      html.leaf(
          "line",
          "x1",
          x.at(x.low()),
          "x2",
          x.at(x.high()),
          "y1",
          y.at(x.low()),
          "y2",
          y.at(x.high()),
          "class",
          "mark");
    }
    for (int i = 0; i < series.size(); i++) {
      draw(html, series.get(i), Canvas.kind(i), x, y);
    }
    Canvas.ground(html, x.from());
  }

  private static void draw(Html html, Series series, String kind, Axis x, Axis y) {
    List<Point> points = series.drawn();
    StringBuilder whiskers = new StringBuilder();
    StringBuilder line = new StringBuilder();
    for (Point p : points) {
      if (p.lower() != null && p.upper() != null) {
        whiskers
            .append('M')
            .append(x.at(p.x()))
            .append(' ')
            .append(y.at(p.lower()))
            .append('V')
            .append(y.at(p.upper()));
      }
      line.append(line.length() == 0 ? 'M' : 'L')
          .append(x.at(p.x()))
          .append(' ')
          .append(y.at(p.y()));
    }
    if (whiskers.length() > 0) {
      html.leaf("path", "d", whiskers.toString(), "class", "whisker " + kind);
    }
    if (series.joined() && points.size() > 1) {
      html.leaf("path", "d", line.toString(), "class", "line " + kind);
    }
    if (series.dots() || points.size() == 1) {
      points.forEach(
          p ->
              html.in(
                  "circle",
                  () -> {
                    if (!p.name().isEmpty()) {
                      html.add("title", p.name());
                    }
                  },
                  "cx",
                  x.at(p.x()),
                  "cy",
                  y.at(p.y()),
                  "r",
                  "3.5",
                  "class",
                  "dot " + kind));
    }
  }

  private List<List<String>> numbers(boolean named, boolean bounded) {
    List<List<String>> rows = new ArrayList<>();
    for (Series each : series) {
      for (Point p : each.points()) {
        List<String> row = new ArrayList<>(List.of(each.name()));
        if (named) {
          row.add(p.name());
        }
        row.add(NumberText.plain(p.x()));
        row.add(NumberText.plain(p.y()));
        if (bounded) {
          row.add(NumberText.interval(p.lower(), p.upper()));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private Stream<Point> all() {
    return series.stream().flatMap(s -> s.points().stream());
  }

  private static DoubleStream ends(@Nullable Double lower, @Nullable Double upper) {
    return Stream.of(lower, upper).filter(Objects::nonNull).mapToDouble(Double::doubleValue);
  }

  private static Point last(List<Point> points) {
    return points.get(points.size() - 1);
  }
}
