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
final class Rules {

  /** Bounds that speak against a challenger, and the planning of slices, use 95 %. */
  static final double BOUND = 0.05;

  /** A slice must be able to pass with this probability, all guardrails together. */
  static final double MISSED = 0.2;

  /** With fewer groups than this a slice counts as unproven. */
  static final int FEWEST_GROUPS = 10;

  /** No p-value beyond this statistic is below {@link #BOUND}, whatever the degrees of freedom. */
  private static final double NEVER_HARM = -1.64;

  private final List<Trial> trials;
  private final int[] groups;
  private final double[] lowerQuantile;
  private final double[] upperQuantile;
  private final double[] powerQuantile;

  /**
   * @param trials what is to be tried
   * @param alpha the chance of a wrong promotion that this try may spend
   * @param scale how many times as many groups as were seen
   */
  Rules(List<Trial> trials, double alpha, double scale) {
    this.trials = List.copyOf(trials);
    int count = trials.size();
    groups = new int[count];
    lowerQuantile = new double[count];
    upperQuantile = new double[count];
    powerQuantile = new double[count];
    long guardrails = trials.stream().filter(t -> t.rule() != Check.Rule.PRIMARY).count();
    for (int i = 0; i < count; i++) {
      groups[i] = (int) Math.round(Math.min(1e6, trials.get(i).gain().groups() * scale));
      int degrees = groups[i] - 1;
      lowerQuantile[i] = -StudentT.quantile(alpha, degrees);
      upperQuantile[i] = -StudentT.quantile(BOUND, degrees);
      if (trials.get(i).isSlice()) {
        powerQuantile[i] = upperQuantile[i] - StudentT.quantile(MISSED / guardrails, degrees);
      }
    }
  }

  int degreesOfFreedom(int trial) {
    return groups[trial] - 1;
  }

  double lower(int trial, double gain, double error) {
    return gain - lowerQuantile[trial] * error;
  }

  double upper(int trial, double gain, double error) {
    return gain + upperQuantile[trial] * error;
  }

  /** Whether a trial with this standard error could be expected to pass if nothing got worse. */
  boolean isPowered(int trial, double error) {
    return !trials.get(trial).isSlice()
        || (groups[trial] >= FEWEST_GROUPS
            && powerQuantile[trial] * error <= -trials.get(trial).required());
  }

  /** How each trial ends with these gains and standard errors. */
  Status[] statuses(double[] gains, double[] errors) {
    Status[] statuses = new Status[gains.length];
    List<Integer> unproven = List.of();
    for (int i = 0; i < gains.length; i++) {
      double required = trials.get(i).required();
      if (!Double.isFinite(gains[i]) || !Double.isFinite(errors[i]) || groups[i] < 2) {
        statuses[i] = Status.UNDEFINED;
      } else if (!isPowered(i, errors[i])) {
        statuses[i] = Status.UNPROVEN;
        unproven = unproven.isEmpty() ? new ArrayList<>() : unproven;
        unproven.add(i);
      } else if (lower(i, gains[i], errors[i]) > required) {
        statuses[i] = Status.PASSED;
      } else if (upper(i, gains[i], errors[i]) <= required) {
        statuses[i] = Status.FAILED;
      } else {
        statuses[i] = Status.UNPROVEN;
      }
    }
    if (unproven.isEmpty()) {
      return statuses;
    }
    markHarm(unproven, gains, errors, statuses);
    for (int i : unproven) {
      if (statuses[i] == Status.UNPROVEN
          && trials.get(i).provenIsEnough()
          && groups[i] >= FEWEST_GROUPS
          && lower(i, gains[i], errors[i]) > trials.get(i).required()) {
        statuses[i] = Status.PASSED;
      }
    }
    return statuses;
  }

  /** Slices that are worse than their margin allows, however small, after Holm (1979). */
  private void markHarm(List<Integer> slices, double[] gains, double[] errors, Status[] statuses) {
    record Harm(int trial, double probability) {}
    List<Harm> suspects = new ArrayList<>();
    for (int i : slices) {
      double distance = gains[i] - trials.get(i).required();
      double statistic = errors[i] > 0 ? distance / errors[i] : Math.signum(distance) * 1e300;
      if (statistic < NEVER_HARM) {
        suspects.add(new Harm(i, StudentT.below(statistic, groups[i] - 1)));
      }
    }
    suspects.sort(Comparator.comparingDouble(Harm::probability).thenComparing(Harm::trial));
    int left = slices.size();
    for (Harm harm : suspects) {
      if (!(harm.probability() <= BOUND / left)) {
        return;
      }
      statuses[harm.trial()] = Status.FAILED;
      left--;
    }
  }

  /** Whether a trial that ended like this stands in the way of a promotion. */
  boolean blocks(int trial, Status status, double error) {
    return switch (status) {
      case PASSED -> false;
      case FAILED -> true;
      case UNPROVEN -> isPowered(trial, error) || trials.get(trial).slice().critical();
      // Rows that are there and have no figure may hide any harm.
      case UNDEFINED -> !trials.get(trial).tooSmall() || trials.get(trial).slice().critical();
    };
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
