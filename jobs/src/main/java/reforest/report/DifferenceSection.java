package reforest.report;

import java.util.ArrayList;
import java.util.List;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.page.RowChart;
import reforest.registry.ExplainedRecord;
import reforest.registry.ExplainedRecord.Change;
import reforest.registry.ExplainedRecord.ChangeOnSlice;
import reforest.registry.ExplainedRecord.Figure;
import reforest.registry.ExplainedRecord.Importance;
import reforest.registry.ExplainedRecord.Part;

/**
 * Why the challenger is better or worse than the champion: what moved the gain, and predictions.
 */
final class DifferenceSection {

  private DifferenceSection() {}

  static boolean applies(RunView view) {
    ExplainedRecord explained = view.run().explained();
    return explained != null && explained.difference() != null;
  }

  static void write(Html html, RunView view) {
    ExplainedRecord explained = view.run().explained();
    Change change = explained == null ? null : explained.difference();
    if (explained == null || change == null) {
      return;
    }
    gain(html, view, explained);
    if (change.undefined() != null) {
      html.add("p", "What moved the mean prediction is not told: " + change.undefined() + ".");
      return;
    }
    moved(html, view, change);
    slices(html, change);
  }

  private static void gain(Html html, RunView view, ExplainedRecord explained) {
    RowChart chart =
        RowChart.bars(
            "What the gain rests on",
            "How much of the gain over the champion is lost when a feature's values are shuffled for"
                + " both models; below 0 the champion makes more of it.",
            "Feature",
            "Part of the gain in " + view.titleAndUnit(explained.loss()));
    List<Importance> byGain = new ArrayList<>(explained.importances());
    byGain.sort((a, b) -> Double.compare(size(b.gain()), size(a.gain())));
    byGain.forEach(
        it -> chart.row(it.feature(), it.gain().value(), it.gain().lower(), it.gain().upper()));
    chart.write(html);
  }

  private static double size(Figure figure) {
    Double value = figure.value();
    return value == null ? -1 : Math.abs(value);
  }

  private static String unit(RunView view) {
    return view.labelUnit().map(it -> " (" + it + ")").orElse("");
  }

  private static String scale(Change change) {
    return switch (change.scale()) {
      case "probability" -> "probability of " + change.label();
      case "log-odds" -> "log-odds of " + change.label();
      default -> "prediction";
    };
  }

  private static void moved(Html html, RunView view, Change change) {
    Figure whole = change.change();
    html.add(
        "p",
        "From the champion's the mean %s changes by %s. The parts below add up to that exactly."
            .formatted(
                scale(change),
                NumberText.withInterval(whole.value(), whole.lower(), whole.upper())));
    RowChart chart =
        RowChart.bars(
            "What moved the mean prediction",
            "Shapley values of the challenger less those of the champion, on average over the rows;"
                + " the first is what both say without knowing a row.",
            "Feature",
            "Change of the " + scale(change) + unit(view));
    chart.row(
        "(mean over the training rows)",
        change.base().value(),
        change.base().lower(),
        change.base().upper());
    for (Part part : change.features()) {
      chart.row(
          part.feature(), part.change().value(), part.change().lower(), part.change().upper());
    }
    Double others = change.others();
    if (others != null && others != 0) {
      chart.row("(all other features)", others, null, null);
    }
    chart.write(html);
  }

  private static void slices(Html html, Change change) {
    if (change.slices().isEmpty()) {
      return;
    }
    List<List<String>> rows = new ArrayList<>();
    for (ChangeOnSlice slice : change.slices()) {
      List<String> parts = new ArrayList<>();
      slice
          .parts()
          .forEach(
              part ->
                  parts.add(
                      part.feature()
                          + " "
                          + NumberText.signed(
                              part.change().value(),
                              NumberText.decimals(part.change().lower(), part.change().upper()))));
      Figure of = slice.change();
      rows.add(
          List.of(
              slice.slice(),
              NumberText.count(slice.rows()),
              NumberText.withInterval(of.value(), of.lower(), of.upper()),
              String.join(", ", parts)));
    }
    html.folded(
        "What moved it on each slice",
        () ->
            html.grid(
                "Change of the mean prediction by slice",
                List.of("Slice", "Rows", "Change", "Its largest parts"),
                rows));
  }
}
