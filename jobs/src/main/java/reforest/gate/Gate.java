package reforest.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.GateConfig;
import reforest.config.GateConfig.Guardrail;
import reforest.config.GateLimits;
import reforest.config.Metric;
import reforest.evaluate.Comparison;
import reforest.evaluate.Role;
import reforest.evaluate.SliceResult;
import reforest.gate.Check.Status;
import reforest.gate.DecisionRules.Seen;
import reforest.gate.Verdict.Findings;
import reforest.gate.Verdict.Inconclusive;
import reforest.gate.Verdict.Keep;
import reforest.gate.Verdict.Promote;

/**
 * Decides whether a challenger may replace the champion, with the uncertainty counted in.
 *
 * <p>PROMOTE when the lower bound of the primary metric's gain exceeds what is required and no
 * guardrail stands in the way; KEEP when the opposite is proven of any rule; INCONCLUSIVE
 * otherwise. All rules must pass, so each spends the whole alpha (intersection-union, Berger 1982).
 *
 * <p>With a champion the challenger is compared with the rule, too, or without one with the dummy:
 * what is not shown to be better says so first of all, and does not win where the configuration
 * asks for it. Limits that the challenger must keep to by itself hold or keep the champion.
 *
 * <p>Without a champion the challenger must beat the dummy, and the rule where there is one, by the
 * same test; the required gain is {@code min-gain} in mode superior, else 0. Guardrail metrics then
 * have nothing to get worse than.
 */
public final class Gate {

  /** The first reason of a verdict that was reached without a champion. */
  public static final String NO_CHAMPION =
      "there is no champion to compare with, so the challenger meets the baselines";

  private final GateConfig config;
  private final Optional<WindowLength> length;

  /**
   * @param config when a challenger wins
   */
  public Gate(GateConfig config) {
    this(config, Optional.empty());
  }

  /**
   * The same of windows whose length is known, so that advice can say how long to wait.
   *
   * @param length empty where clusters are not periods of time
   */
  public Gate(GateConfig config, Optional<WindowLength> length) {
    this.config = config;
    this.length = length;
  }

  /**
   * Decides.
   *
   * @param comparison challenger, champion (if there is one) and baselines on the same rows
   * @param allowance what this try may spend, as the ledger gives it
   * @throws ReforestException of kind {@code DATA} when the rows form fewer than two groups
   */
  public Verdict decide(Comparison comparison, Allowance allowance) {
    return decide(Evidence.of(comparison), allowance);
  }

  /**
   * The same with all else that was seen of the challenger.
   *
   * @param evidence the comparison, and what speaks against the challenger besides
   */
  public Verdict decide(Evidence evidence, Allowance allowance) {
    Comparison comparison = evidence.comparison();
    if (allowance.nothing().isPresent()) {
      throw new IllegalArgumentException(allowance.nothing().get());
    }
    int attempt = allowance.attempt();
    double alpha = allowance.alpha(config.alpha());
    requireTwoGroups(comparison);
    boolean first = !comparison.plan().has(Role.CHAMPION);
    List<Rule.Gain> gains = first ? firstGains(comparison) : gains(comparison);
    Seen seen = Seen.of(gains);
    DecisionRules rules = new DecisionRules(gains, alpha, 1);
    Status[] statuses = rules.statuses(seen);
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < statuses.length; i++) {
      checks.add(check(rules, gains.get(i), i, seen, statuses[i]));
    }
    Power power = new Power(gains, alpha, !comparison.shared());
    List<String> reasons = new ArrayList<>();
    if (first) {
      reasons.add(NO_CHAMPION);
    }

    List<String> broken =
        conditions(comparison, first).stream()
            .filter(condition -> !condition.holds())
            .map(Rule.Condition::otherwise)
            .collect(Collectors.toCollection(ArrayList::new));
    List<Rule.Limit> limits = new ArrayList<>(new Limits(config.limits()).of(comparison));
    Behaved.limit(evidence.behaviour()).ifPresent(limits::add);
    limits.stream().filter(it -> !it.holds()).map(Rule.Limit::sentence).forEach(broken::add);
    List<String> harmed = Harmed.words(evidence.weakSlices());
    boolean blocksByHarm = config.limits().weakSlices() == GateLimits.Response.BLOCK;
    if (blocksByHarm) {
      broken.addAll(harmed);
    }
    reasons.addAll(broken);
    Decision outcome = broken.isEmpty() ? rules.outcome(statuses, seen) : Decision.KEEP;
    double chance =
        !broken.isEmpty() ? 0 : first ? power.ofExpectedGain() : power.ofWorthwhileGain();
    reasons.addAll(reasons(outcome, checks));
    if (!blocksByHarm) {
      reasons.addAll(harmed);
    }
    reasons.addAll(Behaved.told(evidence.behaviour()));
    List<Check> told = new ArrayList<>(checks);
    told.addAll(toldOfBaseline(comparison, alpha));
    Standing.warning(told, comparison).ifPresent(text -> reasons.add(0, text));
    Findings findings = new Findings(reasons, told, attempt, alpha, chance, limits);
    return switch (outcome) {
      case PROMOTE ->
          new Promote(findings.alsoSaying(Standing.remark(told, comparison).stream().toList()));
      case KEEP -> new Keep(findings);
      case INCONCLUSIVE -> {
        OptionalLong more =
            moreClusters(power, comparison, Allowance.first().alpha(config.alpha()));
        yield new Inconclusive(
            findings.alsoSaying(List.of(advice(more, comparison.clusters(), checks))), more);
      }
    };
  }

  private boolean blocksByBaseline() {
    return config.limits().baseline() == GateLimits.Baseline.BLOCK;
  }

  /** The comparison with the rule or the dummy, where it blocks nothing and is told alone. */
  private List<Check> toldOfBaseline(Comparison comparison, double alpha) {
    Optional<Rule.Baseline> rule =
        blocksByBaseline() ? Optional.empty() : Standing.rule(comparison, config);
    return rule.stream()
        .map(
            gain -> {
              DecisionRules rules = new DecisionRules(List.of(gain), alpha, 1);
              Seen seen = Seen.of(List.of(gain));
              return check(rules, gain, 0, seen, rules.statuses(seen)[0]).withoutBlocking();
            })
        .toList();
  }

  private static List<Rule.Condition> conditions(Comparison comparison, boolean first) {
    long failed = comparison.overall().failed().getOrDefault(Role.CHALLENGER, 0L);
    return List.of(
        new Rule.Condition(
            failed == 0,
            String.format(
                Locale.ROOT,
                "the challenger has no usable prediction for %,d of %,d rows",
                failed,
                comparison.rows())),
        new Rule.Condition(
            first || comparison.differing() > 0,
            String.format(
                Locale.ROOT,
                "the challenger predicts exactly what the champion predicts on all %,d rows",
                comparison.rows())));
  }

  private List<Rule.Gain> gains(Comparison comparison) {
    List<Rule.Gain> gains = new ArrayList<>();
    SliceResult overall = comparison.overall();
    gains.add(
        new Rule.Primary(
            Role.CHAMPION,
            overall.slice(),
            config.primary(),
            overall.gain(Role.CHAMPION, config.primary()),
            config.requiredGain(),
            config.worthwhileGain()));
    if (blocksByBaseline()) {
      Standing.rule(comparison, config).ifPresent(gains::add);
    }
    for (Guardrail guardrail : config.guardrails()) {
      Metric metric = guardrail.metric();
      gains.add(
          new Rule.Guardrail(
              Role.CHAMPION,
              overall.slice(),
              metric,
              overall.gain(Role.CHAMPION, metric),
              -guardrail.margin(),
              metric == config.primary() ? config.worthwhileGain() : 0));
    }
    if (comparison.plan().has(Role.ANCHOR)) {
      gains.add(
          new Rule.Guardrail(
              Role.ANCHOR,
              overall.slice(),
              config.primary(),
              overall.gain(Role.ANCHOR, config.primary()),
              -config.margin(),
              config.worthwhileGain()));
    }
    addSlices(gains, comparison, Role.CHAMPION);
    return gains;
  }

  private List<Rule.Gain> firstGains(Comparison comparison) {
    List<Rule.Gain> gains = new ArrayList<>();
    for (Role baseline : List.of(Role.DUMMY, Role.RULE)) {
      if (comparison.plan().has(baseline)) {
        gains.add(
            new Rule.Primary(
                baseline,
                comparison.overall().slice(),
                config.primary(),
                comparison.overall().gain(baseline, config.primary()),
                Math.max(0, config.requiredGain()),
                config.worthwhileGain()));
      }
    }
    if (gains.isEmpty()) {
      throw new IllegalArgumentException("a first model needs a baseline to be compared with");
    }
    addSlices(gains, comparison, gains.get(0).reference());
    return gains;
  }

  private void addSlices(List<Rule.Gain> gains, Comparison comparison, Role reference) {
    for (SliceResult result : comparison.slices()) {
      gains.add(
          new Rule.OnSlice(
              reference,
              result.slice(),
              config.primary(),
              result.gain(reference, config.primary()),
              -result.slice().margin().orElse(config.sliceMargin()),
              config.worthwhileGain(),
              result.groups()));
    }
  }

  private static Check check(
      DecisionRules rules, Rule.Gain rule, int index, Seen seen, Status status) {
    return new Check(
        rule.kind(),
        rule.reference(),
        rule.slice().name(),
        rule.metric(),
        rule.gain().value(),
        rule.gain().standardError(),
        rules.lower(index, seen),
        rules.upper(index, seen),
        rule.required(),
        rule.gain().groups(),
        rule.slice().critical(),
        rules.isPowered(index, seen),
        status,
        rules.blocks(index, status, seen),
        rule.gain().undefined());
  }

  private static List<String> reasons(Decision outcome, List<Check> checks) {
    List<String> reasons = new ArrayList<>();
    for (Check check : checks) {
      boolean matters =
          switch (outcome) {
            case PROMOTE -> check.rule() == Rule.Kind.PRIMARY;
            case KEEP -> check.status() == Status.FAILED;
            case INCONCLUSIVE -> check.blocks();
          };
      if (matters) {
        reasons.add(check.sentence());
      }
    }
    if (outcome == Decision.PROMOTE) {
      reasons.add("%d of %d checks passed".formatted(count(checks, Status.PASSED), checks.size()));
      slices(
          count(checks, Status.UNPROVEN),
          "had too little data and shows no harm",
          "had too little data and show no harm",
          reasons);
      slices(
          count(checks, Status.UNDEFINED),
          "is too small to tell anything of it",
          "are too small to tell anything of them",
          reasons);
    }
    return reasons;
  }

  /** Tells of some slices, if there are any, in words for one or for many. */
  private static void slices(long some, String one, String many, List<String> reasons) {
    if (some > 0) {
      reasons.add(some == 1 ? "1 slice " + one : some + " slices " + many);
    }
  }

  private static long count(List<Check> checks, Status status) {
    return checks.stream().filter(c -> c.status() == status).count();
  }

  private static OptionalLong moreClusters(Power power, Comparison comparison, double fresh) {
    var scale = power.scaleThatDecides(fresh);
    return scale.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of((long) Math.ceil(comparison.clusters() * (scale.getAsDouble() - 1)));
  }

  private String advice(OptionalLong more, long clusters, List<Check> checks) {
    if (checks.stream().anyMatch(c -> c.status() == Status.UNDEFINED && c.blocks())) {
      return "more rows of the same kind do not define what is undefined: choose a metric that every"
          + " slice has, leave the slice out, or wait for rows of another kind";
    }
    if (more.isEmpty()) {
      return "not even a window of %.0f times the size would probably decide"
          .formatted(Power.LARGEST);
    }
    long needed = clusters + more.getAsLong();
    return String.format(
        Locale.ROOT,
        "a fresh window of about %,d clusters%s would probably decide; this one has %,d%s",
        needed,
        length.map(it -> ", " + it.takes(needed) + ",").orElse(""),
        clusters,
        length.map(it -> it.missing(needed)).orElse(""));
  }

  private static void requireTwoGroups(Comparison comparison) {
    int groups = comparison.overall().groups();
    if (groups < 2) {
      throw new ReforestException(
          Kind.DATA,
          String.format(
              Locale.ROOT,
              "the window's %,d rows form %d group, and no uncertainty can be told from fewer than two",
              comparison.rows(),
              groups),
          "Lengthen the window (windows.protected, windows.development), or choose smaller"
              + " clusters (evaluate.cluster).");
    }
  }
}
