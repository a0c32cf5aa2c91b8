package reforest.train.binned;

import java.io.Serializable;

/**
 * When a tree stops growing and what it may look at, by MLlib's names.
 *
 * @param classes classes of the label; 0 for a number
 * @param maxDepth splits between the root and the deepest leaf, from 0 to 30
 * @param minInstancesPerNode fewest rows of a leaf, at least 1
 * @param minInfoGain least gain of a split, in the impurity's unit
 * @param featuresPerNode features that are tried at a split, at least 1
 * @param maxBins the bins that were asked for: MLlib tries all subsets of a category where twice
 *     their number does not exceed it, in a task of more than two classes
 * @param likeMllib whether a category's values are put in order by how many rows of class 1 they
 *     have, as MLlib does for two classes, rather than by their share (Breiman, Friedman, Olshen
 *     and Stone 1984, theorem 4.5). Either way leaves are merged as {@link GrownTree#cut} says,
 *     which is not MLlib's
 */
public record TreeSettings(
    int classes,
    int maxDepth,
    int minInstancesPerNode,
    double minInfoGain,
    int featuresPerNode,
    int maxBins,
    boolean likeMllib)
    implements Serializable {
  public TreeSettings {
    if (classes == 1 || classes < 0) {
      throw new IllegalArgumentException("classes must be 0 or at least 2, got " + classes);
    }
    if (maxDepth < 0 || maxDepth > 30) {
      throw new IllegalArgumentException("maxDepth must be from 0 to 30, got " + maxDepth);
    }
    if (minInstancesPerNode < 1 || featuresPerNode < 1) {
      throw new IllegalArgumentException(
          "minInstancesPerNode and featuresPerNode must be at least 1, got "
              + minInstancesPerNode
              + " and "
              + featuresPerNode);
    }
  }

  boolean isClassification() {
    return classes > 0;
  }

  /** Numbers that describe the rows of a node: one for each class, or weight, sum and squares. */
  int statistics() {
    return classes > 0 ? classes : 3;
  }
}
