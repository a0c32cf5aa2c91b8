package reforest.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as a person reads them: as many digits as they deserve, the same in every country. */
public final class NumberText {

  public static final String UNDEFINED = "undefined";

  private static final int SIGNIFICANT = 4;
  private static final int MOST_DECIMALS = 9;
  private static final double LARGE = 1e12;
  private static final String MINUS = "\u2212";

  private NumberText() {}

  /** A whole number with its thousands told apart: {@code 8,645}. */
  public static String count(long value) {
    return sign(String.format(Locale.ROOT, "%,d", value));
  }

  /** A count with its noun: {@code 1 row}, {@code 2 rows}. */
  public static String count(long value, String noun) {
    return count(value) + " " + noun + (value == 1 ? "" : "s");
  }

  /** An ISO-8601 instant to the second: {@code 2011-08-01 03:02:07 UTC}; another text as it is. */
  public static String time(String instant) {
    return instant.replaceFirst(
        "^(\\d+-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)(\\.\\d+)?Z$", "$1 $2 UTC");
  }

  /** A share of 1 as percentage: {@code 4.5 %}. */
  public static String share(@Nullable Double share) {
    return share == null ? UNDEFINED : plain(share * 100) + " %";
  }

  /** Four significant digits. */
  public static String plain(@Nullable Double value) {
    if (value == null || !Double.isFinite(value)) {
      return UNDEFINED;
    }
    double size = Math.abs(value);
    if (size >= LARGE || (size > 0 && size < 1e-4)) {
      return sign(String.format(Locale.ROOT, "%.3e", value));
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(SIGNIFICANT));
    BigDecimal whole = size >= 1e3 ? new BigDecimal(Math.rint(value)) : rounded;
    String text = String.format(Locale.ROOT, "%,." + Math.max(0, scale(whole)) + "f", whole);
    return sign(text);
  }

  /**
   * How many decimals give the standard error of an interval, a quarter of its width or about it,
   * two significant digits; -1 when it has no width, or one that plain decimals cannot show.
   */
  public static int decimals(@Nullable Double lower, @Nullable Double upper) {
    if (lower == null || upper == null) {
      return -1;
    }
    double width = upper - lower;
    if (!(width > 0) || !(Math.max(Math.abs(lower), Math.abs(upper)) < LARGE)) {
      return -1;
    }
    int decimals = 1 - (int) Math.floor(Math.log10(width / 4));
    return decimals > MOST_DECIMALS ? -1 : Math.max(0, decimals);
  }

  /** The decimals of an interval, or more when a bound would else look like {@code required}. */
  public static int decimals(
      @Nullable Double lower, @Nullable Double upper, @Nullable Double required) {
    int decimals = decimals(lower, upper);
    if (decimals < 0 || required == null) {
      return decimals;
    }
    while (decimals < MOST_DECIMALS
        && (hidden(lower, required, decimals) || hidden(upper, required, decimals))) {
      decimals++;
    }
    return decimals;
  }

  /** A number with so many decimals; four significant digits when they are -1. */
  public static String fixed(@Nullable Double value, int decimals) {
    if (value == null || !Double.isFinite(value) || decimals < 0) {
      return plain(value);
    }
    String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
    // What rounds to zero has no sign.
    return sign(text.matches("-[0.]*") ? text.substring(1) : text);
  }

  /** A difference: like {@link #fixed}, with its sign even when it is above zero. */
  public static String signed(@Nullable Double value, int decimals) {
    String text = fixed(value, decimals);
    return value != null && value > 0 && !text.matches("[0.]*|" + UNDEFINED) ? "+" + text : text;
  }

  /** An interval: {@code 4.1 to 5.3}; a dash where there is none. */
  public static String interval(@Nullable Double lower, @Nullable Double upper) {
    if (lower == null || upper == null) {
      return "–";
    }
    int decimals = decimals(lower, upper);
    return fixed(lower, decimals) + " to " + fixed(upper, decimals);
  }

  /** A value with its interval, where it has one: {@code 4.7 (4.1 to 5.3)}. */
  public static String withInterval(
      @Nullable Double value, @Nullable Double lower, @Nullable Double upper) {
    String text = fixed(value, decimals(lower, upper));
    return value == null || lower == null || upper == null
        ? text
        : text + " (" + interval(lower, upper) + ")";
  }

  private static boolean hidden(@Nullable Double bound, double required, int decimals) {
    return bound != null
        && bound != required
        && fixed(bound, decimals).equals(fixed(required, decimals));
  }

  private static int scale(BigDecimal value) {
    return value.signum() == 0 ? 0 : value.stripTrailingZeros().scale();
  }

  private static String sign(String text) {
    return text.startsWith("-") ? MINUS + text.substring(1) : text;
  }
}
