package reforest.bundle.pmml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reforest.bundle.DecimalText;
import reforest.bundle.Manifest;
import reforest.bundle.Manifest.Input;
import reforest.bundle.ReforestException;

/** Rows that a document brings along with the results that its writer saw. */
final class Verification {

  /** PMML's own precision. A wider one would let a model pass that predicts something else. */
  private static final double COARSEST = 1e-6;

  private static final double PMML_ZERO = 1e-16;

  /** Each row runs through all trees when a model loads. */
  private static final int MOST_ROWS = 10_000;

  private final Xml xml;
  private final Manifest manifest;
  private final Outputs outputs;
  private final Map<String, Field> columns = new LinkedHashMap<>();
  private final List<Map<String, String>> rows = new ArrayList<>();

  /** A column: a field of the model, and how close a result must come. */
  private record Field(String name, boolean isInput, double precision, double zero) {

    boolean accepts(double expected, double actual) {
      if (Math.abs(expected) <= zero && Math.abs(actual) <= zero) {
        return true;
      }
      return Math.abs(expected - actual) <= precision * Math.abs(expected);
    }
  }

  Verification(Xml xml, Manifest manifest, Outputs outputs) {
    this.xml = xml;
    this.manifest = manifest;
    this.outputs = outputs;
  }

  /** Reads the rows. */
  void read() {
    xml.open("ModelVerification", List.of("recordCount", "fieldCount"));
    double declaredRows = xml.number("recordCount", Double.NaN);
    double declaredFields = xml.number("fieldCount", Double.NaN);
    xml.enter();
    fields();
    xml.open("InlineTable", List.of());
    xml.enter();
    while (xml.on("row")) {
      rows.add(row());
      if (rows.size() > MOST_ROWS) {
        throw xml.refusal("<ModelVerification> has more than " + MOST_ROWS + " rows");
      }
    }
    xml.close("InlineTable");
    if (rows.isEmpty()
        || (!Double.isNaN(declaredRows) && declaredRows != rows.size())
        || (!Double.isNaN(declaredFields) && declaredFields != columns.size())) {
      throw xml.refusal(
          "<ModelVerification> has "
              + rows.size()
              + " rows of "
              + columns.size()
              + " fields, where its attributes say "
              + declaredRows
              + " and "
              + declaredFields);
    }
    xml.close("ModelVerification");
  }

  private void fields() {
    xml.open("VerificationFields", List.of());
    xml.enter();
    Set<String> names = new HashSet<>();
    boolean result = false;
    while (xml.on("VerificationField")) {
      Field field = field();
      result |= !field.isInput();
      if (!names.add(field.name())) {
        throw xml.refusal("the field '" + field.name() + "' is verified twice");
      }
    }
    if (!result) {
      throw xml.refusal("the verification names no result");
    }
    xml.close("VerificationFields");
  }

  private Field field() {
    xml.open("VerificationField", List.of("field", "column", "precision", "zeroThreshold"));
    String name = xml.required("field");
    boolean input = manifest.inputs().stream().map(Input::name).anyMatch(name::equals);
    if (!input && !outputs.numbers().containsKey(name) && !outputs.labels().contains(name)) {
      throw xml.refusal("'" + name + "' is neither an input nor a result");
    }
    double precision = xml.number("precision", COARSEST);
    double zero = xml.number("zeroThreshold", PMML_ZERO);
    if (!(precision >= 0 && precision <= COARSEST && zero >= 0 && zero <= COARSEST)) {
      throw xml.refusal(
          "precision and zeroThreshold must lie from 0 to "
              + COARSEST
              + ", got "
              + precision
              + " and "
              + zero);
    }
    String column = xml.optional("column");
    Field field = new Field(name, input, precision, zero);
    String cell = column == null ? name : column.substring(column.indexOf(':') + 1);
    if (columns.putIfAbsent(cell, field) != null) {
      throw xml.refusal("the column '" + cell + "' stands twice");
    }
    xml.closeEmpty("VerificationField");
    return field;
  }

  private Map<String, String> row() {
    xml.open("row", List.of());
    xml.enter();
    Map<String, String> row = new HashMap<>();
    while (xml.onStart()) {
      String column = xml.openCell();
      Field field = columns.get(column);
      if (field == null) {
        throw xml.refusal("the cell <" + column + "> belongs to no column");
      }
      if (row.putIfAbsent(field.name(), xml.text()) != null) {
        throw xml.refusal("the cell <" + column + "> stands twice");
      }
    }
    xml.close("row");
    return row;
  }

  /**
   * Scores the rows.
   *
   * @throws ReforestException of kind {@code DATA} when a result is another than the document says
   */
  void check(PmmlModel model) {
    double[] results = new double[model.outputs()];
    for (int i = 0; i < rows.size(); i++) {
      Map<String, String> row = rows.get(i);
      model.predict(model.encoder().prepared(row), results);
      for (Field field : columns.values()) {
        if (!field.isInput()) {
          check(i + 1, field, row.get(field.name()), results);
        }
      }
    }
  }

  private void check(int row, Field field, @Nullable String expected, double[] results) {
    Expression number = outputs.numbers().get(field.name());
    String actual;
    boolean same;
    if (number == null) {
      actual = manifest.classes().get(PmmlModel.highest(results));
      same = actual.equals(expected);
    } else {
      double value = number.of(results);
      actual = Double.toString(value);
      same = expected != null && field.accepts(DecimalText.parse(expected.strip()), value);
    }
    if (!same) {
      throw Xml.refusal(
          "verification row "
              + row
              + " gives "
              + actual
              + " for '"
              + field.name()
              + "' where its writer saw "
              + expected,
          "",
          null);
    }
  }
}
