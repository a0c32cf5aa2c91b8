package reforest.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reforest.evaluate.NamedSlice;
import reforest.evaluate.Role;
import reforest.page.Html;
import reforest.page.LineChart;
import reforest.page.NumberText;
import reforest.page.XyChart;
import reforest.registry.RunRecord;
import reforest.registry.RunRecord.Candidate;
import reforest.registry.RunRecord.Metric;

/** What was searched, and which candidate won. */
final class SearchSection {

  /** How many candidates stand in sight. */
  private static final int MOST = 12;

  /** Half the width of a 95 % interval in standard errors; with few folds it is a rough one. */
  private static final double NORMAL_95 = 1.96;

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
    html.in(
        "div",
        () -> {
          cost(html, view, metric);
          folds(html, view, metric);
        },
        "class",
        "charts");
    List<Integer> best = best(view, metric);
    List<Integer> rest =
        IntStream.range(0, run.candidates().size()).boxed().filter(i -> !best.contains(i)).toList();
    String caption =
        "Candidates" + metric.map(m -> ", scored by " + view.titleAndUnit(m)).orElse("");
    table(html, run, caption, best);
    if (!rest.isEmpty()) {
      html.folded(
          NumberText.count(rest.size(), "other candidate"),
          () -> table(html, run, "The other candidates", rest));
    }
  }

  /** The places of all where they are few; else of the best ones, among them the winner. */
  private static List<Integer> best(RunView view, Optional<String> metric) {
    List<Candidate> all = view.run().candidates();
    Comparator<Double> order =
        isHigherBetter(metric) ? Comparator.<Double>reverseOrder() : Comparator.naturalOrder();
    return IntStream.range(0, all.size())
        .boxed()
        .sorted(
            Comparator.comparing((Integer i) -> i != view.run().winner())
                .thenComparing(i -> all.get(i).mean(), Comparator.nullsLast(order)))
        .limit(MOST)
        .sorted()
        .toList();
  }

  private static boolean isHigherBetter(Optional<String> metric) {
    return metric
        .flatMap(reforest.config.Metric::of)
        .filter(m -> m.direction() == reforest.config.Metric.Direction.HIGHER)
        .isPresent();
  }

  /** What a better score costs: a front of candidates that nothing beats in both. */
  private static void cost(Html html, RunView view, Optional<String> metric) {
    List<Candidate> all = view.run().candidates().stream().filter(c -> c.mean() != null).toList();
    if (all.size() < 2) {
      return;
    }
    boolean visits = all.stream().allMatch(c -> c.visits() != null);
    String name = metric.map(view::titleAndUnit).orElse("score");
    List<XyChart.Point> points = all.stream().map(c -> point(c, visits)).toList();
    XyChart chart =
        new XyChart(
            "Cost against quality",
            "Each dot is a candidate. Those on the dotted steps are the front: none is both cheaper and"
                + " better. "
                + (isHigherBetter(metric) ? "Higher" : "Lower")
                + " is better, further left is cheaper.",
            visits ? "splits that a row passes" : "seconds of training",
            "mean " + name + " of the folds");
    chart.points("candidates", points);
    int winner = view.run().winner();
    chart.points(
        "winner",
        winner < 0 || winner >= view.run().candidates().size()
            ? List.of()
            : List.of(point(view.run().candidates().get(winner), visits)));
    chart.front("front", points, isHigherBetter(metric)).write(html);
  }

  private static XyChart.Point point(Candidate c, boolean visits) {
    Double cost = visits ? c.visits() : c.seconds();
    return XyChart.Point.of(
        cost == null ? Double.NaN : cost,
        c.mean() == null ? Double.NaN : c.mean(),
        c.family() + ": " + settings(c));
  }

  /** Tuned models disappoint: what the folds promised beside what the window showed. */
  private static void folds(Html html, RunView view, Optional<String> metric) {
    RunRecord run = view.run();
    Optional<Metric> test =
        metric.flatMap(m -> view.figure(Role.CHALLENGER.key(), NamedSlice.OVERALL, m));
    if (run.winner() < 0 || run.winner() >= run.candidates().size() || test.isEmpty()) {
      return;
    }
    Candidate winner = run.candidates().get(run.winner());
    String name = view.titleAndUnit(test.get().metric());
    List<LineChart.Point> points = new ArrayList<>();
    for (int i = 0; i < winner.scores().size(); i++) {
      points.add(new LineChart.Point("fold " + (i + 1), winner.scores().get(i), null, null));
    }
    Double mean = winner.mean();
    Double error = winner.error();
    points.add(
        mean == null || error == null
            ? new LineChart.Point("mean", mean, null, null)
            : new LineChart.Point(
                "mean", mean, mean - NORMAL_95 * error, mean + NORMAL_95 * error));
    points.add(
        new LineChart.Point("window", test.get().value(), test.get().lower(), test.get().upper()));
    new LineChart(
            "Cross-validation beside the test",
            "What the winner reached on each fold and on average, and at last on the window's rows. A"
                + " winner is chosen for its score, so the window is usually less kind; bands are 95 %"
                + " intervals.",
            "where",
            name)
        .dots("", points)
        .write(html);
  }

  private static void table(Html html, RunRecord run, String caption, List<Integer> candidates) {
    int folds = run.candidates().stream().mapToInt(c -> c.scores().size()).max().orElse(0);
    html.table(
        caption,
        () -> {
          List<String> heads = new ArrayList<>(List.of("Candidate", "Settings"));
          for (int fold = 1; fold <= folds; fold++) {
            heads.add("Fold\u00A0" + fold);
          }
          heads.addAll(List.of("Mean", "Behind the best", "Splits a row", "KB", "Seconds"));
          html.heads(heads);
          html.rows(
              candidates,
              heads.size(),
              i -> row(html, run.candidates().get(i), i == run.winner(), folds));
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
          html.longCell(settings(candidate));
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

  /** A candidate's settings, by name. */
  static String settings(Candidate candidate) {
    return new TreeMap<>(candidate.parameters())
        .entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
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
