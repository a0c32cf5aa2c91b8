package reforest.bundle;

import com.fasterxml.jackson.core.io.NumberInput;

/**
 * Numbers as text: decimal digits with an optional sign, fraction and exponent.
 *
 * <p>{@link Double#parseDouble} also takes hexadecimal numbers, suffixes such as {@code 1d}, and
 * NaN, none of which anybody means in data.
 */
public final class DecimalText {

  /** Longer texts are no number that anybody wrote, and slow to read. */
  private static final int LONGEST = 1_000;

  private DecimalText() {}

  /** Whether {@code text} is a number that a double holds without overflow. */
  public static boolean isNumber(String text) {
    return !Double.isNaN(parse(text));
  }

  /** The number in {@code text}; NaN when there is none, or one too large for a double. */
  public static double parse(String text) {
    if (!isDecimal(text)) {
      return Double.NaN;
    }
    double number = parseAny(text);
    return Double.isInfinite(number) ? Double.NaN : number;
  }

  /** The number in a text that is decimal; infinite when it is too large for a double. */
  static double parseAny(String text) {
    // The JDK's own takes some five times as long for the seventeen digits that most numbers have.
    return NumberInput.parseDouble(text, true);
  }

  /**
   * Whether a text has the form of a number. By hand, since a model of some megabytes has a hundred
   * thousand of them.
   */
  static boolean isDecimal(String text) {
    if (text.length() > LONGEST) {
      return false;
    }
    int start = afterSign(text, 0);
    int whole = afterDigits(text, start);
    int at = whole;
    int digits = whole - start;
    if (at < text.length() && text.charAt(at) == '.') {
      at = afterDigits(text, whole + 1);
      digits += at - whole - 1;
    }
    if (digits == 0) {
      return false;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = afterSign(text, at + 1);
      at = afterDigits(text, exponent);
      return at > exponent && at == text.length();
    }
    return at == text.length();
  }

  private static int afterSign(String text, int at) {
    boolean sign = at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-');
    return sign ? at + 1 : at;
  }

  private static int afterDigits(String text, int start) {
    int at = start;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
