package reforest.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import reforest.evaluate.NamedSlice;
import reforest.gate.Check.Status;
import reforest.gate.Rule;
import reforest.gate.WindowPlan;
import reforest.page.Html;
import reforest.page.NumberText;
import reforest.registry.RunRecord.Check;
import reforest.registry.RunRecord.Gate;
import reforest.registry.RunRecord.Limit;
import reforest.split.WindowId.Kind;

/** The gate's rules, what was seen of each, and how sure the gate could be. */
final class GateSection {

  private static final List<String> WORST_FIRST =
      List.of(
          Status.FAILED.key(), Status.UNDEFINED.key(), Status.UNPROVEN.key(), Status.PASSED.key());

  private GateSection() {}

  static void write(Html html, RunView view) {
    Gate gate = view.run().gate();
    if (gate.checks().isEmpty()) {
      html.add("p", "The gate was not asked: no rule was looked at.");
      return;
    }
    html.add(
        "p",
        "A gain is how much better the challenger is on the same rows, positive when better. Bounds"
            + " are one-sided: the lower one at the chance that this try spends, the upper one at"
            + " 95 %. A rule passes when the lower bound is above what is required.",
        "class",
        "muted");
    html.table(
        "Rules, those that did not pass first",
        () -> {
          html.heads(
              List.of(
                  "Rule",
                  "Metric",
                  "Against",
                  "Gain",
                  "Lower bound",
                  "Upper bound",
                  "Required",
                  "Groups",
                  "Status"));
          html.rows(sorted(gate), 9, check -> row(html, view, check));
        });
    html.in("dl", () -> facts(html, view), "class", "facts");
    if (!gate.limits().isEmpty()) {
      html.add("p", "What else is known of the challenger, and what it must keep to:");
      html.list(gate.limits(), limit -> limit(html, limit));
    }
  }

  private static void limit(Html html, Limit limit) {
    html.text(limit.sentence());
    if (!limit.holds()) {
      html.text(", ");
      html.add("strong", "not held, blocks", "class", "bad");
    } else if (limit.limit() != null) {
      html.text(", ");
      html.add("strong", "held", "class", "good");
    }
  }

  private static void facts(Html html, RunView view) {
    Gate gate = view.run().gate();
    boolean counted =
        view.run().window().windowKind().filter(Kind.PROTECTED::equals).isPresent()
            && gate.attempt() > 0;
    VerdictSection.fact(
        html,
        "Try on this window",
        counted ? "number " + gate.attempt() : "not counted: only tries on protected windows are");
    VerdictSection.fact(
        html,
        counted ? "Chance of a wrong promotion it spends" : "Chance of a wrong promotion",
        NumberText.share(gate.alpha()));
    VerdictSection.fact(html, "Power", power(view).orElse(NumberText.UNDEFINED));
    if (gate.shrunkGain() != null) {
      VerdictSection.fact(
          html,
          "Gain to be expected",
          NumberText.plain(gate.shrunkGain())
              + ": what is looked at because it is large is flattered, so that less is likely to be"
              + " seen again");
    }
    if (gate.neighbours() != null) {
      VerdictSection.fact(
          html,
          "Neighbouring periods",
          "gains of one and the next correlate by "
              + NumberText.signed(gate.neighbours(), 2)
              + "; bounds allow for it");
    }
    if (gate.largestCluster() != null) {
      VerdictSection.fact(
          html,
          "Largest cluster",
          NumberText.share(Math.rint(gate.largestCluster() * 1000) / 1000) + " of the rows");
    }
    if (gate.moreClusters() != null) {
      VerdictSection.fact(
          html,
          "Would probably decide",
          "a fresh window of about "
              + view.clusters(view.run().window().clusters() + gate.moreClusters()));
    }
  }

  /** The lower, the worse it ended; what this release does not know counts as worst. */
  static int rank(Check check) {
    return Math.max(0, WORST_FIRST.indexOf(check.status()));
  }

  /** How a rule ended, in words. */
  static void status(Html html, Check check) {
    html.in(
        "td",
        () -> {
          html.add("strong", words(check), "class", colour(check));
          StringBuilder more = new StringBuilder();
          if (check.blocks()) {
            more.append(", blocks");
          }
          if (check.critical()) {
            more.append(", critical");
          }
          html.text(more.toString());
        });
  }

  /** What its status means for what the rule asks: a gain, or no harm beyond a margin. */
  static String words(Check check) {
    boolean asksForGain = check.required() == null || check.required() >= 0;
    if (check.status().equals(Status.PASSED.key())) {
      return asksForGain ? "proven" : "shown harmless";
    }
    if (check.status().equals(Status.FAILED.key())) {
      return asksForGain ? "shown not to gain enough" : "shown harmful";
    }
    if (check.status().equals(Status.UNPROVEN.key())) {
      return check.powered() ? "not decided" : "too little data";
    }
    return check.status() + (!check.powered() && !check.blocks() ? ", too little data" : "");
  }

  private static void row(Html html, RunView view, Check check) {
    int decimals = NumberText.decimals(check.lower(), check.upper(), check.required());
    boolean passed = check.status().equals(Status.PASSED.key());
    html.in(
        "tr",
        () -> {
          html.name(name(check));
          html.cell(view.titleAndUnit(check.metric()));
          html.cell(check.reference());
          html.number(NumberText.signed(check.gain(), decimals));
          html.number(NumberText.signed(check.lower(), decimals));
          html.number(NumberText.signed(check.upper(), decimals));
          html.number(check.required() == null ? NumberText.UNDEFINED : "> " + required(check));
          html.number(NumberText.count(check.groups()));
          status(html, check);
        },
        "class",
        passed ? "rule" : "rule explained");
    if (!passed) {
      html.in(
          "tr",
          () -> html.in("td", () -> html.add("span", check.sentence()), "colspan", "9"),
          "class",
          "explanation muted");
    }
  }

  private static String required(Check check) {
    return NumberText.plain(check.required());
  }

  private static List<Check> sorted(Gate gate) {
    return gate.checks().stream()
        .sorted(Comparator.<Check>comparingInt(GateSection::rank).thenComparing(c -> !c.blocks()))
        .toList();
  }

  private static String name(Check check) {
    if (check.rule().equals(Rule.Kind.SLICE.key())) {
      return "slice " + check.slice();
    }
    return check.rule();
  }

  static String colour(Check check) {
    if (check.status().equals(Status.PASSED.key())) {
      return "good";
    }
    return check.status().equals(Status.FAILED.key()) ? "bad" : "open";
  }

  /** How large a window would do for the primary metric, where the run tells. */
  private static String needed(RunView view, String what) {
    Double alpha = view.run().gate().alpha();
    Optional<Double> worthwhile = view.setting("gate.worthwhile-gain").flatMap(GateSection::parsed);
    Optional<Double> required =
        view.primaryCheck(NamedSlice.OVERALL).map(check -> check.required());
    if (alpha == null || worthwhile.isEmpty() || required.isEmpty()) {
      return "";
    }
    return needed(view, alpha, required.get(), worthwhile.get())
        .map(it -> "; " + what + ", " + it)
        .orElse("");
  }

  /** How large a window would do, in words; empty where the run does not tell. */
  static Optional<String> needed(RunView view, double alpha, double required, double worthwhile) {
    OptionalLong clusters =
        view.plan()
            .map(plan -> plan.clusters(alpha, required, worthwhile))
            .orElse(OptionalLong.empty());
    return clusters.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "a window of about %s would show it with a probability of %s"
                .formatted(
                    view.clusters(clusters.getAsLong()), NumberText.share(WindowPlan.ENOUGH)));
  }

  private static String number(String setting) {
    return parsed(setting).map(NumberText::plain).orElse(setting);
  }

  private static Optional<Double> parsed(String setting) {
    try {
      return Optional.of(Double.valueOf(setting));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * The power, in a sentence: what a reader of an open verdict must know is whether a gain worth
   * having could have been seen at all.
   */
  static Optional<String> power(RunView view) {
    Double power = view.run().gate().power();
    if (power == null) {
      return Optional.empty();
    }
    // A simulated chance is not worth more digits.
    String chance = NumberText.share(Math.rint(power * 100) / 100);
    if (view.run().champion() == null) {
      return Optional.of(
          "a first model as much better than the baselines as this one is likely to be would be"
              + " promoted on such rows with a probability of "
              + chance
              + needed(view, "as to the gain worth having"));
    }
    String better =
        view.setting("gate.worthwhile-gain")
            .map(
                gain ->
                    " by "
                        + number(gain)
                        + view.primary().flatMap(view::unit).map(u -> " " + u).orElse("")
                        + ", the gain worth having,")
            .orElse(" by the gain worth having");
    return Optional.of(
        "a challenger that is truly better%s would be promoted on such rows with a probability of %s%s"
            .formatted(better, chance, needed(view, "for the primary metric alone")));
  }
}
