package reforest.gate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import reforest.gate.Check.Status;
import reforest.statistics.Spread;
import reforest.statistics.StudentT;

/**
 * The gate's rules as a function of gains and their uncertainty, so that the decision and the
 * simulation of its power cannot differ.
 */
final class DecisionRules {

  /** Bounds that speak against a challenger use 95 %. */
  static final double BOUND = 0.05;

  /** A slice must be able to pass with this probability, all guardrails together. */
  static final double MISSED = 0.2;

  /** With fewer groups than this nobody expects a proof of a slice. */
  static final int FEWEST_GROUPS = 10;

  /** No p-value beyond this statistic is below {@link #BOUND}, whatever the degrees of freedom. */
  private static final double NEVER_HARM = -1.64;

  private final List<Rule.Gain> gains;
  private final double alpha;
  private final double scale;
  private final Widths atAlpha;
  private final Widths atBound;
  private final Widths atMissed;

  /**
   * @param gains what must exceed what is required
   * @param alpha the chance of a wrong promotion that this try may spend
   * @param scale how many times as many groups as were seen
   */
  DecisionRules(List<Rule.Gain> gains, double alpha, double scale) {
    this.gains = List.copyOf(gains);
    this.alpha = alpha;
    this.scale = scale;
    long guardrails = gains.stream().filter(g -> g.kind() != Rule.Kind.PRIMARY).count();
    atAlpha = new Widths(alpha);
    atBound = new Widths(BOUND);
    atMissed = new Widths(MISSED / Math.max(1, guardrails));
  }

  /** What errors are multiplied by for a bound that misses with some probability. */
  private final class Widths {
    private final double[] plain = new double[gains.size()];
    private final double[] serial = new double[gains.size()];

    Widths(double probability) {
      for (int i = 0; i < plain.length; i++) {
        plain[i] = -StudentT.quantile(probability, degrees(i));
        serial[i] = -StudentT.quantile(probability, serialDegrees(i));
      }
    }

    double of(int rule, Seen seen) {
      return Math.max(plain[rule] * seen.errors[rule], serial[rule] * seen.serialErrors[rule]);
    }
  }

  /** Gains and their errors by rule, as they were measured or as they are drawn. */
  static final class Seen {
    final double[] values;
    final double[] errors;
    final double[] serialErrors;

    Seen(int rules) {
      values = new double[rules];
      errors = new double[rules];
      serialErrors = new double[rules];
    }

    /** What was measured. */
    static Seen of(List<Rule.Gain> gains) {
      Seen seen = new Seen(gains.size());
      for (int i = 0; i < gains.size(); i++) {
        Spread spread = gains.get(i).gain().spread();
        seen.values[i] = gains.get(i).gain().value();
        seen.errors[i] = spread.error();
        seen.serialErrors[i] = spread.serialError();
      }
      return seen;
    }
  }

  double alpha() {
    return alpha;
  }

  /** Degrees of freedom of a gain's error where groups are independent. */
  double degrees(int rule) {
    return Math.min(1e6, gains.get(rule).gain().spread().degrees() * scale);
  }

  /** The same where neighbours count, which grow as the root of the window. */
  double serialDegrees(int rule) {
    Spread spread = gains.get(rule).gain().spread();
    return Math.min(degrees(rule), spread.serialDegrees() * Math.sqrt(scale));
  }

  private double groups(int rule) {
    return gains.get(rule).gain().groups() * scale;
  }

  double lower(int rule, Seen seen) {
    return seen.values[rule] - atAlpha.of(rule, seen);
  }

  double upper(int rule, Seen seen) {
    return seen.values[rule] + atBound.of(rule, seen);
  }

  /** Whether a gain with these errors could be expected to pass if nothing got worse. */
  boolean isPowered(int rule, Seen seen) {
    return !gains.get(rule).isSlice()
        || (groups(rule) >= FEWEST_GROUPS
            && atAlpha.of(rule, seen) + atMissed.of(rule, seen) <= -gains.get(rule).required());
  }

  /** How each gain ends. */
  Status[] statuses(Seen seen) {
    Status[] statuses = new Status[seen.values.length];
    int weak = 0;
    for (int i = 0; i < statuses.length; i++) {
      double required = gains.get(i).required();
      if (!Double.isFinite(seen.values[i]) || !Double.isFinite(seen.errors[i]) || groups(i) < 2) {
        statuses[i] = Status.UNDEFINED;
        continue;
      }
      boolean powered = isPowered(i, seen);
      weak += powered ? 0 : 1;
      if (lower(i, seen) > required) {
        statuses[i] = Status.PASSED;
      } else {
        boolean failed = powered && upper(i, seen) <= required;
        statuses[i] = failed ? Status.FAILED : Status.UNPROVEN;
      }
    }
    if (weak > 0) {
      markHarm(weak, seen, statuses);
    }
    return statuses;
  }

  /** Slices that are worse than their margin allows, however small, after Holm (1979). */
  private void markHarm(int slices, Seen seen, Status[] statuses) {
    record Harm(int rule, double probability) {}
    List<Harm> suspects = new ArrayList<>();
    for (int i = 0; i < statuses.length; i++) {
      double distance = seen.values[i] - gains.get(i).required();
      if (statuses[i] == Status.UNPROVEN
          && distance < NEVER_HARM * seen.errors[i]
          && !isPowered(i, seen)) {
        Spread spread =
            new Spread(seen.errors[i], degrees(i), seen.serialErrors[i], serialDegrees(i));
        suspects.add(new Harm(i, spread.below(distance)));
      }
    }
    suspects.sort(Comparator.comparingDouble(Harm::probability).thenComparing(Harm::rule));
    int left = slices;
    for (Harm harm : suspects) {
      if (!(harm.probability() <= BOUND / left)) {
        return;
      }
      statuses[harm.rule()] = Status.FAILED;
      left--;
    }
  }

  /** Whether a rule that ended like this stands in the way of a promotion. */
  boolean blocks(int rule, Status status, Seen seen) {
    Rule.Gain gain = gains.get(rule);
    return switch (status) {
      case PASSED -> false;
      case FAILED -> true;
      // Where errors are too large to show harm, a loss beyond the margin is reason enough to wait.
      case UNPROVEN ->
          isPowered(rule, seen)
              || gain.slice().critical()
              || !(seen.values[rule] > gain.required());
      // Rows that are there and have no figure may hide any harm.
      case UNDEFINED -> !isTooSmall(rule) || gain.slice().critical();
    };
  }

  private boolean isTooSmall(int rule) {
    return gains.get(rule) instanceof Rule.OnSlice slice && slice.groups() < 2;
  }

  /** What the statuses say together: one failure keeps, one open rule leaves it open. */
  Decision outcome(Status[] statuses, Seen seen) {
    Decision outcome = Decision.PROMOTE;
    for (int i = 0; i < statuses.length; i++) {
      if (statuses[i] == Status.FAILED) {
        return Decision.KEEP;
      }
      if (blocks(i, statuses[i], seen)) {
        outcome = Decision.INCONCLUSIVE;
      }
    }
    return outcome;
  }
}
