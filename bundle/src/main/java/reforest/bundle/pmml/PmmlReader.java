package reforest.bundle.pmml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reforest.bundle.Manifest;
import reforest.bundle.Task;

/** Reads a document from its first tag to its last, in the one order that the dialect has. */
final class PmmlReader {

  private static final List<String> MODEL = List.of("functionName", "modelName", "algorithmName");

  private final Xml xml;
  private final Manifest manifest;
  private final Schema schema;
  private final Outputs outputs;
  private final Map<String, Expression> derived = new LinkedHashMap<>();

  PmmlReader(byte[] document, Manifest manifest) {
    this.xml = new Xml(document);
    this.manifest = manifest;
    this.schema = new Schema(xml, manifest, new Encoder(manifest.inputs()));
    this.outputs = new Outputs(xml, manifest);
  }

  PmmlModel read() {
    xml.open("PMML", List.of("version"));
    xml.oneOf("version", "4.4");
    xml.enter();
    header();
    schema.readDictionary();
    PmmlModel model = model();
    xml.close("PMML");
    xml.end();
    return model;
  }

  private void header() {
    xml.open("Header", List.of("description", "copyright"));
    xml.enter();
    if (xml.on("Application")) {
      xml.open("Application", List.of("name", "version"));
      xml.closeEmpty("Application");
    }
    xml.close("Header");
  }

  private PmmlModel model() {
    xml.open("MiningModel", MODEL);
    xml.oneOf("functionName", isClassification() ? "classification" : "regression");
    xml.enter();
    schema.readTop();
    outputs.read();
    transformations();
    TreeReader trees;
    Link link;
    xml.open("Segmentation", List.of("multipleModelMethod"));
    String method = xml.required("multipleModelMethod");
    if (manifest.task() == Task.BINARY && method.equals("modelChain")) {
      trees = new TreeReader(xml, schema, List.of());
      xml.enter();
      link = chain(trees);
      xml.close("Segmentation");
    } else {
      trees = new TreeReader(xml, schema, manifest.classes());
      link = link(method);
      segments(trees);
    }
    int results = Math.max(1, manifest.classes().size());
    PmmlModel model =
        new PmmlModel(
            schema.encoder(), derived, trees.forest(), link, results, outputs.threshold());
    if (xml.on("ModelVerification")) {
      Verification verification = new Verification(xml, manifest, outputs);
      verification.read();
      verification.check(model);
    }
    xml.close("MiningModel");
    return model;
  }

  private Link link(String method) {
    if (isClassification()) {
      xml.oneOf("multipleModelMethod", "average");
      return Link.probabilities(manifest.classes().size());
    }
    xml.oneOf("multipleModelMethod", "average", "sum");
    return method.equals("sum") ? Link.sum() : Link.average();
  }

  private void transformations() {
    if (!xml.on("LocalTransformations")) {
      return;
    }
    xml.open("LocalTransformations", List.of());
    xml.enter();
    ExpressionReader.Names fields =
        name -> {
          int place = schema.number(name);
          return row -> row[place];
        };
    while (xml.on("DerivedField")) {
      xml.open("DerivedField", List.of("name", "optype", "dataType"));
      String name = xml.required("name");
      xml.oneOf("optype", "continuous");
      xml.oneOf("dataType", "double");
      xml.enter();
      derived.put(name, new ExpressionReader(xml, fields).number());
      // Only now, so that it cannot refer to itself.
      schema.derive(name);
      xml.close("DerivedField");
    }
    xml.close("LocalTransformations");
  }

  /** Reads the trees of a segmentation that stands open, and its end. */
  private void segments(TreeReader trees) {
    xml.enter();
    do {
      openSegment();
      trees.read();
      xml.close("Segment");
    } while (xml.onStart());
    xml.close("Segmentation");
  }

  private void openSegment() {
    xml.open("Segment", List.of("id"));
    xml.enter();
    xml.open("True", List.of());
    xml.closeEmpty("True");
  }

  /** Reads boosted trees that give a margin, and the step that makes it a probability. */
  private Link chain(TreeReader trees) {
    openSegment();
    xml.open("MiningModel", MODEL);
    xml.oneOf("functionName", "regression");
    xml.enter();
    schema.readPart();
    String margin = outputs.readMargin();
    xml.open("Segmentation", List.of("multipleModelMethod"));
    xml.oneOf("multipleModelMethod", "sum");
    segments(trees);
    xml.close("MiningModel");
    xml.close("Segment");
    openSegment();
    Link link = logit(margin);
    xml.close("Segment");
    return link;
  }

  private Link logit(String margin) {
    xml.open("RegressionModel", List.of("functionName", "normalizationMethod", "modelName"));
    xml.oneOf("functionName", "classification");
    xml.oneOf("normalizationMethod", "logit");
    xml.enter();
    schema.readMarginStep(margin);
    outputs.read();
    double intercept = openTable(manifest.classes().get(1));
    xml.open("NumericPredictor", List.of("name", "coefficient"));
    xml.oneOf("name", margin);
    double coefficient = xml.number("coefficient");
    xml.closeEmpty("NumericPredictor");
    xml.close("RegressionTable");
    if (openTable(manifest.classes().get(0)) != 0) {
      throw xml.refusal("the intercept of class '" + manifest.classes().get(0) + "' is not 0");
    }
    xml.close("RegressionTable");
    xml.close("RegressionModel");
    return Link.logit(intercept, coefficient);
  }

  private double openTable(String category) {
    xml.open("RegressionTable", List.of("intercept", "targetCategory"));
    xml.oneOf("targetCategory", category);
    double intercept = xml.number("intercept");
    xml.enter();
    return intercept;
  }

  private boolean isClassification() {
    return manifest.task().isClassification();
  }
}
