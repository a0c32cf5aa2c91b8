package reforest.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Task;
import reforest.config.MetricSettings.BusinessMetric;
import reforest.table.Columns;
import reforest.table.SparkErrors;

/**
 * Computes in Spark SQL what each role's prediction of each row is worth.
 *
 * @param metric the declared expression
 * @param window the raw columns, which it may name
 * @param label name of the label's column
 * @param task what is predicted
 */
record BusinessColumns(BusinessMetric metric, Dataset<Row> window, String label, Task task) {

  private static final String LABEL = "label";
  private static final String PREDICTION = "prediction";
  private static final String PROBABILITY = "probability";
  private static final String OWN = "__reforest_";

  private DataType predicted() {
    return task.isClassification() ? DataTypes.StringType : DataTypes.DoubleType;
  }

  /**
   * Refuses what is wrong with the expression, as far as that can be told without predictions: its
   * type, and rows on which it fails although all is predicted rightly.
   *
   * @throws ReforestException of kind {@code ARGUMENTS}
   */
  void check() {
    Column truth = Columns.of(label).cast(predicted());
    Dataset<Row> rows =
        valued(window.withColumn(LABEL, truth), col(LABEL), lit(1.0), OWN + "value");
    guarded(() -> rows.agg(max(col(OWN + "value"))).collectAsList());
  }

  /** With one column more: the expression's value, as a double. */
  private Dataset<Row> valued(
      Dataset<Row> rows, Column prediction, Column probability, String name) {
    Dataset<Row> named = rows.withColumn(PREDICTION, prediction);
    if (task.isClassification()) {
      named = named.withColumn(PROBABILITY, probability);
    }
    Dataset<Row> with;
    try {
      with = named.withColumn(name, expr(metric.sql()));
    } catch (Exception e) {
      // Spark's are checked, and Scala does not declare them.
      if (e instanceof AnalysisException problem) {
        throw refused(problem.getSimpleMessage());
      }
      throw e;
    }
    DataType type = with.schema().apply(name).dataType();
    if (!(type instanceof NumericType)) {
      throw refused("it gives " + type.simpleString() + ", not a number");
    }
    if (!with.queryExecution().analyzed().deterministic()) {
      throw refused("it gives another value each time");
    }
    return with.withColumn(name, col(name).cast(DataTypes.DoubleType));
  }

  /**
   * Scores prepared rows and puts behind their columns each role's outputs, and behind these what
   * each role's prediction is worth.
   *
   * @param rows prepared rows, whose first columns are the window's
   */
  JavaRDD<Row> of(Dataset<Row> rows, RowPositions positions, Broadcast<RowScoring> scoring) {
    ComparisonPlan plan = scoring.value().plan();
    int before = rows.columns().length;
    int roles = plan.roles().size();
    int outputs = roles * plan.outputs();
    StructType schema = rows.schema();
    for (int i = 0; i < outputs; i++) {
      schema = schema.add("o" + i, DataTypes.DoubleType);
    }
    for (int role = 0; role < roles; role++) {
      schema = schema.add("p" + role, predicted()).add("q" + role, DataTypes.DoubleType);
    }
    JavaRDD<Row> scored = rows.toJavaRDD().mapPartitions(part -> scoring.value().predicted(part));
    String[] names = new String[schema.size()];
    Arrays.setAll(names, i -> i < positions.columns() ? window.columns()[i] : OWN + i);
    Dataset<Row> named =
        rows.sparkSession()
            .createDataFrame(scored, schema)
            .toDF(names)
            .withColumn(LABEL, col(OWN + positions.label()));
    List<Column> selected = new ArrayList<>();
    for (int i = 0; i < before + outputs; i++) {
      selected.add(Columns.of(names[i]));
    }
    for (int role = 0; role < roles; role++) {
      int at = before + outputs + 2 * role;
      named = valued(named, col(names[at]), col(names[at + 1]), OWN + "value" + role);
      selected.add(col(OWN + "value" + role));
    }
    return named.select(selected.toArray(Column[]::new)).toJavaRDD();
  }

  /** What a step gives over rows on which all else has been computed before. */
  <T> T guarded(Supplier<T> step) {
    try {
      return step.get();
    } catch (Exception e) {
      // Not only unchecked ones: Spark's own are checked, and Scala does not declare them.
      Optional<RuntimeException> onRow = FailingExpression.onRow(e);
      if (onRow.isPresent()) {
        throw new ReforestException(
            Kind.ARGUMENTS,
            "evaluate.business, %s, fails on a row: %s"
                .formatted(metric.sql(), SparkErrors.firstLine(onRow.get())),
            "Write it so that it gives a number on every row, such as with try_divide and"
                + " coalesce.",
            onRow.get());
      }
      throw e instanceof RuntimeException unchecked
          ? unchecked
          : new IllegalStateException("the comparison failed", e);
    }
  }

  private ReforestException refused(String why) {
    return new ReforestException(
        Kind.ARGUMENTS,
        "evaluate.business, %s, is refused: %s".formatted(metric.sql(), why),
        "Write a Spark SQL expression of a number over label, prediction"
            + (task.isClassification() ? ", probability" : "")
            + " and the table's columns, such as "
            + (task.isClassification()
                ? "if(prediction = label, 0, 5)"
                : "abs(prediction - label) * 0.2")
            + ".");
  }
}
