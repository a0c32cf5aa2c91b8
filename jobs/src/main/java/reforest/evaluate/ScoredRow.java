package reforest.evaluate;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One row with its predictions, for comparisons without Spark.
 *
 * @param cluster rows of the same cluster depend on each other
 * @param slices names of the declared slices that it is in
 * @param label the true value, or the index of the true class
 * @param predictions for each role a regression's value or the probabilities of the classes
 */
public record ScoredRow(
    String cluster, Set<String> slices, double label, Map<Role, List<Double>> predictions) {
  public ScoredRow {
    slices = Set.copyOf(slices);
    predictions = Map.copyOf(predictions);
  }
}
