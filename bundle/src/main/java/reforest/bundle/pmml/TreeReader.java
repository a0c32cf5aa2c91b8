package reforest.bundle.pmml;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads tree models into a forest. */
final class TreeReader {

  private static final List<String> NODE = List.of("id", "score", "recordCount", "defaultChild");

  /** How far the probabilities of a leaf may sum up to something else than 1. */
  private static final double ROUNDING = 1e-6;

  /** How far the rows of two children may differ from their parent's, as a share of these. */
  private static final double LOST = 1e-9;

  private final Xml xml;
  private final Schema schema;
  private final List<String> classes;
  private final Forest.Builder forest = new Forest.Builder();
  private Map<String, Integer> fields = Map.of();
  private boolean named;

  /** Whether nodes say how many training rows came to them: all do or none; null before any. */
  private @Nullable Boolean counted;

  /**
   * @param classes the classes that leaves give probabilities for; empty for trees whose leaves are
   *     numbers
   */
  TreeReader(Xml xml, Schema schema, List<String> classes) {
    this.xml = xml;
    this.schema = schema;
    this.classes = classes;
  }

  /** What was read. */
  Forest forest() {
    return forest.build();
  }

  /** Reads one tree. */
  void read() {
    xml.open(
        "TreeModel",
        List.of(
            "functionName", "missingValueStrategy", "splitCharacteristic", "noTrueChildStrategy"));
    xml.oneOf("functionName", classes.isEmpty() ? "regression" : "classification");
    xml.oneOf("missingValueStrategy", null, "none", "defaultChild");
    xml.oneOf("splitCharacteristic", null, "binarySplit");
    // Of two children that complement each other one is always true.
    xml.oneOf("noTrueChildStrategy", null, "returnNullPrediction", "returnLastPrediction");
    named = "defaultChild".equals(xml.optional("missingValueStrategy"));
    xml.enter();
    fields = schema.readPart();
    forest.startTree();
    Head root = head();
    xml.open("True", List.of());
    xml.closeEmpty("True");
    body(root);
    xml.close("TreeModel");
  }

  /** The attributes of a node, which are gone once its children are read. */
  private record Head(
      @Nullable String id,
      @Nullable String score,
      @Nullable String defaultChild,
      double number,
      double cover) {}

  private Head head() {
    xml.open("Node", NODE);
    double cover = cover();
    String score = xml.optional("score");
    double number = Double.NaN;
    if (classes.isEmpty()) {
      number = xml.number("score", Double.NaN);
    } else if (score != null && !classes.contains(score)) {
      throw xml.refusal("<Node> has the unknown class '" + score + "' as score");
    }
    Head head = new Head(xml.optional("id"), score, xml.optional("defaultChild"), number, cover);
    xml.enter();
    return head;
  }

  /** The training rows that came to a node; NaN where no node says so. */
  private double cover() {
    double cover = xml.number("recordCount", Double.NaN);
    boolean has = !Double.isNaN(cover);
    if (counted == null) {
      counted = has;
    } else if (counted != has) {
      throw xml.refusal(
          has
              ? "<Node> has a recordCount, where nodes before it have none"
              : "<Node> has no recordCount, where nodes before it have one");
    }
    if (cover < 0) {
      throw xml.refusal("<Node> has a negative recordCount");
    }
    return cover;
  }

  /** What follows a node's predicate: two children, or a leaf's values. */
  private void body(Head node) {
    if (xml.on("Node")) {
      children(node);
    } else if (node.defaultChild() != null) {
      throw xml.refusal("a leaf has no defaultChild");
    } else {
      forest.leaf(values(node));
      forest.cover(node.cover());
    }
    xml.close("Node");
  }

  private double[] values(Head leaf) {
    if (!classes.isEmpty()) {
      return distribution();
    }
    if (leaf.score() == null) {
      throw xml.refusal("a leaf needs a score");
    }
    return new double[] {leaf.number()};
  }

  private void children(Head node) {
    Head left = head();
    String threshold = xml.optional("value");
    Split split = leftPredicate();
    int at = forest.split(split);
    forest.cover(node.cover());
    body(left);
    if (!xml.on("Node")) {
      throw xml.refusal("a node has one child where it needs two");
    }
    Head right = head();
    rightPredicate(split, threshold);
    forest.startRight(at);
    if (named && node.defaultChild() == null) {
      throw xml.refusal("a node needs the attribute defaultChild");
    }
    if (node.defaultChild() != null && !node.defaultChild().equals(right.id())) {
      throw xml.refusal(
          "the defaultChild '"
              + node.defaultChild()
              + "' is not the right child '"
              + right.id()
              + "'");
    }
    requireSum(node.cover(), left.cover(), right.cover());
    body(right);
  }

  /** What explains a prediction shares it out by these counts, and would be wrong unnoticed. */
  private void requireSum(double cover, double left, double right) {
    // Unknown counts, which are NaN, pass.
    if (Math.abs(left + right - cover) > LOST * cover) {
      throw xml.refusal(
          "a node has the recordCount " + cover + ", but its children " + left + " and " + right);
    }
  }

  private Split leftPredicate() {
    if (xml.on("SimplePredicate")) {
      return threshold("lessOrEqual", null, Double.NaN);
    }
    return set();
  }

  /**
   * Requires the complement of the left child's predicate.
   *
   * @param text of its threshold, if it has one
   */
  private void rightPredicate(Split left, @Nullable String text) {
    if (xml.on("True")) {
      xml.open("True", List.of());
      xml.closeEmpty("True");
      return;
    }
    Split right =
        xml.on("SimplePredicate")
            ? threshold("greaterThan", text, left.threshold())
            : set().complement();
    if (!right.isSameAs(left)) {
      throw xml.refusal("the right child's predicate is not the complement of the left child's");
    }
  }

  /**
   * A number's predicate.
   *
   * @param text a text whose number is known, which is then not read again; null for none
   * @param number what it says
   */
  private Split threshold(String operator, @Nullable String text, double number) {
    xml.open("SimplePredicate", List.of("field", "operator", "value"));
    xml.oneOf("operator", operator);
    int field = field();
    if (schema.isCategory(field)) {
      throw xml.refusal("'" + xml.required("field") + "' is a category and has no threshold");
    }
    double value = xml.required("value").equals(text) ? number : xml.number("value");
    Split split = Split.atMost(field, value);
    xml.closeEmpty("SimplePredicate");
    return split;
  }

  private Split set() {
    xml.open("SimpleSetPredicate", List.of("field", "booleanOperator"));
    xml.oneOf("booleanOperator", "isIn", "isNotIn");
    boolean in = xml.required("booleanOperator").equals("isIn");
    String name = xml.required("field");
    int field = field();
    if (!schema.isCategory(field)) {
      throw xml.refusal("'" + name + "' is a number and has no categories");
    }
    xml.enter();
    xml.open("Array", List.of("type", "n"));
    xml.oneOf("type", "string");
    double declared = xml.number("n", Double.NaN);
    String content = xml.text();
    List<String> texts =
        TextArray.parse(content)
            .orElseThrow(() -> xml.refusal("<Array> has a stray quote: " + content.strip()));
    if (!Double.isNaN(declared) && declared != texts.size()) {
      throw xml.refusal("<Array> has " + texts.size() + " texts, but says n=" + declared);
    }
    xml.close("SimpleSetPredicate");
    return Split.among(field, schema.encoder().unseen(field), codes(name, field, texts), in);
  }

  private int[] codes(String name, int field, List<String> texts) {
    int unseen = schema.encoder().unseen(field);
    int[] codes = new int[texts.size()];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = schema.encoder().code(field, texts.get(i));
      if (codes[i] == unseen) {
        throw xml.refusal("the manifest has no category '" + texts.get(i) + "' of '" + name + "'");
      }
    }
    return codes;
  }

  private int field() {
    String name = xml.required("field");
    Integer place = fields.get(name);
    if (place == null) {
      throw xml.refusal("'" + name + "' is not in the tree's MiningSchema");
    }
    return place;
  }

  private double[] distribution() {
    double[] probabilities = new double[classes.size()];
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      xml.open("ScoreDistribution", List.of("value", "recordCount", "probability"));
      xml.oneOf("value", classes.get(i));
      probabilities[i] = xml.number("probability");
      if (!(probabilities[i] >= 0) || !(xml.number("recordCount") >= 0)) {
        throw xml.refusal("<ScoreDistribution> has a negative count or probability");
      }
      sum += probabilities[i];
      xml.closeEmpty("ScoreDistribution");
    }
    if (!(Math.abs(sum - 1) <= ROUNDING)) {
      throw xml.refusal("the probabilities of a leaf sum up to " + sum);
    }
    return probabilities;
  }
}
