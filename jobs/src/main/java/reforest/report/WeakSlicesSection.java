package reforest.report;

import java.util.List;
import java.util.Locale;
import reforest.diagnose.WeakSlice.Kind;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunRecord.WeakSlice;

/**
 * Slices that nobody has declared: where the challenger is worse than elsewhere, or than before.
 */
final class WeakSlicesSection {

  private WeakSlicesSection() {}

  static void write(Html html, RunView view) {
    List<WeakSlice> slices = view.run().weakSlices();
    if (slices.isEmpty()) {
      html.add("p", "None was found, or nobody looked: gate.weak-slices says whether to.");
      return;
    }
    html.add(
        "p",
        "Slices were looked for in half of the clusters; all figures are of the other half, which"
            + " confirms them or not. On average at most a tenth of what is confirmed is chance.",
        "class",
        "muted");
    table(html, slices, Kind.HARMED, "Worse than the champion");
    table(html, slices, Kind.WEAK, "Worse than on other rows");
  }

  private static void table(Html html, List<WeakSlice> all, Kind kind, String title) {
    List<WeakSlice> slices = all.stream().filter(it -> it.kind().equals(kind.key())).toList();
    if (slices.isEmpty()) {
      return;
    }
    String figure = RunView.title(slices.get(0).loss());
    html.table(
        title,
        () -> {
          html.heads(
              List.of(
                  "Where",
                  "Rows",
                  figure + " of the challenger",
                  kind == Kind.HARMED ? "Of the champion" : "Elsewhere",
                  "p-value",
                  "Status"));
          html.rows(slices, 6, slice -> row(html, slice, kind));
        });
  }

  private static void row(Html html, WeakSlice slice, Kind kind) {
    Double other = kind == Kind.HARMED ? slice.champion() : slice.elsewhere();
    int decimals = NumberText.decimals(slice.challenger(), other, slice.challenger());
    html.in(
        "tr",
        () -> {
          html.name(String.join(" and ", slice.conditions()));
          html.number(
              NumberText.count(slice.rows())
                  + " ("
                  + NumberText.share(Math.rint(slice.share() * 1000) / 1000)
                  + ")");
          html.number(NumberText.fixed(slice.challenger(), decimals));
          html.number(NumberText.fixed(other, decimals));
          html.number(chance(slice.chance()));
          html.in(
              "td",
              () ->
                  html.add(
                      "strong",
                      slice.confirmed() ? "confirmed" : "not confirmed",
                      "class",
                      slice.confirmed() ? "bad" : "open"));
        },
        "class",
        slice.predicate() == null ? "rule" : "rule explained");
    String predicate = slice.predicate();
    if (predicate != null) {
      html.in(
          "tr",
          () ->
              html.in(
                  "td",
                  () -> {
                    html.text("To declare it: where = ");
                    html.add("code", predicate);
                  },
                  "colspan",
                  "6"),
          "class",
          "explanation muted");
    }
  }

  private static String chance(double chance) {
    return chance < 0.0001 ? "below 0.0001" : String.format(Locale.ROOT, "%.4f", chance);
  }
}
