package reforest.bundle;

import java.util.regex.Pattern;

/**
 * Numbers as text: decimal digits with an optional sign, fraction and exponent.
 *
 * <p>{@link Double#parseDouble} also takes hexadecimal numbers, suffixes such as {@code 1d}, and
 * NaN, none of which anybody means in data.
 */
public final class DecimalText {

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d{1,400}\\.?\\d{0,400}|\\.\\d{1,400})(?:[eE][+-]?\\d{1,9})?");

  private DecimalText() {}

  /** Whether {@code text} is a number that a double holds without overflow. */
  public static boolean isNumber(String text) {
    return !Double.isNaN(parse(text));
  }

  /** The number in {@code text}; NaN when there is none, or one too large for a double. */
  public static double parse(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return Double.NaN;
    }
    double number = Double.parseDouble(text);
    return Double.isInfinite(number) ? Double.NaN : number;
  }
}
