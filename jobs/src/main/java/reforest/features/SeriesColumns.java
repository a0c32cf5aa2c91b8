package reforest.features;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udaf;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import reforest.bundle.SeriesField;
import reforest.table.Columns;

/** Features that are taken from earlier rows of the same series, as columns of rows. */
public final class SeriesColumns {

  private static final String KEY = "__reforest_series_key";

  private static final UserDefinedFunction TOTAL = udaf(new ExactTotal(), Encoders.DOUBLE());

  private static final UserDefinedFunction MEAN =
      udf((UDF2<byte[], byte[], Double>) ExactTotal::mean, DataTypes.DoubleType);

  private SeriesColumns() {}

  /**
   * The rows with a column for each such feature, equal to what {@link reforest.bundle.History}
   * gives when it knows all rows; null where there is no value.
   *
   * <p>Each row gets what was known at its own event time, so it is the same whether rows are
   * learned from or judged on.
   *
   * @param all every row of the pinned version, with the table's own columns, in a session whose
   *     time zone is UTC
   * @param rows some of them
   * @param key columns that name a row
   * @param fields what each column to be added holds, by name; a column of that name is replaced
   */
  public static Dataset<Row> added(
      Dataset<Row> all, Dataset<Row> rows, List<String> key, Map<String, SeriesField> fields) {
    if (fields.isEmpty()) {
      return rows;
    }
    List<Column> selected = new ArrayList<>();
    List<Column> equal = new ArrayList<>();
    String[] aliases = new String[key.size()];
    for (int i = 0; i < aliases.length; i++) {
      aliases[i] = KEY + i;
      selected.add(Columns.of(key.get(i)).as(aliases[i]));
      equal.add(Columns.of(key.get(i)).equalTo(col(aliases[i])));
    }
    Column same = equal.stream().reduce(Column::and).orElseThrow();
    Dataset<Row> kept = rows;
    for (Map.Entry<String, SeriesField> field : fields.entrySet()) {
      kept = kept.drop(Columns.of(field.getKey()));
      selected.add(value(field.getValue()).as(field.getKey()));
    }
    Dataset<Row> values = all.select(selected.toArray(Column[]::new));
    return kept.join(values, same, "left").drop(aliases);
  }

  private static Column value(SeriesField field) {
    Column number = Columns.of(field.of().name()).cast("double");
    // Neither NaN nor infinite; what is compared with NaN is not below.
    Column finite = when(abs(number).leq(Double.MAX_VALUE), number);
    WindowSpec series =
        Window.partitionBy(
                field.by().stream().map(by -> Columns.of(by.name())).toArray(Column[]::new))
            .orderBy(unix_micros(Columns.of(field.time().name()).cast("timestamp")));
    long newest = -micros(field.lag());
    // A lag looks at one microsecond, which is the least that times differ by.
    long earlier = newest - field.window().map(SeriesColumns::micros).orElse(1L);
    return MEAN.apply(upTo(newest, finite, series), upTo(earlier, finite, series));
  }

  private static Column upTo(long end, Column values, WindowSpec series) {
    return TOTAL.apply(values).over(series.rangeBetween(Window.unboundedPreceding(), end));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
