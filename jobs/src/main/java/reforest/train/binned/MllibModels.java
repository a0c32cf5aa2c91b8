package reforest.train.binned;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.DecisionTreeClassificationModel;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.regression.DecisionTreeRegressionModel;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.apache.spark.ml.tree.CategoricalSplit;
import org.apache.spark.ml.tree.ContinuousSplit;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.LeafNode;
import org.apache.spark.ml.tree.Node;
import org.apache.spark.ml.tree.Split;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.mllib.tree.impurity.GiniCalculator;
import org.apache.spark.mllib.tree.impurity.ImpurityCalculator;
import org.apache.spark.mllib.tree.impurity.VarianceCalculator;

/** Writes grown trees as MLlib's own models, so that all that reads those reads these. */
public final class MllibModels {

  private final Binning binning;

  /**
   * @param binning what the trees were grown with
   */
  public MllibModels(Binning binning) {
    this.binning = binning;
  }

  /**
   * A random forest; of classes when the trees are.
   *
   * @param trees at least one
   */
  public Model<?> forest(List<GrownTree> trees) {
    int classes = trees.get(0).classes();
    if (classes == 0) {
      DecisionTreeRegressionModel[] written = regressions(trees);
      RandomForestRegressionModel model =
          new RandomForestRegressionModel(uid("rfr"), written, binning.features());
      // Its predictions are divided by this setting, not by the number of trees.
      model.set(model.numTrees(), written.length);
      return model;
    }
    DecisionTreeClassificationModel[] written =
        trees.stream()
            .map(
                tree ->
                    new DecisionTreeClassificationModel(
                        uid("dtc"), root(tree), binning.features(), classes))
            .toArray(DecisionTreeClassificationModel[]::new);
    RandomForestClassificationModel model =
        new RandomForestClassificationModel(uid("rfc"), written, binning.features(), classes);
    model.set(model.numTrees(), written.length);
    return model;
  }

  /**
   * Boosted trees.
   *
   * @param trees at least one
   * @param stepSize weight of all but the first
   */
  public Model<?> boosting(List<GrownTree> trees, double stepSize, boolean classification) {
    double[] weights = new double[trees.size()];
    Arrays.fill(weights, stepSize);
    weights[0] = 1.0;
    DecisionTreeRegressionModel[] written = regressions(trees);
    if (!classification) {
      GBTRegressionModel model =
          new GBTRegressionModel(uid("gbtr"), written, weights, binning.features());
      model.set(model.maxIter(), written.length);
      return model;
    }
    GBTClassificationModel model =
        new GBTClassificationModel(uid("gbtc"), written, weights, binning.features(), 2);
    model.set(model.maxIter(), written.length);
    return model;
  }

  /** MLlib's form of a tree. */
  public Node root(GrownTree tree) {
    return node(tree, 0);
  }

  private DecisionTreeRegressionModel[] regressions(List<GrownTree> trees) {
    return trees.stream()
        .map(tree -> new DecisionTreeRegressionModel(uid("dtr"), root(tree), binning.features()))
        .toArray(DecisionTreeRegressionModel[]::new);
  }

  private static String uid(String prefix) {
    return Identifiable$.MODULE$.randomUID(prefix);
  }

  private Node node(GrownTree tree, int node) {
    double[] statistics = tree.statistics(node);
    ImpurityCalculator impurity =
        tree.classes() == 0
            ? new VarianceCalculator(statistics, tree.count(node))
            : new GiniCalculator(statistics, tree.count(node));
    if (tree.isLeaf(node)) {
      return new LeafNode(tree.prediction(node), tree.impurity(node), impurity);
    }
    return new InternalNode(
        tree.prediction(node),
        tree.impurity(node),
        tree.gain(node),
        node(tree, tree.left(node)),
        node(tree, tree.right(node)),
        split(tree, node),
        impurity);
  }

  private Split split(GrownTree tree, int node) {
    int feature = tree.feature(node);
    if (!binning.isCategorical(feature)) {
      return new ContinuousSplit(feature, binning.threshold(feature, tree.lastLeft(node)));
    }
    List<Double> left = new ArrayList<>();
    for (int bin = 0; bin < binning.bins(feature); bin++) {
      if (tree.goesLeft(node, bin)) {
        left.add((double) bin);
      }
    }
    return new CategoricalSplit(
        feature, left.stream().mapToDouble(Double::doubleValue).toArray(), binning.bins(feature));
  }
}
