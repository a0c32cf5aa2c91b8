package reforest.ingest;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.config.Nearest;
import reforest.table.Columns;
import reforest.table.SparkErrors;

/**
 * Reads a source's rows as the declared columns and says of each row how it breaks the contract.
 *
 * <p>NaN in a nullable column that is not the label is a missing value and becomes null, whatever
 * the column's type: so pandas writes gaps in whole numbers. An integer column takes 3.0, also as
 * text, and refuses other fractions; a decimal column rounds to its scale. A row on which a
 * column's expression fails breaks the contract; one on which it gives null has no value there.
 */
public final class RowContract {

  /** The declared columns of a checked row, as one struct. */
  static final String VALUES = "values";

  /**
   * Why a checked row breaks the contract: texts that name no value, so that they can be counted.
   */
  static final String REASONS = "reasons";

  /** A checked row as it came, as JSON. */
  static final String ROW = "row";

  /** A checked row's declared columns as they came, without personal ones, as JSON. */
  static final String EXAMPLE = "example";

  /** What Delta cannot hold in a column's name as long as column mapping is off. */
  private static final String REFUSED_IN_NAMES = " ,;{}()\n\t=";

  private final DataConfig data;

  /**
   * @throws ReforestException of kind {@code ARGUMENTS} when the table could not hold the columns
   */
  RowContract(DataConfig data) {
    this.data = data;
    Set<String> seen = new HashSet<>();
    for (DataConfig.Column column : data.columns()) {
      requireStorable(column);
      if (!seen.add(column.name().toLowerCase(Locale.ROOT))) {
        throw arguments(
            "data.columns declares " + column.name() + " twice; capitals make no difference",
            "give each column a name of its own");
      }
      if ((column.min().isPresent() || column.max().isPresent())
          && !(type(column) instanceof NumericType)) {
        throw arguments(
            "column "
                + column.name()
                + " is of type "
                + column.type()
                + ": only a number has min and max",
            "remove them, or list the allowed values");
      }
    }
  }

  /** The table's columns: all nullable, since the contract guards what comes in. */
  StructType schema() {
    StructType schema = new StructType();
    for (DataConfig.Column column : data.columns()) {
      StructField field = new StructField(column.name(), type(column), true, emptyMetadata());
      schema =
          schema.add(column.unit().isPresent() ? field.withComment(column.unit().get()) : field);
    }
    return schema;
  }

  /**
   * The source's rows with {@link #VALUES}, {@link #REASONS}, {@link #ROW} and {@link #EXAMPLE}.
   *
   * @throws ReforestException when a declared column cannot be computed from the source at all
   */
  Dataset<Row> check(Dataset<Row> source) {
    requireColumns(source);
    List<Column> raw = new ArrayList<>();
    raw.add(wholeRow(source).as(ROW));
    raw.add(
        Arrays.asList(source.columns()).contains(SourceRows.CORRUPT)
            ? Columns.of(SourceRows.CORRUPT).as(SourceRows.CORRUPT)
            : lit(null).cast("string").as(SourceRows.CORRUPT));
    for (int i = 0; i < data.columns().size(); i++) {
      DataConfig.Column column = data.columns().get(i);
      Column came = rawColumn(column);
      raw.add((column.from().isPresent() ? GuardedExpression.of(came) : came).as("raw" + i));
    }
    Dataset<Row> asItCame = select(source, raw);
    List<Column> values = new ArrayList<>();
    List<Column> reasons = new ArrayList<>();
    List<Column> shown = new ArrayList<>();
    reasons.add(when(col(SourceRows.CORRUPT).isNotNull(), lit("the row cannot be parsed")));
    for (int i = 0; i < data.columns().size(); i++) {
      DataConfig.Column column = data.columns().get(i);
      boolean computed = column.from().isPresent();
      Column came = computed ? Columns.of("raw" + i, GuardedExpression.VALUE) : col("raw" + i);
      Column failure =
          computed ? Columns.of("raw" + i, GuardedExpression.FAILURE) : lit(null).cast("string");
      DataType rawType = asItCame.select(came).schema().fields()[0].dataType();
      Cell cell = cell(rawType, column, came, failure);
      values.add(cell.value().as(column.name()));
      reasons.addAll(cell.reasons());
      if (!column.personal()) {
        shown.add(came.cast("string").as(column.name()));
      }
    }
    return asItCame.select(
        struct(values.toArray(Column[]::new)).as(VALUES),
        array_compact(array(reasons.toArray(Column[]::new))).as(REASONS),
        col(ROW),
        (shown.isEmpty() ? lit("{}") : to_json(struct(shown.toArray(Column[]::new)))).as(EXAMPLE));
  }

  private record Cell(Column value, List<Column> reasons) {}

  /**
   * @param rawType type of the column as it came
   * @param failure why it could not be computed, null where it could
   */
  private Cell cell(DataType rawType, DataConfig.Column column, Column raw, Column failure) {
    String name = column.name();
    DataType type = type(column);
    Column given =
        rawType instanceof StringType && !(type instanceof StringType)
            ? when(trim(raw).notEqual(""), raw)
            : raw;
    List<Column> reasons = new ArrayList<>();
    reasons.add(when(failure.isNotNull(), concat(lit(name + " cannot be computed: "), failure)));
    Column nan =
        isFloating(rawType) || (rawType instanceof StringType && type instanceof NumericType)
            ? coalesce(given.try_cast("double").isNaN(), lit(false))
            : lit(false);
    Column present = when(nan.unary_$bang(), given);
    Column value =
        rawType instanceof StringType && isIntegral(type)
            ? coalesce(present.try_cast(type), whole(present, type))
            : present.try_cast(type);
    Column failed = present.isNotNull().and(value.isNull());
    if (isFractional(rawType) && isIntegral(type)) {
      failed = failed.or(value.isNotNull().and(present.notEqual(value)));
    }
    reasons.add(when(failed, lit(name + " is not of type " + column.type())));
    if (isFloating(type)) {
      Column infinite = value.isin(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
      reasons.add(when(infinite, lit(name + " is infinite")));
    }
    Column missing = given.isNull().and(failure.isNull());
    if (column.nullable() && !name.equals(data.label())) {
      missing = missing.or(nan);
    } else {
      reasons.add(when(nan, lit(name + " is NaN")));
    }
    if (!mayBeNull(column)) {
      reasons.add(when(missing, lit(name + " is null")));
    }
    Column number = value.cast("double");
    column.min().ifPresent(min -> reasons.add(outside(name, " is below ", min, number.lt(min))));
    column.max().ifPresent(max -> reasons.add(outside(name, " is above ", max, number.gt(max))));
    if (!column.values().isEmpty()) {
      reasons.add(notAllowed(column, value, type));
    }
    return new Cell(value, reasons);
  }

  /** The whole number that a text such as 3.0 stands for, null where it is none. */
  private static Column whole(Column text, DataType type) {
    Column number = text.try_cast("decimal(38,18)");
    Column whole = number.try_cast(type);
    return when(whole.equalTo(number), whole);
  }

  private static Column outside(String name, String how, double bound, Column broken) {
    return when(broken, lit(name + how + plain(bound)));
  }

  private static Column notAllowed(DataConfig.Column column, Column value, DataType type) {
    Column allowed = lit(false);
    for (String text : column.values()) {
      allowed = allowed.or(coalesce(value.equalTo(lit(text).try_cast(type)), lit(false)));
    }
    String listed = String.join(", ", column.values().stream().limit(10).toList());
    String more = column.values().size() > 10 ? ", ..." : "";
    return when(
        value.isNotNull().and(allowed.unary_$bang()),
        lit(column.name() + " is not one of " + listed + more));
  }

  private boolean mayBeNull(DataConfig.Column column) {
    return column.nullable()
        && !data.key().contains(column.name())
        && !data.eventTime().filter(column.name()::equals).isPresent();
  }

  private static Column wholeRow(Dataset<Row> source) {
    Column[] all =
        Arrays.stream(source.columns())
            .filter(name -> !name.equals(SourceRows.CORRUPT))
            .map(Columns::of)
            .toArray(Column[]::new);
    Column asRead = to_json(struct(all));
    return Arrays.asList(source.columns()).contains(SourceRows.CORRUPT)
        ? when(
                Columns.of(SourceRows.CORRUPT).isNotNull(),
                to_json(map(lit("unparsed"), Columns.of(SourceRows.CORRUPT))))
            .otherwise(asRead)
        : asRead;
  }

  /** Tries each column on its own, so that all that are missing are named at once. */
  private void requireColumns(Dataset<Row> source) {
    List<String> problems = new ArrayList<>();
    Kind kind = Kind.DATA;
    for (DataConfig.Column column : data.columns()) {
      try {
        source.select(rawColumn(column)).select(col("*")).schema();
        source.select(rawColumn(column).as("raw")).select(col("raw").try_cast(type(column)));
      } catch (Exception e) {
        if (e instanceof ParseException) {
          kind = Kind.ARGUMENTS;
        } else if (!(e instanceof SparkThrowable)) {
          throw e;
        }
        problems.add(problem(column, source, e));
      }
    }
    if (!problems.isEmpty()) {
      throw new ReforestException(
          kind,
          "the source does not give "
              + problems.size()
              + (problems.size() == 1 ? " declared column: " : " declared columns: ")
              + String.join("; ", problems),
          "set from to a Spark SQL expression over the source's columns, such as from ="
              + " \"`its name there`\"; the source has "
              + named(source));
    }
  }

  private static String problem(DataConfig.Column column, Dataset<Row> source, Exception e) {
    List<String> there =
        Arrays.stream(source.columns()).filter(name -> !name.equals(SourceRows.CORRUPT)).toList();
    String condition = e instanceof SparkThrowable spark ? spark.getCondition() : "";
    if (column.from().isEmpty() && condition.startsWith("UNRESOLVED_COLUMN")) {
      return column.name()
          + " is missing"
          + Nearest.to(column.name(), there).map(n -> " (nearest: " + n + ")").orElse("");
    }
    if (condition.startsWith("DATATYPE_MISMATCH.CAST")) {
      return column.name()
          + " cannot be cast to "
          + column.type()
          + ": "
          + SparkErrors.firstLine(e);
    }
    return column.name()
        + column.from().map(from -> " (from = \"" + from + "\")").orElse("")
        + ": "
        + SparkErrors.firstLine(e);
  }

  private Dataset<Row> select(Dataset<Row> source, List<Column> columns) {
    try {
      return source.select(columns.toArray(Column[]::new));
    } catch (Exception e) {
      if (!(e instanceof SparkThrowable)) {
        throw e;
      }
      throw new ReforestException(
          Kind.ARGUMENTS,
          "the declared columns cannot be computed together: " + SparkErrors.firstLine(e),
          "an expression in from must give one value for each row of the source, without aggregates",
          e);
    }
  }

  private static Column rawColumn(DataConfig.Column column) {
    return column.from().isPresent() ? expr(column.from().get()) : Columns.of(column.name());
  }

  private static DataType type(DataConfig.Column column) {
    try {
      return DataType.fromDDL(column.type());
    } catch (Exception e) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "column " + column.name() + " has type " + column.type() + ", which Spark does not know",
          "use string, boolean, int, bigint, float, double, decimal(p,s), timestamp or date",
          e);
    }
  }

  static void requireStorable(DataConfig.Column column) {
    for (int i = 0; i < column.name().length(); i++) {
      char c = column.name().charAt(i);
      if (REFUSED_IN_NAMES.indexOf(c) >= 0) {
        String renamed = column.name().replaceAll("[ ,;{}()\n\t=]+", "_");
        throw arguments(
            "column \"" + column.name() + "\" cannot be stored: its name holds '" + c + "'",
            "rename it on the way in: name = \""
                + renamed
                + "\", from = \""
                + Columns.quote(column.name())
                + "\"");
      }
    }
  }

  private static String named(Dataset<Row> source) {
    List<String> names =
        Arrays.stream(source.columns()).filter(name -> !name.equals(SourceRows.CORRUPT)).toList();
    return String.join(", ", names.stream().limit(30).toList())
        + (names.size() > 30 ? ", ..." : "");
  }

  private static boolean isFloating(DataType type) {
    return type instanceof DoubleType || type instanceof FloatType;
  }

  private static boolean isFractional(DataType type) {
    return isFloating(type) || type instanceof DecimalType;
  }

  private static boolean isIntegral(DataType type) {
    return type instanceof IntegerType
        || type instanceof LongType
        || type instanceof ShortType
        || type instanceof ByteType;
  }

  private static org.apache.spark.sql.types.Metadata emptyMetadata() {
    return org.apache.spark.sql.types.Metadata.empty();
  }

  static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private static ReforestException arguments(String message, String hint) {
    return new ReforestException(Kind.ARGUMENTS, message, hint);
  }
}
