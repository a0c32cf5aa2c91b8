package reforest.bundle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reforest.bundle.Manifest.Input;
import reforest.bundle.Manifest.InputType;
import reforest.bundle.pmml.Encoder;

/**
 * Some rows of the training, which an explanation compares a row with ({@link
 * Explanation.Way#INTERVENTIONAL}): the bundle's file {@value Bundle#BACKGROUND}.
 *
 * <p>They hold the model's inputs alone, as {@link Scorer#encode} gives them: no label, no key that
 * is no input, and of a category its place in the manifest.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class Background {

  private static final int SCHEMA = 1;

  private final List<Input> inputs;
  private final double[][] rows;

  private Background(List<Input> inputs, double[][] rows) {
    this.inputs = inputs;
    this.rows = rows;
  }

  /**
   * A background of encoded rows.
   *
   * @param inputs what each row holds, in order
   * @param rows one number for each input: finite, or NaN where a number is missing; of a category
   *     its place among the input's categories, one behind the last of them where it is missing,
   *     two behind where it is rare
   * @throws IllegalArgumentException when there is no row, or one holds something else
   */
  public static Background of(List<Input> inputs, List<double[]> rows) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a background needs a row");
    }
    Encoder encoder = new Encoder(inputs);
    double[][] copies = new double[rows.size()][];
    for (int row = 0; row < copies.length; row++) {
      copies[row] = rows.get(row).clone();
      if (copies[row].length != inputs.size()) {
        throw new IllegalArgumentException(
            "row " + row + " has " + copies[row].length + " numbers for " + inputs.size());
      }
      for (int i = 0; i < inputs.size(); i++) {
        if (!takes(inputs.get(i), encoder.codes(i), copies[row][i])) {
          throw new IllegalArgumentException(
              "row " + row + " has " + copies[row][i] + " as " + inputs.get(i).name());
        }
      }
    }
    return new Background(List.copyOf(inputs), copies);
  }

  private static boolean takes(Input input, int codes, double value) {
    if (input.type() == InputType.NUMBER) {
      return !Double.isInfinite(value);
    }
    return value >= 0 && value < codes && value == Math.rint(value);
  }

  /**
   * The background in the bytes of the bundle's file.
   *
   * @param inputs the manifest's
   * @throws ReforestException of kind {@code DATA} when it is none, is of another schema version or
   *     of other inputs, or holds a value that an input does not take
   */
  public static Background parse(byte[] json, List<Input> inputs) {
    JsonFields fields = JsonFields.parse(json, Bundle.BACKGROUND);
    fields.schema(SCHEMA);
    List<String> names = fields.texts("inputs");
    if (!names.equals(inputs.stream().map(Input::name).toList())) {
      throw fields.problem("inputs", "are not those of the manifest: " + names);
    }
    List<double[]> rows = new ArrayList<>();
    for (String line : fields.texts("rows")) {
      rows.add(row(line, fields, rows.size()));
    }
    fields.end();
    try {
      return of(inputs, rows);
    } catch (IllegalArgumentException e) {
      throw fields.problem("rows", "are wrong: " + e.getMessage());
    }
  }

  private static double[] row(String line, JsonFields fields, int place) {
    String[] cells = line.split(",", -1);
    double[] row = new double[cells.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = cells[i].isEmpty() ? Double.NaN : DecimalText.parse(cells[i]);
      if (Double.isNaN(row[i]) && !cells[i].isEmpty()) {
        throw fields.problem("rows", "hold no number in row " + place + ": '" + cells[i] + "'");
      }
    }
    return row;
  }

  /** Its JSON: the same bytes for the same rows. */
  public byte[] toJson() {
    List<String> lines = new ArrayList<>();
    for (double[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        line.append(i == 0 ? "" : ",");
        if (!Double.isNaN(row[i])) {
          line.append(text(row[i]));
        }
      }
      lines.add(line.toString());
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schema", SCHEMA);
    json.put("inputs", inputs.stream().map(Input::name).toList());
    json.put("rows", lines);
    return JsonFields.bytes(json);
  }

  /** Whole numbers, which most are, without a fraction. */
  private static String text(double value) {
    boolean isWhole = value == Math.rint(value) && Math.abs(value) < 1e15 && value != 0;
    return isWhole || Double.compare(value, 0.0) == 0
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** How many rows there are, at least 1. */
  public int size() {
    return rows.length;
  }

  /** The encoded values of a row, counted from 0; a copy. */
  public double[] row(int row) {
    return rows[row].clone();
  }
}
