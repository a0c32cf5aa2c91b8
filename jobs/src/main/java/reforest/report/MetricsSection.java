package reforest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.page.Html;
import reforest.page.IntervalBars;
import reforest.page.NumberText;
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
          html.in("tbody", () -> view.metrics().forEach(metric -> row(html, view, metric)));
        });
    view.run().confusion().forEach(table -> confusion(html, table));
  }

  private static void confusion(Html html, Confusion table) {
    html.table(
        title(table.role()) + ": rows by true class and by predicted class",
        () -> {
          List<String> heads = new ArrayList<>(List.of("True class"));
          table.classes().forEach(name -> heads.add("Predicted " + name));
          html.heads(heads);
          html.in(
              "tbody",
              () -> {
                for (int actual = 0; actual < table.counts().size(); actual++) {
                  String name = table.classes().get(actual);
                  List<Long> counts = table.counts().get(actual);
                  html.row(
                      () -> {
                        html.name(name);
                        counts.forEach(count -> html.number(NumberText.count(count)));
                      });
                }
              });
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

  static void slices(Html html, RunView view) {
    List<String> slices = view.slices();
    Optional<String> primary = view.primary();
    if (slices.isEmpty() || primary.isEmpty()) {
      html.add("p", "No slice was measured.");
      return;
    }
    List<String> all = new ArrayList<>(List.of(NamedSlice.OVERALL));
    all.addAll(slices);
    primarySlices(html, view, primary.get(), all);
    List<String> others =
        view.metrics().stream().filter(metric -> !metric.equals(primary.get())).toList();
    if (!others.isEmpty()) {
      html.in(
          "details",
          () -> {
            html.add("summary", "The other metrics by slice");
            others.forEach(metric -> table(html, view, metric, all, Optional.empty()));
          });
    }
  }

  private static void primarySlices(Html html, RunView view, String primary, List<String> slices) {
    Optional<IntervalBars> bars =
        IntervalBars.of(
            slices.stream()
                .flatMap(slice -> view.primaryCheck(slice).stream())
                .map(MetricsSection::bar)
                .toList());
    html.add(
        "p",
        "Values with their two-sided 95 % intervals. A gain's bar spans the gate's one-sided"
            + " bounds, its dot is the gain, the thin line is no gain at all, and the dashed mark is"
            + " what the whole bar must lie to the right of.",
        "class",
        "muted");
    table(html, view, primary, slices, bars);
  }

  private static void table(
      Html html, RunView view, String metric, List<String> slices, Optional<IntervalBars> bars) {
    String direction = RunView.direction(metric);
    html.table(
        view.titleAndUnit(metric) + " by slice" + (direction.isEmpty() ? "" : ", " + direction),
        () -> {
          List<String> heads = new ArrayList<>(List.of("Slice"));
          bars.ifPresent(b -> heads.addAll(List.of("Gain of the challenger", "Status")));
          view.roles().forEach(role -> heads.add(title(role)));
          heads.addAll(List.of("Rows", "Groups"));
          html.heads(heads);
          html.in(
              "tbody",
              () -> {
                for (String slice : slices) {
                  html.row(
                      () -> {
                        html.name(slice);
                        bars.ifPresent(b -> gain(html, view, slice, b));
                        view.roles().forEach(role -> figure(html, view, role, slice, metric));
                        counts(html, view, slice, metric);
                      });
                }
              });
          bars.ifPresent(
              b ->
                  html.in(
                      "tfoot",
                      () ->
                          html.row(
                              () -> {
                                html.cell("");
                                html.in("td", () -> b.axis(html));
                                String rest = String.valueOf(3 + view.roles().size());
                                html.add("td", "", "colspan", rest);
                              })));
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

  private static void gain(Html html, RunView view, String slice, IntervalBars bars) {
    Optional<Check> check = view.primaryCheck(slice);
    if (check.isEmpty()) {
      html.cell("not judged");
      html.cell("");
      return;
    }
    html.in("td", () -> bars.bar(html, bar(check.get())));
    GateSection.status(html, check.get());
  }

  private static IntervalBars.Bar bar(Check check) {
    return new IntervalBars.Bar(
        check.gain(),
        check.lower(),
        check.upper(),
        check.required(),
        "gain",
        "required more than",
        check.reference().equals(Role.CHAMPION.key()) ? "" : ", against the " + check.reference(),
        check.sentence());
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
