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
import reforest.train.binned.Binning;

/** Writes derived columns with PMML's built-in functions. */
final class DerivedFields {

  private DerivedFields() {}

  /**
   * A derived column's field.
   *
   * @param highest whether missing operands count as higher than every value, and so their column
   */
  static DerivedField of(Derived column, boolean highest) {
    Expression expression = expression(column);
    if (highest) {
      for (String operand : column.of()) {
        expression =
            new Apply("if")
                .addExpressions(
                    new Apply("equal")
                        .addExpressions(new FieldRef(operand), constant(Binning.HIGHEST)),
                    constant(Binning.HIGHEST),
                    expression);
      }
    }
    return new DerivedField(column.name(), OpType.CONTINUOUS, DataType.DOUBLE, expression);
  }

  private static Expression expression(Derived column) {
    List<String> of = column.of();
    return switch (column.operation()) {
      case RATIO ->
          new Apply("if")
              .addExpressions(
                  new Apply("equal").addExpressions(new FieldRef(of.get(1)), constant(0.0)),
                  constant(column.constant()),
                  new Apply("/").addExpressions(new FieldRef(of.get(0)), new FieldRef(of.get(1))));
      case DIFFERENCE ->
          new Apply("-").addExpressions(new FieldRef(of.get(0)), new FieldRef(of.get(1)));
      case LOG ->
          new Apply("ln")
              .addExpressions(
                  new Apply("max")
                      .addExpressions(new FieldRef(of.get(0)), constant(column.constant())));
      case BUCKET -> buckets(column);
      case MINIMUM -> apply("min", of);
      case MAXIMUM -> apply("max", of);
    };
  }

  private static Apply apply(String function, List<String> of) {
    Apply apply = new Apply(function);
    of.forEach(name -> apply.addExpressions(new FieldRef(name)));
    return apply;
  }

  private static Constant constant(double value) {
    return new Constant(value).setDataType(DataType.DOUBLE);
  }

  private static Discretize buckets(Derived column) {
    Discretize discretize = new Discretize(column.of().get(0));
    List<Double> at = column.at();
    for (int i = 0; i <= at.size(); i++) {
      Interval interval =
          new Interval(
              i == 0 ? Interval.Closure.OPEN_OPEN : Interval.Closure.CLOSED_OPEN,
              i == 0 ? null : at.get(i - 1),
              i == at.size() ? null : at.get(i));
      discretize.addDiscretizeBins(new DiscretizeBin((double) i, interval));
    }
    return discretize;
  }
}
