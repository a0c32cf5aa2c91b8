package reforest.bundle.pmml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ColumnType;
import reforest.bundle.DecimalText;
import reforest.bundle.Explanation.Contribution;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.ReforestException;
import reforest.bundle.SeriesField;

/**
 * Turns the values of a row into the numbers that trees compare.
 *
 * <p>A number is itself, and NaN when missing. A category is the place of its text among the
 * manifest's categories; missing values and unseen ones have a code each.
 */
public final class Encoder {

  /** Whole numbers with more digits than this are no category that anybody wrote. */
  private static final int MOST_DIGITS = 64;

  private final List<Input> inputs;
  private final List<Map<String, Integer>> codes = new ArrayList<>();

  /** An encoder of rows with these inputs, in the order of the manifest. */
  public Encoder(List<Input> inputs) {
    this.inputs = List.copyOf(inputs);
    for (Input input : this.inputs) {
      Map<String, Integer> known = new HashMap<>();
      if (input.type() == InputType.CATEGORY) {
        input.categories().forEach(category -> known.put(category, known.size()));
        known.putIfAbsent(input.missing(), known.size());
      }
      codes.add(known);
    }
  }

  /** How many inputs a row has. */
  public int size() {
    return inputs.size();
  }

  /** How many codes an input has, from 0; 0 for a number. */
  public int codes(int input) {
    return inputs.get(input).type() == InputType.NUMBER ? 0 : unseen(input) + 1;
  }

  /** The names of the inputs. */
  Stream<String> names() {
    return inputs.stream().map(Input::name);
  }

  /**
   * The number that stands for a value.
   *
   * @param input place of the input in the manifest
   * @param value as {@link ColumnType} reads it for the declared type of the input. In bundles that
   *     declare none, for a number: any {@link Number}, or text that is a decimal number; null, NaN
   *     and empty text are missing. For a category: text, a {@link Boolean} or a whole number; null
   *     and NaN are missing, empty text is a category like any other
   * @throws ReforestException of kind {@code DATA} when the input takes no such value
   */
  public double encode(int input, @Nullable Object value) {
    Input at = inputs.get(input);
    if (at.declared().isPresent()) {
      return encode(input, value, at.declared().get());
    }
    return at.type() == InputType.NUMBER ? number(input, value) : category(input, value);
  }

  private double encode(int input, @Nullable Object value, ColumnType declared) {
    Input at = inputs.get(input);
    boolean isNumber = at.type() == InputType.NUMBER;
    // Most values by far.
    if (value instanceof Double number && declared.equals(ColumnType.DOUBLE)) {
      double finite = number;
      if (Double.isFinite(finite)) {
        return finite;
      }
    }
    ColumnType.Reading reading = declared.read(value);
    if (reading instanceof ColumnType.Value read) {
      Object given =
          at.calendar().isPresent() ? (Object) at.calendar().get().at(read.value()) : read.value();
      return isNumber ? ((Number) given).doubleValue() : code(input, ColumnType.textOf(given));
    }
    if (reading instanceof ColumnType.Refused refused) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          at.reads() + " " + refused.why() + ": '" + shortened(value) + "'",
          "convert it before scoring, or leave it out where it is unknown");
    }
    return isNumber ? Double.NaN : code(input, at.missing());
  }

  private static String shortened(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.length() > 100 ? text.substring(0, 100) + "..." : text;
  }

  /**
   * The encoded values of a row; a missing key is a missing value, other keys are ignored.
   *
   * @throws ReforestException of kind {@code DATA} when an input takes no such value, or one that
   *     looks back on a series has no key
   */
  public double[] encode(Map<String, ?> row) {
    double[] encoded = new double[inputs.size()];
    for (int i = 0; i < encoded.length; i++) {
      encoded[i] = encode(i, given(i, row));
    }
    return encoded;
  }

  /** What a row holds for an input. */
  private @Nullable Object given(int input, Map<String, ?> row) {
    Input at = inputs.get(input);
    Object value = row.get(at.reads());
    // Most earlier rows were there in training: missing in all rows would be another model.
    if (value == null && at.series().isPresent() && !row.containsKey(at.name())) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "the row has no " + at.name() + ", which is " + at.series().get().words(),
          "complete rows by a History before they are scored, or hand over the number as "
              + at.name()
              + ", null where it is unknown");
    }
    return value;
  }

  /**
   * The encoded values of a row as other evaluators take it: by the names of the inputs, what is
   * read off times already read off, and numbers of no declared type.
   */
  double[] prepared(Map<String, String> row) {
    double[] encoded = new double[inputs.size()];
    for (int i = 0; i < encoded.length; i++) {
      Input at = inputs.get(i);
      String value = row.get(at.name());
      encoded[i] = at.type() == InputType.NUMBER ? number(i, value) : category(i, value);
    }
    return encoded;
  }

  /**
   * What a row asks of the model that it has not seen in training: one sentence for each input that
   * is missing, below or above its range, or of a category that was rare or absent.
   *
   * @throws ReforestException of kind {@code DATA} when an input takes no such value
   */
  public List<String> outside(Map<String, ?> row) {
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      Object value = given(i, row);
      double code = encode(i, value);
      if (isMissing(i, code, value)) {
        sentences.add(
            input.name()
                + " is missing; the model takes "
                + replacement(input)
                + "."
                + made(input));
      } else if (input.type() == InputType.CATEGORY) {
        if (code == unseen(i)) {
          sentences.add(input.name() + " '" + value + "' was rare or absent in training.");
        }
      } else if (input.min().isPresent() && !(code >= input.min().get())) {
        sentences.add(
            input.name()
                + " "
                + value
                + " lies below "
                + input.min().get()
                + ", the smallest value in training.");
      } else if (input.max().isPresent() && !(code <= input.max().get())) {
        sentences.add(
            input.name()
                + " "
                + value
                + " lies above "
                + input.max().get()
                + ", the largest value in training.");
      }
    }
    return List.copyOf(sentences);
  }

  /** What an input of a row adds to a prediction, with its value and the range of the training. */
  Contribution contribution(int input, Map<String, ?> row, double amount) {
    Input at = inputs.get(input);
    Object value = row.get(at.reads());
    double code = encode(input, value);
    Optional<Object> told = Optional.empty();
    if (!isMissing(input, code, value)) {
      told =
          Optional.of(
              at.type() == InputType.NUMBER
                  ? (Object) code
                  : code < at.categories().size()
                      ? at.categories().get((int) code)
                      : shortened(value));
    }
    return new Contribution(at.name(), told, amount, at.min(), at.max());
  }

  private static String made(Input input) {
    String made =
        input.madeBefore().map(sql -> " It is made before scoring, as " + sql + ".").orElse("");
    return input.series().map(Encoder::series).orElse("") + made;
  }

  private static String series(SeriesField field) {
    String made =
        Stream.concat(Stream.of(field.of(), field.time()), field.by().stream())
            .filter(column -> column.madeBefore().isPresent())
            .map(column -> column.name() + " as " + column.madeBefore().get())
            .collect(Collectors.joining(" and "));
    return " It is " + field.words() + (made.isEmpty() ? "." : ", made before, " + made + ".");
  }

  private static String replacement(Input input) {
    return input.type() == InputType.NUMBER
            && DecimalText.parse(input.missing()) == Double.MAX_VALUE
        ? "it as higher than every value"
        : input.missing();
  }

  private boolean isMissing(int input, double code, @Nullable Object value) {
    Input at = inputs.get(input);
    if (at.type() == InputType.NUMBER) {
      return Double.isNaN(code);
    }
    return at.declared().isPresent()
        ? at.declared().get().read(value) instanceof ColumnType.Missing
        : value == null || isNan(value);
  }

  /** What a missing value becomes before trees see it: a number, or the code of the category. */
  double replacement(int input) {
    Input at = inputs.get(input);
    return at.type() == InputType.NUMBER
        ? DecimalText.parse(at.missing())
        : code(input, at.missing());
  }

  /** The code of a category that the manifest names, or of missing values; otherwise unseen's. */
  int code(int input, String category) {
    return codes.get(input).getOrDefault(category, unseen(input));
  }

  /** The code of unseen categories, which is also the highest. */
  int unseen(int input) {
    return codes.get(input).size();
  }

  private double number(int input, @Nullable Object value) {
    if (value == null) {
      return Double.NaN;
    }
    if (value instanceof BigInteger || value instanceof BigDecimal) {
      double number = ((Number) value).doubleValue();
      if (Double.isInfinite(number)) {
        throw refusal(input, value, "a number that a double holds");
      }
      return number;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof CharSequence text) {
      String trimmed = text.toString().strip();
      if (trimmed.isEmpty() || trimmed.equals("NaN")) {
        return Double.NaN;
      }
      double number = DecimalText.parse(trimmed);
      if (!Double.isNaN(number)) {
        return number;
      }
    }
    throw refusal(input, value, "a number");
  }

  private int category(int input, @Nullable Object value) {
    if (value == null || isNan(value)) {
      return code(input, inputs.get(input).missing());
    }
    if (value instanceof CharSequence || value instanceof Boolean) {
      return code(input, value.toString());
    }
    if (value instanceof Number number) {
      return code(input, whole(input, number));
    }
    throw refusal(input, value, "text, true, false or a whole number");
  }

  private static boolean isNan(Object value) {
    return (value instanceof Double d && d.isNaN()) || (value instanceof Float f && f.isNaN());
  }

  /** The decimal text of a whole number, the same for {@code 3} and {@code 3.0}. */
  private String whole(int input, Number number) {
    try {
      BigDecimal decimal =
          number instanceof BigDecimal big ? big : new BigDecimal(number.toString());
      // Before the digits are written out: 1e999999999 would be a text of a gigabyte.
      if (Math.abs((long) decimal.precision() - decimal.scale()) <= MOST_DIGITS) {
        return decimal.toBigIntegerExact().toString();
      }
    } catch (NumberFormatException e) {
      throw refusal(input, number, "text, true, false or a whole number");
    } catch (ArithmeticException e) {
      throw refusal(input, number, "text, true, false or a whole number");
    }
    throw refusal(input, number, "a whole number of at most " + MOST_DIGITS + " digits");
  }

  private ReforestException refusal(int input, Object value, String takes) {
    return new ReforestException(
        ReforestException.Kind.DATA,
        inputs.get(input).name()
            + " takes "
            + takes
            + ", got "
            + value.getClass().getSimpleName()
            + " '"
            + shortened(value)
            + "'",
        "convert it before scoring, or leave it out where it is unknown");
  }
}
