package reforest.report;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunRecord;

/** All that is needed to find, explain and repeat the run. */
final class OriginSection {

  private OriginSection() {}

  static void write(Html html, RunView view) {
    RunRecord run = view.run();
    html.add("h3", "The run");
    html.in("dl", () -> run(html, run), "class", "facts");
    html.add("h3", "Versions");
    pairs(html, "Versions of what it ran on", "What", "Version", run.provenance().versions());
    html.folded(
        "The configuration that was in effect",
        () -> pairs(html, "Settings, secrets left out", "Key", "Value", run.configuration()));
  }

  private static void run(Html html, RunRecord run) {
    VerdictSection.fact(html, "Task", run.task());
    VerdictSection.fact(html, "Started", NumberText.time(run.startedAt()));
    VerdictSection.fact(html, "Finished", NumberText.time(run.finishedAt()) + took(run));
    if (run.logicalDate() != null) {
      VerdictSection.fact(html, "Date of the schedule", run.logicalDate());
    }
    VerdictSection.fact(html, "Challenger", run.challenger());
    if (run.champion() != null) {
      VerdictSection.fact(html, "Champion", run.champion());
    }
    List<String> changed = run.changed();
    if (changed != null) {
      VerdictSection.fact(
          html,
          "Settings changed since the champion's training",
          changed.isEmpty() ? "none" : String.join(", ", changed));
    }
    if (run.engine() != null) {
      VerdictSection.fact(html, "Trees grown by", run.engine());
    }
    VerdictSection.fact(html, "Seed", String.valueOf(run.provenance().seed()));
    VerdictSection.fact(html, "Revision of the code", run.provenance().codeRevision());
    VerdictSection.fact(html, "Digest of the configuration", run.provenance().configuration());
    VerdictSection.fact(html, "Folder of the attempt", run.location());
    VerdictSection.fact(html, "Bundle that was judged", run.bundle());
    VerdictSection.fact(html, "This report", run.report());
  }

  private static void pairs(
      Html html, String caption, String first, String second, Map<String, String> pairs) {
    if (pairs.isEmpty()) {
      html.add("p", "None were recorded.");
      return;
    }
    html.table(
        caption,
        () -> {
          html.heads(List.of(first, second));
          html.rows(
              List.copyOf(new TreeMap<>(pairs).entrySet()),
              2,
              pair -> html.row(() -> html.name(pair.getKey()).cell(pair.getValue())));
        });
  }

  private static String took(RunRecord run) {
    try {
      Duration took =
          Duration.between(Instant.parse(run.startedAt()), Instant.parse(run.finishedAt()));
      return ", after " + took.toMinutes() + " min " + took.toSecondsPart() + " s";
    } catch (DateTimeParseException e) {
      return "";
    }
  }
}
