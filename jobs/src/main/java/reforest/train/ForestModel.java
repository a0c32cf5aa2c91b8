package reforest.train;

import static org.apache.spark.sql.functions.col;

import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;

/** A recipe and the MLlib trees that were fitted behind it. */
public final class ForestModel extends Model<ForestModel> {

  private static final long serialVersionUID = 1L;

  private static final String CANDIDATE = "candidate";
  private static final String FOLD = "fold";

  private final String uid;
  private final transient Folding folding;
  private final Recipe recipe;
  private final Model<?> trees;
  private final int candidate;
  private final int fold;

  /**
   * @param recipe how the vector is made
   * @param trees MLlib's fitted model
   * @param candidate position of the candidate in the search
   * @param fold the fold that was left out, or -1 when none was
   */
  ForestModel(String uid, Folding folding, Recipe recipe, Model<?> trees, int candidate, int fold) {
    this.uid = uid;
    this.folding = folding;
    this.recipe = recipe;
    this.trees = trees;
    this.candidate = candidate;
    this.fold = fold;
  }

  int candidate() {
    return candidate;
  }

  Recipe recipe() {
    return recipe;
  }

  Model<?> trees() {
    return trees;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    Dataset<Row> predictions = trees.transform(folding.vectors(rows, recipe));
    Metadata origin =
        new MetadataBuilder().putLong(CANDIDATE, candidate).putLong(FOLD, fold).build();
    return predictions.withColumn("prediction", col("prediction").as("prediction", origin));
  }

  /** Position of the candidate that made these predictions. */
  static int candidateOf(Dataset<?> predictions) {
    return (int) predictions.schema().apply("prediction").metadata().getLong(CANDIDATE);
  }

  /** The fold that was left out when the model behind these predictions was fitted. */
  static int foldOf(Dataset<?> predictions) {
    return (int) predictions.schema().apply("prediction").metadata().getLong(FOLD);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return schema.add("prediction", DataTypes.DoubleType);
  }

  @Override
  public ForestModel copy(ParamMap extra) {
    return copyValues(
        new ForestModel(uid, folding, recipe, trees, candidate, fold).setParent(parent()), extra);
  }

  @Override
  public String uid() {
    return uid;
  }
}
