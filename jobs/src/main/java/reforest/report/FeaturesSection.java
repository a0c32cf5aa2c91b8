package reforest.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reforest.page.Html;
import reforest.page.LineChart;
import reforest.page.NumberText;
import reforest.page.RowChart;
import reforest.page.XyChart;
import reforest.registry.ExplainedRecord;
import reforest.registry.ExplainedRecord.Carrying;
import reforest.registry.ExplainedRecord.Dependence;
import reforest.registry.ExplainedRecord.Figure;
import reforest.registry.ExplainedRecord.Importance;
import reforest.registry.ExplainedRecord.Pair;
import reforest.registry.ExplainedRecord.Point;

/** What each feature is worth, how predictions follow it, and whether one carries all. */
final class FeaturesSection {

  private FeaturesSection() {}

  static void write(Html html, RunView view) {
    ExplainedRecord explained = view.run().explained();
    if (explained == null) {
      return;
    }
    shortcuts(html, view, explained);
    doubts(html, explained);
    importances(html, view, explained);
    List<Dependence> dependences = explained.dependences();
    html.in(
        "div",
        () -> dependences.forEach(dependence -> dependence(html, view, dependence)),
        "class",
        "charts");
    // One is enough to see whether clusters differ; each takes as much room as all the others.
    dependences.stream().limit(1).forEach(dependence -> clusters(html, view, dependence));
    pairs(html, explained.pairs());
  }

  private static void shortcuts(Html html, RunView view, ExplainedRecord explained) {
    List<Carrying> shortcuts = explained.shortcuts();
    for (Carrying shortcut : shortcuts) {
      if (shortcut.carries()) {
        warning(
            html,
            "One feature carries the model. ",
            "Without %s its %s is %s in place of %s: %s of what it gains over one constant is gone."
                    .formatted(
                        shortcut.feature(),
                        RunView.title(explained.loss()),
                        NumberText.plain(shortcut.without().value()),
                        NumberText.plain(shortcut.loss().value()),
                        percent(shortcut.share().value()))
                + " Ask whether it will be as telling tomorrow, and whether it is known when the"
                + " model predicts.");
      }
    }
    if (shortcuts.isEmpty()) {
      return;
    }
    html.folded(
        "What the model is without its strongest features",
        () -> {
          for (Carrying shortcut : shortcuts) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("all rows", words(shortcut.loss()), words(shortcut.without())));
            shortcut
                .slices()
                .forEach(
                    it -> rows.add(List.of(it.slice(), words(it.loss()), words(it.without()))));
            html.grid(
                "Without "
                    + shortcut.feature()
                    + ": "
                    + percent(shortcut.share().value())
                    + " of the gain over one constant",
                List.of(
                    "Rows", view.titleAndUnit(explained.loss()), "Without " + shortcut.feature()),
                rows);
          }
        });
  }

  /** What makes the figures better than they will be. */
  private static void doubts(Html html, ExplainedRecord explained) {
    ExplainedRecord.Repeated repeated = explained.repeated();
    if (repeated != null && repeated.notable()) {
      warning(
          html,
          "Rows that the model remembers. ",
          "%s of the window's rows stand in the training rows too, with the same features and label;"
                  .formatted(NumberText.share(tenths(repeated.repeated())))
              + " among the training rows %s do. Look for rows that are ingested twice."
                  .formatted(NumberText.share(tenths(repeated.usual()))));
    }
    explained
        .late()
        .forEach(
            late ->
                warning(
                    html,
                    "A feature that comes too late. ",
                    late.column()
                        + " is missing in %s of the rows from %s on and in %s of those before: it is"
                            .formatted(
                                NumberText.share(tenths(late.newest())),
                                NumberText.time(late.since()),
                                NumberText.share(tenths(late.older())))
                        + " known only later than a model predicts, or has stopped coming."));
  }

  private static double tenths(double share) {
    return Math.rint(share * 1000) / 1000;
  }

  private static void warning(Html html, String strong, String text) {
    html.in(
        "p",
        () -> {
          html.add("strong", strong, "class", "bad");
          html.text(text);
        });
  }

  private static String percent(@Nullable Double share) {
    return share == null ? NumberText.UNDEFINED : NumberText.fixed(100 * share, 0) + " %";
  }

  private static String words(Figure figure) {
    return NumberText.withInterval(figure.value(), figure.lower(), figure.upper());
  }

  private static String unit(RunView view) {
    return view.labelUnit().map(it -> " (" + it + ")").orElse("");
  }

  private static void importances(Html html, RunView view, ExplainedRecord explained) {
    RowChart worth =
        RowChart.bars(
            "What each feature is worth",
            "How much the error grows when a feature's values are shuffled among the rows, with the"
                + " 95 % interval. Features that tell the same share their worth.",
            "Feature",
            "Rise of the " + view.titleAndUnit(explained.loss()));
    for (Importance importance : explained.importances()) {
      worth.row(
          importance.feature(),
          importance.rise().value(),
          importance.rise().lower(),
          importance.rise().upper());
    }
    worth.write(html);
    if (explained.features() > explained.importances().size()) {
      html.add(
          "p",
          "The %s of %s that matter most."
              .formatted(
                  NumberText.count(explained.importances().size()),
                  NumberText.count(explained.features(), "feature")),
          "class",
          "muted");
    }
  }

  private static void dependence(Html html, RunView view, Dependence dependence) {
    String result = result(view, dependence);
    String title = "How the prediction follows " + dependence.feature();
    String reading =
        "The mean prediction if all rows had this value, all else as it is, with its 95 %"
            + " interval.";
    List<Point> points = dependence.points();
    boolean numbers = points.size() > 1 && points.stream().allMatch(it -> it.number() != null);
    boolean champion = points.stream().anyMatch(it -> it.champion() != null);
    if (numbers) {
      XyChart chart = new XyChart(title, reading, dependence.feature(), result);
      chart.curve("Challenger", points.stream().map(FeaturesSection::mean).toList());
      if (champion) {
        chart.curve(
            "Champion",
            points.stream().map(it -> XyChart.Point.of(x(it), or(it.champion()))).toList());
      }
      chart.write(html);
    } else {
      LineChart chart = new LineChart(title, reading, dependence.feature(), result);
      chart.dots(
          "Challenger",
          points.stream().map(it -> ErrorsSection.point(it.text(), it.mean())).toList());
      if (champion) {
        chart.dots(
            "Champion",
            points.stream()
                .map(it -> new LineChart.Point(it.text(), it.champion(), null, null))
                .toList());
      }
      chart.write(html);
    }
  }

  private static void clusters(Html html, RunView view, Dependence dependence) {
    List<Point> points = dependence.points();
    int clusters = points.isEmpty() ? 0 : points.get(0).clusters().size();
    if (clusters < 2) {
      return;
    }
    String title = "How the prediction follows " + dependence.feature() + " in single clusters";
    String reading = "Lines that run apart say that other features change what this one does.";
    LineChart names = new LineChart(title, reading, dependence.feature(), result(view, dependence));
    XyChart numbers = new XyChart(title, reading, dependence.feature(), result(view, dependence));
    for (int cluster = 0; cluster < clusters; cluster++) {
      final int at = cluster;
      String name = "Cluster " + (cluster + 1);
      names.line(
          name,
          points.stream()
              .map(it -> new LineChart.Point(it.text(), it.clusters().get(at), null, null))
              .toList());
      numbers.curve(
          name,
          points.stream().map(it -> XyChart.Point.of(x(it), or(it.clusters().get(at)))).toList());
    }
    html.folded(
        title,
        () -> {
          if (points.stream().allMatch(it -> it.number() != null)) {
            numbers.write(html);
          } else {
            names.write(html);
          }
        });
  }

  private static String result(RunView view, Dependence dependence) {
    return dependence.result() == null
        ? "Prediction" + unit(view)
        : "Probability of " + dependence.result();
  }

  private static XyChart.Point mean(Point point) {
    Figure mean = point.mean();
    return XyChart.Point.of(x(point), or(mean.value()), mean.lower(), mean.upper());
  }

  private static double x(Point point) {
    return or(point.number());
  }

  private static double or(@Nullable Double value) {
    return value == null ? Double.NaN : value;
  }

  private static void pairs(Html html, List<Pair> pairs) {
    if (pairs.isEmpty()) {
      return;
    }
    RowChart chart =
        RowChart.bars(
            "Features that work together",
            "Share of what two features tell together that neither tells alone (Friedman's H²); near"
                + " 0 each works for itself.",
            "Pair",
            "Share, 0 to 1");
    pairs.forEach(
        pair ->
            chart.row(
                pair.one() + " and " + pair.other(),
                pair.strength().value(),
                pair.strength().lower(),
                pair.strength().upper()));
    html.folded("Features that work together", () -> chart.write(html));
  }
}
