package reforest.bundle.pmml;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reforest.bundle.Manifest;

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
    if (numbers.containsKey(name) || labels.contains(name)) {
      throw xml.refusal("the output '" + name + "' is defined twice");
    }
    xml.oneOf("targetField", null, manifest.label());
    xml.oneOf("isFinalResult", null, "true", "false");
    xml.oneOf("feature", null, "predictedValue", "probability", "transformedValue");
    String feature = xml.optional("feature");
    boolean label = (feature == null || feature.equals("predictedValue")) && isClassification();
    xml.oneOf("optype", null, label ? "categorical" : "continuous");
    xml.oneOf("dataType", null, label ? "string" : "double");
    if (!"probability".equals(feature)) {
      xml.oneOf("value", (String) null);
    }
    if (label) {
      labels.add(name);
      xml.enter();
    } else {
      Expression number = number(feature == null ? "predictedValue" : feature);
      numbers.put(name, number);
      if (!"transformedValue".equals(feature)) {
        plain.put(name, number);
      }
    }
    xml.close("OutputField");
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
