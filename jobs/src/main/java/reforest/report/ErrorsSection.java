package reforest.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import reforest.page.Html;
import reforest.page.LineChart;
import reforest.page.NumberText;
import reforest.registry.ExplainedRecord;
import reforest.registry.ExplainedRecord.Figure;
import reforest.registry.ExplainedRecord.Segment;
import reforest.registry.ExplainedRecord.Tail;
import reforest.registry.ExplainedRecord.WorstRow;

/** Where the challenger errs: by time and feature, in which direction, and its worst rows. */
final class ErrorsSection {

  /** What segments of the time are by, in the order in which they are shown. */
  private static final List<String> TIMES = List.of("week", "weekday", "hour");

  private ErrorsSection() {}

  static boolean applies(RunView view) {
    return view.run().explained() != null;
  }

  static void write(Html html, RunView view) {
    ExplainedRecord explained = view.run().explained();
    if (explained == null) {
      return;
    }
    bias(html, view, explained);
    html.in("div", () -> TIMES.forEach(by -> charts(html, view, explained, by)), "class", "charts");
    Set<String> features = new LinkedHashSet<>();
    explained.segments().stream()
        .filter(segment -> !segment.ofTime())
        .map(Segment::by)
        .forEach(features::add);
    if (!features.isEmpty()) {
      html.folded(
          "Errors by the most important features",
          () -> features.forEach(by -> grid(html, view, explained, by)));
    }
    tails(html, explained.tails());
    worst(html, view, explained.worst());
  }

  private static void bias(Html html, RunView view, ExplainedRecord explained) {
    Figure bias = explained.bias();
    String rows =
        explained.rows() < explained.of()
            ? "Of %s of the window's %s."
                .formatted(
                    NumberText.count(explained.rows()), NumberText.count(explained.of(), "row"))
            : "Of all %s of the window.".formatted(NumberText.count(explained.rows(), "row"));
    html.add("p", rows + " Times are UTC.", "class", "muted");
    Double value = bias.value();
    if (value == null) {
      return;
    }
    if (value == 0) {
      html.add("p", "On average the challenger predicts neither too much nor too little.");
      return;
    }
    Double lower = bias.lower();
    Double upper = bias.upper();
    String amount = NumberText.fixed(Math.abs(value), NumberText.decimals(lower, upper));
    String interval = "";
    if (lower != null && upper != null) {
      interval =
          " (95 %% interval %s).%s"
              .formatted(
                  NumberText.interval(lower, upper),
                  lower > 0 || upper < 0 ? "" : " The interval holds 0, so this may be chance.");
    }
    html.add(
        "p",
        "On average the challenger predicts %s %s%s"
            .formatted(
                amount + unit(view),
                value > 0 ? "too much" : "too little",
                interval.isEmpty() ? "; how sure that is is not known." : interval));
  }

  private static String unit(RunView view) {
    return view.labelUnit().map(it -> " " + it).orElse("");
  }

  private static List<Segment> segments(ExplainedRecord explained, boolean ofTime, String by) {
    return explained.segments().stream()
        .filter(segment -> segment.ofTime() == ofTime && segment.by().equals(by))
        .toList();
  }

  private static void grid(Html html, RunView view, ExplainedRecord explained, String by) {
    List<Segment> segments = segments(explained, false, by);
    boolean champion = segments.stream().anyMatch(segment -> segment.champion().value() != null);
    boolean bias = segments.stream().anyMatch(segment -> segment.bias().value() != null);
    String figure = view.titleAndUnit(explained.loss());
    List<String> heads = new ArrayList<>(List.of(by, "Rows", figure));
    if (champion) {
      heads.add("Of the champion");
    }
    if (bias) {
      heads.add("Mean error" + unit(view));
    }
    List<List<String>> rows = new ArrayList<>();
    for (Segment segment : segments) {
      List<String> cells = new ArrayList<>();
      cells.add(segment.part());
      cells.add(NumberText.count(segment.rows()));
      cells.add(words(segment.challenger()));
      if (champion) {
        cells.add(words(segment.champion()));
      }
      if (bias) {
        cells.add(words(segment.bias()));
      }
      rows.add(cells);
    }
    html.grid("Errors by " + by, heads, rows);
  }

  private static String words(Figure figure) {
    return NumberText.withInterval(figure.value(), figure.lower(), figure.upper());
  }

  private static void charts(Html html, RunView view, ExplainedRecord explained, String by) {
    List<Segment> segments = segments(explained, true, by);
    // One bar says no more than the whole.
    if (segments.size() < 2) {
      return;
    }
    String figure = view.titleAndUnit(explained.loss());
    LineChart loss =
        new LineChart(
            "Error by " + by,
            "Lower is better; bands are 95 % intervals. Where they overlap widely there is no"
                + " difference to speak of.",
            by,
            figure);
    loss.line("Challenger", points(segments, true));
    if (segments.stream().anyMatch(segment -> segment.champion().value() != null)) {
      loss.line("Champion", points(segments, false));
    }
    loss.write(html);
    if (segments.stream().anyMatch(segment -> segment.bias().value() != null)) {
      LineChart bias =
          new LineChart(
                  "Too much or too little by " + by,
                  "Above 0 the challenger predicts too much, below 0 too little.",
                  by,
                  "Mean error" + unit(view))
              .zero();
      bias.line(
          "Challenger",
          segments.stream().map(segment -> point(segment.part(), segment.bias())).toList());
      bias.write(html);
    }
  }

  private static List<LineChart.Point> points(List<Segment> segments, boolean challenger) {
    List<LineChart.Point> points = new ArrayList<>();
    for (Segment segment : segments) {
      points.add(point(segment.part(), challenger ? segment.challenger() : segment.champion()));
    }
    return points;
  }

  static LineChart.Point point(String at, Figure figure) {
    return new LineChart.Point(at, figure.value(), figure.lower(), figure.upper());
  }

  private static void tails(Html html, List<Tail> tails) {
    if (tails.isEmpty()) {
      return;
    }
    html.folded(
        "What the largest errors have in common",
        () -> {
          html.add(
              "p",
              "The 5 % of rows with the largest errors on either side beside all others: for a"
                  + " number its median and where nine tenths lie, for a category the most frequent"
                  + " one.",
              "class",
              "muted");
          html.grid(
              "Values where errors are large",
              List.of("Feature", "Predicts too little", "Other rows", "Predicts too much"),
              tails.stream()
                  .map(
                      tail ->
                          List.of(
                              tail.feature(),
                              orDash(tail.under()),
                              orDash(tail.usual()),
                              orDash(tail.over())))
                  .toList());
        });
  }

  private static void worst(Html html, RunView view, List<WorstRow> worst) {
    if (worst.isEmpty()) {
      return;
    }
    List<String> heads = new ArrayList<>();
    boolean timed = worst.stream().allMatch(row -> row.time() != null);
    if (timed) {
      heads.add("Time");
    }
    heads.add("Truth");
    heads.add(view.isClassification() ? "Probability of the truth" : "Predicted");
    heads.addAll(worst.get(0).values().keySet());
    List<List<String>> rows = new ArrayList<>();
    for (WorstRow row : worst) {
      List<String> cells = new ArrayList<>();
      String time = row.time();
      if (timed && time != null) {
        cells.add(NumberText.time(time));
      }
      cells.add(row.label());
      cells.add(NumberText.plain(row.predicted()));
      cells.addAll(row.values().values());
      rows.add(cells);
    }
    html.folded(
        "The rows with the largest errors",
        () -> {
          html.add(
              "p",
              "Without personal columns, and without categories that fewer than ten rows have.",
              "class",
              "muted");
          html.grid("Rows with the largest errors, the worst first", heads, rows);
        });
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "–" : text;
  }
}
