package reforest.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import reforest.bundle.Promotion;
import reforest.page.Html;
import reforest.page.LineChart;
import reforest.page.NumberText;
import reforest.registry.RunRecord;

/** The page over all runs of some models: who is champion, since when, and was it worth it. */
public final class Index {

  private Index() {}

  /**
   * One model with all that happened to it.
   *
   * @param name its name
   * @param promotions in their order
   * @param runs the records of its runs, in any order
   */
  public record Model(String name, List<Promotion> promotions, List<RunRecord> runs) {
    public Model {
      promotions = List.copyOf(promotions);
      runs = runs.stream().sorted(Comparator.comparing(RunRecord::finishedAt)).toList();
    }

    private Optional<Promotion> champion() {
      return promotions.isEmpty()
          ? Optional.empty()
          : Optional.of(promotions.get(promotions.size() - 1));
    }
  }

  /**
   * One page as {@link Report#html}, which differs only by its links to the runs' own reports.
   *
   * @param title what it is about
   * @param models in their order
   * @param link where a report lies, seen from the page, by what a record or promotion says of it
   */
  public static String html(String title, List<Model> models, UnaryOperator<String> link) {
    return Html.within(Report.MOST_BYTES, html -> page(html, title, models, link));
  }

  private static void page(
      Html html, String title, List<Model> models, UnaryOperator<String> link) {
    html.in(
        "html",
        () -> {
          html.in("head", () -> html.page(title, Report.style()));
          html.in(
              "body",
              () -> {
                html.in(
                    "header",
                    () -> {
                      html.add("h1", title);
                      html.add(
                          "p",
                          NumberText.count(models.size(), "model")
                              + ", "
                              + NumberText.count(
                                  models.stream().mapToLong(m -> m.runs().size()).sum(), "run")
                              + ". 'reforest report' writes this page anew.",
                          "class",
                          "muted");
                    });
                html.in(
                    "nav",
                    () ->
                        html.fitting(models).forEach(m -> html.link(m.name(), "#" + id(models, m))),
                    "aria-label",
                    "Models");
                html.in(
                    "main",
                    () -> html.fitting(models).forEach(m -> section(html, id(models, m), m, link)));
              });
        },
        "lang",
        "en");
  }

  private static String id(List<Model> models, Model model) {
    return "m" + models.indexOf(model);
  }

  private static void section(Html html, String id, Model model, UnaryOperator<String> link) {
    html.in(
        "section",
        () -> {
          html.add("h2", model.name(), "id", id);
          model.runs().stream()
              .reduce((a, b) -> b)
              .map(run -> run.about().get(CardSection.GOAL))
              .ifPresent(goal -> html.add("p", goal));
          champion(html, model);
          history(html, model);
          Promises.write(html, model);
          runs(html, model, link);
          promotions(html, model, link);
        },
        "aria-labelledby",
        id);
  }

  private static void champion(Html html, Model model) {
    Optional<Promotion> champion = model.champion();
    html.in(
        "p",
        () -> {
          if (champion.isEmpty()) {
            html.add("strong", "No champion yet.");
            html.text(" Services have nothing to take.");
            return;
          }
          Promotion it = champion.get();
          html.add("strong", "Champion since " + NumberText.time(it.at().toString()) + ".");
          html.text(" Promotion " + it.sequence() + ", bundle ");
          html.add("code", it.bundle().substring(0, Math.min(12, it.bundle().length())));
          html.text(": " + it.reason());
        },
        "class",
        champion.isEmpty() ? "verdict open" : "verdict good");
  }

  /** The primary metric of challenger and champion, run by run. */
  private static void history(Html html, Model model) {
    // Figures of different metrics have no common axis.
    Optional<String> newest =
        model.runs().stream()
            .filter(run -> !run.metrics().isEmpty())
            .flatMap(run -> new RunView(run).primary().stream())
            .reduce((earlier, later) -> later);
    List<LineChart.Point> challengers = new ArrayList<>();
    List<LineChart.Point> champions = new ArrayList<>();
    String name = "";
    for (RunRecord run : model.runs()) {
      RunView view = new RunView(run);
      Optional<String> metric = view.primary();
      if (metric.isEmpty() || !metric.equals(newest) || run.metrics().isEmpty()) {
        continue;
      }
      name = view.titleAndUnit(metric.get());
      String at = when(run, challengers);
      Promises.figure(view, "challenger", metric.get())
          .ifPresent(m -> challengers.add(point(at, m)));
      Promises.figure(view, "champion", metric.get()).ifPresent(m -> champions.add(point(at, m)));
    }
    if (challengers.size() < 2) {
      return;
    }
    new LineChart(
            name + " of " + model.name() + ", run by run",
            "Each run measures the new model and the one in production on the same rows. The band is the"
                + " 95 % interval; the rows differ from run to run, so compare the lines, not the weeks.",
            "end of the run's window",
            name)
        .line("Challenger", challengers)
        .line("Champion", champions)
        .write(html);
  }

  /** The end of the window, told apart where several runs share it. */
  private static String when(RunRecord run, List<LineChart.Point> taken) {
    String end = run.window().end();
    String at = RunWords.time(end == null ? run.finishedAt() : end);
    String name = at;
    for (int i = 2; isTaken(taken, name); i++) {
      name = at + " #" + i;
    }
    return name;
  }

  private static boolean isTaken(List<LineChart.Point> taken, String name) {
    return taken.stream().anyMatch(p -> p.at().equals(name));
  }

  private static LineChart.Point point(String at, RunRecord.Metric metric) {
    return new LineChart.Point(at, metric.value(), metric.lower(), metric.upper());
  }

  private static void runs(Html html, Model model, UnaryOperator<String> link) {
    if (model.runs().isEmpty()) {
      html.add("p", "No run has reached a verdict yet.");
      return;
    }
    List<RunRecord> newest = new ArrayList<>(model.runs());
    Collections.reverse(newest);
    html.table(
        "Runs of " + model.name() + ", the newest first",
        () -> {
          html.heads(List.of("When", "Verdict", "Gain", "Window", "Kind", "Report"));
          html.rows(
              newest,
              6,
              run -> {
                RunWords words = new RunWords(run);
                html.row(
                    () -> {
                      html.name(RunWords.time(run.finishedAt()));
                      html.in(
                          "td",
                          () ->
                              html.add(
                                  "strong", run.verdict(), "class", VerdictSection.colour(run)));
                      html.number(words.gain());
                      html.cell(words.window());
                      html.cell(words.kind());
                      html.in(
                          "td",
                          () ->
                              html.link(
                                  "report of " + shortly(run.run()), link.apply(run.report())));
                    });
              });
        });
  }

  private static void promotions(Html html, Model model, UnaryOperator<String> link) {
    if (model.promotions().isEmpty()) {
      return;
    }
    List<Promotion> newest = new ArrayList<>(model.promotions());
    Collections.reverse(newest);
    html.folded(
        NumberText.count(newest.size(), "promotion"),
        () ->
            html.table(
                "Promotions of " + model.name() + ", the newest first",
                () -> {
                  html.heads(List.of("Number", "When", "What", "Bundle", "Why", "Report"));
                  html.rows(
                      newest,
                      6,
                      p ->
                          html.row(
                              () -> {
                                html.name(String.valueOf(p.sequence()));
                                html.cell(NumberText.time(p.at().toString()));
                                html.cell(p.action().name().toLowerCase(Locale.ROOT));
                                html.in("td", () -> html.add("code", shortly(p.bundle())));
                                html.longCell(p.reason());
                                html.in(
                                    "td",
                                    () ->
                                        html.link(
                                            "report of promotion " + p.sequence(),
                                            link.apply(p.report())));
                              }));
                }));
  }

  private static String shortly(String key) {
    return key.substring(0, Math.min(8, key.length()));
  }
}
