package reforest.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ColumnType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Reads a row's declared columns and says how it breaks the contract, in one pass over the row.
 *
 * <p>An expression that fails on a row is told and not thrown. To Spark this one is conditional, so
 * that nothing of it is computed ahead, outside of its guard.
 */
final class CheckedRow extends Expression
    implements ConditionalExpression, CodegenFallback, Serializable {

  private static final long serialVersionUID = 1;

  /**
   * What a column must be.
   *
   * @param name of the declared column
   * @param type its declared type
   * @param sparkType the same for Spark
   * @param computed whether an expression gives it, which may fail
   * @param personal whether no example shows it
   * @param nullable whether it may be missing
   * @param nanIsMissing whether NaN is a missing value and no broken one
   * @param min smallest allowed number, or seconds since 1970; NaN without one
   * @param max largest; NaN without one
   * @param below what is said of a value below
   * @param above what is said of one above
   * @param allowed the only allowed values as text; empty allows all
   */
  record Rule(
      String name,
      String type,
      DataType sparkType,
      boolean computed,
      boolean personal,
      boolean nullable,
      boolean nanIsMissing,
      double min,
      double max,
      String below,
      String above,
      List<String> allowed)
      implements Serializable {
    private static final long serialVersionUID = 1;

    Rule {
      allowed = List.copyOf(allowed);
    }

    ColumnType columnType() {
      return ColumnType.named(type).orElseThrow();
    }
  }

  private final List<Rule> rules;

  /** The text of a row that cannot be parsed, then the columns in the order of the rules. */
  private final Seq<Expression> children;

  private transient @Nullable List<Cell> cells;

  private CheckedRow(List<Rule> rules, Seq<Expression> children) {
    this.rules = List.copyOf(rules);
    this.children = children;
  }

  /**
   * A struct of {@link RowContract#VALUES}, {@link RowContract#REASONS} and {@link
   * RowContract#EXAMPLE}, the last null where there is no reason.
   *
   * @param corrupt text of the row where it cannot be parsed, else null
   * @param raw for each rule what the source gives
   */
  static Column of(List<Rule> rules, Column corrupt, List<Column> raw) {
    List<Expression> children = new ArrayList<>();
    children.add(ExpressionUtils.expression(corrupt));
    raw.forEach(column -> children.add(ExpressionUtils.expression(column)));
    return ExpressionUtils.column(
        new CheckedRow(rules, CollectionConverters.asScala(children).toList()));
  }

  /** Whether a value of a source's type can be one of a declared type. */
  static boolean isReadable(DataType came) {
    return came instanceof StringType
        || came instanceof NumericType
        || came instanceof BooleanType
        || came instanceof DateType
        || came instanceof TimestampType
        || came instanceof TimestampNTZType
        || came instanceof BinaryType
        || came instanceof NullType;
  }

  @Override
  public DataType dataType() {
    StructType values = new StructType();
    for (Rule rule : rules) {
      values = values.add(rule.name(), rule.sparkType(), true);
    }
    return new StructType()
        .add(RowContract.VALUES, values, false)
        .add(RowContract.REASONS, DataTypes.createArrayType(DataTypes.StringType, false), false)
        .add(RowContract.EXAMPLE, DataTypes.StringType, true);
  }

  @Override
  public Object eval(@Nullable InternalRow row) {
    List<Cell> columns = cells();
    Object[] values = new Object[columns.size()];
    List<String> reasons = new ArrayList<>(0);
    if (children.apply(0).eval(row) != null) {
      reasons.add("the row cannot be parsed");
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = columns.get(i).read(row, reasons);
    }
    return new GenericInternalRow(
        new Object[] {
          new GenericInternalRow(values),
          new GenericArrayData(reasons.stream().map(UTF8String::fromString).toArray()),
          reasons.isEmpty() ? null : UTF8String.fromString(example(row))
        });
  }

  private String example(@Nullable InternalRow row) {
    ObjectNode shown = JsonNodeFactory.instance.objectNode();
    for (Cell cell : cells()) {
      if (!cell.rule.personal()) {
        cell.show(row, shown);
      }
    }
    return shown.toString();
  }

  private List<Cell> cells() {
    if (cells == null) {
      List<Cell> made = new ArrayList<>();
      for (int i = 0; i < rules.size(); i++) {
        made.add(new Cell(rules.get(i), children.apply(i + 1)));
      }
      cells = made;
    }
    return cells;
  }

  /** One column, read from one row after the other. */
  private static final class Cell {

    private final Rule rule;
    private final Expression child;
    private final DataType came;
    private final ColumnType type;
    private final Set<Object> allowed = new HashSet<>();

    /** A text that stays a text, or a number that stays one. */
    private final boolean same;

    Cell(Rule rule, Expression child) {
      this.rule = rule;
      this.child = child;
      this.came = child.dataType();
      this.type = rule.columnType();
      this.same = came instanceof StringType && rule.sparkType() instanceof StringType;
      for (String text : rule.allowed()) {
        if (type.read(text) instanceof ColumnType.Value value) {
          allowed.add(value.value());
        }
      }
    }

    /** The value in Spark's own form; null where there is none. */
    @Nullable Object read(@Nullable InternalRow row, List<String> reasons) {
      Object raw;
      try {
        raw = child.eval(row);
      } catch (RuntimeException e) {
        if (!rule.computed()) {
          throw e;
        }
        reasons.add(rule.name() + " cannot be computed: " + name(e));
        return null;
      }
      if (same && raw != null && rule.allowed().isEmpty()) {
        return raw;
      }
      ColumnType.Reading reading = type.read(external(raw));
      if (reading instanceof ColumnType.Refused refused) {
        reasons.add(rule.name() + " " + refused.why());
        return null;
      }
      if (reading instanceof ColumnType.Value value) {
        hold(value.value(), reasons);
        return internal(value.value());
      }
      if (reading == ColumnType.Missing.NAN && !rule.nanIsMissing()) {
        reasons.add(rule.name() + " is NaN");
      } else if (!rule.nullable()) {
        reasons.add(rule.name() + " is null");
      }
      return null;
    }

    private void hold(Object value, List<String> reasons) {
      if (!Double.isNaN(rule.min()) && number(value) < rule.min()) {
        reasons.add(rule.name() + rule.below());
      }
      if (!Double.isNaN(rule.max()) && number(value) > rule.max()) {
        reasons.add(rule.name() + rule.above());
      }
      if (!rule.allowed().isEmpty() && !allowed.contains(value)) {
        String listed = String.join(", ", rule.allowed().stream().limit(10).toList());
        String more = rule.allowed().size() > 10 ? ", ..." : "";
        reasons.add(rule.name() + " is not one of " + listed + more);
      }
    }

    private static double number(Object value) {
      if (value instanceof Number number) {
        return number.doubleValue();
      }
      if (value instanceof LocalDate date) {
        return date.toEpochDay() * 86_400.0;
      }
      return micros((Instant) value) / 1e6;
    }

    /** As {@link ColumnType} takes it. */
    private @Nullable Object external(@Nullable Object raw) {
      if (raw == null || raw instanceof Boolean) {
        return raw;
      }
      if (raw instanceof UTF8String text) {
        return text.toString();
      }
      if (raw instanceof Decimal decimal) {
        return decimal.toJavaBigDecimal();
      }
      if (came instanceof DateType) {
        return LocalDate.ofEpochDay((Integer) raw);
      }
      if (came instanceof TimestampType || came instanceof TimestampNTZType) {
        return Instant.EPOCH.plus((Long) raw, ChronoUnit.MICROS);
      }
      return raw instanceof byte[] bytes ? UTF8String.fromBytes(bytes).toString() : raw;
    }

    /** As Spark keeps it. */
    private Object internal(Object value) {
      if (value instanceof Long whole) {
        return rule.sparkType() instanceof LongType
            ? whole
            : rule.sparkType() instanceof IntegerType
                ? (Object) whole.intValue()
                : rule.sparkType() instanceof ShortType ? whole.shortValue() : whole.byteValue();
      }
      if (value instanceof String text) {
        return UTF8String.fromString(text);
      }
      if (value instanceof BigDecimal decimal) {
        DecimalType declared = (DecimalType) rule.sparkType();
        return Decimal.apply(decimal, declared.precision(), declared.scale());
      }
      if (value instanceof LocalDate date) {
        return (int) date.toEpochDay();
      }
      return value instanceof Instant instant ? micros(instant) : value;
    }

    /** Java's own difference counts nanoseconds on the way, which overflow after 292 years. */
    private static long micros(Instant instant) {
      return 1_000_000 * instant.getEpochSecond() + instant.getNano() / 1_000;
    }

    private void show(@Nullable InternalRow row, ObjectNode shown) {
      try {
        Object raw = external(child.eval(row));
        if (raw != null) {
          shown.put(rule.name(), ColumnType.textOf(raw));
        }
      } catch (RuntimeException e) {
        // It has been told among the reasons.
        shown.remove(rule.name());
      }
    }

    private static String name(RuntimeException e) {
      String condition = e instanceof SparkThrowable spark ? spark.getCondition() : null;
      return condition == null ? e.getClass().getSimpleName() : condition;
    }
  }

  @Override
  public Seq<Expression> children() {
    return children;
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> changed) {
    return new CheckedRow(rules, changed.toList());
  }

  @Override
  public boolean nullable() {
    return false;
  }

  @Override
  public boolean foldable() {
    return false;
  }

  @Override
  public ExprCode doGenCode(CodegenContext context, ExprCode code) {
    return CodegenFallback.super.doGenCode(context, code);
  }

  @Override
  public Seq<Expression> alwaysEvaluatedInputs() {
    return CollectionConverters.asScala(List.<Expression>of()).toList();
  }

  @Override
  public ConditionalExpression withNewAlwaysEvaluatedInputs(Seq<Expression> inputs) {
    return this;
  }

  @Override
  public Seq<Seq<Expression>> branchGroups() {
    return CollectionConverters.asScala(List.<Seq<Expression>>of()).toList();
  }

  @Override
  public int productArity() {
    return 2;
  }

  @Override
  public Object productElement(int index) {
    return index == 0 ? rules : children;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof CheckedRow;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CheckedRow row
        && row.rules.equals(rules)
        && row.children.equals(children);
  }

  @Override
  public int hashCode() {
    return 31 * children.hashCode() + rules.hashCode();
  }
}
