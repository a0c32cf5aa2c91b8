package reforest.features;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import reforest.config.FeatureConfig;
import reforest.config.FeatureConfig.Derived;
import reforest.table.Columns;

/**
 * The features that are numbers, read and derived, before anything is learned from the rows: a
 * derived column is null where an operand is, for which the model has a replacement.
 *
 * @param names each feature's name: numeric ones first, then derived ones
 * @param rows the rows, with a column for each of the names besides their own
 */
public record RawFeatures(List<String> names, Dataset<Row> rows) {

  private static final String COLUMN = "__reforest_number";

  public static RawFeatures of(Dataset<Row> rows, FeatureConfig features) {
    List<String> names = new ArrayList<>();
    Dataset<Row> with = rows;
    for (String name : features.numeric()) {
      Column value = Columns.of(name).cast("double");
      with = with.withColumn(COLUMN + names.size(), when(not(isnan(value)), value));
      names.add(name);
    }
    for (Derived column : features.derived()) {
      Column[] operands =
          column.of().stream().map(name -> operand(column, name, names)).toArray(Column[]::new);
      // One after the other, so that what builds on another is not written out anew each time.
      with = with.withColumn(COLUMN + names.size(), derived(column, operands));
      names.add(column.name());
    }
    return new RawFeatures(names, with);
  }

  /** The number of the feature at a place in {@link #names}. */
  public static Column at(int place) {
    return col(COLUMN + place);
  }

  private static Column derived(Derived column, Column[] of) {
    // Not left to the functions: the smallest of null and 3 is 3.
    Column complete = lit(true);
    for (Column operand : of) {
      complete = complete.and(operand.isNotNull());
    }
    return when(complete, DerivedColumns.write(column, List.of(of), false, DerivedColumns.SPARK));
  }

  private static Column operand(Derived column, String name, List<String> names) {
    int place = names.indexOf(name);
    if (place < 0) {
      throw new IllegalArgumentException(
          column.name() + " reads " + name + ", which is not defined before it");
    }
    return at(place);
  }
}
