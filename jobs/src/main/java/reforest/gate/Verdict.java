package reforest.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** What the gate decided, and why. */
public sealed interface Verdict {

  /** What the decision rests on. */
  Findings findings();

  /** The name in results and logs: {@code PROMOTE}, {@code KEEP} or {@code INCONCLUSIVE}. */
  default String key() {
    return decision().key();
  }

  /** What was decided. */
  default Decision decision() {
    return match(promote -> Decision.PROMOTE, keep -> Decision.KEEP, open -> Decision.INCONCLUSIVE);
  }

  /** Applies the function of the case that holds. */
  default <T> T match(
      Function<Promote, T> promote,
      Function<Keep, T> keep,
      Function<Inconclusive, T> inconclusive) {
    if (this instanceof Promote it) {
      return promote.apply(it);
    }
    if (this instanceof Keep it) {
      return keep.apply(it);
    }
    return inconclusive.apply((Inconclusive) this);
  }

  /** The same with one more reason, after the others. */
  default Verdict alsoSaying(Optional<String> reason) {
    if (reason.isEmpty()) {
      return this;
    }
    return with(findings().alsoSaying(List.of(reason.get())));
  }

  /** The same with one more reason, before the others. */
  default Verdict firstSaying(Optional<String> reason) {
    if (reason.isEmpty()) {
      return this;
    }
    List<String> reasons = new ArrayList<>(List.of(reason.get()));
    reasons.addAll(findings().reasons());
    return with(findings().because(reasons));
  }

  private Verdict with(Findings said) {
    return match(
        promote -> new Promote(said),
        keep -> new Keep(said),
        open -> new Inconclusive(said, open.moreClusters()));
  }

  /**
   * The challenger has won.
   *
   * @param findings what the decision rests on
   */
  record Promote(Findings findings) implements Verdict {}

  /**
   * The champion stays, because the challenger is not better or does harm.
   *
   * @param findings what the decision rests on
   */
  record Keep(Findings findings) implements Verdict {}

  /**
   * The champion stays, because the data does not decide.
   *
   * @param findings what the decision rests on
   * @param moreClusters about how many more clusters would probably decide; empty when no
   *     reasonable number would
   */
  record Inconclusive(Findings findings, OptionalLong moreClusters) implements Verdict {}

  /**
   * What a decision rests on.
   *
   * @param reasons why, in words with the values; the weightiest first
   * @param checks every rule that was looked at, failed ones too
   * @param attempt the number of this try on its window, from 1
   * @param alpha what this try spends of the chance of a wrong promotion
   * @param power probability of PROMOTE, all guardrails included, if the gain that was declared
   *     worthwhile is real, or of a first model the gains over the baselines that are to be
   *     expected; 0 to 1
   * @param limits figures of the challenger that have a limit, or are told without one
   */
  record Findings(
      List<String> reasons,
      List<Check> checks,
      int attempt,
      double alpha,
      double power,
      List<Rule.Limit> limits) {
    public Findings {
      reasons = List.copyOf(reasons);
      checks = List.copyOf(checks);
      limits = List.copyOf(limits);
    }

    /** Of what has no limits. */
    public Findings(
        List<String> reasons, List<Check> checks, int attempt, double alpha, double power) {
      this(reasons, checks, attempt, alpha, power, List.of());
    }

    /** The same with other reasons. */
    public Findings because(List<String> others) {
      return new Findings(others, checks, attempt, alpha, power, limits);
    }

    /** The same with more reasons behind those that are there. */
    Findings alsoSaying(List<String> more) {
      List<String> all = new ArrayList<>(reasons);
      all.addAll(more);
      return because(all);
    }
  }
}
