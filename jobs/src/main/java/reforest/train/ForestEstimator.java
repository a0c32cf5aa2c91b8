package reforest.train;

import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Fits any candidate of either family, so that one {@code CrossValidator} compares them all on the
 * same folds.
 */
public final class ForestEstimator extends Estimator<ForestModel> {

  private static final long serialVersionUID = 1L;

  /** What every fit of one search shares. */
  record Search(FoldRows folding, Trainer trainer, Scores scores, Winner winner) {}

  /**
   * Who is fitted on all rows: {@code CrossValidator} asks for the candidate with the best mean
   * alone, and nothing else tells it that another one won.
   */
  @FunctionalInterface
  interface Winner {
    /**
     * The position of the candidate that won.
     *
     * @param best position of the one with the best mean
     */
    int insteadOf(int best);
  }

  private final String uid;
  private final transient Search search;
  private final IntParam candidate;

  ForestEstimator(Search search) {
    this(Identifiable$.MODULE$.randomUID("forest"), search);
  }

  private ForestEstimator(String uid, Search search) {
    this.uid = uid;
    this.search = search;
    this.candidate = new IntParam(uid, "candidate", "position of the candidate in the search");
  }

  /** Which candidate is fitted. */
  public IntParam candidate() {
    return candidate;
  }

  @Override
  public ForestModel fit(Dataset<?> rows) {
    int asked = (Integer) getOrDefault(candidate());
    FoldRows.Prepared prepared = search.folding().prepare(rows);
    int position = prepared.fold() < 0 ? search.winner().insteadOf(asked) : asked;
    Trainer.Fitted fitted = search.trainer().fit(prepared, position);
    search.scores().fitted(position, prepared.fold(), fitted);
    return new ForestModel(uid, search, prepared, fitted, position).setParent(this);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return schema.add("prediction", DataTypes.DoubleType);
  }

  @Override
  public ForestEstimator copy(ParamMap extra) {
    return copyValues(new ForestEstimator(uid, search), extra);
  }

  @Override
  public String uid() {
    return uid;
  }
}
