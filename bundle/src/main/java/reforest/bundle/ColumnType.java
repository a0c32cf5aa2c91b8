package reforest.bundle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The type that a column was declared with, and how a value of a source becomes one of it.
 *
 * <p>An ingest and whoever scores read by this one definition, so that a model is asked about the
 * values that it was trained on, and what one refuses, the other refuses, too. Blanks around a text
 * are no part of a number, flag or time. Numbers are decimal digits with an optional sign, fraction
 * and exponent; a whole number may be written 3.0 or 3e0. Times are ISO-8601, with a blank in place
 * of the T if wanted, and are UTC where they name no offset.
 */
public final class ColumnType {

  /** What a source gives for one cell, read. */
  public sealed interface Reading permits Value, Missing, Refused {}

  /**
   * A value of the type.
   *
   * @param value a {@link String}, {@link Boolean}, {@link Long}, {@link Float}, {@link Double},
   *     {@link BigDecimal} of the declared scale, {@link LocalDate} or {@link Instant} of whole
   *     microseconds
   */
  public record Value(Object value) implements Reading {}

  /** No value. */
  public enum Missing implements Reading {
    /** Nothing, or an empty text where the type is no text. */
    NULL,
    /** A number that is none, as pandas writes gaps. */
    NAN
  }

  /**
   * No value of the type.
   *
   * @param why to be put after the column's name; holds nothing of the value
   */
  public record Refused(String why) implements Reading {}

  private enum Base {
    STRING,
    BOOLEAN,
    WHOLE,
    FLOAT,
    DOUBLE,
    DECIMAL,
    DATE,
    TIMESTAMP
  }

  private static final Pattern DECIMAL =
      Pattern.compile("decimal\\(\\s*(\\d{1,2})\\s*,\\s*(\\d{1,2})\\s*\\)");
  private static final Pattern DATE = Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "(\\d{4}-\\d{1,2}-\\d{1,2})[ T]"
              + "(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,9}))?)?\\s*([A-Za-z+-].*)?");
  private static final DateTimeFormatter TIMESTAMP_TEXT =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .toFormatter(Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** Numbers of double precision. */
  public static final ColumnType DOUBLE = new ColumnType("double", Base.DOUBLE, 1, 0, 0);

  /** Whole numbers of more digits than this are nothing that anybody wrote. */
  private static final int MOST_DIGITS = 64;

  /** Beyond these a double is not every whole number. */
  private static final double EXACT = 1L << 53;

  private final String name;
  private final Base base;
  private final BigInteger lowest;
  private final BigInteger highest;
  private final int precision;
  private final int scale;
  private final Refused notOfType;

  private ColumnType(String name, Base base, int bits, int precision, int scale) {
    this.name = name;
    this.base = base;
    this.highest = BigInteger.ONE.shiftLeft(bits - 1).subtract(BigInteger.ONE);
    this.lowest = highest.not();
    this.precision = precision;
    this.scale = scale;
    this.notOfType = new Refused("is not of type " + name);
  }

  /**
   * The type of that name.
   *
   * @param declared {@code string}, {@code boolean}, {@code tinyint}, {@code smallint}, {@code
   *     int}, {@code bigint}, {@code float}, {@code double}, {@code decimal(p,s)}, {@code date} or
   *     {@code timestamp}
   * @return empty for any other
   */
  public static Optional<ColumnType> named(String declared) {
    Matcher decimal = DECIMAL.matcher(declared);
    if (decimal.matches()) {
      int precision = Integer.parseInt(decimal.group(1));
      int scale = Integer.parseInt(decimal.group(2));
      boolean valid = precision >= 1 && precision <= 38 && scale <= precision;
      return valid
          ? Optional.of(
              new ColumnType(
                  "decimal(" + precision + "," + scale + ")", Base.DECIMAL, 1, precision, scale))
          : Optional.empty();
    }
    return switch (declared) {
      case "string" -> simple(declared, Base.STRING, 1);
      case "boolean" -> simple(declared, Base.BOOLEAN, 1);
      case "tinyint" -> simple(declared, Base.WHOLE, 8);
      case "smallint" -> simple(declared, Base.WHOLE, 16);
      case "int" -> simple(declared, Base.WHOLE, 32);
      case "bigint" -> simple(declared, Base.WHOLE, 64);
      case "float" -> simple(declared, Base.FLOAT, 1);
      case "double" -> Optional.of(DOUBLE);
      case "date" -> simple(declared, Base.DATE, 1);
      case "timestamp" -> simple(declared, Base.TIMESTAMP, 1);
      default -> Optional.empty();
    };
  }

  private static Optional<ColumnType> simple(String name, Base base, int bits) {
    return Optional.of(new ColumnType(name, base, bits, 0, 0));
  }

  /** Whether its values are numbers. */
  public boolean isNumber() {
    return switch (base) {
      case WHOLE, FLOAT, DOUBLE, DECIMAL -> true;
      case STRING, BOOLEAN, DATE, TIMESTAMP -> false;
    };
  }

  /** Whether its values are dates or points in time. */
  public boolean isTime() {
    return base == Base.DATE || base == Base.TIMESTAMP;
  }

  /**
   * Reads a value of a source.
   *
   * @param value text; or a number, flag, {@link LocalDate} or {@link Instant} where the source has
   *     types of its own; null where it has nothing
   */
  public Reading read(@Nullable Object value) {
    if (value == null) {
      return Missing.NULL;
    }
    if (value instanceof CharSequence text) {
      return text(text.toString());
    }
    return switch (base) {
      case STRING -> new Value(textOf(value));
      case BOOLEAN -> flag(value);
      case WHOLE, FLOAT, DOUBLE, DECIMAL ->
          value instanceof Number number ? number(number) : notOfType;
      case DATE, TIMESTAMP -> time(value);
    };
  }

  private Reading text(String written) {
    if (base == Base.STRING) {
      return new Value(written);
    }
    String text = written.strip();
    if (text.isEmpty()) {
      return Missing.NULL;
    }
    return switch (base) {
      case BOOLEAN -> flag(text);
      case DATE, TIMESTAMP -> time(text);
      default -> number(text);
    };
  }

  private Reading number(String text) {
    if (!DecimalText.isDecimal(text)) {
      return special(text);
    }
    return switch (base) {
      case FLOAT -> finite(Float.parseFloat(text));
      case DOUBLE -> finite(DecimalText.parseAny(text));
      default -> exact(text);
    };
  }

  private Reading exact(String text) {
    try {
      return exact(new BigDecimal(text));
    } catch (NumberFormatException e) {
      // An exponent of more than nine digits.
      return notOfType;
    }
  }

  private Reading special(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.equals("nan")) {
      return Missing.NAN;
    }
    boolean signed = lower.startsWith("+") || lower.startsWith("-");
    String bare = signed ? lower.substring(1) : lower;
    boolean infinite = bare.equals("infinity") || bare.equals("inf");
    return infinite ? infinite() : notOfType;
  }

  private Reading infinite() {
    return base == Base.FLOAT || base == Base.DOUBLE ? INFINITE : notOfType;
  }

  private static final Refused INFINITE = new Refused("is infinite");

  private static Reading finite(float number) {
    return Float.isInfinite(number) ? INFINITE : new Value(number);
  }

  private static Reading finite(double number) {
    return Double.isInfinite(number) ? INFINITE : new Value(number);
  }

  private Reading number(Number number) {
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      if (Double.isNaN(value)) {
        return Missing.NAN;
      }
      if (Double.isInfinite(value)) {
        return infinite();
      }
      return switch (base) {
        case DOUBLE -> new Value(value);
        case FLOAT -> finite(number.floatValue());
        default -> exact(new BigDecimal(number.toString()));
      };
    }
    BigDecimal exact =
        number instanceof BigDecimal decimal
            ? decimal
            : number instanceof BigInteger whole
                ? new BigDecimal(whole)
                : BigDecimal.valueOf(number.longValue());
    return switch (base) {
      case DOUBLE -> finite(exact.doubleValue());
      case FLOAT -> finite(exact.floatValue());
      default -> exact(exact);
    };
  }

  private Reading exact(BigDecimal number) {
    // Before digits are written out: 1e999999999 would be a number of a gigabyte, and so would the
    // zeros of 1e-999999999.
    long digits = (long) number.precision() - number.scale();
    if (digits > MOST_DIGITS) {
      return notOfType;
    }
    if (base == Base.DECIMAL && digits < -scale) {
      return decimal(BigDecimal.ZERO);
    }
    return base == Base.WHOLE ? whole(number) : decimal(number);
  }

  private Reading whole(BigDecimal number) {
    if (number.signum() != 0 && number.stripTrailingZeros().scale() > 0) {
      return notOfType;
    }
    BigInteger whole = number.toBigInteger();
    boolean fits = whole.compareTo(lowest) >= 0 && whole.compareTo(highest) <= 0;
    return fits ? new Value(whole.longValue()) : notOfType;
  }

  private Reading decimal(BigDecimal number) {
    BigDecimal rounded = number.setScale(scale, RoundingMode.HALF_UP);
    return rounded.precision() <= precision ? new Value(rounded) : notOfType;
  }

  private Reading flag(Object value) {
    if (value instanceof Boolean) {
      return new Value(value);
    }
    if (value instanceof Number number) {
      double flag = number.doubleValue();
      return Double.isNaN(flag) ? Missing.NAN : new Value(flag != 0);
    }
    return switch (value.toString().toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y", "1", "1.0" -> new Value(true);
      case "false", "f", "no", "n", "0", "0.0" -> new Value(false);
      case "nan" -> Missing.NAN;
      default -> notOfType;
    };
  }

  private Reading time(Object value) {
    if (value instanceof LocalDate date) {
      return base == Base.DATE
          ? inRange(date)
          : inRange(date.atStartOfDay().toInstant(ZoneOffset.UTC));
    }
    if (value instanceof Instant instant) {
      return base == Base.DATE
          ? inRange(instant.atOffset(ZoneOffset.UTC).toLocalDate())
          : inRange(instant);
    }
    if (!(value instanceof String text)) {
      // A number: of days, seconds, milliseconds? Who knows must say so in from.
      return notOfType;
    }
    try {
      return base == Base.DATE ? date(text) : timestamp(text);
    } catch (DateTimeException e) {
      return notOfType;
    }
  }

  private Reading date(String text) {
    Matcher timestamp = TIMESTAMP.matcher(text);
    Matcher date = DATE.matcher(timestamp.matches() ? timestamp.group(1) : text);
    return date.matches() ? inRange(dateOf(date)) : notOfType;
  }

  private static LocalDate dateOf(Matcher date) {
    return LocalDate.of(
        Integer.parseInt(date.group(1)),
        Integer.parseInt(date.group(2)),
        Integer.parseInt(date.group(3)));
  }

  private Reading timestamp(String text) {
    Matcher whole = TIMESTAMP.matcher(text);
    boolean timed = whole.matches();
    Matcher date = DATE.matcher(timed ? whole.group(1) : text);
    if (!date.matches()) {
      return notOfType;
    }
    LocalTime time = timed ? timeOf(whole) : LocalTime.MIDNIGHT;
    String zone = timed ? whole.group(6) : null;
    return inRange(
        LocalDateTime.of(dateOf(date), time)
            .atZone(zone == null ? ZoneOffset.UTC : ZoneId.of(zone.strip()))
            .toInstant());
  }

  private static LocalTime timeOf(Matcher timestamp) {
    String second = timestamp.group(4);
    String fraction = timestamp.group(5);
    // The table keeps microseconds.
    String micros = fraction == null ? "0" : (fraction + "000000").substring(0, 6);
    return LocalTime.of(
        Integer.parseInt(timestamp.group(2)),
        Integer.parseInt(timestamp.group(3)),
        second == null ? 0 : Integer.parseInt(second),
        1_000 * Integer.parseInt(micros));
  }

  /** Other readers of Delta tables stop at four digits of a year. */
  private Reading inRange(LocalDate date) {
    return date.getYear() >= 1 && date.getYear() <= 9999 ? new Value(date) : notOfType;
  }

  private Reading inRange(Instant instant) {
    int year = instant.atOffset(ZoneOffset.UTC).getYear();
    return year >= 1 && year <= 9999 ? new Value(instant) : notOfType;
  }

  /**
   * The text of a value, as categories and classes are named: {@code 3} for a whole number however
   * it is written, {@code true}, {@code 2011-03-01}, {@code 2011-03-01 05:00:00}.
   *
   * @param value as {@link #read} takes and gives them
   */
  public static String textOf(Object value) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return number == Math.rint(number) && Math.abs(number) <= EXACT
          ? Long.toString((long) number)
          : value.toString();
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    return value instanceof Instant instant
        ? TIMESTAMP_TEXT.format(instant)
        : String.valueOf(value);
  }

  /** Its name, as it was declared. */
  @Override
  public String toString() {
    return name;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ColumnType type && type.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
