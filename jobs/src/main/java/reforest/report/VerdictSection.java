package reforest.report;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reforest.gate.Check.Status;
import reforest.gate.Rule;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunRecord;
import reforest.registry.RunRecord.Check;

/** What was decided, why, and what production now uses. */
final class VerdictSection {

  static final String PROMOTE = "PROMOTE";
  static final String KEEP = "KEEP";
  static final String INCONCLUSIVE = "INCONCLUSIVE";

  private static final int SHORT_DIGEST = 12;

  private VerdictSection() {}

  static void verdict(Html html, RunView lookup) {
    RunRecord run = lookup.run();
    html.in(
        "p",
        () -> {
          html.add("strong", run.verdict());
          html.text(". " + sentence(lookup));
        },
        "class",
        "verdict " + colour(run.verdict()));
    if (!run.reasons().isEmpty()) {
      html.in(
          "ul", () -> run.reasons().forEach(r -> html.add("li", r)), "aria-label", "The reasons");
    }
  }

  static void production(Html html, RunView lookup) {
    RunRecord run = lookup.run();
    html.add("p", consequence(run));
    if (run.reason() != null) {
      html.add("p", "The reason that a person gave: " + run.reason());
    }
    html.in(
        "dl",
        () -> {
          fact(html, "Judged, the challenger", digest(run.challenger()));
          fact(html, "Compared with, the champion", digest(run.champion()));
          fact(html, "Champion after this run", after(run));
        },
        "class",
        "facts");
  }

  /** What kind of run it was: {@code Development run}. */
  static String kind(RunRecord run) {
    return switch (run.kind()) {
      case "develop" -> "Development run";
      case "publish" -> "Run that may publish";
      case "backtest" -> "Backtest";
      case "promote" -> "Promotion through the gate";
      default -> run.kind();
    };
  }

  /** One pair of a description list. */
  static void fact(Html html, String name, String value) {
    html.in(
        "div",
        () -> {
          html.add("dt", name);
          html.add("dd", value);
        });
  }

  private static String sentence(RunView lookup) {
    RunRecord run = lookup.run();
    String other = run.champion() == null ? "the baselines" : "the champion";
    if (lookup.isVerdict(PROMOTE)) {
      return "The challenger is %s %s, with the uncertainty counted in, and no guardrail stands in the way."
          .formatted(isRefresh(lookup) ? "as good, within the margin, as" : "better than", other);
    }
    if (lookup.isVerdict(KEEP)) {
      return "The challenger does not win: " + defeat(lookup, other) + ".";
    }
    if (lookup.isVerdict(INCONCLUSIVE)) {
      Long more = run.gate().moreClusters();
      return "The data does not decide whether the challenger is good enough to "
          + (run.champion() == null ? "beat the baselines" : "replace the champion")
          + (more == null
              ? "."
              : "; about " + NumberText.count(more, "more cluster") + " would probably decide.");
    }
    return "Nothing was to be decided: figures only.";
  }

  private static String defeat(RunView lookup, String other) {
    List<Check> failed =
        lookup.run().gate().checks().stream()
            .filter(c -> c.status().equals(Status.FAILED.key()))
            .toList();
    if (failed.isEmpty()) {
      return "the reasons say why";
    }
    if (failed.stream().anyMatch(c -> c.rule().equals(Rule.Kind.PRIMARY.key()))) {
      return "it is not better than " + other + " by what is required";
    }
    String where =
        failed.stream()
            .map(
                c ->
                    c.rule().equals(Rule.Kind.SLICE.key())
                        ? "on slice " + c.slice()
                        : "in " + RunView.title(c.metric()))
            .distinct()
            .collect(Collectors.joining(", "));
    return "it is worse than allowed " + where;
  }

  /** Whether fresh data is worth having, so that the challenger need not be better. */
  private static boolean isRefresh(RunView lookup) {
    List<Check> primary = lookup.checks(Rule.Kind.PRIMARY);
    return !primary.isEmpty()
        && primary.stream().allMatch(c -> c.required() != null && c.required() < 0);
  }

  /** The page is written before the promotion, so that the promotion can name it. */
  private static String consequence(RunRecord run) {
    if (run.kind().equals("backtest")) {
      return "Nothing changed: a backtest measures a bundle and never moves the champion.";
    }
    if (run.kind().equals("develop")) {
      return "Nothing changed: a development run never moves the champion, whatever its verdict."
          + " 'reforest retrain --publish' judges on the protected window.";
    }
    if (run.promotion() != null) {
      return "The challenger becomes the champion with promotion "
          + run.promotion()
          + (run.verdict().equals(PROMOTE) ? "" : ", although the gate did not let it pass")
          + ", and services take it up when they poll next. Had another promotion come first, this"
          + " attempt changed nothing: 'reforest models' has the last word.";
    }
    if (run.verdict().equals(PROMOTE)) {
      return "The challenger may become the champion, but this run made no promotion.";
    }
    return run.champion() == null
        ? "Nothing changed: production still has no champion."
        : "Nothing changed: production goes on with its champion.";
  }

  private static String after(RunRecord run) {
    return run.promotion() == null
        ? "not changed by this run"
        : digest(run.challenger()) + ", the challenger";
  }

  private static String digest(@Nullable String digest) {
    if (digest == null) {
      return "none";
    }
    return digest.length() > SHORT_DIGEST ? digest.substring(0, SHORT_DIGEST) + "…" : digest;
  }

  private static String colour(String verdict) {
    return switch (verdict) {
      case PROMOTE -> "good";
      case KEEP -> "bad";
      default -> "open";
    };
  }
}
