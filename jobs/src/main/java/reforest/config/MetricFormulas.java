package reforest.config;

import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import reforest.bundle.Task;

/** The metrics as functions of sums; NaN where one is undefined. */
final class MetricFormulas {

  /** Below this share of its terms, what is left of a difference is rounding. */
  private static final double ROUNDING = 1e-12;

  private MetricFormulas() {}

  /** A metric of some rows, of which there is at least one. */
  interface Formula {

    double of(MetricSums sums);

    /**
     * Why a metric that is NaN is undefined, where its rows tell; empty where its sums are not
     * finite.
     *
     * @param className the name of each class
     */
    default Optional<String> why(MetricSums sums, IntFunction<String> className) {
      return Optional.empty();
    }
  }

  /** Share of the label's variance that is explained. */
  static final class ExplainedVariance implements Formula {
    @Override
    public double of(MetricSums sums) {
      double variation = sums.squaredLabels() - sums.labels() * sums.labels() / sums.rows();
      if (!(variation > ROUNDING * sums.squaredLabels())) {
        return Double.NaN;
      }
      return 1 - Math.max(0, sums.squaredErrors()) / variation;
    }

    @Override
    public Optional<String> why(MetricSums sums, IntFunction<String> className) {
      return Optional.of("the label has no variance");
    }
  }

  /** A share that each class has; zero by zero is NaN, which is what an undefined share must be. */
  enum ClassShare {
    PRECISION("no row is predicted to be of class ") {
      @Override
      double of(MetricSums sums, int label) {
        return sums.hits(label) / sums.predicted(label);
      }
    },
    RECALL("no row is of class ") {
      @Override
      double of(MetricSums sums, int label) {
        return sums.hits(label) / sums.actual(label);
      }
    },
    F1("no row is or is predicted to be of class ") {
      @Override
      double of(MetricSums sums, int label) {
        return 2 * sums.hits(label) / (sums.predicted(label) + sums.actual(label));
      }
    };

    private final String none;

    ClassShare(String none) {
      this.none = none;
    }

    abstract double of(MetricSums sums, int label);
  }

  /** The share of the positive one of two classes; of more, the mean over the classes. */
  record OverClasses(ClassShare share) implements Formula {
    @Override
    public double of(MetricSums sums) {
      double sum = 0;
      for (int label = first(sums); label < sums.classes(); label++) {
        sum += share.of(sums, label);
      }
      return sum / (sums.classes() - first(sums));
    }

    @Override
    public Optional<String> why(MetricSums sums, IntFunction<String> className) {
      for (int label = first(sums); label < sums.classes(); label++) {
        if (Double.isNaN(share.of(sums, label))) {
          return Optional.of(share.none + className.apply(label));
        }
      }
      return Optional.empty();
    }
  }

  /**
   * As MLlib's evaluators have it, by which candidates are ranked: of the positive one of two
   * classes, else weighted by the classes' rows; 0 where a class has none.
   */
  record AsMllib(ClassShare share) implements Formula {
    @Override
    public double of(MetricSums sums) {
      double sum = 0;
      for (int label = first(sums); label < sums.classes(); label++) {
        double of = share.of(sums, label);
        double weight = first(sums) > 0 ? 1 : sums.actual(label) / sums.rows();
        sum += Double.isNaN(of) ? 0 : of * weight;
      }
      return sum;
    }
  }

  /** The first class that counts: of two declared ones the positive alone does. */
  private static int first(MetricSums sums) {
    return sums.task() == Task.BINARY ? 1 : 0;
  }

  static double accuracy(MetricSums sums) {
    double hits = 0;
    for (int label = 0; label < sums.classes(); label++) {
      hits += sums.hits(label);
    }
    return hits / sums.rows();
  }

  static double cost(MetricSums sums) {
    double alarms = sums.predicted(1) - sums.hits(1);
    double missed = sums.actual(1) - sums.hits(1);
    return Objects.requireNonNull(sums.costs()).of(alarms, missed) / sums.rows();
  }
}
