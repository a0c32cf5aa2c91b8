package reforest.bundle.pmml;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reforest.bundle.DecimalText;
import reforest.bundle.Manifest;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;

/** The fields of a model: the manifest's inputs, then derived ones; and what each part may use. */
final class Schema {

  private static final List<String> FIELD =
      List.of(
          "name",
          "usageType",
          "invalidValueTreatment",
          "missingValueReplacement",
          "missingValueTreatment");

  private final Xml xml;
  private final Manifest manifest;
  private final Encoder encoder;
  private final Map<String, Integer> places = new HashMap<>();

  Schema(Xml xml, Manifest manifest, Encoder encoder) {
    this.xml = xml;
    this.manifest = manifest;
    this.encoder = encoder;
    manifest.inputs().forEach(input -> places.put(input.name(), places.size()));
  }

  Encoder encoder() {
    return encoder;
  }

  /** Whether a field holds codes of categories. */
  boolean isCategory(int field) {
    return field < manifest.inputs().size()
        && manifest.inputs().get(field).type() == InputType.CATEGORY;
  }

  /** Adds a derived field; the next place is its own. */
  void derive(String name) {
    if (name.equals(manifest.label()) || places.putIfAbsent(name, places.size()) != null) {
      throw xml.refusal("the field '" + name + "' is defined twice");
    }
  }

  /** The place of a numeric field that is known by now. */
  int number(String name) {
    Integer place = places.get(name);
    if (place == null || isCategory(place)) {
      throw xml.refusal("'" + name + "' is no numeric field that is defined before this line");
    }
    return place;
  }

  /** Requires the manifest's inputs and label, in any order, each with its type. */
  void readDictionary() {
    xml.open("DataDictionary", List.of("numberOfFields"));
    double declared = xml.number("numberOfFields", Double.NaN);
    xml.enter();
    Set<String> seen = new HashSet<>();
    while (xml.on("DataField")) {
      xml.open("DataField", List.of("name", "optype", "dataType"));
      String name = xml.required("name");
      if (!seen.add(name)) {
        throw xml.refusal("the field '" + name + "' stands twice");
      }
      readField(name);
    }
    xml.close("DataDictionary");
    requireAll(seen);
    if (!Double.isNaN(declared) && declared != seen.size()) {
      throw xml.refusal("numberOfFields is " + declared + ", but there are " + seen.size());
    }
  }

  private void readField(String name) {
    Integer place = places.get(name);
    boolean target = name.equals(manifest.label());
    if (place == null && !target) {
      throw xml.refusal("the manifest knows no field '" + name + "'");
    }
    boolean text = place == null ? manifest.task().isClassification() : isCategory(place);
    xml.oneOf("optype", text ? "categorical" : "continuous");
    xml.oneOf("dataType", text ? "string" : "double");
    xml.enter();
    if (target) {
      for (String expected : manifest.classes()) {
        xml.open("Value", List.of("value"));
        xml.oneOf("value", expected);
        xml.closeEmpty("Value");
      }
    }
    xml.close("DataField");
  }

  /** Reads the model's own schema: every input with what replaces its missing values. */
  void readTop() {
    Set<String> seen = new HashSet<>();
    xml.open("MiningSchema", List.of());
    xml.enter();
    while (xml.on("MiningField")) {
      xml.open("MiningField", FIELD);
      String name = field(seen);
      Integer place = places.get(name);
      boolean target = name.equals(manifest.label());
      xml.oneOf("usageType", target ? new String[] {"target"} : new String[] {null, "active"});
      if (target) {
        xml.oneOf("missingValueReplacement", (String) null);
        xml.oneOf("missingValueTreatment", (String) null);
      } else if (place == null) {
        throw xml.refusal("the manifest knows no field '" + name + "'");
      } else {
        replacement(manifest.inputs().get(place));
      }
      xml.closeEmpty("MiningField");
    }
    xml.close("MiningSchema");
    requireAll(seen);
  }

  private String field(Set<String> seen) {
    String name = xml.required("name");
    if (!seen.add(name)) {
      throw xml.refusal("the field '" + name + "' stands twice");
    }
    xml.oneOf("invalidValueTreatment", null, "asIs");
    return name;
  }

  private void replacement(Input input) {
    xml.oneOf("missingValueTreatment", null, "asMean", "asMedian", "asValue");
    String replacement = xml.required("missingValueReplacement");
    boolean same =
        input.type() == InputType.NUMBER
            ? DecimalText.parse(replacement) == DecimalText.parse(input.missing())
            : replacement.equals(input.missing());
    if (!same) {
      throw xml.refusal(
          "missing values of '"
              + input.name()
              + "' become '"
              + replacement
              + "', but the manifest says '"
              + input.missing()
              + "'");
    }
  }

  private void requireAll(Set<String> seen) {
    Set<String> absent = new HashSet<>(places.keySet());
    absent.add(manifest.label());
    absent.removeAll(seen);
    if (!absent.isEmpty()) {
      throw xml.refusal("the manifest's field '" + absent.iterator().next() + "' is not there");
    }
  }

  /** Reads the schema of a part: the fields that it uses, with their places. */
  Map<String, Integer> readPart() {
    Set<String> seen = new HashSet<>();
    Map<String, Integer> used = new HashMap<>();
    xml.open("MiningSchema", List.of());
    xml.enter();
    while (xml.on("MiningField")) {
      xml.open("MiningField", FIELD.subList(0, 3));
      String name = field(seen);
      if (name.equals(manifest.label())) {
        xml.oneOf("usageType", "target");
      } else {
        xml.oneOf("usageType", null, "active");
        Integer place = places.get(name);
        if (place == null) {
          throw xml.refusal("'" + name + "' is no field of the model");
        }
        used.put(name, place);
      }
      xml.closeEmpty("MiningField");
    }
    xml.close("MiningSchema");
    return used;
  }

  /** Reads the schema of the step that turns a margin into a probability. */
  void readMarginStep(String margin) {
    Set<String> seen = new HashSet<>();
    xml.open("MiningSchema", List.of());
    xml.enter();
    while (xml.on("MiningField")) {
      xml.open("MiningField", FIELD.subList(0, 3));
      String name = field(seen);
      if (name.equals(manifest.label())) {
        xml.oneOf("usageType", "target");
      } else if (name.equals(margin)) {
        xml.oneOf("usageType", null, "active");
      } else {
        throw xml.refusal("'" + name + "' is not the margin '" + margin + "'");
      }
      xml.closeEmpty("MiningField");
    }
    if (!seen.contains(margin)) {
      throw xml.refusal("the margin '" + margin + "' is not among the fields");
    }
    xml.close("MiningSchema");
  }
}
