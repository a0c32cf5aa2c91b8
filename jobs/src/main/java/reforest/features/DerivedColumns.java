package reforest.features;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import reforest.config.FeatureConfig.Derived;

/** What each operation of a derived column computes, once for all that it is written in. */
public final class DerivedColumns {

  private DerivedColumns() {}

  /**
   * Something to write derived columns in, such as Spark SQL or PMML.
   *
   * @param <O> how an operand is named there
   * @param <T> what is written
   */
  public interface Notation<O, T> {

    /** {@code first / second}; {@code otherwise} where the second is 0. */
    T ratio(O first, O second, double otherwise);

    /** {@code first - second}. */
    T difference(O first, O second);

    /** The natural logarithm of the larger of operand and {@code floor}. */
    T logarithm(O operand, double floor);

    /** How many of the increasing {@code borders} the operand reaches. */
    T bucket(O operand, List<Double> borders);

    /** The smallest operand. */
    T minimum(List<O> operands);

    /** The largest operand. */
    T maximum(List<O> operands);

    /** {@link Recipe#HIGHEST} where the operand is that, and else {@code value}. */
    T unlessHighest(O operand, T value);
  }

  /** Spark SQL. */
  public static final Notation<Column, Column> SPARK =
      new Notation<>() {

        @Override
        public Column ratio(Column first, Column second, double otherwise) {
          return when(second.equalTo(0.0), lit(otherwise)).otherwise(first.divide(second));
        }

        @Override
        public Column difference(Column first, Column second) {
          return first.minus(second);
        }

        @Override
        public Column logarithm(Column operand, double floor) {
          return log(functions.greatest(operand, lit(floor)));
        }

        @Override
        public Column bucket(Column operand, List<Double> borders) {
          Column reached = lit(0.0);
          for (double border : borders) {
            reached = reached.plus(when(operand.geq(border), lit(1.0)).otherwise(lit(0.0)));
          }
          return reached;
        }

        @Override
        public Column minimum(List<Column> operands) {
          return functions.least(operands.toArray(Column[]::new));
        }

        @Override
        public Column maximum(List<Column> operands) {
          return functions.greatest(operands.toArray(Column[]::new));
        }

        @Override
        public Column unlessHighest(Column operand, Column value) {
          return when(operand.equalTo(Recipe.HIGHEST), lit(Recipe.HIGHEST)).otherwise(value);
        }
      };

  /**
   * Writes a derived column.
   *
   * @param operands in the order of {@link Derived#of}
   * @param highest whether a missing number counts as higher than every value, and so does what is
   *     derived from one
   */
  public static <O, T> T write(
      Derived column, List<O> operands, boolean highest, Notation<O, T> notation) {
    T written = operation(column, operands, notation);
    if (highest) {
      for (O operand : operands) {
        written = notation.unlessHighest(operand, written);
      }
    }
    return written;
  }

  private static <O, T> T operation(Derived column, List<O> of, Notation<O, T> notation) {
    return switch (column.operation()) {
      case RATIO -> notation.ratio(of.get(0), of.get(1), column.constant());
      case DIFFERENCE -> notation.difference(of.get(0), of.get(1));
      case LOG -> notation.logarithm(of.get(0), column.constant());
      case BUCKET -> notation.bucket(of.get(0), column.at());
      case MINIMUM -> notation.minimum(of);
      case MAXIMUM -> notation.maximum(of);
    };
  }
}
