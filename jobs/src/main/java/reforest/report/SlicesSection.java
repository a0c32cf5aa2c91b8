package reforest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.page.Html;
import reforest.page.RowChart;
import reforest.registry.RunRecord.Check;

/** Whether the gain holds everywhere: slice by slice, as a forest plot. */
final class SlicesSection {

  private SlicesSection() {}

  static void write(Html html, RunView view) {
    List<String> slices = view.slices();
    Optional<String> primary = view.primary();
    if (slices.isEmpty() || primary.isEmpty()) {
      html.add("p", "No slice was measured.");
      return;
    }
    List<String> all = new ArrayList<>(List.of(NamedSlice.OVERALL));
    all.addAll(slices);
    if (all.stream().anyMatch(slice -> view.primaryCheck(slice).isPresent())) {
      forest(html, view, primary.get(), all);
    }
    html.folded(
        "What everybody reached, by slice",
        () -> view.metrics().forEach(metric -> MetricsSection.bySlice(html, view, metric, all)));
  }

  private static void forest(Html html, RunView view, String primary, List<String> slices) {
    RowChart chart =
        RowChart.intervals(
                "Gain in " + RunView.title(primary) + " by slice",
                "Right of the thin line the challenger is better. The bar spans the gate's one-sided"
                    + " bounds, the dot is the gain; the rule holds where the whole bar lies to the"
                    + " right of the dashed mark.",
                "Slice",
                "Gain" + view.unit(primary).map(unit -> " (" + unit + ")").orElse(""))
            .inSight(25);
    for (String slice : slices) {
      view.primaryCheck(slice).ifPresent(check -> chart.row(row(slice, check)));
    }
    chart.write(html);
  }

  static RowChart.Row row(String name, Check check) {
    String against =
        check.reference().equals(Role.CHAMPION.key()) ? "" : ", against the " + check.reference();
    return new RowChart.Row(
        name,
        check.gain(),
        check.lower(),
        check.upper(),
        check.required(),
        GateSection.words(check) + (check.blocks() ? ", blocks" : "") + against,
        GateSection.colour(check));
  }
}
