package reforest.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.tree.CategoricalSplit;
import org.apache.spark.ml.tree.ContinuousSplit;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.Node;
import org.apache.spark.ml.tree.Split;
import org.dmg.pmml.Array;
import org.dmg.pmml.ComplexArray;
import org.dmg.pmml.ComplexScoreDistribution;
import org.dmg.pmml.MiningField;
import org.dmg.pmml.MiningFunction;
import org.dmg.pmml.MiningSchema;
import org.dmg.pmml.Predicate;
import org.dmg.pmml.SimplePredicate;
import org.dmg.pmml.SimplePredicate.Operator;
import org.dmg.pmml.SimpleSetPredicate;
import org.dmg.pmml.True;
import org.dmg.pmml.tree.ComplexNode;
import org.dmg.pmml.tree.TreeModel;
import reforest.features.Recipe.CategoryInput;
import reforest.train.Trained;

/**
 * Writes MLlib's trees as PMML trees that send every row the same way.
 *
 * <p>Each node's {@code recordCount} is how many training rows came to it, each as often as it was
 * drawn and weighted as the trainer weighted it: what a share of a prediction rests on.
 */
final class PmmlTrees {

  /** Up to here a double holds every whole number. */
  private static final double LARGEST_WHOLE = 0x1p53;

  private final Trained trained;
  private final String label;
  private final List<String> names;
  private final Logarithms logarithms;

  PmmlTrees(Trained trained, String label) {
    this.trained = trained;
    this.label = label;
    this.names = new ArrayList<>();
    trained.recipe().numbers().forEach(input -> names.add(input.name()));
    trained.recipe().derived().forEach(column -> names.add(column.name()));
    trained.recipe().categories().forEach(input -> names.add(input.name()));
    this.logarithms =
        new Logarithms(trained.recipe().derived(), trained.recipe().isHighestWhenMissing());
  }

  /** A tree whose leaves hold numbers, each multiplied by {@code weight}. */
  TreeModel regression(DecisionTreeModel tree, double weight) {
    return model(
        tree, MiningFunction.REGRESSION, (leaf, node) -> node.setScore(leaf.prediction() * weight));
  }

  /** A tree whose leaves hold the share of each class among their training rows. */
  TreeModel classification(DecisionTreeModel tree) {
    return model(
        tree,
        MiningFunction.CLASSIFICATION,
        (leaf, node) -> {
          double[] counts = leaf.impurityStats().stats();
          double total = Arrays.stream(counts).sum();
          int best = 0;
          for (int i = 0; i < counts.length; i++) {
            best = counts[i] > counts[best] ? i : best;
            node.addScoreDistributions(
                new ComplexScoreDistribution()
                    .setValue(trained.classes().get(i))
                    .setRecordCount(count(counts[i]))
                    .setProbability(counts[i] / total));
          }
          node.setScore(trained.classes().get(best));
        });
  }

  /**
   * Whole numbers in their shortest form: there is one for each node, and mostly they are whole.
   */
  private static Number count(double count) {
    if (count == Math.rint(count) && count < LARGEST_WHOLE) {
      return (long) count;
    }
    return count;
  }

  private interface Leaf {
    void write(Node leaf, org.dmg.pmml.tree.Node node);
  }

  private TreeModel model(DecisionTreeModel tree, MiningFunction function, Leaf leaf) {
    Set<String> used = new LinkedHashSet<>();
    Writer writer = new Writer(leaf, used);
    org.dmg.pmml.tree.Node root = writer.node(tree.rootNode(), new True());
    MiningSchema schema = new MiningSchema();
    if (function == MiningFunction.CLASSIFICATION || !trained.task().isClassification()) {
      schema.addMiningFields(new MiningField(label).setUsageType(MiningField.UsageType.TARGET));
    }
    names.stream().filter(used::contains).forEach(n -> schema.addMiningFields(new MiningField(n)));
    return new TreeModel(function, schema, root)
        .setMissingValueStrategy(TreeModel.MissingValueStrategy.DEFAULT_CHILD)
        .setSplitCharacteristic(TreeModel.SplitCharacteristic.BINARY_SPLIT);
  }

  private final class Writer {

    private final Leaf leaf;
    private final Set<String> used;
    private int ids;

    Writer(Leaf leaf, Set<String> used) {
      this.leaf = leaf;
      this.used = used;
    }

    org.dmg.pmml.tree.Node node(Node node, Predicate predicate) {
      org.dmg.pmml.tree.Node written = new ComplexNode();
      written.setPredicate(predicate);
      if (!(node instanceof InternalNode inner)) {
        leaf.write(node, written);
        // A difference of two sums of weights, as MLlib takes it, may fall below zero by rounding.
        return written.setRecordCount(count(Math.max(0, node.impurityStats().count())));
      }
      Sides sides = sides(inner.split());
      org.dmg.pmml.tree.Node right = node(inner.rightChild(), sides.right());
      // Not a bare number: evaluators number the nodes without an id themselves.
      String id = "r" + ++ids;
      right.setId(id);
      org.dmg.pmml.tree.Node left = node(inner.leftChild(), sides.left());
      // Added up from the leaves: a sum of weights that was taken elsewhere is rounded otherwise.
      double count = left.getRecordCount().doubleValue() + right.getRecordCount().doubleValue();
      return written.setRecordCount(count(count)).setDefaultChild(id).addNodes(left, right);
    }

    private Sides sides(Split split) {
      String name = names.get(split.featureIndex());
      if (split instanceof ContinuousSplit continuous) {
        Logarithms.Cut cut = logarithms.resolve(new Logarithms.Cut(name, continuous.threshold()));
        used.add(cut.field());
        return new Sides(
            new SimplePredicate(cut.field(), Operator.LESS_OR_EQUAL, cut.at()),
            new SimplePredicate(cut.field(), Operator.GREATER_THAN, cut.at()));
      }
      used.add(name);
      int firstCategory = names.size() - trained.recipe().categories().size();
      CategoryInput input = trained.recipe().categories().get(split.featureIndex() - firstCategory);
      Set<Integer> left = new LinkedHashSet<>();
      for (double code : ((CategoricalSplit) split).leftCategories()) {
        left.add((int) code);
      }
      // Rare and unseen values have no word of their own: name the side that they are not on.
      boolean othersLeft = left.contains(input.otherCode());
      List<String> named = new ArrayList<>();
      for (int code = 0; code <= input.missingCode(); code++) {
        if (left.contains(code) != othersLeft) {
          named.add(
              code == input.missingCode() ? PmmlNames.missing(input) : input.known().get(code));
        }
      }
      Predicate in = set(name, SimpleSetPredicate.BooleanOperator.IS_IN, named);
      Predicate notIn = set(name, SimpleSetPredicate.BooleanOperator.IS_NOT_IN, named);
      return othersLeft ? new Sides(notIn, in) : new Sides(in, notIn);
    }

    private Predicate set(
        String name, SimpleSetPredicate.BooleanOperator operator, List<String> values) {
      Array array =
          new ComplexArray().setType(Array.Type.STRING).setN(values.size()).setValue(values);
      return new SimpleSetPredicate(name, operator, array);
    }
  }

  private record Sides(Predicate left, Predicate right) {}
}
