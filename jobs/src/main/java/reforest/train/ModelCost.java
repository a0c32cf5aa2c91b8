package reforest.train;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.DecisionTreeClassificationModel;
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
   * Of trees as they were grown.
   *
   * @param trees at least one
   * @param root MLlib's form of a tree
   */
  static ModelCost of(Predictor trees, Function<GrownTree, Node> root, BundleSize size) {
    double visits = 0;
    long nodes = 0;
    for (GrownTree tree : trees.trees()) {
      visits += tree.visits();
      nodes += tree.nodes();
    }
    List<GrownTree> members = trees.trees();
    return new ModelCost(
        visits,
        size.of(
            members.size(),
            nodes,
            i ->
                new BundleSize.Member(
                    root.apply(members.get(i)), members.get(i).classes() > 0, trees.weight(i))));
  }

  /** Of a model that MLlib fitted. */
  static ModelCost of(Model<?> model, BundleSize size) {
    double visits = 0;
    long nodes = 0;
    TreeEnsembleModel<?> ensemble = (TreeEnsembleModel<?>) model;
    DecisionTreeModel[] members = ensemble.trees();
    double[] weights = ensemble.treeWeights();
    for (DecisionTreeModel tree : members) {
      Node root = tree.rootNode();
      visits += visits(root) / root.impurityStats().count();
      nodes += tree.numNodes();
    }
    return new ModelCost(
        visits,
        size.of(
            members.length,
            nodes,
            i ->
                new BundleSize.Member(
                    members[i].rootNode(),
                    members[i] instanceof DecisionTreeClassificationModel,
                    weights[i])));
  }

  /** Weight of the rows that come to a split, over all splits. */
  private static double visits(Node node) {
    return node instanceof InternalNode split
        ? node.impurityStats().count() + visits(split.leftChild()) + visits(split.rightChild())
        : 0;
  }
}
