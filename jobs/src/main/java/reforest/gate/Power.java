package reforest.gate;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Predicate;
import reforest.gate.DecisionRules.Seen;
import reforest.statistics.Estimate;

/**
 * How probably the gate promotes when the worthwhile gain is real, and how much more data it needs:
 * the rules themselves, run on gains drawn from the joint distribution that was seen. The same
 * gains give the same answer.
 */
final class Power {
  private static final int DRAWS = 1_000;

  /** Planning looks at many scales and answers "about", so it makes do with fewer. */
  private static final int PLANNING_DRAWS = 200;

  private static final long SEED = 7_919;

  /** The probability of a decision that a bigger window is planned for. */
  private static final double ENOUGH = 0.8;

  /** A window that had to be larger than this many times is no reasonable advice. */
  static final double LARGEST = 16;

  private final List<Rule.Gain> gains;
  private final double alpha;
  private final boolean groupsGrow;

  /** By draw and rule, gains around zero; and by draw the deviate of the errors' noise. */
  private final double[][] deviations = new double[DRAWS][];

  private final double[] noise = new double[DRAWS];

  /** By rule, what neighbours that are alike add to the error. */
  private final double[] neighbours;

  /**
   * @param gains what must exceed what is required
   * @param alpha what this try spends
   * @param groupsGrow whether more rows mean more groups
   */
  Power(List<Rule.Gain> gains, double alpha, boolean groupsGrow) {
    this.gains = List.copyOf(gains);
    this.alpha = alpha;
    this.groupsGrow = groupsGrow;
    this.neighbours = gains.stream().mapToDouble(it -> it.gain().inflation()).toArray();
    double[][] root = root();
    Random random = new Random(SEED);
    for (int draw = 0; draw < DRAWS; draw++) {
      noise[draw] = random.nextGaussian();
      double[] independent = new double[root.length];
      for (int i = 0; i < root.length; i++) {
        independent[i] = random.nextGaussian();
      }
      deviations[draw] = new double[root.length];
      for (int i = 0; i < root.length; i++) {
        for (int j = 0; j <= i; j++) {
          deviations[draw][i] += root[i][j] * independent[j];
        }
        deviations[draw][i] *= neighbours[i];
      }
    }
  }

  /** The probability of a promotion of a challenger that has the worthwhile gain. */
  double ofWorthwhileGain() {
    double[] truth = gains.stream().mapToDouble(Rule.Gain::worthwhile).toArray();
    return share(DRAWS, truth, alpha, 1, 1, outcome -> outcome == Decision.PROMOTE);
  }

  /**
   * The probability of a promotion of a challenger that is as much better as this one is likely to
   * be: what a first model is told, since beside a baseline the worthwhile gain is small whatever
   * the window.
   */
  double ofExpectedGain() {
    double[] truth = gains.stream().mapToDouble(it -> it.gain().shrunk()).toArray();
    return share(DRAWS, truth, alpha, 1, 1, outcome -> outcome == Decision.PROMOTE);
  }

  /**
   * How many times as large a fresh window would decide either way with a probability of 80 %,
   * given what was seen; empty when not even the largest reasonable window would.
   *
   * @param fresh what a try on a window that nobody has seen may spend
   */
  OptionalDouble scaleThatDecides(double fresh) {
    double tooLittle = 1;
    double enough = 2;
    while (!(decided(fresh, enough) >= ENOUGH)) {
      tooLittle = enough;
      enough *= 2;
      if (enough > LARGEST) {
        return OptionalDouble.empty();
      }
    }
    while (enough - tooLittle > 0.05 * tooLittle) {
      double middle = (enough + tooLittle) / 2;
      if (decided(fresh, middle) >= ENOUGH) {
        enough = middle;
      } else {
        tooLittle = middle;
      }
    }
    return OptionalDouble.of(enough);
  }

  /**
   * The probability of a decision on a fresh window of {@code scale} times the size. The truth is
   * what was seen, give or take its error, and what will be seen is the truth, give or take its
   * own.
   */
  private double decided(double fresh, double scale) {
    double[] seen = gains.stream().mapToDouble(t -> t.gain().value()).toArray();
    double spread = Math.sqrt(1 + 1 / scale);
    return share(
        PLANNING_DRAWS, seen, fresh, spread, scale, outcome -> outcome != Decision.INCONCLUSIVE);
  }

  private double share(
      int draws,
      double[] centre,
      double level,
      double spread,
      double scale,
      Predicate<Decision> counts) {
    DecisionRules rules = new DecisionRules(gains, level, groupsGrow ? scale : 1);
    Seen drawn = new Seen(gains.size());
    int hits = 0;
    for (int draw = 0; draw < draws; draw++) {
      for (int i = 0; i < gains.size(); i++) {
        Estimate gain = gains.get(i).gain();
        double error = gain.standardError() / Math.sqrt(scale);
        drawn.values[i] = gain.isDefined() ? centre[i] + spread * deviations[draw][i] : Double.NaN;
        drawn.errors[i] = error * errorNoise(noise[draw], rules.degrees(i));
        drawn.serialErrors[i] =
            error * neighbours[i] * errorNoise(noise[draw], rules.serialDegrees(i));
      }
      if (counts.test(rules.outcome(rules.statuses(drawn), drawn))) {
        hits++;
      }
    }
    return (double) hits / draws;
  }

  /** What a standard error is multiplied by when it is estimated (Wilson and Hilferty 1931). */
  private static double errorNoise(double deviate, double degrees) {
    if (!(degrees >= 1)) {
      return 1;
    }
    double part = 2.0 / (9.0 * degrees);
    double root = Math.max(0.05, 1 - part + deviate * Math.sqrt(part));
    return Math.sqrt(root * root * root);
  }

  /** The lower triangular root of the gains' covariance; rows of undefined ones are zero. */
  private double[][] root() {
    int count = gains.size();
    double[][] root = new double[count][count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = gains.get(i).gain().covariance(gains.get(j).gain());
        double variance = gains.get(i).gain().covariance(gains.get(i).gain());
        for (int k = 0; k < j; k++) {
          rest -= root[i][k] * root[j][k];
        }
        if (Double.isNaN(rest)) {
          root[i][j] = 0;
        } else if (i == j) {
          // What is left of a gain that the earlier ones determine is rounding.
          root[i][i] = rest > 1e-12 * variance ? Math.sqrt(rest) : 0;
        } else {
          root[i][j] = root[j][j] > 0 ? rest / root[j][j] : 0;
        }
      }
    }
    return root;
  }
}
