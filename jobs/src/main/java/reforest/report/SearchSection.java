package reforest.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunRecord;
import reforest.registry.RunRecord.Candidate;
import reforest.registry.RunRecord.Metric;

/** What was searched, and which candidate won. */
final class SearchSection {

  private SearchSection() {}

  static void write(Html html, RunView view) {
    RunRecord run = view.run();
    if (run.candidates().isEmpty()) {
      html.add("p", "Nothing was trained in this run.");
      return;
    }
    Optional<String> metric = view.setting("train.metric").or(view::primary);
    html.in(
        "p",
        () -> {
          html.text(
              "Blocked cross-validation only ranks the candidates: no forecast error is claimed"
                  + " from it. ");
          metric
              .flatMap(m -> view.figure(Role.CHALLENGER.key(), NamedSlice.OVERALL, m))
              .ifPresent(test -> html.text(besides(view, test)));
          if (run.search() != null) {
            html.text(" The winner is " + run.search().choice() + ".");
            run.search().remarks().forEach(remark -> html.text(" " + remark));
          }
        });
    int folds = run.candidates().stream().mapToInt(c -> c.scores().size()).max().orElse(0);
    html.table(
        "Candidates" + metric.map(m -> ", scored by " + view.titleAndUnit(m)).orElse(""),
        () -> {
          List<String> heads = new ArrayList<>(List.of("Candidate", "Settings"));
          for (int fold = 1; fold <= folds; fold++) {
            heads.add("Fold\u00A0" + fold);
          }
          heads.addAll(
              List.of(
                  "Mean", "Behind\u00A0the\u00A0best", "Splits\u00A0a\u00A0row", "KB", "Seconds"));
          html.heads(heads);
          html.in(
              "tbody",
              () -> {
                for (int i = 0; i < run.candidates().size(); i++) {
                  row(html, run.candidates().get(i), i == run.winner(), folds);
                }
              });
        });
  }

  private static String besides(RunView view, Metric test) {
    String unit = view.unit(test.metric()).map(u -> " " + u).orElse("");
    int decimals = NumberText.decimals(test.lower(), test.upper());
    return "On the window, whose rows no candidate saw, the winner has %s %s%s."
        .formatted(
            RunView.title(test.metric()),
            NumberText.fixed(test.value(), decimals),
            test.value() == null ? "" : unit);
  }

  private static void row(Html html, Candidate candidate, boolean winner, int folds) {
    html.in(
        "tr",
        () -> {
          html.in(
              "th",
              () -> {
                html.text(candidate.family());
                if (winner) {
                  html.add("small", "winner");
                }
                if (candidate.excluded() != null) {
                  html.add("small", "excluded: " + candidate.excluded());
                }
              },
              "scope",
              "row");
          html.longCell(
              new TreeMap<>(candidate.parameters())
                  .entrySet().stream()
                      .map(e -> e.getKey() + " " + e.getValue())
                      .collect(Collectors.joining(", ")));
          for (int fold = 0; fold < folds; fold++) {
            html.number(
                fold < candidate.scores().size()
                    ? NumberText.plain(candidate.scores().get(fold))
                    : "not run");
          }
          html.number(withError(candidate.mean(), candidate.error()));
          html.number(withError(candidate.behind(), candidate.behindError()));
          html.number(orNotRecorded(candidate.visits(), 1));
          html.number(orNotRecorded(kilobytes(candidate.bytes()), 0));
          html.number(orNotRecorded(candidate.seconds(), 2));
        },
        "class",
        winner ? "winner" : "candidate");
  }

  /** A mean over the folds with its standard error: {@code 63.45 ± 3.44}. */
  private static String withError(@Nullable Double value, @Nullable Double error) {
    return value == null || error == null
        ? NumberText.plain(value)
        : NumberText.plain(value) + "\u00A0\u00B1\u00A0" + NumberText.plain(error);
  }

  private static String orNotRecorded(@Nullable Double value, int decimals) {
    return value == null ? "not recorded" : NumberText.fixed(value, decimals);
  }

  private static @Nullable Double kilobytes(@Nullable Double bytes) {
    return bytes == null ? null : (Double) (bytes / 1000);
  }
}
