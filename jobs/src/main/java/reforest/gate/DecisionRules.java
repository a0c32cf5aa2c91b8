package reforest.gate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import reforest.gate.Check.Status;
import reforest.statistics.StudentT;

/**
 * The gate's rules as a function of gains and their standard errors, so that the decision and the
 * simulation of its power cannot differ.
 */
final class DecisionRules {

  /** Bounds that speak against a challenger, and the planning of slices, use 95 %. */
  static final double BOUND = 0.05;

  /** A slice must be able to pass with this probability, all guardrails together. */
  static final double MISSED = 0.2;

  /** With fewer groups than this a slice counts as unproven. */
  static final int FEWEST_GROUPS = 10;

  /** No p-value beyond this statistic is below {@link #BOUND}, whatever the degrees of freedom. */
  private static final double NEVER_HARM = -1.64;

  private final List<Rule.Gain> gains;
  private final int[] groups;
  private final double[] lowerQuantile;
  private final double[] upperQuantile;
  private final double[] powerQuantile;

  /**
   * @param gains what must exceed what is required
   * @param alpha the chance of a wrong promotion that this try may spend
   * @param scale how many times as many groups as were seen
   */
  DecisionRules(List<Rule.Gain> gains, double alpha, double scale) {
    this.gains = List.copyOf(gains);
    int count = gains.size();
    groups = new int[count];
    lowerQuantile = new double[count];
    upperQuantile = new double[count];
    powerQuantile = new double[count];
    long guardrails = gains.stream().filter(g -> g.kind() != Rule.Kind.PRIMARY).count();
    for (int i = 0; i < count; i++) {
      groups[i] = (int) Math.round(Math.min(1e6, gains.get(i).gain().groups() * scale));
      int degrees = groups[i] - 1;
      lowerQuantile[i] = -StudentT.quantile(alpha, degrees);
      upperQuantile[i] = -StudentT.quantile(BOUND, degrees);
      if (gains.get(i).isSlice()) {
        powerQuantile[i] = upperQuantile[i] - StudentT.quantile(MISSED / guardrails, degrees);
      }
    }
  }

  int degreesOfFreedom(int rule) {
    return groups[rule] - 1;
  }

  double lower(int rule, double gain, double error) {
    return gain - lowerQuantile[rule] * error;
  }

  double upper(int rule, double gain, double error) {
    return gain + upperQuantile[rule] * error;
  }

  /** Whether a gain with this standard error could be expected to pass if nothing got worse. */
  boolean isPowered(int rule, double error) {
    return !gains.get(rule).isSlice()
        || (groups[rule] >= FEWEST_GROUPS
            && powerQuantile[rule] * error <= -gains.get(rule).required());
  }

  /** How each gain ends with these gains and standard errors. */
  Status[] statuses(double[] values, double[] errors) {
    Status[] statuses = new Status[values.length];
    List<Integer> unproven = List.of();
    for (int i = 0; i < values.length; i++) {
      double required = gains.get(i).required();
      if (!Double.isFinite(values[i]) || !Double.isFinite(errors[i]) || groups[i] < 2) {
        statuses[i] = Status.UNDEFINED;
      } else if (!isPowered(i, errors[i])) {
        statuses[i] = Status.UNPROVEN;
        unproven = unproven.isEmpty() ? new ArrayList<>() : unproven;
        unproven.add(i);
      } else if (lower(i, values[i], errors[i]) > required) {
        statuses[i] = Status.PASSED;
      } else if (upper(i, values[i], errors[i]) <= required) {
        statuses[i] = Status.FAILED;
      } else {
        statuses[i] = Status.UNPROVEN;
      }
    }
    if (unproven.isEmpty()) {
      return statuses;
    }
    markHarm(unproven, values, errors, statuses);
    for (int i : unproven) {
      if (statuses[i] == Status.UNPROVEN
          && gains.get(i) instanceof Rule.OnSlice slice
          && slice.isProvenEnough()
          && groups[i] >= FEWEST_GROUPS
          && lower(i, values[i], errors[i]) > gains.get(i).required()) {
        statuses[i] = Status.PASSED;
      }
    }
    return statuses;
  }

  /** Slices that are worse than their margin allows, however small, after Holm (1979). */
  private void markHarm(List<Integer> slices, double[] values, double[] errors, Status[] statuses) {
    record Harm(int rule, double probability) {}
    List<Harm> suspects = new ArrayList<>();
    for (int i : slices) {
      double distance = values[i] - gains.get(i).required();
      double statistic = errors[i] > 0 ? distance / errors[i] : Math.signum(distance) * 1e300;
      if (statistic < NEVER_HARM) {
        suspects.add(new Harm(i, StudentT.below(statistic, groups[i] - 1)));
      }
    }
    suspects.sort(Comparator.comparingDouble(Harm::probability).thenComparing(Harm::rule));
    int left = slices.size();
    for (Harm harm : suspects) {
      if (!(harm.probability() <= BOUND / left)) {
        return;
      }
      statuses[harm.rule()] = Status.FAILED;
      left--;
    }
  }

  /** Whether a rule that ended like this stands in the way of a promotion. */
  boolean blocks(int rule, Status status, double error) {
    return switch (status) {
      case PASSED -> false;
      case FAILED -> true;
      case UNPROVEN -> isPowered(rule, error) || gains.get(rule).slice().critical();
      // Rows that are there and have no figure may hide any harm.
      case UNDEFINED -> !isTooSmall(rule) || gains.get(rule).slice().critical();
    };
  }

  private boolean isTooSmall(int rule) {
    return gains.get(rule) instanceof Rule.OnSlice slice && slice.groups() < 2;
  }

  /** What the statuses say together: one failure keeps, one open rule leaves it open. */
  Decision outcome(Status[] statuses, double[] errors) {
    Decision outcome = Decision.PROMOTE;
    for (int i = 0; i < statuses.length; i++) {
      if (statuses[i] == Status.FAILED) {
        return Decision.KEEP;
      }
      if (blocks(i, statuses[i], errors[i])) {
        outcome = Decision.INCONCLUSIVE;
      }
    }
    return outcome;
  }
}
