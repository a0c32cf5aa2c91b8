package reforest.train.binned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.classification.DecisionTreeClassifier;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.feature.Instance;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.DecisionTreeRegressor;
import org.apache.spark.ml.regression.GBTRegressionModel;
import org.apache.spark.ml.regression.GBTRegressor;
import org.apache.spark.ml.regression.RandomForestRegressionModel;
import org.apache.spark.ml.tree.CategoricalSplit;
import org.apache.spark.ml.tree.ContinuousSplit;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.LeafNode;
import org.apache.spark.ml.tree.Node;
import org.apache.spark.ml.tree.Split;
import org.apache.spark.ml.tree.impl.RandomForest;
import org.apache.spark.ml.util.MetadataUtils;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.testing.SparkExtension;
import scala.Option;

/**
 * With no randomness and sums that are exact, the trees are MLlib's, node by node, those of classes
 * before MLlib merges sibling leaves of one class: we keep them apart.
 */
@ExtendWith(SparkExtension.class)
class ExactTest {

  private static final int ROWS = 3000;
  private static final int NUMBERS = 4;
  private static final int CATEGORY = 5;

  /** Four numbers, a category of seven, a label of sixty-fourths, and a weight of quarters. */
  private static final class Data {
    final double[][] features = new double[ROWS][NUMBERS + 1];
    final double[] labels = new double[ROWS];
    final double[] weights = new double[ROWS];
  }

  private static Data data(long seed, int classes) {
    SplittableRandom random = new SplittableRandom(seed);
    Data data = new Data();
    double[][] features = data.features;
    for (int row = 0; row < ROWS; row++) {
      for (int feature = 0; feature < NUMBERS; feature++) {
        features[row][feature] =
            feature == 3 ? random.nextInt(9) - 4 : random.nextDouble() * 10 - 5;
      }
      int category = random.nextInt(CATEGORY);
      features[row][NUMBERS] = category;
      double signal =
          features[row][0] * features[row][1]
              + (category % 3) * features[row][3]
              + (features[row][2] > 1 ? 6 : 0)
              + random.nextDouble() * 4;
      data.labels[row] =
          classes == 0
              ? Math.rint(signal * 64) / 64
              : Math.floorMod((int) Math.floor(signal / 4), classes);
      data.weights[row] = (1 + random.nextInt(8)) / 4.0;
    }
    return data;
  }

  private static Dataset<Row> frame(SparkSession spark, Data data) {
    List<Row> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      rows.add(
          RowFactory.create(
              data.labels[row], data.weights[row], Vectors.dense(data.features[row])));
    }
    Attribute[] attributes = new Attribute[NUMBERS + 1];
    Arrays.fill(attributes, NumericAttribute.defaultAttr());
    attributes[NUMBERS] = NominalAttribute.defaultAttr().withNumValues(CATEGORY);
    StructType schema =
        new StructType()
            .add("label", "double")
            .add("weight", "double")
            .add("features", org.apache.spark.ml.linalg.SQLDataTypes.VectorType());
    return spark
        .createDataFrame(rows, schema)
        .withColumn(
            "features",
            functions
                .col("features")
                .as("features", new AttributeGroup("features", attributes).toMetadata()))
        .coalesce(1)
        .cache();
  }

  private static Binning binning(Data data, boolean weighted, int maxBins) {
    List<double[]> thresholds = new ArrayList<>();
    List<Integer> categories = new ArrayList<>();
    for (int feature = 0; feature <= NUMBERS; feature++) {
      int at = feature;
      double[] values = Arrays.stream(data.features).mapToDouble(row -> row[at]).toArray();
      thresholds.add(
          feature == NUMBERS
              ? new double[0]
              : Binning.thresholds(values, weighted ? data.weights : null, maxBins));
      categories.add(feature == NUMBERS ? CATEGORY : 0);
    }
    return Binning.of(thresholds, categories);
  }

  private static BinnedRows rows(Data data, Binning binning, boolean weighted) {
    byte[][] columns = new byte[NUMBERS + 1][ROWS];
    for (int row = 0; row < ROWS; row++) {
      for (int feature = 0; feature <= NUMBERS; feature++) {
        columns[feature][row] = binning.bin(feature, data.features[row][feature]);
      }
    }
    return BinnedRows.ordered(
        List.of(BinnedRows.of(columns, data.labels, weighted ? data.weights : null)), NUMBERS + 1);
  }

  private static TreeSettings growth(int classes, int depth, int minInstances, double minGain) {
    return new TreeSettings(classes, depth, minInstances, minGain, NUMBERS + 1, 32, true);
  }

  private static Node fitted(Data data, TreeSettings growth, boolean weighted) {
    Binning binning = binning(data, weighted, 32);
    EnsembleFit forest = new EnsembleFit.Forest(growth, 0, 1, false, 1.0, 1);
    List<GrownTree> trees =
        EnsembleFit.trees(forest.fit(rows(data, binning, weighted), binning, 1), growth.maxDepth());
    MllibModels models = new MllibModels(binning);
    return growth.classes() == 0
        ? ((RandomForestRegressionModel) models.forest(trees)).trees()[0].rootNode()
        : ((RandomForestClassificationModel) models.forest(trees)).trees()[0].rootNode();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 6, 1, 0, false",
    "2, 10, 3, 0, false",
    "3, 8, 5, 0.05, false",
    "4, 7, 2, 0, true"
  })
  void aRegressionTreeIsMllibs(
      long seed,
      int depth,
      int minInstances,
      double minGain,
      boolean weighted,
      SparkSession spark) {
    Data data = data(seed, 0);
    DecisionTreeRegressor tree =
        new DecisionTreeRegressor()
            .setMaxDepth(depth)
            .setMinInstancesPerNode(minInstances)
            .setMinInfoGain(minGain);
    if (weighted) {
      tree.setWeightCol("weight");
    }

    assertSame(
        fitted(data, growth(0, depth, minInstances, minGain), weighted),
        tree.fit(frame(spark, data)).rootNode(),
        "root");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 6, 1, false",
    "2, 9, 4, false",
    "2, 7, 2, true",
    "3, 6, 1, false",
    "4, 8, 3, false",
    "3, 7, 2, true"
  })
  void aClassificationTreeIsMllibs(
      int classes, int depth, int minInstances, boolean weighted, SparkSession spark) {
    Data data = data(10 + depth, classes);
    DecisionTreeClassifier tree =
        new DecisionTreeClassifier().setMaxDepth(depth).setMinInstancesPerNode(minInstances);
    if (weighted) {
      tree.setWeightCol("weight");
    }

    Node ours = fitted(data, growth(classes, depth, minInstances, 0), weighted);
    Dataset<Row> rows = frame(spark, data);
    assertSame(ours, unmerged(tree, rows, weighted, classes), "root before leaves are merged");
    assertSame(merged(ours), tree.fit(rows).rootNode(), "root");
  }

  @Test
  void aDeepTreeCutIsMllibsShallowOne(SparkSession spark) {
    Data data = data(7, 3);
    Binning binning = binning(data, false, 32);
    List<EnsembleFit.Timed> deep =
        new EnsembleFit.Forest(growth(3, 10, 2, 0), 0, 1, false, 1.0, 1)
            .fit(rows(data, binning, false), binning, 1);
    DecisionTreeClassifier tree =
        new DecisionTreeClassifier().setMaxDepth(4).setMinInstancesPerNode(2);

    RandomForestClassificationModel cut =
        (RandomForestClassificationModel)
            new MllibModels(binning).forest(EnsembleFit.trees(deep, 4));
    assertSame(merged(cut.trees()[0].rootNode()), tree.fit(frame(spark, data)).rootNode(), "root");
  }

  /** The second tree's labels are residuals, whose sums are not exact: 1e-9 stands for that. */
  @Test
  void boostedTreesAreMllibs(SparkSession spark) {
    Data data = data(5, 0);
    Binning binning = binning(data, false, 32);
    List<EnsembleFit.Timed> trees =
        new EnsembleFit.Boosting(growth(0, 4, 5, 0), false, false, 6, 0.3, 1.0, 1)
            .fit(rows(data, binning, false), binning, 1);
    GBTRegressionModel ours =
        (GBTRegressionModel)
            new MllibModels(binning).boosting(EnsembleFit.trees(trees, 4), 0.3, false);
    GBTRegressionModel mllibs =
        new GBTRegressor()
            .setMaxIter(6)
            .setMaxDepth(4)
            .setStepSize(0.3)
            .setMinInstancesPerNode(5)
            .fit(frame(spark, data));

    assertThat(ours.treeWeights()).isEqualTo(mllibs.treeWeights());
    for (int tree = 0; tree < 6; tree++) {
      assertSame(ours.trees()[tree].rootNode(), mllibs.trees()[tree].rootNode(), "tree " + tree);
    }
  }

  @Test
  void boostedTreesOfTwoClassesAreMllibs(SparkSession spark) {
    Data data = data(6, 2);
    Binning binning = binning(data, false, 32);
    List<EnsembleFit.Timed> trees =
        new EnsembleFit.Boosting(growth(0, 3, 8, 0), true, false, 6, 0.2, 1.0, 1)
            .fit(rows(data, binning, false), binning, 1);
    GBTClassificationModel ours =
        (GBTClassificationModel)
            new MllibModels(binning).boosting(EnsembleFit.trees(trees, 3), 0.2, true);
    GBTClassificationModel mllibs =
        new GBTClassifier()
            .setMaxIter(6)
            .setMaxDepth(3)
            .setStepSize(0.2)
            .setMinInstancesPerNode(8)
            .fit(frame(spark, data));

    for (int tree = 0; tree < 6; tree++) {
      assertSame(ours.trees()[tree].rootNode(), mllibs.trees()[tree].rootNode(), "tree " + tree);
    }
  }

  /** MLlib's tree of classes when it has grown, by what its estimator calls. */
  private static Node unmerged(
      DecisionTreeClassifier tree, Dataset<Row> rows, boolean weighted, int classes) {
    RDD<Instance> instances =
        rows.toJavaRDD()
            .map(
                row ->
                    new Instance(
                        row.getDouble(0), weighted ? row.getDouble(1) : 1.0, (Vector) row.get(2)))
            .rdd();
    return RandomForest.run(
        instances,
        tree.getOldStrategy(
            MetadataUtils.getCategoricalFeatures(rows.schema().apply("features")), classes),
        1,
        "all",
        tree.getSeed(),
        Option.empty(),
        false,
        Option.empty())[0]
        .rootNode();
  }

  /** What the estimator makes of that. */
  private static Node merged(Node node) {
    if (!(node instanceof InternalNode inner)) {
      return node;
    }
    Node left = merged(inner.leftChild());
    Node right = merged(inner.rightChild());
    boolean bothLeaves = left instanceof LeafNode && right instanceof LeafNode;
    return bothLeaves && left.prediction() == right.prediction()
        ? new LeafNode(left.prediction(), inner.impurity(), inner.impurityStats())
        : new InternalNode(
            inner.prediction(),
            inner.impurity(),
            inner.gain(),
            left,
            right,
            inner.split(),
            inner.impurityStats());
  }

  private static void assertSame(Node ours, Node mllibs, String path) {
    assertThat(ours.prediction()).as(path).isCloseTo(mllibs.prediction(), within(1e-9));
    assertThat(ours instanceof InternalNode).as(path).isEqualTo(mllibs instanceof InternalNode);
    if (!(ours instanceof InternalNode our) || !(mllibs instanceof InternalNode theirs)) {
      return;
    }
    assertThat(our.gain()).as(path).isCloseTo(theirs.gain(), within(1e-9));
    assertThat(our.impurity()).as(path).isCloseTo(theirs.impurity(), within(1e-9));
    if (isSame(our.split(), theirs.split())) {
      assertSame(our.leftChild(), theirs.leftChild(), path + " left");
      assertSame(our.rightChild(), theirs.rightChild(), path + " right");
    } else {
      // Another split with the same gain: it must part the same rows, with the sides exchanged.
      assertSame(our.leftChild(), theirs.rightChild(), path + " left, right");
      assertSame(our.rightChild(), theirs.leftChild(), path + " right, left");
    }
  }

  private static boolean isSame(Split ours, Split mllibs) {
    if (ours.featureIndex() != mllibs.featureIndex()) {
      return false;
    }
    if (ours instanceof ContinuousSplit split) {
      return split.threshold() == ((ContinuousSplit) mllibs).threshold();
    }
    return Arrays.equals(
        Arrays.stream(((CategoricalSplit) ours).leftCategories()).sorted().toArray(),
        Arrays.stream(((CategoricalSplit) mllibs).leftCategories()).sorted().toArray());
  }
}
