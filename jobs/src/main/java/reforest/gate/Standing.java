package reforest.gate;

import java.util.List;
import java.util.Optional;
import reforest.config.GateConfig;
import reforest.config.Metric;
import reforest.evaluate.Comparison;
import reforest.evaluate.Role;
import reforest.gate.Check.Status;
import reforest.statistics.Estimate;

/**
 * Whether a challenger to a champion is better than what no model is needed for: the declared rule,
 * or without one the dummy. A champion that is worse than the rule is easily beaten, and nobody
 * should learn of that from the services that use it.
 */
final class Standing {

  private Standing() {}

  /** What the challenger must gain; empty without a champion, and without any baseline. */
  static Optional<Rule.Baseline> rule(Comparison comparison, GateConfig config) {
    if (!comparison.plan().has(Role.CHAMPION)) {
      return Optional.empty();
    }
    return List.of(Role.RULE, Role.DUMMY).stream()
        .filter(comparison.plan()::has)
        .findFirst()
        .map(reference -> rule(comparison, config, reference));
  }

  private static Rule.Baseline rule(Comparison comparison, GateConfig config, Role reference) {
    Estimate gain = comparison.overall().gain(reference, config.primary());
    Estimate overChampion = comparison.overall().gain(Role.CHAMPION, config.primary());
    // A gain over the champion is one over the baseline less what the champion gains over it.
    double ofChampion = gain.value() - overChampion.value();
    return new Rule.Baseline(
        reference,
        comparison.overall().slice(),
        config.primary(),
        gain,
        ofChampion + config.worthwhileGain());
  }

  /** What must be said first of all; empty when the challenger is shown to be better. */
  static Optional<String> warning(List<Check> checks, Comparison comparison) {
    return asked(checks)
        .filter(check -> check.status() != Status.PASSED)
        .map(
            check ->
                sentence(check, comparison)
                    + worseChampion(check, comparison)
                        .map(it -> "; the champion is worse than it on these rows: " + it)
                        .orElse(""));
  }

  /** What is worth saying although the challenger is better: that the champion is not. */
  static Optional<String> remark(List<Check> checks, Comparison comparison) {
    return asked(checks)
        .filter(check -> check.status() == Status.PASSED)
        .flatMap(
            check ->
                worseChampion(check, comparison)
                    .map(
                        it ->
                            "the champion is worse than the %s on these rows: %s %s against %s"
                                .formatted(
                                    check.reference().key(),
                                    check.metric().key(),
                                    it,
                                    text(comparison, check.reference(), check.metric()))));
  }

  private static Optional<Check> asked(List<Check> checks) {
    return checks.stream().filter(check -> check.rule() == Rule.Kind.BASELINE).findFirst();
  }

  private static String sentence(Check check, Comparison comparison) {
    String reference = check.reference().key();
    String values =
        "%s %s against %s"
            .formatted(
                check.metric().key(),
                text(comparison, Role.CHALLENGER, check.metric()),
                text(comparison, check.reference(), check.metric()));
    return switch (check.status()) {
      case PASSED -> "better than the " + reference + ": " + values;
      case FAILED ->
          (check.gain() < 0 ? "still worse than the " : "not better than the ")
              + reference
              + ": "
              + values;
      case UNPROVEN ->
          "not shown to be better than the %s: %s, and the gain lies between %s and %s"
              .formatted(reference, values, Check.text(check.lower()), Check.text(check.upper()));
      case UNDEFINED ->
          "not known to be better than the %s: %s is undefined, because %s"
              .formatted(reference, check.metric().key(), check.undefined().orElse("unknown"));
    };
  }

  /** The champion's figure, where that is worse than the baseline's. */
  private static Optional<String> worseChampion(Check check, Comparison comparison) {
    Metric metric = check.metric();
    double gain =
        metric.gain(
            value(comparison, check.reference(), metric), value(comparison, Role.CHAMPION, metric));
    return gain < 0 ? Optional.of(text(comparison, Role.CHAMPION, metric)) : Optional.empty();
  }

  private static String text(Comparison comparison, Role role, Metric metric) {
    return Check.text(value(comparison, role, metric));
  }

  private static double value(Comparison comparison, Role role, Metric metric) {
    return comparison.overall().metric(role, metric).value();
  }
}
