package reforest.bundle.pmml;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reforest.bundle.DecimalText;
import reforest.bundle.Manifest;
import reforest.bundle.Task;

/** The names under which a document gives out its results, for its verification rows. */
final class Outputs {

  private static final List<String> FIELD =
      List.of(
          "name",
          "displayName",
          "optype",
          "dataType",
          "targetField",
          "feature",
          "value",
          "isFinalResult");

  private final Xml xml;
  private final Manifest manifest;
  private final Map<String, Expression> numbers = new HashMap<>();

  /** Those that are no expressions themselves, so that none can build on another without end. */
  private final Map<String, Expression> plain = new HashMap<>();

  private final Set<String> labels = new HashSet<>();

  /** Where the class is decided by the probability of the positive one; NaN where it is not. */
  private double threshold = Double.NaN;

  /** The name of the second class's probability, once it was read. */
  private String positiveOutput = "";

  /** The name of that decision, which no verification row may hold. */
  private String decision = "";

  Outputs(Xml xml, Manifest manifest) {
    this.xml = xml;
    this.manifest = manifest;
    if (manifest.task().isClassification()) {
      labels.add(manifest.label());
    } else {
      numbers.put(manifest.label(), results -> results[0]);
    }
  }

  /** The results that are numbers, computed from what the model predicts. */
  Map<String, Expression> numbers() {
    return numbers;
  }

  /** The results that are the class with the highest probability. */
  Set<String> labels() {
    return labels;
  }

  /**
   * The probability from which on the second of two classes is decided for; NaN where the most
   * probable one is.
   */
  double threshold() {
    return threshold;
  }

  /** Reads the outputs of the whole model, if it names any here. */
  void read() {
    if (!xml.on("Output")) {
      return;
    }
    xml.open("Output", List.of());
    xml.enter();
    while (xml.on("OutputField")) {
      field();
    }
    xml.close("Output");
  }

  /** Reads the single output of a chain's first step: the name of the margin. */
  String readMargin() {
    xml.open("Output", List.of());
    xml.enter();
    xml.open("OutputField", FIELD);
    String name = xml.required("name");
    xml.oneOf("feature", null, "predictedValue");
    xml.oneOf("dataType", null, "double");
    xml.oneOf("optype", null, "continuous");
    xml.oneOf("value", (String) null);
    xml.closeEmpty("OutputField");
    xml.close("Output");
    return name;
  }

  private void field() {
    xml.open("OutputField", FIELD);
    String name = xml.required("name");
    if (numbers.containsKey(name) || labels.contains(name) || decision.equals(name)) {
      throw xml.refusal("the output '" + name + "' is defined twice");
    }
    xml.oneOf("targetField", null, manifest.label());
    xml.oneOf("isFinalResult", null, "true", "false");
    xml.oneOf("feature", null, "predictedValue", "probability", "transformedValue");
    String feature = xml.optional("feature");
    boolean label = (feature == null || feature.equals("predictedValue")) && isClassification();
    boolean decided =
        "transformedValue".equals(feature) && "string".equals(xml.optional("dataType"));
    xml.oneOf("optype", null, label || decided ? "categorical" : "continuous");
    xml.oneOf("dataType", null, label || decided ? "string" : "double");
    if (!"probability".equals(feature)) {
      xml.oneOf("value", (String) null);
    }
    if (label) {
      labels.add(name);
      xml.enter();
    } else if (decided) {
      xml.enter();
      decide(name);
    } else {
      Expression number = number(feature == null ? "predictedValue" : feature);
      numbers.put(name, number);
      if (!"transformedValue".equals(feature)) {
        plain.put(name, number);
      }
    }
    xml.close("OutputField");
  }

  /**
   * Reads the one form of a decision: from some probability on the second class, else the first.
   */
  private void decide(String name) {
    if (manifest.task() != Task.BINARY || !decision.isEmpty()) {
      throw xml.refusal(
          "the output '" + name + "' is a decision; only a model of two classes has one, and once");
    }
    decision = name;
    String positive = manifest.classes().get(1);
    openApply("if");
    openApply("greaterOrEqual");
    xml.open("FieldRef", List.of("field"));
    String field = xml.required("field");
    if (!field.equals(positiveOutput)) {
      throw xml.refusal("the decision is not by the probability of class '" + positive + "'");
    }
    xml.closeEmpty("FieldRef");
    threshold = constant();
    xml.close("Apply");
    constant(positive);
    constant(manifest.classes().get(0));
    xml.close("Apply");
  }

  private void openApply(String function) {
    xml.open("Apply", List.of("function"));
    xml.oneOf("function", function);
    xml.enter();
  }

  private double constant() {
    xml.open("Constant", List.of("dataType"));
    xml.oneOf("dataType", "double");
    String text = xml.text();
    double value = DecimalText.parse(text.strip());
    if (!(value > 0 && value < 1)) {
      throw xml.refusal("the threshold must be above 0 and below 1, got '" + text + "'");
    }
    return value;
  }

  private void constant(String category) {
    xml.open("Constant", List.of("dataType"));
    xml.oneOf("dataType", "string");
    String text = xml.text();
    if (!text.equals(category)) {
      throw xml.refusal(
          "the decision must be for class '" + category + "' here, got '" + text + "'");
    }
  }

  private Expression number(String feature) {
    switch (feature) {
      case "predictedValue" -> {
        xml.enter();
        return results -> results[0];
      }
      case "probability" -> {
        int place = manifest.classes().indexOf(xml.required("value"));
        if (place < 0) {
          throw xml.refusal("the manifest has no class '" + xml.required("value") + "'");
        }
        if (place == 1) {
          positiveOutput = xml.required("name");
        }
        xml.enter();
        return results -> results[place];
      }
      default -> {
        xml.enter();
        return new ExpressionReader(xml, this::plain).number();
      }
    }
  }

  private Expression plain(String name) {
    Expression output = plain.get(name);
    if (output == null) {
      throw xml.refusal(
          "'" + name + "' is no predicted value or probability that is defined before this line");
    }
    return output;
  }

  private boolean isClassification() {
    return manifest.task().isClassification();
  }
}
