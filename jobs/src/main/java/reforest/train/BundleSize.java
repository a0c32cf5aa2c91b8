package reforest.train;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.spark.ml.tree.CategoricalSplit;
import org.apache.spark.ml.tree.ContinuousSplit;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.Node;
import org.apache.spark.ml.tree.Split;
import reforest.features.Recipe;
import reforest.features.Recipe.CategoryInput;
import reforest.features.Recipe.NumberInput;

/**
 * Estimates the bytes of a bundle: some of its trees are read as they would be written, with their
 * names, thresholds, scores and counts, whose lengths differ more than anything else, and stand for
 * the others.
 */
final class BundleSize {

  /** How many trees are read. */
  private static final int SAMPLED = 5;

  private static final int VERIFICATION_ROWS = 32;

  /** Digits of a number that was computed. */
  private static final int DIGITS = 17;

  private static final int TREE =
      length(
          "<Segment id=\"100\"><True/><TreeModel functionName=\"regression\""
              + " missingValueStrategy=\"defaultChild\" splitCharacteristic=\"binarySplit\">"
              + "<MiningSchema><MiningField name=\"label\" usageType=\"target\"/></MiningSchema>"
              + "<True/></TreeModel></Segment>");
  private static final int USED = length("<MiningField name=\"\"/>");
  private static final int NODE = length("<Node recordCount=\"\"></Node>");
  private static final int SCORE = length(" score=\"\"");
  private static final int CHILDREN = length(" id=\"r\" defaultChild=\"r\"");
  private static final int THRESHOLDS =
      2 * length("<SimplePredicate field=\"\" operator=\"lessOrEqual\" value=\"\"/>");
  private static final int SETS =
      length(
          "<SimpleSetPredicate field=\"\" booleanOperator=\"isIn\"><Array n=\"1\" type=\"string\">"
              + "</Array></SimpleSetPredicate>"
              + "<SimpleSetPredicate field=\"\" booleanOperator=\"isNotIn\"><Array n=\"1\""
              + " type=\"string\"></Array></SimpleSetPredicate>");
  private static final int SHARE =
      length("<ScoreDistribution value=\"\" recordCount=\"\" probability=\"\"/>");

  /** A document and a manifest without inputs, outputs and trees. */
  private static final int FRAME = 1600;

  /** The step from a margin to the probabilities of two classes. */
  private static final int LINK = 850;

  private static final int DERIVED = 300;
  private static final int CELL = length("<data:x1></data:x1>");
  private static final int INPUT =
      length(
              "<DataField name=\"\" optype=\"continuous\" dataType=\"double\"/><MiningField name=\"\""
                  + " missingValueReplacement=\"\" missingValueTreatment=\"asValue\""
                  + " invalidValueTreatment=\"asIs\"/><VerificationField field=\"\""
                  + " column=\"data:x1\"/>")
          + length("    {\n      \"name\" : \"\",\n      \"type\" : \"category\",\n")
          + length("      \"categories\" : [ ],\n      \"missing\" : \"\",\n    },\n");
  private static final int RANGE = length("      \"min\" : ,\n      \"max\" : ,\n");
  private static final int CATEGORY = length("        \"\",\n");
  private static final int OUTPUT =
      length(
          "<Value value=\"\"/><OutputField name=\"probability()\" optype=\"continuous\""
              + " dataType=\"double\" feature=\"probability\" value=\"\"/>");
  private static final int MISSING = length("(missing)");

  private final Recipe recipe;
  private final List<String> classes;

  /** Bytes of each feature's name. */
  private final List<Integer> names;

  /**
   * @param recipe the features of the trees
   * @param classes the label's classes; empty for a regression
   */
  BundleSize(Recipe recipe, List<String> classes) {
    this.recipe = recipe;
    this.classes = List.copyOf(classes);
    this.names = new ArrayList<>();
    recipe.numbers().forEach(input -> names.add(length(input.name())));
    recipe.derived().forEach(column -> names.add(length(column.name())));
    recipe.categories().forEach(input -> names.add(length(input.name())));
  }

  /**
   * One of the trees.
   *
   * @param isOfClasses whether its leaves hold shares of classes, rather than numbers
   * @param weight of its numbers
   */
  record Member(Node root, boolean isOfClasses, double weight) {}

  /**
   * Bytes of the bundle.
   *
   * @param trees how many there are, at least 1
   * @param nodes of all of them
   * @param member the tree at a position; some are asked for
   */
  double of(int trees, long nodes, IntFunction<Member> member) {
    int sampled = Math.min(SAMPLED, trees);
    Writing writing = new Writing();
    for (int i = 0; i < sampled; i++) {
      // From the last on: the first of boosted trees may be a leaf alone.
      writing.tree(member.apply((int) (trees - 1 - (long) i * trees / sampled)));
    }
    return frame()
        + (!classes.isEmpty() && !member.apply(0).isOfClasses() ? LINK : 0)
        + (double) writing.frames / sampled * trees
        + (double) writing.bytes / writing.nodes * nodes;
  }

  private double frame() {
    double bytes = FRAME;
    for (NumberInput input : recipe.numbers()) {
      bytes += INPUT + RANGE + 4.0 * length(input.name()) + 2.0 * text(input.replacement());
      bytes += text(input.min()) + text(input.max()) + VERIFICATION_ROWS * (CELL + DIGITS);
    }
    for (CategoryInput input : recipe.categories()) {
      int known = input.known().stream().mapToInt(BundleSize::length).sum();
      double mean = (known + 2.0 * MISSING) / (input.known().size() + 2);
      bytes += INPUT + 4.0 * length(input.name()) + 2 * MISSING;
      bytes += known + CATEGORY * input.known().size() + VERIFICATION_ROWS * (CELL + mean);
    }
    bytes += DERIVED * recipe.derived().size();
    for (String name : classes) {
      bytes += OUTPUT + 3.0 * length(name);
    }
    return bytes + Math.max(1, classes.size()) * VERIFICATION_ROWS * (CELL + DIGITS);
  }

  /** Adds up what the trees would take. */
  private final class Writing {

    private long frames;
    private long bytes;
    private long nodes;
    private int ids;

    void tree(Member member) {
      Set<Integer> used = new HashSet<>();
      ids = 0;
      node(member.root(), member, used);
      frames += TREE + used.stream().mapToInt(feature -> USED + names.get(feature)).sum();
    }

    /** Gives the rows of the node, which are those of its leaves. */
    private double node(Node node, Member member, Set<Integer> used) {
      nodes++;
      bytes += NODE;
      double count;
      if (node instanceof InternalNode inner) {
        ids++;
        used.add(inner.split().featureIndex());
        bytes += CHILDREN + 2L * text(ids) + predicates(inner.split());
        count = node(inner.leftChild(), member, used) + node(inner.rightChild(), member, used);
      } else {
        bytes += leaf(node, member);
        count = Math.max(0, node.impurityStats().count());
      }
      bytes += text(count);
      return count;
    }
  }

  private int leaf(Node leaf, Member member) {
    if (!member.isOfClasses()) {
      return SCORE + Double.toString(leaf.prediction() * member.weight()).length();
    }
    double[] weights = leaf.impurityStats().stats();
    double all = Arrays.stream(weights).sum();
    int bytes = SCORE + length(classes.get((int) leaf.prediction()));
    for (int k = 0; k < weights.length; k++) {
      bytes += SHARE + length(classes.get(k)) + text(weights[k]);
      bytes += Double.toString(weights[k] / all).length();
    }
    return bytes;
  }

  private int predicates(Split split) {
    int name = names.get(split.featureIndex());
    if (split instanceof ContinuousSplit continuous) {
      return THRESHOLDS + 2 * (name + Double.toString(continuous.threshold()).length());
    }
    int first = names.size() - recipe.categories().size();
    CategoryInput input = recipe.categories().get(split.featureIndex() - first);
    Set<Integer> left = new HashSet<>();
    for (double code : ((CategoricalSplit) split).leftCategories()) {
      left.add((int) code);
    }
    boolean othersLeft = left.contains(input.otherCode());
    int values = 0;
    for (int code = 0; code <= input.missingCode(); code++) {
      if (left.contains(code) != othersLeft) {
        values += 1 + (code == input.missingCode() ? MISSING : quoted(input.known().get(code)));
      }
    }
    return SETS + 2 * (name + values);
  }

  /** Within an array, where blanks and quotes need quotes. */
  private static int quoted(String value) {
    int quotes = (int) value.chars().filter(c -> c == '"').count();
    return length(value) + quotes + (quotes > 0 || value.indexOf(' ') >= 0 ? 2 : 0);
  }

  /** A count, in its shortest form. */
  private static int text(double count) {
    return count == Math.rint(count)
        ? Long.toString((long) count).length()
        : Double.toString(count).length();
  }

  /** Bytes of a text, with what XML writes for its own signs. */
  private static int length(String text) {
    int signs = (int) text.chars().filter(c -> c == '&').count();
    return text.getBytes(StandardCharsets.UTF_8).length + 4 * signs;
  }
}
