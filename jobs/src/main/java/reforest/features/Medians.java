package reforest.features;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Exact medians of many columns in little memory.
 *
 * <p>Spark's approximate median depends on how rows lie in partitions, its exact one holds every
 * distinct value, and both put each value into an object. Here some passes over plain numbers
 * narrow the bounds between which the medians lie.
 */
final class Medians {

  /** Columns up to which a task has some 20 MB for them all. */
  private static final int FINE_COLUMNS = 64;

  private Medians() {}

  /**
   * A column's values.
   *
   * @param count how many are not null; 0 leaves all else NaN
   * @param median NaN when it was not asked for
   */
  record Summary(long count, double mean, double min, double max, double median) {}

  /**
   * Summaries of columns, in their order.
   *
   * @param columns doubles or nulls, never NaN
   * @param medians whether medians are asked for
   */
  static List<Summary> of(Dataset<Row> rows, List<Column> columns, boolean medians) {
    JavaRDD<InternalRow> values =
        rows.select(columns.toArray(new Column[0])).queryExecution().toRdd().toJavaRDD();
    MedianBounds[] first = new MedianBounds[columns.size()];
    boolean isFine = medians && columns.size() <= FINE_COLUMNS;
    Arrays.setAll(first, column -> MedianBounds.unbounded(isFine));
    int[] open = new int[columns.size()];
    Arrays.setAll(open, column -> column);
    first = pass(values, first, open);
    double[] found = new double[columns.size()];
    Arrays.fill(found, Double.NaN);
    MedianBounds[] last = first;
    while (medians) {
      List<Integer> unknown = new ArrayList<>();
      List<MedianBounds> narrowed = new ArrayList<>();
      for (int i = 0; i < open.length; i++) {
        if (last[i].median().isPresent()) {
          found[open[i]] = last[i].median().getAsDouble();
        } else if (last[i].count() > 0) {
          unknown.add(open[i]);
          narrowed.add(last[i].narrowed());
        }
      }
      if (unknown.isEmpty()) {
        break;
      }
      open = unknown.stream().mapToInt(Integer::intValue).toArray();
      last = pass(values, narrowed.toArray(new MedianBounds[0]), open);
    }
    List<Summary> summaries = new ArrayList<>();
    for (int column = 0; column < found.length; column++) {
      MedianBounds of = first[column];
      summaries.add(
          of.count() == 0
              ? new Summary(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN)
              : new Summary(of.count(), of.mean(), of.min(), of.max(), found[column]));
    }
    return summaries;
  }

  /** Shows each of some spreads the values of its column. */
  private static MedianBounds[] pass(
      JavaRDD<InternalRow> rows, MedianBounds[] spreads, int[] columns) {
    return rows.treeAggregate(
        spreads,
        (seen, row) -> {
          for (int i = 0; i < columns.length; i++) {
            if (!row.isNullAt(columns[i])) {
              seen[i].add(row.getDouble(columns[i]));
            }
          }
          return seen;
        },
        (seen, other) -> {
          for (int i = 0; i < columns.length; i++) {
            seen[i].merge(other[i]);
          }
          return seen;
        });
  }
}
