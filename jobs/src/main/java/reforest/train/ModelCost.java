package reforest.train;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.Node;
import org.apache.spark.ml.tree.TreeEnsembleModel;
import reforest.train.binned.GrownTree;

/**
 * What a fitted candidate costs those who use it, counted from its trees and so the same on any
 * machine.
 *
 * @param visits splits that a training row passes on average, over all trees; NaN when nothing was
 *     fitted
 * @param bytes size of its bundle, estimated; NaN when nothing was fitted
 */
public record ModelCost(double visits, double bytes) {

  /** Of what was not fitted. */
  static final ModelCost UNKNOWN = new ModelCost(Double.NaN, Double.NaN);

  /**
   * What PMML takes for a split, for a leaf with a number, with classes, and for each class,
   * without the digits of the rows that they count.
   */
  private static final int SPLIT_BYTES = 130;

  private static final int LEAF_BYTES = 165;
  private static final int CLASSIFIED_LEAF_BYTES = 125;
  private static final int CLASS_BYTES = 80;

  /** Of a number of rows, and of a sum of their weights. */
  private static final int COUNT_DIGITS = 3;

  private static final int WEIGHT_DIGITS = 18;

  /** What a bundle takes without its trees: inputs, verification rows, manifest. */
  private static final int BASE_BYTES = 20_000;

  private static ModelCost of(double visits, long nodes, int classes, double rows) {
    int digits = rows == Math.rint(rows) ? COUNT_DIGITS : WEIGHT_DIGITS;
    long leaves = (nodes + 1) / 2;
    int leaf = classes == 0 ? LEAF_BYTES : CLASSIFIED_LEAF_BYTES + classes * (CLASS_BYTES + digits);
    return new ModelCost(
        visits,
        BASE_BYTES
            + (double) (nodes - leaves) * (SPLIT_BYTES + digits)
            + (double) leaves * (leaf + digits));
  }

  /** Of trees as they were grown. */
  static ModelCost of(List<GrownTree> trees) {
    double visits = 0;
    long nodes = 0;
    for (GrownTree tree : trees) {
      visits += tree.visits();
      nodes += tree.nodes();
    }
    if (trees.isEmpty()) {
      return of(visits, nodes, 0, 0);
    }
    int classes = trees.get(0).classes();
    double[] root = trees.get(0).statistics(0);
    return of(visits, nodes, classes, classes == 0 ? root[0] : Arrays.stream(root).sum());
  }

  /** Of a model that MLlib fitted. */
  static ModelCost of(Model<?> model) {
    double visits = 0;
    long nodes = 0;
    int classes = 0;
    double rows = 0;
    for (DecisionTreeModel tree : ((TreeEnsembleModel<?>) model).trees()) {
      Node root = tree.rootNode();
      visits += visits(root) / root.impurityStats().count();
      nodes += tree.numNodes();
      rows = root.impurityStats().count();
      classes =
          tree instanceof org.apache.spark.ml.classification.DecisionTreeClassificationModel
              ? root.impurityStats().stats().length
              : 0;
    }
    return of(visits, nodes, classes, rows);
  }

  /** Weight of the rows that come to a split, over all splits. */
  private static double visits(Node node) {
    return node instanceof InternalNode split
        ? node.impurityStats().count() + visits(split.leftChild()) + visits(split.rightChild())
        : 0;
  }
}
