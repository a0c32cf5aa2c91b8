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

  /** The mean weighted by the classes' rows; a class without any counts for nothing. */
  record Weighted(ClassShare share) implements Formula {
    @Override
    public double of(MetricSums sums) {
      double sum = 0;
      for (int label = 0; label < sums.classes(); label++) {
        if (sums.actual(label) > 0) {
          sum += share.of(sums, label) * (sums.actual(label) / sums.rows());
        }
      }
      return sum;
    }

    @Override
    public Optional<String> why(MetricSums sums, IntFunction<String> className) {
      for (int label = 0; label < sums.classes(); label++) {
        if (sums.actual(label) > 0 && Double.isNaN(share.of(sums, label))) {
          return Optional.of(share.none + className.apply(label));
        }
      }
      return Optional.empty();
    }
  }

  /** The mean of the classes' recalls, of two classes, too. */
  static final class BalancedAccuracy implements Formula {
    @Override
    public double of(MetricSums sums) {
      double sum = 0;
      for (int label = 0; label < sums.classes(); label++) {
        sum += ClassShare.RECALL.of(sums, label);
      }
      return sum / sums.classes();
    }

    @Override
    public Optional<String> why(MetricSums sums, IntFunction<String> className) {
      for (int label = 0; label < sums.classes(); label++) {
        if (!(sums.actual(label) > 0)) {
          return Optional.of(ClassShare.RECALL.none + className.apply(label));
        }
      }
      return Optional.empty();
    }

    /** The mean over the classes that a fold has. */
    static double ranking(MetricSums sums) {
      double sum = 0;
      int classes = 0;
      for (int label = 0; label < sums.classes(); label++) {
        if (sums.actual(label) > 0) {
          sum += ClassShare.RECALL.of(sums, label);
          classes++;
        }
      }
      return sum / classes;
    }
  }

  /**
   * The correlation of true and predicted classes (Matthews 1975; of several classes Gorodkin
   * 2004).
   */
  static final class Matthews implements Formula {
    @Override
    public double of(MetricSums sums) {
      double rows = sums.rows();
      double hits = 0;
      double both = 0;
      double actual = 0;
      double predicted = 0;
      for (int label = 0; label < sums.classes(); label++) {
        double is = sums.actual(label) / rows;
        double said = sums.predicted(label) / rows;
        hits += sums.hits(label) / rows;
        both += is * said;
        actual += is * (1 - is);
        predicted += said * (1 - said);
      }
      if (!(actual > 0 && predicted > 0)) {
        return Double.NaN;
      }
      return Math.max(-1, Math.min(1, (hits - both) / Math.sqrt(actual * predicted)));
    }

    @Override
    public Optional<String> why(MetricSums sums, IntFunction<String> className) {
      for (int label = 0; label < sums.classes(); label++) {
        if (sums.actual(label) == sums.rows()) {
          return Optional.of("all rows are of class " + className.apply(label));
        }
        if (sums.predicted(label) == sums.rows()) {
          return Optional.of("all rows are predicted to be of class " + className.apply(label));
        }
      }
      return Optional.empty();
    }

    /** 0 where all is of one class, since nothing is told apart then. */
    double ranking(MetricSums sums) {
      double value = of(sums);
      return sums.rows() > 0 && Double.isNaN(value) ? 0 : value;
    }
  }

  /** The mean of the errors as shares of the label, of labels of which none is 0. */
  static final class RelativeError implements Formula {
    @Override
    public double of(MetricSums sums) {
      return sums.zeroLabels() == 0 ? Math.max(0, sums.relativeErrors()) / sums.rows() : Double.NaN;
    }

    @Override
    public Optional<String> why(MetricSums sums, IntFunction<String> className) {
      return sums.zeroLabels() == 0
          ? Optional.empty()
          : Optional.of(
              "the label is 0 in %d of %d rows".formatted(sums.zeroLabels(), sums.rows()));
    }
  }

  /** The mean of what the rows' predictions are worth, of rows of which all are known. */
  static final class Business implements Formula {
    @Override
    public double of(MetricSums sums) {
      return sums.withoutBusiness() == 0 ? sums.business() / sums.rows() : Double.NaN;
    }

    @Override
    public Optional<String> why(MetricSums sums, IntFunction<String> className) {
      return sums.withoutBusiness() == 0
          ? Optional.empty()
          : Optional.of(
              "evaluate.business gives no finite number for %d of %d rows"
                  .formatted(sums.withoutBusiness(), sums.rows()));
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
