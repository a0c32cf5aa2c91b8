package reforest.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import reforest.gate.Check.Status;
import reforest.gate.Decision;
import reforest.gate.Rule;
import reforest.page.Html;
import reforest.registry.RunKind;
import reforest.registry.RunRecord;
import reforest.registry.RunRecord.Check;

/** What was decided, why, and what production now uses. */
final class VerdictSection {

  private VerdictSection() {}

  static void write(Html html, RunView view) {
    html.whole(() -> verdict(html, view));
    List<String> reasons = view.run().reasons();
    if (!reasons.isEmpty()) {
      html.add("p", "Why:").list(reasons, html::text);
    }
  }

  private static void verdict(Html html, RunView view) {
    RunRecord run = view.run();
    html.in(
        "p",
        () -> {
          html.add("strong", headline(run));
          html.text(" " + sentence(view) + Figures.sentence(view));
          html.add("small", run.verdict());
        },
        "class",
        "verdict " + colour(run));
    html.add("p", consequence(run));
    if (run.reason() != null) {
      html.add("p", "The reason that a person gave: " + run.reason());
    }
    NextStep step = NextStep.after(view);
    html.in(
        "p",
        () -> {
          html.text(step.why() + ": ");
          html.add("code", step.command());
        },
        "class",
        "next");
  }

  /** The verdict in the words of somebody who has to act on it. */
  static String headline(RunRecord run) {
    if (is(run, RunKind.PROMOTE) && run.promotion() != null && !decided(run, Decision.PROMOTE)) {
      return "A person has put the new model into production, although the gate did not let it pass.";
    }
    return run.decision()
        .map(
            decision ->
                switch (decision) {
                  case PROMOTE ->
                      run.promotion() == null
                          ? "Yes: the new model is good enough."
                          : "Yes: the new model goes into production.";
                  case KEEP ->
                      run.champion() == null
                          ? "No: the new model is not good enough for production."
                          : "No: the model in production stays.";
                  case INCONCLUSIVE -> "Not yet: nothing changes in production.";
                })
        .orElse("A measurement.");
  }

  /** What kind of run it was: {@code Development run}. */
  static String kind(RunRecord run) {
    return run.runKind()
        .map(
            kind ->
                switch (kind) {
                  case DEVELOP -> "Development run";
                  case PUBLISH -> "Run that may publish";
                  case BACKTEST -> "Backtest";
                  case PROMOTE -> "Promotion through the gate";
                })
        .orElse(run.kind());
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

  static String sentence(RunView view) {
    RunRecord run = view.run();
    String other = run.champion() == null ? "the baselines" : "the champion";
    if (view.decided(Decision.PROMOTE)) {
      return "The challenger is %s %s, with the uncertainty counted in, and no guardrail stands in the way."
          .formatted(isRefresh(view) ? "as good, within the margin, as" : "better than", other);
    }
    if (view.decided(Decision.KEEP)) {
      return "The challenger does not win: " + defeat(view, other) + ".";
    }
    if (view.decided(Decision.INCONCLUSIVE)) {
      Long more = run.gate().moreClusters();
      return "The data does not decide whether the challenger is good enough to "
          + (run.champion() == null ? "beat the baselines" : "replace the champion")
          + (more == null
              ? "."
              : "; a fresh window of about "
                  + view.clusters(run.window().clusters() + more)
                  + " would probably decide.");
    }
    return "Nothing was to be decided: figures only.";
  }

  private static String defeat(RunView view, String other) {
    List<Check> failed =
        view.run().gate().checks().stream()
            .filter(c -> c.status().equals(Status.FAILED.key()) && c.blocks())
            .toList();
    if (failed.isEmpty()) {
      return "the reasons say why";
    }
    if (failed.stream().anyMatch(c -> c.rule().equals(Rule.Kind.PRIMARY.key()))) {
      return "it is not better than " + other + " by what is required";
    }
    Optional<Check> baseline =
        failed.stream().filter(c -> c.rule().equals(Rule.Kind.BASELINE.key())).findFirst();
    if (baseline.isPresent()) {
      return "it is not better than the " + baseline.get().reference();
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
  private static boolean isRefresh(RunView view) {
    List<Check> primary = view.checks(Rule.Kind.PRIMARY);
    return !primary.isEmpty()
        && primary.stream().allMatch(c -> c.required() != null && c.required() < 0);
  }

  /** The page is written before the promotion, so that the promotion can name it. */
  static String consequence(RunRecord run) {
    if (is(run, RunKind.BACKTEST)) {
      return "Nothing changed: a backtest measures a bundle and never moves the champion.";
    }
    if (is(run, RunKind.DEVELOP)) {
      return "Nothing changed: a development run never moves the champion, whatever its verdict."
          + " 'reforest retrain --publish' judges on the protected window.";
    }
    if (run.promotion() != null) {
      return "The challenger becomes the champion with promotion "
          + run.promotion()
          + (decided(run, Decision.PROMOTE) ? "" : ", although the gate did not let it pass")
          + ", and services take it up when they poll next. If another promotion came first, this"
          + " attempt changed nothing; 'reforest models' shows which model is champion.";
    }
    if (decided(run, Decision.PROMOTE)) {
      return "The challenger may become the champion, but this run made no promotion.";
    }
    return run.champion() == null
        ? "Nothing changed: production still has no champion."
        : "Nothing changed: production goes on with its champion.";
  }

  private static boolean is(RunRecord run, RunKind kind) {
    return run.runKind().filter(kind::equals).isPresent();
  }

  private static boolean decided(RunRecord run, Decision decision) {
    return run.decision().filter(decision::equals).isPresent();
  }

  static String colour(RunRecord run) {
    return run.decision()
        .map(
            decision ->
                switch (decision) {
                  case PROMOTE -> "good";
                  case KEEP -> "bad";
                  case INCONCLUSIVE -> "open";
                })
        .orElse("open");
  }
}
