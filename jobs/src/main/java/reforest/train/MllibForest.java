package reforest.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.classification.DecisionTreeClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.feature.Instance;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.tree.DecisionTreeModel;
import org.apache.spark.ml.tree.impl.RandomForest;
import org.apache.spark.ml.util.MetadataUtils;
import org.apache.spark.mllib.tree.configuration.Algo;
import org.apache.spark.mllib.tree.configuration.Strategy;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import reforest.features.Recipe;
import reforest.features.TrainingRows;
import scala.Option;

/**
 * Grows MLlib's random forest of classes with all leaves.
 *
 * <p>{@code RandomForestClassifier.fit} merges sibling leaves with one heaviest class and so loses
 * their shares, all that a forest knows of a rare class (SPARK-34591). It has no setting against
 * that; what it calls has one, which Scala keeps within Spark and Java can reach.
 */
final class MllibForest {

  private MllibForest() {}

  /**
   * What the classifier would fit, before leaves are merged.
   *
   * @param vectors labels, features and, where weighted, {@link FoldRows#WEIGHT}
   * @param classes classes of the label
   */
  static RandomForestClassificationModel fit(
      RandomForestClassifier settings, Dataset<Row> vectors, boolean weighted, int classes) {
    List<String> columns = new ArrayList<>(List.of(Recipe.FEATURES));
    if (weighted) {
      columns.add(FoldRows.WEIGHT);
    }
    RDD<Instance> rows =
        vectors
            .select(TrainingRows.LABEL, columns.toArray(new String[0]))
            .toJavaRDD()
            .map(
                row ->
                    new Instance(
                        row.getDouble(0), weighted ? row.getDouble(2) : 1.0, (Vector) row.get(1)))
            .rdd();
    Strategy strategy =
        settings.getOldStrategy(
            MetadataUtils.getCategoricalFeatures(vectors.schema().apply(Recipe.FEATURES)),
            classes,
            Algo.Classification(),
            settings.getOldImpurity());
    strategy.setBootstrap(settings.getBootstrap());
    DecisionTreeModel[] grown =
        RandomForest.run(
            rows,
            strategy,
            settings.getNumTrees(),
            settings.getFeatureSubsetStrategy(),
            settings.getSeed(),
            Option.empty(),
            false,
            Option.empty());
    DecisionTreeClassificationModel[] trees =
        Arrays.stream(grown)
            .map(DecisionTreeClassificationModel.class::cast)
            .toArray(DecisionTreeClassificationModel[]::new);
    RandomForestClassificationModel forest =
        new RandomForestClassificationModel(settings.uid(), trees, trees[0].numFeatures(), classes);
    forest.set(forest.numTrees(), trees.length);
    return forest;
  }
}
