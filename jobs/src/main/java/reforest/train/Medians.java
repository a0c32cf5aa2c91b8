package reforest.train;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.median;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Exact medians of many columns without all of their values in one task's memory.
 *
 * <p>An approximate median depends on how rows lie in partitions, and Spark's exact one holds every
 * distinct value. So two values are found first between which the median lies, roughly, and values
 * beyond them count as these: that moves no median, and leaves few distinct values.
 */
final class Medians {

  private static final double[] NEIGHBOURHOOD = {0.49, 0.51};

  /** The ranks found are wrong by at most one thousandth of the rows. */
  private static final int ACCURACY = 1000;

  private Medians() {}

  /** Two values between which the median probably lies, in order. */
  static Column around(Column value) {
    return percentile_approx(value, lit(NEIGHBOURHOOD), lit(ACCURACY));
  }

  /**
   * The medians, in the order of the columns.
   *
   * @param values columns of doubles with at least one value each
   * @param around what {@link #around} found for each
   */
  static double[] of(Dataset<Row> rows, List<Column> values, List<List<Double>> around) {
    List<Column> sums = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Column value = values.get(i);
      Column low = lit(around.get(i).get(0));
      Column high = lit(around.get(i).get(1));
      sums.add(median(when(value.isNotNull(), least(greatest(value, low), high))));
      sums.add(count(value));
      sums.add(count_if(value.lt(low)));
      sums.add(count_if(value.gt(high)));
    }
    double[] medians = new double[values.size()];
    if (values.isEmpty()) {
      return medians;
    }
    List<Integer> missed = new ArrayList<>();
    Row row = head(rows, sums);
    for (int i = 0; i < medians.length; i++) {
      // On either side of the one or two middle rows lie that many others.
      long beside = (row.getLong(4 * i + 1) - 1) / 2;
      if (row.getLong(4 * i + 2) > beside || row.getLong(4 * i + 3) > beside) {
        missed.add(i);
      }
      // Adding 0 makes -0 into 0: which of the two is found depends on the order of the rows.
      medians[i] = row.getDouble(4 * i) + 0.0;
    }
    if (!missed.isEmpty()) {
      // Mostly columns of few rows, where a hundredth of them is less than one.
      Row exact = head(rows, missed.stream().map(i -> median(values.get(i))).toList());
      for (int i = 0; i < missed.size(); i++) {
        medians[missed.get(i)] = exact.getDouble(i) + 0.0;
      }
    }
    return medians;
  }

  private static Row head(Dataset<Row> rows, List<Column> sums) {
    return rows.agg(sums.get(0), sums.subList(1, sums.size()).toArray(new Column[0])).head();
  }
}
