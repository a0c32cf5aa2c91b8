package reforest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.gate.Rule;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.page.RowChart;
import reforest.registry.RunRecord.Check;
import reforest.registry.RunRecord.Confusion;
import reforest.registry.RunRecord.Metric;

/** What was measured of everybody, over all rows and slice by slice. */
final class MetricsSection {

  private MetricsSection() {}

  static void overall(Html html, RunView view) {
    if (view.run().metrics().isEmpty()) {
      html.add("p", "Nothing was measured.");
      return;
    }
    gains(html, view);
    html.add(
        "p",
        "Each value with its two-sided 95 % interval, on the rows of the window.",
        "class",
        "muted");
    html.table(
        NumberText.count(view.run().window().rows(), "row")
            + " in "
            + NumberText.count(view.run().window().clusters(), "cluster"),
        () -> {
          List<String> heads = new ArrayList<>(List.of("Metric"));
          view.roles().forEach(role -> heads.add(title(role)));
          html.heads(heads);
          html.rows(view.metrics(), heads.size(), metric -> row(html, view, metric));
        });
    view.run().confusion().forEach(table -> confusion(html, table));
  }

  private static void confusion(Html html, Confusion table) {
    html.table(
        title(table.role()) + ": rows by true class and by predicted class",
        () -> {
          List<String> heads = new ArrayList<>(List.of("True class"));
          html.fitting(table.classes()).forEach(name -> heads.add("Predicted " + name));
          html.heads(heads);
          List<Integer> classes = IntStream.range(0, table.counts().size()).boxed().toList();
          html.rows(
              classes,
              heads.size(),
              actual ->
                  html.row(
                      () -> {
                        html.name(table.classes().get(actual));
                        html.fitting(table.counts().get(actual))
                            .forEach(count -> html.number(NumberText.count(count)));
                      }));
        });
  }

  private static void row(Html html, RunView view, String metric) {
    html.row(
        () -> {
          html.in(
              "th",
              () -> {
                html.text(view.titleAndUnit(metric));
                html.add("small", RunView.direction(metric));
              },
              "scope",
              "row");
          view.roles().forEach(role -> figure(html, view, role, NamedSlice.OVERALL, metric));
        });
  }

  /** What everybody reached, slice by slice. */
  static void bySlice(Html html, RunView view, String metric, List<String> slices) {
    String direction = RunView.direction(metric);
    html.table(
        view.titleAndUnit(metric) + " by slice" + (direction.isEmpty() ? "" : ", " + direction),
        () -> {
          List<String> heads = new ArrayList<>(List.of("Slice"));
          view.roles().forEach(role -> heads.add(title(role)));
          heads.addAll(List.of("Rows", "Groups"));
          html.heads(heads);
          html.rows(
              slices,
              heads.size(),
              slice ->
                  html.row(
                      () -> {
                        html.name(slice);
                        view.roles().forEach(role -> figure(html, view, role, slice, metric));
                        counts(html, view, slice, metric);
                      }));
        });
  }

  private static void counts(Html html, RunView view, String slice, String metric) {
    Optional<Metric> any =
        view.roles().stream()
            .flatMap(role -> view.figure(role, slice, metric).stream())
            .findFirst();
    html.number(any.map(m -> NumberText.count(m.rows())).orElse("–"));
    html.number(any.map(m -> NumberText.count(m.groups())).orElse("–"));
  }

  private static void figure(Html html, RunView view, String role, String slice, String metric) {
    Optional<Metric> found = view.figure(role, slice, metric);
    html.in(
        "td",
        () -> {
          if (found.isEmpty()) {
            html.add("small", "not measured");
            return;
          }
          Metric figure = found.get();
          int decimals = NumberText.decimals(figure.lower(), figure.upper());
          html.text(NumberText.fixed(figure.value(), decimals));
          if (figure.value() != null && figure.lower() != null && figure.upper() != null) {
            html.add(
                "small",
                NumberText.fixed(figure.lower(), decimals)
                    + " to "
                    + NumberText.fixed(figure.upper(), decimals));
          } else {
            String reason = figure.undefined();
            String why = reason == null ? "no reason was recorded" : reason;
            html.add("small", figure.value() == null ? why : "interval undefined: " + why);
          }
        },
        "class",
        "n");
  }

  /** The paired gain over each of the others: both on the same rows, so what is common cancels. */
  private static void gains(Html html, RunView view) {
    Optional<String> primary = view.primary();
    List<Check> checks =
        view.run().gate().checks().stream()
            .filter(c -> c.slice().equals(NamedSlice.OVERALL))
            .filter(c -> primary.isPresent() && c.metric().equals(primary.get()))
            .filter(c -> !c.rule().equals(Rule.Kind.GUARDRAIL.key()))
            .toList();
    if (primary.isEmpty() || checks.isEmpty()) {
      return;
    }
    RowChart chart =
        RowChart.intervals(
            "Gain in " + RunView.title(primary.get()) + " over each of the others",
            "Row by row against the same rows, so that what is hard for everybody cancels out. Right of"
                + " the thin line the challenger is better; the bar spans the gate's bounds.",
            "Against",
            "Gain" + view.unit(primary.get()).map(unit -> " (" + unit + ")").orElse(""));
    for (Check check : checks) {
      RowChart.Row row = SlicesSection.row(title(check.reference()), check);
      chart.row(
          new RowChart.Row(
              row.name(),
              row.value(),
              row.lower(),
              row.upper(),
              row.mark(),
              GateSection.words(check) + (check.blocks() ? ", blocks" : ""),
              row.tone()));
    }
    chart.write(html);
  }

  static String title(String role) {
    return Role.of(role)
        .map(
            known ->
                switch (known) {
                  case CHALLENGER -> "Challenger";
                  case CHAMPION -> "Champion";
                  case ANCHOR -> "Anchor: best of the year";
                  case DUMMY -> "Dummy: one constant";
                  case RULE -> "Rule: the baseline";
                })
        .orElse(role);
  }
}
