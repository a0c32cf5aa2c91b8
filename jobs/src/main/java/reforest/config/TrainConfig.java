package reforest.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.config.SearchConfig.Interval;

/**
 * What is searched.
 *
 * @param metric what cross-validation ranks candidates by
 * @param folds number of folds, at least 2
 * @param seed seed of everything that is random in training
 * @param parallelism candidates of one fold that MLlib fits at once
 * @param maxBins most thresholds per feature plus one, and most categories
 * @param engine who grows the trees
 * @param memoryShare share of a heap that binned columns and their fits may take, above 0, at most
 *     1
 * @param search how the winner is found among the candidates
 * @param randomForest grid of random forests, if any are searched
 * @param gradientBoosting grid of gradient-boosted trees, if any are searched
 */
public record TrainConfig(
    Metric metric,
    int folds,
    long seed,
    int parallelism,
    int maxBins,
    Engine engine,
    double memoryShare,
    SearchConfig search,
    Optional<RandomForestGrid> randomForest,
    Optional<GradientBoostingGrid> gradientBoosting) {

  /**
   * What is combined into candidates.
   *
   * @param trees numbers of trees
   * @param depth largest depths
   * @param minInstances fewest rows of a leaf
   * @param features features tried at a split: {@code auto}, {@code all}, {@code sqrt}, {@code
   *     log2}, {@code onethird}, a share or a count
   * @param subsample share of the rows drawn for a tree, above 0, at most 1
   * @param ranges what is drawn from a range instead, by its key; its list is empty
   */
  public record RandomForestGrid(
      List<Integer> trees,
      List<Integer> depth,
      List<Integer> minInstances,
      List<String> features,
      List<Double> subsample,
      Map<String, Interval> ranges) {
    public RandomForestGrid {
      trees = List.copyOf(trees);
      depth = List.copyOf(depth);
      minInstances = List.copyOf(minInstances);
      features = List.copyOf(features);
      subsample = List.copyOf(subsample);
      ranges = Map.copyOf(ranges);
    }
  }

  /**
   * What is combined into candidates.
   *
   * @param iterations numbers of trees
   * @param depth largest depths
   * @param stepSize learning rates, above 0, at most 1
   * @param minInstances fewest rows of a leaf
   * @param features features tried at a split, as for forests
   * @param subsample share of the rows drawn for a tree, above 0, at most 1
   * @param start what all of them add to
   * @param ranges what is drawn from a range instead, by its key; its list is empty
   */
  public record GradientBoostingGrid(
      List<Integer> iterations,
      List<Integer> depth,
      List<Double> stepSize,
      List<Integer> minInstances,
      List<String> features,
      List<Double> subsample,
      BoostingStart start,
      Map<String, Interval> ranges) {
    public GradientBoostingGrid {
      iterations = List.copyOf(iterations);
      depth = List.copyOf(depth);
      stepSize = List.copyOf(stepSize);
      minInstances = List.copyOf(minInstances);
      features = List.copyOf(features);
      subsample = List.copyOf(subsample);
      ranges = Map.copyOf(ranges);
    }
  }
}
