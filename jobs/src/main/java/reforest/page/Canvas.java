package reforest.page;

import java.util.List;

/**
 * What all charts with two axes share: the frame, the two axes with their names, the legend, the
 * sentence and the numbers.
 *
 * <p>A chart is as wide as its column and keeps its letters legible on a telephone, so it is drawn
 * small and grows.
 */
final class Canvas {

  static final int WIDTH = 400;
  static final int HEIGHT = 240;
  static final int TOP = 10;
  static final int BOTTOM = HEIGHT - 36;
  static final int RIGHT = WIDTH - 12;

  /** How many ticks there are, about. */
  static final int TICKS = 4;

  /** How many kinds of line the style sheet tells apart. */
  static final int KINDS = 5;

  private static final double LETTER = 6.2;
  private static final int LONGEST_NAME = 44;

  private Canvas() {}

  /** Where the plot begins, so that the labels of the upright axis have room before it. */
  static double left(Axis upright) {
    int longest =
        upright.ticks(TICKS).stream()
            .mapToInt(tick -> upright.label(tick, TICKS).length())
            .max()
            .orElse(1);
    return 26 + LETTER * longest;
  }

  /** The picture with its title for those who do not see it. */
  static void picture(Html html, String title, String told, Runnable shapes) {
    String id = html.newId();
    html.in(
        "svg",
        () -> {
          html.add("title", title, "id", id);
          html.add("desc", told, "id", id + "d");
          shapes.run();
        },
        "class",
        "chart",
        "role",
        "img",
        "viewBox",
        "0 0 " + WIDTH + " " + HEIGHT,
        "aria-labelledby",
        id + " " + id + "d");
  }

  /** The upright axis with its lines across the plot. */
  static void upright(Html html, Axis axis, double left, String name) {
    for (double tick : axis.ticks(TICKS)) {
      String y = axis.at(tick);
      html.leaf(
          "line", "x1", Axis.text(left), "x2", Axis.text(RIGHT), "y1", y, "y2", y, "class", "grid");
      html.add(
          "text",
          axis.label(tick, TICKS),
          "x",
          Axis.text(left - 4),
          "y",
          Axis.text(axis.place(tick) + 4),
          "class",
          "end");
    }
    double middle = (TOP + BOTTOM) / 2.0;
    html.add(
        "text",
        Html.clip(name, LONGEST_NAME - 8),
        "x",
        "11",
        "y",
        Axis.text(middle),
        "transform",
        "rotate(-90 11 " + Axis.text(middle) + ")");
  }

  /** The line below the plot. */
  static void ground(Html html, double left) {
    html.leaf(
        "path",
        "d",
        "M" + Axis.text(left) + " " + TOP + "V" + BOTTOM + "H" + RIGHT,
        "class",
        "frame");
  }

  /** The name of the lower axis. */
  static void lower(Html html, double left, String name) {
    html.add(
        "text",
        Html.clip(name, LONGEST_NAME),
        "x",
        Axis.text((left + RIGHT) / 2),
        "y",
        Axis.text(HEIGHT - 5));
  }

  /** A label below the plot. */
  static void label(Html html, double x, String text) {
    html.add("text", text, "x", Axis.text(x), "y", Axis.text(BOTTOM + 14));
  }

  /** A series in the legend: whether it is drawn as a line, with dots, or both. */
  record Key(String name, boolean line, boolean dots) {}

  /** Which line is whose; nothing where there is one alone without a name. */
  static void legend(Html html, List<Key> keys) {
    if (keys.size() == 1 && keys.get(0).name().isEmpty()) {
      return;
    }
    html.in(
        "ul",
        () -> {
          for (int i = 0; i < keys.size(); i++) {
            String kind = kind(i);
            Key key = keys.get(i);
            html.in(
                "li",
                () -> {
                  html.in(
                      "svg",
                      () -> {
                        if (key.line()) {
                          html.leaf("path", "d", "M0 6H22", "class", "line " + kind);
                        }
                        if (key.dots()) {
                          html.leaf(
                              "circle", "cx", "11", "cy", "6", "r", "3", "class", "dot " + kind);
                        }
                      },
                      "width",
                      "22",
                      "height",
                      "12",
                      "aria-hidden",
                      "true");
                  html.text(key.name());
                });
          }
        },
        "class",
        "legend");
  }

  /** The class of the shapes of the so many-th series. */
  static String kind(int series) {
    return "s" + (series % KINDS + 1);
  }

  /** Title, picture, how to read it, and its numbers folded away. */
  static void figure(
      Html html,
      String title,
      String reading,
      List<Key> keys,
      Runnable picture,
      List<String> heads,
      List<List<String>> rows) {
    html.in(
        "figure",
        () -> {
          html.add("p", title, "class", "title");
          legend(html, keys);
          picture.run();
          html.in(
              "figcaption",
              () -> {
                html.add("p", reading);
                html.numbers(title, heads, rows);
              });
        });
  }

  /** What stands in place of a chart that has nothing to draw. */
  static void nothing(Html html, String title) {
    html.in(
        "figure",
        () -> {
          html.add("p", title, "class", "title");
          html.add("p", "There is no value to draw.", "class", "muted");
        });
  }
}
