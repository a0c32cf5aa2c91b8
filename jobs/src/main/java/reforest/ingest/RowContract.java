package reforest.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import reforest.bundle.ColumnType;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.config.Nearest;
import reforest.table.Columns;
import reforest.table.SparkErrors;

/**
 * Reads a source's rows as the declared columns and says of each row how it breaks the contract.
 *
 * <p>Values are read as {@link ColumnType} has it. NaN in a nullable column that is not the label
 * is a missing value and becomes null, whatever the column's type: so pandas writes gaps in whole
 * numbers. A row on which a column's expression fails breaks the contract; one on which it gives
 * null has no value there.
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

  /** What {@link CheckedRow} says of a row. */
  private static final String CHECKED = "__reforest_checked";

  /** Clocks go wrong by less, and time zones differ by less. */
  private static final Duration AHEAD = Duration.ofDays(1);

  private final DataConfig data;
  private final Instant now;

  /**
   * @param data the contract, as the configuration's reader has checked it
   * @param now no event can be later, but for clocks and time zones
   */
  RowContract(DataConfig data, Instant now) {
    this.data = data;
    this.now = now;
  }

  /** The table's columns: all nullable, since the contract guards what comes in. */
  StructType schema() {
    StructType schema = new StructType();
    for (DataConfig.Column column : data.columns()) {
      StructField field = new StructField(column.name(), sparkType(column), true, emptyMetadata());
      schema =
          schema.add(column.unit().isPresent() ? field.withComment(column.unit().get()) : field);
    }
    return schema;
  }

  /**
   * All rows of the source, checked; see {@link #check}.
   *
   * @throws ReforestException when the source cannot be read, or lacks a declared column
   */
  Dataset<Row> read(SparkSession spark) {
    return SourceRows.open(spark, data).stream()
        .map(this::check)
        .reduce(Dataset::union)
        .orElseThrow();
  }

  /**
   * The source's rows with {@link #VALUES}, {@link #REASONS}, {@link #ROW} and {@link #EXAMPLE}.
   *
   * @throws ReforestException when a declared column cannot be computed from the source at all
   */
  private Dataset<Row> check(Dataset<Row> source) {
    requireColumns(source);
    Column corrupt =
        Arrays.asList(source.columns()).contains(SourceRows.CORRUPT)
            ? Columns.of(SourceRows.CORRUPT)
            : lit(null).cast("string");
    List<CheckedRow.Rule> rules = data.columns().stream().map(this::rule).toList();
    List<Column> raw = data.columns().stream().map(RowContract::rawColumn).toList();
    Column broken = size(col(CHECKED + "." + REASONS)).gt(0);
    return checked(source, CheckedRow.of(rules, corrupt, raw))
        .select(
            col(CHECKED + "." + VALUES),
            col(CHECKED + "." + REASONS),
            when(broken, wholeRow(source)).as(ROW),
            col(CHECKED + "." + EXAMPLE));
  }

  private static Dataset<Row> checked(Dataset<Row> source, Column checked) {
    try {
      return source.withColumn(CHECKED, checked);
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

  /**
   * An event time has a ceiling where none is declared: one row of the year 9999 would make every
   * later window end there.
   */
  private CheckedRow.Rule rule(DataConfig.Column column) {
    boolean required = !mayBeNull(column);
    boolean ends =
        column.max().isEmpty() && data.eventTime().filter(column.name()::equals).isPresent();
    return new CheckedRow.Rule(
        column.name(),
        type(column).toString(),
        sparkType(column),
        column.from().isPresent(),
        column.personal(),
        !required,
        column.nullable() && !column.name().equals(data.label()),
        column.min().orElse(Double.NaN),
        ends ? now.plus(AHEAD).getEpochSecond() : column.max().orElse(Double.NaN),
        column.min().map(min -> " is below " + text(column, min)).orElse(""),
        ends
            ? " lies more than a day after now"
            : column.max().map(max -> " is above " + text(column, max)).orElse(""),
        column.values());
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
    List<String> advice = new ArrayList<>();
    Kind kind = Kind.DATA;
    for (DataConfig.Column column : data.columns()) {
      try {
        // Within a struct no expression can make several rows of one.
        DataType came =
            ((StructType)
                    source.select(struct(rawColumn(column).as("raw"))).schema().apply(0).dataType())
                .apply(0)
                .dataType();
        if (!CheckedRow.isReadable(came)) {
          problems.add(
              "%s cannot be read as %s: it is of type %s there"
                  .formatted(column.name(), column.type(), came.simpleString()));
          NestedNames.oneValue(column.from().orElse(DataConfig.quoted(column.name())), came)
              .ifPresent(from -> advice.add("from = \"" + from + "\""));
        }
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
          beyondTheFolder()
              + "set from to a Spark SQL expression over the source's columns, such as "
              + (advice.isEmpty() ? "from = \"`its name there`\"" : String.join(", ", advice))
              + "; the source has "
              + named(source));
    }
  }

  /** A folder that is read alone does not say what its own name means. */
  private String beyondTheFolder() {
    String path = data.source().path().orElse("");
    return data.columns().stream()
        .filter(column -> path.contains("/" + column.name() + "="))
        .map(
            column ->
                "set data.source.options.basePath to the folder above "
                    + column.name()
                    + "=..., so that its name counts, or ")
        .findFirst()
        .orElse("");
  }

  private static String problem(DataConfig.Column column, Dataset<Row> source, Exception e) {
    List<String> there = names(source);
    String condition = e instanceof SparkThrowable spark ? spark.getCondition() : "";
    if (column.from().isEmpty() && condition.startsWith("UNRESOLVED_COLUMN")) {
      return column.name()
          + " is missing"
          + there.stream()
              .filter(name -> name.endsWith("." + column.name()))
              .findFirst()
              .or(() -> Nearest.to(column.name(), there))
              .map(n -> " (nearest: " + n + ")")
              .orElse("");
    }
    return column.name()
        + column.from().map(from -> " (from = \"" + from + "\")").orElse("")
        + ": "
        + SparkErrors.firstLine(e);
  }

  private static Column rawColumn(DataConfig.Column column) {
    return column.from().isPresent() ? expr(column.from().get()) : Columns.of(column.name());
  }

  private static ColumnType type(DataConfig.Column column) {
    return ColumnType.named(column.type())
        .orElseThrow(
            () ->
                new ReforestException(
                    Kind.ARGUMENTS,
                    "column " + column.name() + " has the unknown type " + column.type(),
                    "use string, boolean, int, bigint, float, double, decimal(p,s), timestamp or"
                        + " date"));
  }

  private static DataType sparkType(DataConfig.Column column) {
    return DataType.fromDDL(type(column).toString());
  }

  private static String named(Dataset<Row> source) {
    List<String> names = names(source);
    return String.join(", ", names.stream().limit(30).toList())
        + (names.size() > 30 ? ", ..." : "");
  }

  private static List<String> names(Dataset<Row> source) {
    return NestedNames.of(source.schema()).stream()
        .filter(name -> !name.equals(SourceRows.CORRUPT))
        .toList();
  }

  private static org.apache.spark.sql.types.Metadata emptyMetadata() {
    return org.apache.spark.sql.types.Metadata.empty();
  }

  private static String text(DataConfig.Column column, double bound) {
    return type(column).isTime()
        ? ColumnType.textOf(Instant.EPOCH.plusMillis(Math.round(bound * 1e3)))
        : plain(bound);
  }

  static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
