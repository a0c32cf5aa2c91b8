package reforest.quality;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.FeatureConfig;
import reforest.features.RawFeatures;
import reforest.split.Labels;
import reforest.split.RowHash;
import reforest.table.Columns;

/**
 * Finds features that predict the label almost alone, which mostly means that they are computed
 * from it.
 *
 * <p>For each feature, derived ones too, the label's mean in each of at most 64 quantile bins, or
 * in each category, is learned on one half of the rows, divided by the hash of the key, and its
 * share of explained variance measured on the other half. For classes the label is one-hot and the
 * share is one less the Brier score over that of the constant class frequencies (Brier 1950). All
 * features share two passes over the rows.
 */
public final class LeakCheck {

  /** The share of explained variance from which a feature must be acknowledged. */
  public static final double SUSPICIOUS = 0.9;

  private static final int BINS = 64;
  private static final int ACCURACY = 10_000;
  private static final String SALT = "leak";

  private final DataConfig data;
  private final FeatureConfig features;
  private final Task task;

  public LeakCheck(DataConfig data, FeatureConfig features, Task task) {
    this.data = data;
    this.features = features;
    this.task = task;
  }

  /**
   * How much one feature alone tells of the label.
   *
   * @param feature its column
   * @param share share of the label's variance that it explains in rows it was not fitted on, at
   *     most 1, below 0 when it misleads; NaN when these rows' labels are all equal
   */
  public record Share(String feature, double share) {}

  /**
   * Measures each feature in the order of the configuration: numeric, derived, categorical ones.
   *
   * @throws ReforestException of kind {@code DATA} when one reaches {@link #SUSPICIOUS} and is not
   *     acknowledged by name
   */
  public List<Share> check(Dataset<Row> train) {
    List<Share> shares = measure(train);
    List<Share> suspects =
        shares.stream()
            .filter(s -> s.share() >= SUSPICIOUS && !features.acknowledged().contains(s.feature()))
            .toList();
    if (!suspects.isEmpty()) {
      String named =
          String.join(
              ", ",
              suspects.stream()
                  .map(s -> String.format(Locale.ROOT, "%s (%.3f)", s.feature(), s.share()))
                  .toList());
      throw new ReforestException(
          Kind.DATA,
          "features explain "
              + SUSPICIOUS
              + " or more of the label "
              + data.label()
              + " alone: "
              + named
              + ". They are probably known only with the label",
          "remove them, and list columns in data.derived-from-label; if they are honest, list them"
              + " in features.acknowledged");
    }
    return shares;
  }

  private List<Share> measure(Dataset<Row> train) {
    List<Column> targets = targets(train);
    List<Column> quantities = new ArrayList<>();
    targets.forEach(t -> quantities.add(avg(t)));
    double[] cuts = new double[BINS - 1];
    for (int i = 0; i < cuts.length; i++) {
      cuts[i] = (i + 1) / (double) BINS;
    }
    RawFeatures numbers = RawFeatures.of(train, features);
    for (int i = 0; i < numbers.names().size(); i++) {
      quantities.add(percentile_approx(RawFeatures.at(i), lit(cuts), lit(ACCURACY)));
    }
    Row row = numbers.rows().agg(count(lit(1)), quantities.toArray(Column[]::new)).head();

    List<Column> cells = new ArrayList<>();
    for (int i = 0; i < numbers.names().size(); i++) {
      int at = 1 + targets.size() + i;
      List<Double> borders = row.isNullAt(at) ? List.of() : row.getList(at);
      cells.add(cell(numbers.names().get(i), bin(RawFeatures.at(i), borders)));
    }
    for (String feature : features.categorical()) {
      cells.add(cell(feature, Columns.of(feature).cast("string")));
    }
    if (cells.isEmpty()) {
      return List.of();
    }
    // Sums around the mean lose no digits where labels are large and vary little.
    double[] means = new double[targets.size()];
    for (int k = 0; k < means.length; k++) {
      means[k] = row.isNullAt(1 + k) ? 0 : row.getDouble(1 + k);
    }
    List<String> order = new ArrayList<>(numbers.names());
    order.addAll(features.categorical());
    return shares(numbers.rows(), targets, means, cells, order);
  }

  /** The label as numbers: itself, or one 0/1 column for each class. */
  private List<Column> targets(Dataset<Row> train) {
    Labels labels = new Labels(data, task, train.schema());
    if (!task.isClassification()) {
      return List.of(labels.number());
    }
    return train
        .select(labels.className().as("class"))
        .distinct()
        .where("class IS NOT NULL")
        .orderBy("class")
        .collectAsList()
        .stream()
        .map(r -> when(labels.className().equalTo(r.getString(0)), 1.0).otherwise(0.0))
        .toList();
  }

  private static Column cell(String feature, Column bin) {
    return struct(lit(feature).as("feature"), bin.as("bin"));
  }

  /**
   * How many borders a number reaches. A function and not an expression for each border: of a
   * hundred features, Spark would generate more code than Java compiles.
   */
  private static Column bin(Column number, List<Double> borders) {
    // Adding 0 makes -0 into 0, which are one number and two to a search.
    double[] sorted = borders.stream().mapToDouble(b -> b + 0.0).sorted().distinct().toArray();
    UserDefinedFunction reached =
        udf(
            (Double value) -> {
              int at = Arrays.binarySearch(sorted, value + 0.0);
              return String.valueOf(at < 0 ? -at - 1 : at + 1);
            },
            DataTypes.StringType);
    return when(number.isNotNull(), reached.apply(number));
  }

  private List<Share> shares(
      Dataset<Row> rows,
      List<Column> targets,
      double[] means,
      List<Column> cells,
      List<String> order) {
    List<Column> columns = new ArrayList<>();
    columns.add(explode(array(cells.toArray(Column[]::new))).as("cell"));
    columns.add(RowHash.uniform(data.key(), SALT).lt(0.5).as("fit"));
    for (int k = 0; k < targets.size(); k++) {
      columns.add(targets.get(k).minus(means[k]).as("y" + k));
    }
    List<Column> sums = new ArrayList<>();
    sums.add(sum(when(col("fit"), 1.0).otherwise(0.0)).as("fitted"));
    sums.add(sum(when(col("fit"), 0.0).otherwise(1.0)).as("measured"));
    Column error = lit(0.0);
    for (int k = 0; k < targets.size(); k++) {
      Column y = col("y" + k);
      sums.add(sum(when(col("fit"), y).otherwise(0.0)).as("f" + k));
      sums.add(sum(when(col("fit"), 0.0).otherwise(y)).as("m" + k));
      sums.add(sum(when(col("fit"), 0.0).otherwise(y.multiply(y))).as("q" + k));
      // A bin that was not seen while fitting predicts the overall mean, which is 0 here.
      Column predicted =
          coalesce(when(col("fitted").gt(0), col("f" + k).divide(col("fitted"))), lit(0.0));
      error =
          error
              .plus(col("q" + k))
              .minus(predicted.multiply(2.0).multiply(col("m" + k)))
              .plus(predicted.multiply(predicted).multiply(col("measured")));
    }
    List<Column> totals = new ArrayList<>();
    totals.add(sum(error).as("error"));
    totals.add(sum("measured").as("rows"));
    for (int k = 0; k < targets.size(); k++) {
      totals.add(sum("m" + k));
      totals.add(sum("q" + k));
    }
    List<Row> byFeature =
        rows.select(columns.toArray(Column[]::new))
            .groupBy("cell.feature", "cell.bin")
            .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new))
            .groupBy("feature")
            .agg(totals.get(0), totals.subList(1, totals.size()).toArray(Column[]::new))
            .collectAsList();
    List<Share> shares = new ArrayList<>();
    for (String feature : order) {
      for (Row row : byFeature) {
        if (row.getString(0).equals(feature)) {
          shares.add(new Share(feature, share(row, targets.size())));
        }
      }
    }
    return shares;
  }

  private static double share(Row row, int targets) {
    double rows = row.getDouble(2);
    double variation = 0;
    for (int k = 0; k < targets; k++) {
      double total = row.getDouble(3 + 2 * k);
      variation += row.getDouble(4 + 2 * k) - total * total / rows;
    }
    return variation > 0 ? 1 - row.getDouble(1) / variation : Double.NaN;
  }
}
