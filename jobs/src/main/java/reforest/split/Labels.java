package reforest.split;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.Nearest;
import reforest.table.Columns;
import reforest.table.RowNames;

/** Reads labels, and refuses those that nobody can learn from. */
public final class Labels {

  private static final int EXAMPLES = 5;

  /** Squares of larger numbers, added up over many rows, are beyond a double. */
  private static final double LARGEST = 1e140;

  private final DataConfig data;
  private final Task task;
  private final DataType type;

  /**
   * @param schema the snapshot's columns
   * @throws ReforestException of kind {@code DATA} when there is no label column, or its type does
   *     not fit the task
   */
  public Labels(DataConfig data, Task task, StructType schema) {
    this.data = data;
    this.task = task;
    List<String> names = List.of(schema.fieldNames());
    if (!names.contains(data.label())) {
      throw new ReforestException(
          Kind.DATA,
          "this data version has no column " + data.label() + ", the label",
          Nearest.to(data.label(), names).map(name -> "did you mean " + name + "? ").orElse("")
              + "Its columns are "
              + String.join(", ", names));
    }
    this.type = schema.apply(data.label()).dataType();
    boolean fits =
        type instanceof NumericType
            || (task.isClassification()
                && (type instanceof StringType || type instanceof BooleanType));
    if (!fits) {
      throw new ReforestException(
          Kind.DATA,
          "the label "
              + data.label()
              + " is of type "
              + type.simpleString()
              + ", which does not fit task "
              + task.key(),
          task.isClassification()
              ? "a class is text, a boolean or a number: declare the column with a from that converts"
                  + " it"
              : "a regression needs a number: declare the column as double, or choose another task");
    }
  }

  /** The label as a double; null when unknown. */
  public Column number() {
    return Columns.of(data.label()).cast("double");
  }

  /**
   * The label as the text of its class: integral numbers without a fraction, so that 1 and 1.0 are
   * one class; booleans as {@code true} and {@code false}.
   */
  public Column className() {
    return classText(Columns.of(data.label()), type);
  }

  static Column classText(Column value, DataType type) {
    if (!(type instanceof NumericType)) {
      return value.cast("string");
    }
    Column integral = value.cast("double").equalTo(value.cast("double").try_cast("bigint"));
    return when(coalesce(integral, lit(false)), value.try_cast("bigint").cast("string"))
        .otherwise(value.cast("string"));
  }

  Column isNull() {
    return Columns.of(data.label()).isNull();
  }

  Column isNan() {
    return isFloating() ? coalesce(Columns.of(data.label()).isNaN(), lit(false)) : lit(false);
  }

  /** Beyond what can be computed with: infinite, or a number to predict whose square would be. */
  Column isInfinite() {
    double most = task.isClassification() ? Double.MAX_VALUE : LARGEST;
    return isFloating()
        ? coalesce(not(isNan()).and(abs(number()).gt(most)), lit(false))
        : lit(false);
  }

  private boolean isFloating() {
    return type instanceof DoubleType || type instanceof FloatType;
  }

  /**
   * Fails when any label is broken.
   *
   * @param overdue rows whose null label should be known by now
   */
  void requireSound(
      Dataset<Row> rows, long nulls, long nans, long infinite, Column overdue, String delay) {
    if (nulls + nans + infinite == 0) {
      return;
    }
    List<String> counts = new java.util.ArrayList<>();
    if (nulls > 0) {
      counts.add(nulls + " null" + delay);
    }
    if (nans > 0) {
      counts.add(nans + " NaN");
    }
    if (infinite > 0) {
      long large = rows.where(isInfinite().and(abs(number()).leq(Double.MAX_VALUE))).count();
      if (large < infinite) {
        counts.add((infinite - large) + " infinite");
      }
      if (large > 0) {
        counts.add(large + " beyond " + LARGEST + ", whose squares are too large to add up");
      }
    }
    Column[] key = Columns.of(data.key());
    List<String> examples =
        rows
            .where(overdue.or(isNan()).or(isInfinite()))
            .select(key)
            .orderBy(key)
            .limit(EXAMPLES)
            .collectAsList()
            .stream()
            .map(row -> "{" + RowNames.of(row, data) + "}")
            .toList();
    throw new ReforestException(
        Kind.DATA,
        "labels in "
            + data.label()
            + " are broken: "
            + String.join(", ", counts)
            + ", for example "
            + String.join(" ", examples),
        "ingest corrected rows; a label that takes longer to arrive needs a longer"
            + " windows.label-delay"
            + (nulls == 0
                ? ""
                : "; rows that never get one are taken out by 'reforest remove --where \""
                    + DataConfig.quoted(data.label())
                    + " is null\"', and an ingest leaves them out where the label's column is"
                    + " declared with nullable = false"));
  }

  Task task() {
    return task;
  }
}
