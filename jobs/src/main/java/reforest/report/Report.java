package reforest.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunRecord;

/**
 * The page that a person reads of a run: what was decided, why, and from what. It is the model's
 * card, too.
 */
public final class Report {

  /** No page is larger, in bytes. */
  static final int MOST_BYTES = 200_000;

  private static final String STYLE = "report.css";

  /** In the order in which a reader asks: may it be trusted, why, where not, and what is it. */
  private static final List<Section> SECTIONS =
      List.of(
          new Section("verdict", "Verdict", "Verdict", VerdictSection::write),
          new Section("gate", "Rules", "The rules and what was seen", GateSection::write),
          new Section(
              "metrics", "Comparison", "Everybody on the same rows", MetricsSection::overall),
          new Section("slices", "Slices", "Slices", SlicesSection::write),
          new Section(
              "fit",
              "Predictions",
              "Where predictions and truth part",
              CurvesSection::write,
              CurvesSection::applies),
          new Section(
              "errors", "Errors", "Where it errs", ErrorsSection::write, ErrorsSection::applies),
          new Section(
              "features",
              "Features",
              "What the features are worth",
              FeaturesSection::write,
              ErrorsSection::applies),
          new Section(
              "difference",
              "Difference",
              "What moved the difference",
              DifferenceSection::write,
              DifferenceSection::applies),
          new Section(
              "weak-slices",
              "Weak slices",
              "Weak slices that nobody declared",
              WeakSlicesSection::write),
          new Section("behaviour", "Behaviour", "Behaviour", BehaviourSection::write),
          new Section("fairness", "Fairness", "Fairness", FairnessSection::write),
          new Section(
              "drift",
              "Drift",
              "What changed in the training rows",
              DriftSection::write,
              DriftSection::applies),
          new Section("search", "Search", "The search", SearchSection::write),
          new Section("card", "Model card", "About the model", CardSection::write),
          new Section("data", "Data", "Data and window", DataSection::facts),
          new Section("profile", "Training rows", "Training rows", DataSection::profile),
          new Section("origin", "Origin", "Where it comes from", OriginSection::write));

  private Report() {}

  /**
   * One self-contained HTML page, in UTF-8 and well-formed as XML, of at most 200 KB: of long
   * tables it shows as many rows as fit, and says how many it leaves out.
   *
   * <p>It loads nothing and runs nothing, shows whatever comes from data as plain text, and is the
   * same for the same record.
   *
   * @param run everything that is known of the run
   */
  public static String html(RunRecord run) {
    RunView view = new RunView(run);
    return Html.within(MOST_BYTES, html -> page(view, html));
  }

  private static void page(RunView view, Html html) {
    List<Section> sections = SECTIONS.stream().filter(it -> it.applies().test(view)).toList();
    html.in(
        "html",
        () -> {
          html.in("head", () -> head(html, view.run()));
          html.in(
              "body",
              () -> {
                html.in("header", () -> header(html, view.run()));
                html.in(
                    "nav",
                    () -> sections.forEach(s -> html.link(s.inShort(), "#" + s.id())),
                    "aria-label",
                    "Sections");
                html.in("main", () -> sections.forEach(section -> section.write(html, view)));
              });
        },
        "lang",
        "en");
  }

  /**
   * A part of the page.
   *
   * @param inShort its title where there is little room
   * @param applies whether it has anything to say of a run
   */
  private record Section(
      String id, String inShort, String title, Content content, Predicate<RunView> applies) {
    Section(String id, String inShort, String title, Content content) {
      this(id, inShort, title, content, view -> true);
    }

    void write(Html html, RunView view) {
      html.in(
          "section",
          () -> {
            html.whole(() -> html.add("h2", title, "id", id));
            content.write(html, view);
          },
          "aria-labelledby",
          id);
    }
  }

  private interface Content {
    void write(Html html, RunView view);
  }

  private static void head(Html html, RunRecord run) {
    html.page(run.verdict() + ": " + run.model() + ", " + run.kind(), style());
  }

  private static void header(Html html, RunRecord run) {
    html.add("h1", run.model());
    String goal = run.about().get(CardSection.GOAL);
    if (goal != null) {
      html.add("p", goal, "class", "goal");
    }
    html.in(
        "p",
        () -> {
          html.text(
              VerdictSection.kind(run) + " of " + NumberText.time(run.finishedAt()) + ", run ");
          html.add("code", run.run());
          html.text(", attempt\u00A0" + run.attempt());
        },
        "class",
        "muted");
  }

  static String style() {
    try (InputStream in = Report.class.getResourceAsStream(STYLE)) {
      if (in == null) {
        throw new IllegalStateException(STYLE + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
