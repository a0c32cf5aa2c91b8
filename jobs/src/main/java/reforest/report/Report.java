package reforest.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunRecord;

/** The page that a person reads of a run: what was decided, why, and from what. */
public final class Report {

  private static final String STYLE = "report.css";

  private Report() {}

  /**
   * One self-contained HTML page, in UTF-8 and well-formed as XML.
   *
   * <p>It loads nothing and runs nothing, shows whatever comes from data as plain text, and is the
   * same for the same record.
   *
   * @param run everything that is known of the run
   */
  public static String html(RunRecord run) {
    RunView view = new RunView(run);
    Map<String, Section> sections = sections();
    Html html = new Html();
    html.in(
        "html",
        () -> {
          html.in("head", () -> head(html, run));
          html.in(
              "body",
              () -> {
                html.in("header", () -> header(html, run, sections));
                html.in(
                    "main",
                    () ->
                        sections.forEach(
                            (id, section) ->
                                html.in(
                                    "section",
                                    () -> {
                                      html.add("h2", section.title(), "id", id);
                                      section.content().write(html, view);
                                    },
                                    "aria-labelledby",
                                    id)));
              });
        },
        "lang",
        "en");
    return html.toString();
  }

  private static Map<String, Section> sections() {
    Map<String, Section> sections = new LinkedHashMap<>();
    sections.put("verdict", new Section("Verdict", VerdictSection::verdict));
    sections.put(
        "production", new Section("What it means for production", VerdictSection::production));
    sections.put("gate", new Section("The gate", GateSection::write));
    sections.put("metrics", new Section("Metrics over all rows", MetricsSection::overall));
    sections.put("slices", new Section("Slices", MetricsSection::slices));
    sections.put(
        "weak-slices", new Section("Weak slices that nobody declared", WeakSlicesSection::write));
    sections.put("behaviour", new Section("Behaviour", BehaviourSection::write));
    sections.put("fairness", new Section("Fairness", FairnessSection::write));
    sections.put("search", new Section("The search", SearchSection::write));
    sections.put("data", new Section("Data and window", DataSection::facts));
    sections.put("profile", new Section("Training rows", DataSection::profile));
    sections.put("origin", new Section("Where it comes from", OriginSection::write));
    return sections;
  }

  private record Section(String title, Content content) {}

  private interface Content {
    void write(Html html, RunView view);
  }

  private static void head(Html html, RunRecord run) {
    html.leaf("meta", "charset", "utf-8");
    html.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.leaf("meta", "name", "color-scheme", "content", "light dark");
    // Should an escape ever be forgotten, there is still nothing that could run or be fetched.
    html.leaf(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'");
    html.add("title", run.verdict() + ": " + run.model() + ", " + run.kind());
    html.style(style());
  }

  private static void header(Html html, RunRecord run, Map<String, Section> sections) {
    html.add("h1", run.model());
    String goal = run.about().get("goal");
    if (goal != null) {
      html.add("p", goal, "class", "goal");
    }
    html.in(
        "p",
        () -> {
          html.text(VerdictSection.kind(run) + " of ");
          html.add("time", NumberText.time(run.finishedAt()));
          html.text(", run ");
          html.add("code", run.run());
          html.text(", attempt " + run.attempt());
        },
        "class",
        "muted");
    html.in(
        "nav",
        () -> sections.forEach((id, s) -> html.add("a", s.title(), "href", "#" + id)),
        "aria-label",
        "Sections");
  }

  private static String style() {
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
