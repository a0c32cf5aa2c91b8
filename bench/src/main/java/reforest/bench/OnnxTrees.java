package reforest.bench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.regression.DecisionTreeRegressionModel;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.tree.ContinuousSplit;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.Node;

/**
 * Boosted trees over numbers as an ONNX model of one operator, {@code TreeEnsembleRegressor}.
 *
 * <p>Written by hand, since a few fields of protocol buffers need no library. Thresholds become
 * 32-bit numbers, as this operator has them, so a row that lies on one may go the other way.
 */
final class OnnxTrees {

  private static final int FLOAT = 1;
  private static final int IR_VERSION = 8;

  private final List<Long> trees = new ArrayList<>();
  private final List<Long> nodes = new ArrayList<>();
  private final List<Long> features = new ArrayList<>();
  private final List<Double> thresholds = new ArrayList<>();
  private final List<String> modes = new ArrayList<>();
  private final List<Long> whenTrue = new ArrayList<>();
  private final List<Long> whenFalse = new ArrayList<>();
  private final List<Long> leafTrees = new ArrayList<>();
  private final List<Long> leafNodes = new ArrayList<>();
  private final List<Double> leafWeights = new ArrayList<>();

  private OnnxTrees() {}

  /** The model's bytes. */
  static byte[] of(GBTRegressionModel model) {
    OnnxTrees written = new OnnxTrees();
    for (int tree = 0; tree < model.trees().length; tree++) {
      DecisionTreeRegressionModel each = model.trees()[tree];
      written.add(each.rootNode(), tree, 0, model.treeWeights()[tree]);
    }
    return written.model(model.numFeatures());
  }

  /** Adds a node and all below it; gives the number after theirs. */
  private int add(Node node, int tree, int number, double weight) {
    int at = nodes.size();
    trees.add((long) tree);
    nodes.add((long) number);
    if (!(node instanceof InternalNode split)) {
      features.add(0L);
      thresholds.add(0.0);
      modes.add("LEAF");
      whenTrue.add(0L);
      whenFalse.add(0L);
      leafTrees.add((long) tree);
      leafNodes.add((long) number);
      leafWeights.add(node.prediction() * weight);
      return number + 1;
    }
    ContinuousSplit numeric = (ContinuousSplit) split.split();
    features.add((long) numeric.featureIndex());
    thresholds.add(numeric.threshold());
    modes.add("BRANCH_LEQ");
    whenTrue.add((long) number + 1);
    whenFalse.add(0L);
    int right = add(split.leftChild(), tree, number + 1, weight);
    whenFalse.set(at, (long) right);
    return add(split.rightChild(), tree, right, weight);
  }

  private byte[] model(int width) {
    Message node = new Message();
    node.text(1, "rows").text(2, "prediction").text(4, "TreeEnsembleRegressor");
    node.text(7, "ai.onnx.ml");
    node.message(5, new Message().text(1, "n_targets").number(3, 1).number(20, 2));
    node.message(5, new Message().text(1, "aggregate_function").text(4, "SUM").number(20, 3));
    node.message(5, new Message().text(1, "post_transform").text(4, "NONE").number(20, 3));
    node.message(5, whole("nodes_treeids", trees));
    node.message(5, whole("nodes_nodeids", nodes));
    node.message(5, whole("nodes_featureids", features));
    node.message(5, floats("nodes_values", thresholds));
    node.message(5, texts("nodes_modes", modes));
    node.message(5, whole("nodes_truenodeids", whenTrue));
    node.message(5, whole("nodes_falsenodeids", whenFalse));
    node.message(5, whole("target_treeids", leafTrees));
    node.message(5, whole("target_nodeids", leafNodes));
    node.message(5, whole("target_ids", leafNodes.stream().map(leaf -> 0L).toList()));
    node.message(5, floats("target_weights", leafWeights));
    Message graph = new Message();
    graph.message(1, node).text(2, "trees");
    graph.message(11, tensor("rows", width)).message(12, tensor("prediction", 1));
    Message model = new Message();
    model.number(1, IR_VERSION).message(7, graph);
    model.message(8, new Message().text(1, "ai.onnx.ml").number(2, 3));
    model.message(8, new Message().text(1, "").number(2, 17));
    return model.bytes();
  }

  private static Message tensor(String name, int width) {
    Message shape = new Message();
    shape.message(1, new Message().text(2, "many")).message(1, new Message().number(1, width));
    Message type = new Message().number(1, FLOAT).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, type));
  }

  private static Message whole(String name, List<Long> values) {
    Message attribute = new Message().text(1, name);
    values.forEach(value -> attribute.number(8, value));
    return attribute.number(20, 7);
  }

  private static Message floats(String name, List<Double> values) {
    Message attribute = new Message().text(1, name);
    values.forEach(value -> attribute.real(7, value.floatValue()));
    return attribute.number(20, 6);
  }

  private static Message texts(String name, List<String> values) {
    Message attribute = new Message().text(1, name);
    values.forEach(value -> attribute.text(9, value));
    return attribute.number(20, 8);
  }

  /** A message of protocol buffers: fields by their numbers. */
  private static final class Message {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Message number(int field, long value) {
      varint((long) field << 3);
      varint(value);
      return this;
    }

    Message real(int field, float value) {
      varint(((long) field << 3) | 5);
      int bits = Float.floatToIntBits(value);
      for (int shift = 0; shift < 32; shift += 8) {
        bytes.write(bits >>> shift);
      }
      return this;
    }

    Message text(int field, String value) {
      return content(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message value) {
      return content(field, value.bytes());
    }

    private Message content(int field, byte[] value) {
      varint(((long) field << 3) | 2);
      varint(value.length);
      bytes.writeBytes(value);
      return this;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~127L) != 0) {
        bytes.write((int) ((rest & 127) | 128));
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
