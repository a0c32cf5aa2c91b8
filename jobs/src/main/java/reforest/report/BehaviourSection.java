package reforest.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunRecord.Behaviour;
import reforest.registry.RunRecord.BehaviourFailure;

/** What the model must do whatever its figures are, and where it does not. */
final class BehaviourSection {

  private static final String COLUMNS = "5";

  private static final List<String> HEADS = List.of("Case", "Kind", "Level", "Failures", "Status");

  private BehaviourSection() {}

  static void write(Html html, RunView view) {
    List<Behaviour> cases = new ArrayList<>(view.run().behaviour());
    if (cases.isEmpty()) {
      html.add("p", "No case is declared: behaviour and behaviour-file say what must hold.");
      return;
    }
    long failed = cases.stream().filter(it -> !it.holds()).count();
    long predictions = cases.stream().mapToLong(Behaviour::predictions).sum();
    html.add(
        "p",
        NumberText.count(cases.size() - failed)
            + " of "
            + NumberText.count(cases.size(), "case")
            + " held, in "
            + NumberText.count(predictions, "prediction")
            + " of the bundle. One that blocks and fails keeps the champion, whatever the gains.",
        "class",
        "muted");
    cases.sort(
        Comparator.comparing(Behaviour::holds)
            .thenComparing(it -> !it.blocks())
            .thenComparing(Behaviour::level));
    html.table(
        "Cases, failed ones first",
        () -> {
          html.heads(HEADS);
          html.rows(cases, HEADS.size(), one -> row(html, one));
        });
  }

  private static void row(Html html, Behaviour one) {
    html.in(
        "tr",
        () -> {
          html.in(
              "th",
              () -> {
                html.text(one.name());
                if (one.reference() != null) {
                  html.add("small", one.reference());
                }
              },
              "scope",
              "row");
          html.cell(one.kind());
          html.number(NumberText.count(one.level()));
          html.number(
              NumberText.count(one.failures()) + " of " + NumberText.count(one.predictions()));
          html.in(
              "td",
              () -> {
                html.add(
                    "strong",
                    one.holds() ? "held" : "failed",
                    "class",
                    one.holds() ? "good" : one.blocks() ? "bad" : "open");
                html.text(one.blocks() && !one.holds() ? ", blocks" : "");
              });
        },
        "class",
        one.shown().isEmpty() ? "rule" : "rule explained");
    for (BehaviourFailure failure : one.shown()) {
      html.in(
          "tr",
          () -> html.in("td", () -> failure(html, failure), "colspan", COLUMNS),
          "class",
          "explanation muted");
    }
  }

  private static void failure(Html html, BehaviourFailure failure) {
    html.in(
        "span",
        () -> {
          html.text("Row ");
          html.add("code", String.join(", ", failure.row()));
          if (failure.change() != null) {
            html.text(" with ");
            html.add("code", failure.change());
          }
          html.text(": expected " + failure.expected() + "; got ");
          html.add("strong", failure.got());
          html.text(".");
          if (!failure.outside().isEmpty()) {
            html.text(" Unlike the training: " + String.join(" ", failure.outside()));
          }
        });
  }
}
