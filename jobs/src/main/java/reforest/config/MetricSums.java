package reforest.config;

import org.jspecify.annotations.Nullable;
import reforest.bundle.Task;

/**
 * Sums over rows that one predictor has predicted: all that a metric which is a function of sums
 * needs. Sums of a regression or of classes are there; those of the other are not to be asked for.
 */
public interface MetricSums {

  /** How many rows were added up. */
  long rows();

  /** Sum of prediction less label. */
  double errors();

  /** Sum of the errors' absolute values. */
  double absoluteErrors();

  /** Sum of the errors' squares. */
  double squaredErrors();

  /** Sum of {@link RowErrors#relative} over the rows whose label is not 0. */
  double relativeErrors();

  /** Rows whose label is 0. */
  long zeroLabels();

  /** Sum of {@link RowErrors#symmetric}. */
  double symmetricErrors();

  /** Sum of {@link RowErrors#quantile}; of no account where no quantile is asked for. */
  double quantileLosses();

  /** Sum of the labels' distances from some fixed value. */
  double labels();

  /** Sum of the squares of these distances. */
  double squaredLabels();

  /** Sum of the negative logarithms of the true classes' probabilities, in nats. */
  double losses();

  /** Sum of {@link RowErrors#squared} of the classes' probabilities. */
  double squaredProbabilities();

  /** Sum of what the rows' predictions are worth, where that is declared and known. */
  double business();

  /** Rows of which it is declared and not known: null, NaN or infinite. */
  long withoutBusiness();

  /** What is predicted. */
  Task task();

  /** How many classes there are; 0 of a regression. */
  int classes();

  /** Rows that are of a class. */
  double actual(int label);

  /** Rows that are predicted to be of a class. */
  double predicted(int label);

  /** Rows that are of a class and predicted to be. */
  double hits(int label);

  /** What errors cost; null where nothing is declared. */
  @Nullable ErrorCosts costs();
}
