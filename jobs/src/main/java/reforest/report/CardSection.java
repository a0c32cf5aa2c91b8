package reforest.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import reforest.gate.Rule;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunRecord;

/**
 * What a model's card says of it (Mitchell and others 2019): what for, by whom, not for what,
 * tested on whom.
 */
final class CardSection {

  static final String GOAL = "goal";

  private static final List<String> FIRST =
      List.of(GOAL, "decision", "owner", "users", "limits", "sources", "licence");

  private CardSection() {}

  static void write(Html html, RunView view) {
    RunRecord run = view.run();
    Map<String, String> about = new LinkedHashMap<>();
    for (String key : FIRST) {
      String text = run.about().get(key);
      if (text != null) {
        about.put(key, text);
      }
    }
    new TreeMap<>(run.about()).forEach(about::putIfAbsent);
    if (about.isEmpty()) {
      html.add(
          "p",
          "Its configuration says nothing about it. 'about' in the model's file is the place for its"
              + " goal, its owner, the decision that hangs on it, and its limits.");
    }
    html.in(
        "dl",
        () -> {
          html.fitting(List.copyOf(about.entrySet()))
              .forEach(it -> VerdictSection.fact(html, title(it.getKey()), it.getValue()));
          VerdictSection.fact(html, "What it predicts", predicts(view));
          VerdictSection.fact(html, "What it is", kind(run));
          VerdictSection.fact(html, "Tested on", tested(view));
          VerdictSection.fact(html, "Trained on", trained(view));
          VerdictSection.fact(html, "Not tested on", untested(view));
        },
        "class",
        "facts");
  }

  private static String title(String key) {
    return key.isEmpty() ? key : key.substring(0, 1).toUpperCase(Locale.ROOT) + key.substring(1);
  }

  private static String predicts(RunView view) {
    String label = view.setting("data.label").orElse("the label");
    return label
        + view.columnUnit(label).map(unit -> ", in " + unit).orElse("")
        + ", as "
        + view.run().task();
  }

  private static String kind(RunRecord run) {
    if (run.winner() < 0 || run.winner() >= run.candidates().size()) {
      return "a bundle that an earlier run has trained";
    }
    RunRecord.Candidate winner = run.candidates().get(run.winner());
    return winner.family() + ": " + SearchSection.settings(winner);
  }

  private static String tested(RunView view) {
    RunRecord.Window window = view.run().window();
    return new RunWords(view.run()).window()
        + ": "
        + NumberText.count(window.rows(), "row")
        + " in "
        + view.clusters(window.clusters())
        + ", "
        + NumberText.count(view.slices().size(), "declared slice");
  }

  private static String trained(RunView view) {
    long rows = view.run().window().trainRows();
    return rows > 0
        ? NumberText.count(rows, "row")
            + " of version "
            + view.run().data().version()
            + " of its table"
        : "not by this run";
  }

  /** Slices that the window had too few rows of are not vouched for. */
  private static String untested(RunView view) {
    List<String> thin =
        view.checks(Rule.Kind.SLICE).stream()
            .filter(check -> !check.powered() || check.gain() == null)
            .map(RunRecord.Check::slice)
            .distinct()
            .toList();
    return thin.isEmpty()
        ? "whatever the slices and the window do not hold"
        : "too few rows to judge: " + String.join("; ", thin);
  }
}
