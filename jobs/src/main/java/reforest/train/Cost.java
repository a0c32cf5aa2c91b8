package reforest.train;

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
public record Cost(double visits, double bytes) {

  /** Of what was not fitted. */
  static final Cost UNKNOWN = new Cost(Double.NaN, Double.NaN);

  /** What PMML takes for a split, for a leaf with a number, with classes, and for each class. */
  private static final int SPLIT_BYTES = 115;

  private static final int LEAF_BYTES = 150;
  private static final int CLASSIFIED_LEAF_BYTES = 110;
  private static final int CLASS_BYTES = 85;

  /** What a bundle takes without its trees: inputs, verification rows, manifest. */
  private static final int BASE_BYTES = 20_000;

  private static Cost of(double visits, long nodes, int classes) {
    long leaves = (nodes + 1) / 2;
    return new Cost(
        visits,
        BASE_BYTES
            + (double) (nodes - leaves) * SPLIT_BYTES
            + (double) leaves
                * (classes == 0 ? LEAF_BYTES : CLASSIFIED_LEAF_BYTES + classes * CLASS_BYTES));
  }

  /** Of trees as they were grown. */
  static Cost of(List<GrownTree> trees) {
    double visits = 0;
    long nodes = 0;
    for (GrownTree tree : trees) {
      visits += tree.visits();
      nodes += tree.nodes();
    }
    return of(visits, nodes, trees.isEmpty() ? 0 : trees.get(0).classes());
  }

  /** Of a model that MLlib fitted. */
  static Cost of(Model<?> model) {
    double visits = 0;
    long nodes = 0;
    int classes = 0;
    for (DecisionTreeModel tree : ((TreeEnsembleModel<?>) model).trees()) {
      Node root = tree.rootNode();
      visits += visits(root) / root.impurityStats().count();
      nodes += tree.numNodes();
      classes =
          tree instanceof org.apache.spark.ml.classification.DecisionTreeClassificationModel
              ? root.impurityStats().stats().length
              : 0;
    }
    return of(visits, nodes, classes);
  }

  /** Weight of the rows that come to a split, over all splits. */
  private static double visits(Node node) {
    return node instanceof InternalNode split
        ? node.impurityStats().count() + visits(split.leftChild()) + visits(split.rightChild())
        : 0;
  }
}
