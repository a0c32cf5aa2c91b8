package reforest.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.TreeEnsembleModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Task;
import reforest.features.Recipe;
import reforest.features.TrainingRows;

/**
 * What a search found.
 *
 * @param task what is predicted
 * @param classes the label's classes in the order of their indices; empty for a regression
 * @param recipe how the feature vector is made, learnt from all training rows
 * @param trees the winner as MLlib fitted it on all training rows
 * @param winner its scores in cross-validation
 * @param engine which engine grew the trees, and the reason where it is not the default
 * @param candidates every candidate with its scores, in the order of the search
 * @param choice who won among them, and why
 * @param threshold from which probability on the positive one of two classes is decided for, where
 *     the costs of errors were declared; else the more probable class is
 * @param remarks what else a reader of the run's record should know, a sentence each
 */
public record Trained(
    Task task,
    List<String> classes,
    Recipe recipe,
    Model<?> trees,
    CandidateResult winner,
    String engine,
    List<CandidateResult> candidates,
    WinnerChoice choice,
    Optional<Threshold> threshold,
    List<String> remarks) {
  public Trained {
    classes = List.copyOf(classes);
    candidates = List.copyOf(candidates);
    remarks = List.copyOf(remarks);
  }

  /**
   * Whether the same rows and settings give the same search again: no candidate ran out of time.
   */
  public boolean isRepeatable() {
    return candidates.stream().noneMatch(CandidateResult::leftOut);
  }

  /**
   * MLlib's own predictions, the same bits on every JVM.
   *
   * @param rows one array for each row: the numbers ({@code Double} or null), then the categories
   *     ({@code String} or null), in the recipe's order
   * @return for each row the predicted number, or the probability of each class
   */
  public List<double[]> predict(SparkSession spark, List<@Nullable Object[]> rows) {
    StructType schema = new StructType().add("row", DataTypes.IntegerType);
    for (int i = 0; i < recipe.numbers().size(); i++) {
      schema = schema.add(TrainingRows.number(i), DataTypes.DoubleType);
    }
    for (int i = 0; i < recipe.categories().size(); i++) {
      schema = schema.add(TrainingRows.category(i), DataTypes.StringType);
    }
    List<Row> numbered = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      Object[] cells = new Object[1 + rows.get(i).length];
      cells[0] = i;
      System.arraycopy(rows.get(i), 0, cells, 1, rows.get(i).length);
      numbered.add(RowFactory.create(cells));
    }
    Dataset<Row> vectors = recipe.apply(spark.createDataFrame(numbered, schema)).sort("row");
    if (trees instanceof GBTRegressionModel || trees instanceof GBTClassificationModel) {
      return boosted((TreeEnsembleModel<?>) trees, vectors);
    }
    String column = task.isClassification() ? "probability" : "prediction";
    List<double[]> values = new ArrayList<>();
    for (Row row : trees.transform(vectors).select(column).collectAsList()) {
      values.add(
          task.isClassification()
              ? ((Vector) row.get(0)).toArray()
              : new double[] {row.getDouble(0)});
    }
    return values;
  }

  /**
   * What the boosted trees sum up to, in their order. MLlib leaves the sum to a BLAS, and which one
   * that is depends on the JVM's flags: the last bit would differ between a cluster and this JVM.
   */
  private List<double[]> boosted(TreeEnsembleModel<?> ensemble, Dataset<Row> vectors) {
    DecisionTreeModel[] members = ensemble.trees();
    double[] weights = ensemble.treeWeights();
    List<double[]> values = new ArrayList<>();
    for (Row row : vectors.select(Recipe.FEATURES).collectAsList()) {
      Vector vector = (Vector) row.get(0);
      double sum = 0;
      for (int tree = 0; tree < members.length; tree++) {
        sum += weights[tree] * members[tree].rootNode().predictImpl(vector).prediction();
      }
      double negative = 1 / (1 + Math.exp(2 * sum));
      values.add(
          task.isClassification() ? new double[] {negative, 1 - negative} : new double[] {sum});
    }
    return values;
  }
}
