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
import reforest.features.Recipe;

/** A recipe and the MLlib trees that were fitted behind it. */
public final class ForestModel extends Model<ForestModel> {

  private static final long serialVersionUID = 1L;

  private static final String CANDIDATE = "candidate";
  private static final String FOLD = "fold";

  private final String uid;
  private final transient ForestEstimator.Search search;
  private final transient FoldRows.Prepared prepared;
  private final transient Trainer.Fitted fitted;
  private final int candidate;

  /**
   * @param prepared the rows that it was fitted on
   * @param candidate position of the candidate in the search
   */
  ForestModel(
      String uid,
      ForestEstimator.Search search,
      FoldRows.Prepared prepared,
      Trainer.Fitted fitted,
      int candidate) {
    this.uid = uid;
    this.search = search;
    this.prepared = prepared;
    this.fitted = fitted;
    this.candidate = candidate;
  }

  int candidate() {
    return candidate;
  }

  Recipe recipe() {
    return fitted.recipe();
  }

  Model<?> trees() {
    return fitted.trees().get();
  }

  /** Predictions for the rows that {@code rows}, which hold their block alone, stand for. */
  @Override
  public Dataset<Row> transform(Dataset<?> rows) {
    Metadata origin =
        new MetadataBuilder().putLong(CANDIDATE, candidate).putLong(FOLD, prepared.fold()).build();
    return fitted
        .predictions()
        .apply(search.folding().validation())
        .withColumn("prediction", col("prediction").as("prediction", origin));
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
        new ForestModel(uid, search, prepared, fitted, candidate).setParent(parent()), extra);
  }

  @Override
  public String uid() {
    return uid;
  }
}
