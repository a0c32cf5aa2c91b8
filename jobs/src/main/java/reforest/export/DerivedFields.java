package reforest.export;

import java.util.List;
import org.dmg.pmml.Apply;
import org.dmg.pmml.Constant;
import org.dmg.pmml.DataType;
import org.dmg.pmml.DerivedField;
import org.dmg.pmml.Discretize;
import org.dmg.pmml.DiscretizeBin;
import org.dmg.pmml.Expression;
import org.dmg.pmml.FieldRef;
import org.dmg.pmml.Interval;
import org.dmg.pmml.OpType;
import reforest.config.FeatureConfig.Derived;
import reforest.features.DerivedColumns;
import reforest.features.Recipe;

/** Writes derived columns with PMML's built-in functions; an operand is a field's name. */
final class DerivedFields implements DerivedColumns.Notation<String, Expression> {

  private DerivedFields() {}

  /**
   * A derived column's field.
   *
   * @param highest whether missing operands count as higher than every value, and so their column
   */
  static DerivedField of(Derived column, boolean highest) {
    return new DerivedField(
        column.name(),
        OpType.CONTINUOUS,
        DataType.DOUBLE,
        DerivedColumns.write(column, column.of(), highest, new DerivedFields()));
  }

  @Override
  public Expression ratio(String first, String second, double otherwise) {
    return new Apply("if")
        .addExpressions(
            new Apply("equal").addExpressions(new FieldRef(second), constant(0.0)),
            constant(otherwise),
            new Apply("/").addExpressions(new FieldRef(first), new FieldRef(second)));
  }

  @Override
  public Expression difference(String first, String second) {
    return new Apply("-").addExpressions(new FieldRef(first), new FieldRef(second));
  }

  @Override
  public Expression logarithm(String operand, double floor) {
    return new Apply("ln")
        .addExpressions(new Apply("max").addExpressions(new FieldRef(operand), constant(floor)));
  }

  @Override
  public Expression bucket(String operand, List<Double> borders) {
    Discretize discretize = new Discretize(operand);
    for (int i = 0; i <= borders.size(); i++) {
      Interval interval =
          new Interval(
              i == 0 ? Interval.Closure.OPEN_OPEN : Interval.Closure.CLOSED_OPEN,
              i == 0 ? null : borders.get(i - 1),
              i == borders.size() ? null : borders.get(i));
      discretize.addDiscretizeBins(new DiscretizeBin((double) i, interval));
    }
    return discretize;
  }

  @Override
  public Expression minimum(List<String> operands) {
    return apply("min", operands);
  }

  @Override
  public Expression maximum(List<String> operands) {
    return apply("max", operands);
  }

  @Override
  public Expression unlessHighest(String operand, Expression value) {
    return new Apply("if")
        .addExpressions(
            new Apply("equal").addExpressions(new FieldRef(operand), constant(Recipe.HIGHEST)),
            constant(Recipe.HIGHEST),
            value);
  }

  private static Apply apply(String function, List<String> of) {
    Apply apply = new Apply(function);
    of.forEach(name -> apply.addExpressions(new FieldRef(name)));
    return apply;
  }

  private static Constant constant(double value) {
    return new Constant(value).setDataType(DataType.DOUBLE);
  }
}
