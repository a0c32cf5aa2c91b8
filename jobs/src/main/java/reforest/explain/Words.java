package reforest.explain;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;

/** What an input's encoded value means, for a person. */
final class Words {

  private static final String MISSING = "(missing)";
  private static final String UNSEEN = "(rare or new)";

  private static final MathContext DIGITS = new MathContext(6);

  private Words() {}

  static String of(Input input, double value) {
    if (input.type() == InputType.NUMBER) {
      return Double.isNaN(value) ? MISSING : number(value);
    }
    List<String> known = input.categories();
    int code = (int) value;
    int missing = known.indexOf(input.missing());
    if (code == (missing < 0 ? known.size() : missing)) {
      return MISSING;
    }
    return code < known.size() ? known.get(code) : UNSEEN;
  }

  /** A number with six digits that count, or all of a whole one. */
  static String number(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    return Double.isFinite(value)
        ? new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString()
        : Double.toString(value);
  }
}
