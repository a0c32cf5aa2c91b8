package reforest.bundle.pmml;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a model that was read knows of the rows that trained it. */
public final class Covers {

  private Covers() {}

  /** Training rows of each tree; empty where the model does not say. */
  public static Optional<List<Double>> ofTrees(PmmlModel model) {
    Forest forest = model.forest();
    return forest.hasCovers()
        ? Optional.of(
            IntStream.range(0, forest.trees())
                .mapToObj(tree -> forest.cover(forest.root(tree)))
                .toList())
        : Optional.empty();
  }
}
