package reforest.export;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.dmg.pmml.Application;
import org.dmg.pmml.Apply;
import org.dmg.pmml.Constant;
import org.dmg.pmml.DataDictionary;
import org.dmg.pmml.DataField;
import org.dmg.pmml.DataType;
import org.dmg.pmml.FieldRef;
import org.dmg.pmml.Header;
import org.dmg.pmml.InvalidValueTreatmentMethod;
import org.dmg.pmml.LocalTransformations;
import org.dmg.pmml.MiningField;
import org.dmg.pmml.MiningFunction;
import org.dmg.pmml.MiningSchema;
import org.dmg.pmml.MissingValueTreatmentMethod;
import org.dmg.pmml.Model;
import org.dmg.pmml.OpType;
import org.dmg.pmml.Output;
import org.dmg.pmml.OutputField;
import org.dmg.pmml.PMML;
import org.dmg.pmml.ResultFeature;
import org.dmg.pmml.True;
import org.dmg.pmml.Value;
import org.dmg.pmml.mining.MiningModel;
import org.dmg.pmml.mining.Segment;
import org.dmg.pmml.mining.Segmentation;
import org.dmg.pmml.mining.Segmentation.MultipleModelMethod;
import org.dmg.pmml.regression.NumericPredictor;
import org.dmg.pmml.regression.RegressionModel;
import org.dmg.pmml.regression.RegressionTable;
import org.dmg.pmml.tree.TreeModel;
import reforest.features.Recipe.CategoryInput;
import reforest.features.Recipe.NumberInput;
import reforest.train.Trained;

/**
 * Lays a fitted model out as one PMML 4.4 document, without a time stamp: the same model gives the
 * same bytes.
 */
final class PmmlDocument {

  private final Trained trained;
  private final String label;
  private final PmmlTrees trees;

  PmmlDocument(Trained trained, String label) {
    this.trained = trained;
    this.label = label;
    this.trees = new PmmlTrees(trained, label);
  }

  PMML write(String modelName) {
    MiningModel model = model();
    model.setModelName(modelName);
    model.setAlgorithmName(trained.winner().candidate().family());
    if (!trained.recipe().derived().isEmpty()) {
      LocalTransformations transformations = new LocalTransformations();
      trained
          .recipe()
          .derived()
          .forEach(
              c ->
                  transformations.addDerivedFields(
                      DerivedFields.of(c, trained.recipe().isHighestWhenMissing())));
      model.setLocalTransformations(transformations);
    }
    Header header = new Header().setApplication(new Application("Reforest"));
    PMML pmml = new PMML("4.4", header, dictionary());
    pmml.addModels(model);
    return pmml;
  }

  private MiningModel model() {
    if (trained.trees() instanceof RandomForestRegressionModel forest) {
      return ensemble(
          MultipleModelMethod.AVERAGE, regressions(forest.trees(), forest.treeWeights()));
    }
    if (trained.trees() instanceof GBTRegressionModel boosted) {
      return ensemble(MultipleModelMethod.SUM, regressions(boosted.trees(), boosted.treeWeights()));
    }
    if (trained.trees() instanceof RandomForestClassificationModel forest) {
      List<TreeModel> members = new ArrayList<>();
      for (DecisionTreeModel tree : forest.trees()) {
        members.add(trees.classification(tree));
      }
      return new MiningModel(MiningFunction.CLASSIFICATION, schema())
          .setOutput(probabilities())
          .setSegmentation(segments(MultipleModelMethod.AVERAGE, members));
    }
    if (trained.trees() instanceof GBTClassificationModel boosted) {
      return logit(regressions(boosted.trees(), boosted.treeWeights()));
    }
    throw new IllegalArgumentException("cannot export " + trained.trees().getClass().getName());
  }

  private List<TreeModel> regressions(DecisionTreeModel[] members, double[] weights) {
    List<TreeModel> written = new ArrayList<>();
    for (int i = 0; i < members.length; i++) {
      written.add(trees.regression(members[i], weights[i]));
    }
    return written;
  }

  private MiningModel ensemble(MultipleModelMethod method, List<TreeModel> members) {
    return new MiningModel(MiningFunction.REGRESSION, schema())
        .setSegmentation(segments(method, members));
  }

  /** MLlib's boosted classifier: P(positive) = 1 / (1 + exp(-2 margin)). */
  private MiningModel logit(List<TreeModel> members) {
    String name = PmmlNames.margin(trained, label);
    // Names what the trees below it read, derived columns too, but not the label as its target: a
    // margin is none of the label's classes.
    MiningSchema marginSchema = new MiningSchema();
    addInputs(marginSchema);
    trained
        .recipe()
        .derived()
        .forEach(column -> marginSchema.addMiningFields(new MiningField(column.name())));
    MiningModel margin =
        new MiningModel(MiningFunction.REGRESSION, marginSchema)
            .setOutput(
                new Output()
                    .addOutputFields(
                        new OutputField(name, OpType.CONTINUOUS, DataType.DOUBLE)
                            .setResultFeature(ResultFeature.PREDICTED_VALUE)
                            .setFinalResult(false)))
            .setSegmentation(segments(MultipleModelMethod.SUM, members));
    MiningSchema linkSchema = new MiningSchema();
    linkSchema.addMiningFields(
        new MiningField(label).setUsageType(MiningField.UsageType.TARGET), new MiningField(name));
    RegressionModel link =
        new RegressionModel(MiningFunction.CLASSIFICATION, linkSchema, null)
            .setNormalizationMethod(RegressionModel.NormalizationMethod.LOGIT)
            .addRegressionTables(
                new RegressionTable(0.0)
                    .setTargetCategory(trained.classes().get(1))
                    .addNumericPredictors(new NumericPredictor(name, 2.0)),
                new RegressionTable(0.0).setTargetCategory(trained.classes().get(0)));
    return new MiningModel(MiningFunction.CLASSIFICATION, schema())
        .setOutput(probabilities())
        .setSegmentation(segments(MultipleModelMethod.MODEL_CHAIN, List.of(margin, link)));
  }

  private static Segmentation segments(MultipleModelMethod method, List<? extends Model> members) {
    Segmentation segmentation = new Segmentation(method, null);
    for (int i = 0; i < members.size(); i++) {
      segmentation.addSegments(
          new Segment(new True(), members.get(i)).setId(String.valueOf(i + 1)));
    }
    return segmentation;
  }

  private Output probabilities() {
    Output output = new Output();
    for (String value : trained.classes()) {
      output.addOutputFields(
          new OutputField(PmmlNames.probability(value), OpType.CONTINUOUS, DataType.DOUBLE)
              .setResultFeature(ResultFeature.PROBABILITY)
              .setValue(value));
    }
    trained.threshold().ifPresent(it -> output.addOutputFields(decision(it.value())));
    return output;
  }

  /** The positive class from the threshold on, for those that take a class and no probability. */
  private OutputField decision(double threshold) {
    String positive = trained.classes().get(1);
    return new OutputField(PmmlNames.decision(trained, label), OpType.CATEGORICAL, DataType.STRING)
        .setResultFeature(ResultFeature.TRANSFORMED_VALUE)
        .setExpression(
            new Apply("if")
                .addExpressions(
                    new Apply("greaterOrEqual")
                        .addExpressions(
                            new FieldRef(PmmlNames.probability(positive)),
                            new Constant(threshold).setDataType(DataType.DOUBLE)),
                    new Constant(positive).setDataType(DataType.STRING),
                    new Constant(trained.classes().get(0)).setDataType(DataType.STRING)));
  }

  private DataDictionary dictionary() {
    DataDictionary dictionary = new DataDictionary();
    if (trained.classes().isEmpty()) {
      dictionary.addDataFields(new DataField(label, OpType.CONTINUOUS, DataType.DOUBLE));
    } else {
      DataField target = new DataField(label, OpType.CATEGORICAL, DataType.STRING);
      trained.classes().forEach(value -> target.addValues(new Value(value)));
      dictionary.addDataFields(target);
    }
    for (NumberInput input : trained.recipe().numbers()) {
      dictionary.addDataFields(new DataField(input.name(), OpType.CONTINUOUS, DataType.DOUBLE));
    }
    // No list of values: evaluators would refuse an unseen one before a tree sees it.
    for (CategoryInput input : trained.recipe().categories()) {
      dictionary.addDataFields(new DataField(input.name(), OpType.CATEGORICAL, DataType.STRING));
    }
    return dictionary;
  }

  private MiningSchema schema() {
    MiningSchema schema = new MiningSchema();
    schema.addMiningFields(new MiningField(label).setUsageType(MiningField.UsageType.TARGET));
    addInputs(schema);
    int at = 1;
    for (NumberInput input : trained.recipe().numbers()) {
      schema
          .getMiningFields()
          .get(at++)
          .setInvalidValueTreatment(InvalidValueTreatmentMethod.AS_IS)
          .setMissingValueTreatment(MissingValueTreatmentMethod.AS_VALUE)
          .setMissingValueReplacement(input.replacement());
    }
    for (CategoryInput input : trained.recipe().categories()) {
      schema
          .getMiningFields()
          .get(at++)
          .setInvalidValueTreatment(InvalidValueTreatmentMethod.AS_IS)
          .setMissingValueTreatment(MissingValueTreatmentMethod.AS_VALUE)
          .setMissingValueReplacement(PmmlNames.missing(input));
    }
    return schema;
  }

  private void addInputs(MiningSchema schema) {
    trained.recipe().numbers().forEach(i -> schema.addMiningFields(new MiningField(i.name())));
    trained.recipe().categories().forEach(i -> schema.addMiningFields(new MiningField(i.name())));
  }
}
