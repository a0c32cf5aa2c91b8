package reforest.ingest;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Evaluates an expression and, where it fails on a row, tells the failure instead of throwing it.
 *
 * <p>Spark's {@code try_} functions would not do: they give null both for a failure and for an
 * answer that is null, and many expressions have none. To Spark it is conditional, so that nothing
 * of it is computed ahead, outside of its guard.
 */
final class GuardedExpression extends Expression
    implements ConditionalExpression, CodegenFallback, Serializable {

  /** The expression's answer; null where it failed. */
  static final String VALUE = "value";

  /** The name of the failure, null where there is none; it holds no value of the row. */
  static final String FAILURE = "failure";

  private static final long serialVersionUID = 1;

  private final Expression child;

  /** Called by Spark as well, which finds it by its argument. */
  public GuardedExpression(Expression child) {
    this.child = child;
  }

  /** A struct of {@link #VALUE} and {@link #FAILURE}. */
  static Column of(Column column) {
    return ExpressionUtils.column(new GuardedExpression(ExpressionUtils.expression(column)));
  }

  @Override
  public Seq<Expression> children() {
    return CollectionConverters.asScala(List.of(child)).toList();
  }

  @Override
  public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
    return new GuardedExpression(children.head());
  }

  @Override
  public DataType dataType() {
    return new StructType()
        .add(VALUE, child.dataType(), true)
        .add(FAILURE, DataTypes.StringType, true);
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
  public Object eval(@Nullable InternalRow row) {
    try {
      return new GenericInternalRow(new Object[] {child.eval(row), null});
    } catch (RuntimeException e) {
      return new GenericInternalRow(new Object[] {null, UTF8String.fromString(name(e))});
    }
  }

  private static String name(RuntimeException e) {
    String condition = e instanceof SparkThrowable spark ? spark.getCondition() : null;
    return condition == null ? e.getClass().getSimpleName() : condition;
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
    return 1;
  }

  @Override
  public Object productElement(int index) {
    return child;
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof GuardedExpression;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GuardedExpression attempt && attempt.child.equals(child);
  }

  @Override
  public int hashCode() {
    return 31 * child.hashCode() + 1;
  }
}
