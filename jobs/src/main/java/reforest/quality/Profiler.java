package reforest.quality;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.mean;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.stddev_samp;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampType;
import reforest.config.DataConfig;
import reforest.table.Columns;

/** Profiles rows: one pass for numbers and times, one for categories. */
public final class Profiler {

  private static final int ACCURACY = 10_000;
  private static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.95};
  private static final int AGGREGATES = 6;

  private final DataConfig data;
  private final Set<String> features;
  private final int top;

  /**
   * @param features columns that the model reads: a key that is none tells nothing of what it
   *     learns
   * @param top how many categories of a column are listed
   */
  public Profiler(DataConfig data, Set<String> features, int top) {
    this.data = data;
    this.features = Set.copyOf(features);
    this.top = top;
  }

  /** The declared columns that these rows have but keys; no value of a personal one. */
  public Profile of(Dataset<Row> rows) {
    List<String> there = List.of(rows.columns());
    List<DataConfig.Column> columns =
        data.columns().stream()
            .filter(c -> there.contains(c.name()))
            .filter(c -> !data.key().contains(c.name()) || features.contains(c.name()))
            .toList();
    List<Column> sums = new ArrayList<>();
    for (DataConfig.Column column : columns) {
      sums.addAll(aggregates(column, rows.schema().apply(column.name()).dataType()));
    }
    Row totals = rows.agg(count(lit(1)), sums.toArray(Column[]::new)).head();
    Map<String, Categories> categories = categories(rows, columns);
    List<Profile.ColumnProfile> profiles = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      DataConfig.Column column = columns.get(i);
      int at = 1 + AGGREGATES * i;
      Categories listed = categories.getOrDefault(column.name(), Categories.NONE);
      profiles.add(
          new Profile.ColumnProfile(
              column.name(),
              rows.schema().apply(column.name()).dataType().simpleString(),
              totals.getLong(at),
              numbers(totals, at),
              listed.counts(),
              listed.distinct(),
              range(totals, at)));
    }
    return new Profile(totals.getLong(0), profiles);
  }

  /** Always six, so that a column's results stand at a known place: missing, and five more. */
  private static List<Column> aggregates(DataConfig.Column column, DataType type) {
    Column value = Columns.of(column.name());
    List<Column> sums = new ArrayList<>();
    sums.add(count_if(value.isNull()));
    if (column.personal()) {
      sums.addAll(nothing(5));
    } else if (type instanceof NumericType) {
      Column number = value.cast("double");
      sums.add(mean(number));
      sums.add(stddev_samp(number));
      sums.add(min(number));
      sums.add(max(number));
      sums.add(percentile_approx(number, lit(QUANTILES), lit(ACCURACY)));
    } else if (type instanceof TimestampType || type instanceof DateType) {
      String format = type instanceof DateType ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'";
      sums.addAll(nothing(2));
      sums.add(date_format(min(value), format));
      sums.add(date_format(max(value), format));
      sums.addAll(nothing(1));
    } else {
      sums.addAll(nothing(5));
    }
    return sums;
  }

  private static List<Column> nothing(int times) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      columns.add(lit(null));
    }
    return columns;
  }

  private static Optional<Profile.Numbers> numbers(Row totals, int at) {
    if (totals.isNullAt(at + 5)) {
      return Optional.empty();
    }
    List<Double> quantiles = totals.getList(at + 5);
    return Optional.of(
        new Profile.Numbers(
            totals.getDouble(at + 1),
            totals.isNullAt(at + 2) ? Double.NaN : totals.getDouble(at + 2),
            totals.getDouble(at + 3),
            quantiles.get(0),
            quantiles.get(1),
            quantiles.get(2),
            quantiles.get(3),
            quantiles.get(4),
            totals.getDouble(at + 4)));
  }

  private static Optional<Profile.Range> range(Row totals, int at) {
    return totals.get(at + 3) instanceof String first && totals.get(at + 4) instanceof String last
        ? Optional.of(new Profile.Range(first, last))
        : Optional.empty();
  }

  private Map<String, Categories> categories(Dataset<Row> rows, List<DataConfig.Column> columns) {
    Column[] pairs =
        columns.stream()
            .filter(c -> !c.personal() && hasCategories(rows.schema().apply(c.name()).dataType()))
            .map(
                c ->
                    struct(
                        lit(c.name()).as("name"),
                        Columns.of(c.name()).cast("string").as("category")))
            .toArray(Column[]::new);
    Map<String, Categories> categories = new HashMap<>();
    if (pairs.length == 0) {
      return categories;
    }
    rows.select(explode(array(pairs)).as("pair"))
        .select("pair.name", "pair.category")
        .where("category IS NOT NULL")
        .groupBy("name", "category")
        .agg(count(lit(1)).as("rows"))
        .withColumn("distinct", count(lit(1)).over(Window.partitionBy("name")))
        .withColumn(
            "rank",
            row_number()
                .over(Window.partitionBy("name").orderBy(col("rows").desc(), col("category"))))
        .where(col("rank").leq(top))
        .orderBy("name", "rank")
        .collectAsList()
        .forEach(
            row ->
                categories
                    .computeIfAbsent(
                        row.getString(0), name -> new Categories(new ArrayList<>(), row.getLong(3)))
                    .counts()
                    .add(new Profile.CategoryCount(row.getString(1), row.getLong(2))));
    return categories;
  }

  /** The most frequent categories of a column, and how many it has in all. */
  private record Categories(List<Profile.CategoryCount> counts, long distinct) {
    static final Categories NONE = new Categories(List.of(), 0);
  }

  private static boolean hasCategories(DataType type) {
    return type instanceof StringType
        || type instanceof BooleanType
        || (type instanceof NumericType
            && !(type instanceof DoubleType
                || type instanceof FloatType
                || type instanceof DecimalType));
  }
}
