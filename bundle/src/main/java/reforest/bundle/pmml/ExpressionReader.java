package reforest.bundle.pmml;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import reforest.bundle.DecimalText;

/** Reads the expressions of derived fields: arithmetic, conditions and bins. */
final class ExpressionReader {

  /** The expressions that names stand for. */
  @FunctionalInterface
  interface Names {
    /** The field of that name, or a refusal. */
    Expression named(String field);
  }

  private final Xml xml;
  private final Names names;

  ExpressionReader(Xml xml, Names names) {
    this.xml = xml;
    this.names = names;
  }

  /** Reads one expression that gives a number. */
  Expression number() {
    if (xml.on("Discretize")) {
      return discretize();
    }
    if (xml.on("FieldRef")) {
      xml.open("FieldRef", List.of("field"));
      Expression field = names.named(xml.required("field"));
      xml.closeEmpty("FieldRef");
      return field;
    }
    if (xml.on("Constant")) {
      return constant();
    }
    xml.open("Apply", List.of("function"));
    String function = xml.required("function");
    return switch (function) {
      case "+" -> binary((a, b) -> a + b);
      case "-" -> binary((a, b) -> a - b);
      case "*" -> binary((a, b) -> a * b);
      case "/" -> binary((a, b) -> a / b);
      case "min" -> fold(Math::min);
      case "max" -> fold(Math::max);
      case "ln" -> logarithm();
      case "if" -> choice();
      default ->
          throw xml.refusal("the function '" + function + "' is unknown where a number belongs");
    };
  }

  private Expression constant() {
    xml.open("Constant", List.of("dataType"));
    xml.oneOf("dataType", "double");
    String text = xml.text();
    double value = DecimalText.parse(text.strip());
    if (Double.isNaN(value)) {
      throw xml.refusal("<Constant> needs a finite number, got '" + text + "'");
    }
    return fields -> value;
  }

  private Expression binary(DoubleBinaryOperator operator) {
    xml.enter();
    Expression left = number();
    Expression right = number();
    xml.close("Apply");
    return fields -> operator.applyAsDouble(left.of(fields), right.of(fields));
  }

  private Expression fold(DoubleBinaryOperator operator) {
    xml.enter();
    List<Expression> operands = new ArrayList<>();
    do {
      operands.add(number());
    } while (xml.onStart());
    xml.close("Apply");
    Expression first = operands.get(0);
    List<Expression> others = List.copyOf(operands.subList(1, operands.size()));
    return fields -> {
      double result = first.of(fields);
      for (Expression other : others) {
        result = operator.applyAsDouble(result, other.of(fields));
      }
      return result;
    };
  }

  private Expression logarithm() {
    xml.enter();
    Expression operand = number();
    xml.close("Apply");
    // As Spark: the last digit of Math.log may be another one.
    return fields -> StrictMath.log(operand.of(fields));
  }

  private Expression choice() {
    xml.enter();
    Condition condition = condition();
    Expression then = number();
    Expression otherwise = number();
    xml.close("Apply");
    return fields -> condition.holds(fields) ? then.of(fields) : otherwise.of(fields);
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds(double[] fields);
  }

  private Condition condition() {
    xml.open("Apply", List.of("function"));
    String function = xml.required("function");
    xml.enter();
    Expression left = number();
    Expression right = number();
    xml.close("Apply");
    return switch (function) {
      case "equal" -> fields -> left.of(fields) == right.of(fields);
      case "lessThan" -> fields -> left.of(fields) < right.of(fields);
      case "lessOrEqual" -> fields -> left.of(fields) <= right.of(fields);
      case "greaterThan" -> fields -> left.of(fields) > right.of(fields);
      case "greaterOrEqual" -> fields -> left.of(fields) >= right.of(fields);
      default ->
          throw xml.refusal("the function '" + function + "' is unknown where a condition belongs");
    };
  }

  /** Bins must follow each other without gap or overlap over all numbers, so that each has one. */
  private Expression discretize() {
    xml.open("Discretize", List.of("field"));
    Expression field = names.named(xml.required("field"));
    xml.enter();
    List<Bin> bins = new ArrayList<>();
    while (xml.on("DiscretizeBin")) {
      bins.add(bin());
      if (bins.size() > 1 && !bins.get(bins.size() - 2).meets(bins.get(bins.size() - 1))) {
        throw xml.refusal("bin " + bins.size() + " does not start where the one before it ends");
      }
    }
    boolean covers =
        !bins.isEmpty()
            && Double.isNaN(bins.get(0).left())
            && Double.isNaN(bins.get(bins.size() - 1).right());
    if (!covers) {
      throw xml.refusal("the bins do not cover all numbers");
    }
    xml.close("Discretize");
    List<Bin> all = List.copyOf(bins);
    return fields -> place(all, field.of(fields));
  }

  private static double place(List<Bin> bins, double value) {
    if (Double.isNaN(value)) {
      return Double.NaN;
    }
    int at = 0;
    while (bins.get(at).isBelow(value)) {
      at++;
    }
    return bins.get(at).value();
  }

  private Bin bin() {
    xml.open("DiscretizeBin", List.of("binValue"));
    double value = xml.number("binValue");
    xml.enter();
    xml.open("Interval", List.of("closure", "leftMargin", "rightMargin"));
    xml.oneOf("closure", "openOpen", "openClosed", "closedOpen", "closedClosed");
    String closure = xml.required("closure");
    Bin bin =
        new Bin(
            value,
            xml.number("leftMargin", Double.NaN),
            closure.startsWith("closed"),
            xml.number("rightMargin", Double.NaN),
            closure.endsWith("Closed"));
    if (bin.left() > bin.right()) {
      throw xml.refusal("the interval ends at " + bin.right() + ", before it begins");
    }
    xml.closeEmpty("Interval");
    xml.close("DiscretizeBin");
    return bin;
  }

  /**
   * One bin.
   *
   * @param value what its values become
   * @param left where it begins; NaN when it has no beginning
   * @param right where it ends; NaN when it has no end
   */
  private record Bin(double value, double left, boolean leftIn, double right, boolean rightIn) {

    boolean meets(Bin next) {
      return right == next.left && rightIn != next.leftIn;
    }

    boolean isBelow(double number) {
      return rightIn ? number > right : number >= right;
    }
  }
}
