package reforest.features;

import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.try_element_at;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Task;
import reforest.config.FeatureConfig;
import reforest.config.ModelConfig;
import reforest.split.Labels;
import reforest.table.Columns;

/**
 * Rows under short names of our own, since MLlib cannot read every name that a table may use:
 * {@code n0, n1, ...} numbers (null for missing, never NaN), {@code c0, c1, ...} categories as
 * text, {@code label} as a number or class index.
 */
public final class TrainingRows {

  /** Name of the label column. */
  public static final String LABEL = "label";

  /** Unicode's last two codes of sixteen bits are no characters, and XML refuses them. */
  static final char LAST_CHARACTER = '\uFFFD';

  private TrainingRows() {}

  public static String number(int input) {
    return "n" + input;
  }

  public static String category(int input) {
    return "c" + input;
  }

  /**
   * The label's classes in the order of their indices; empty for a regression.
   *
   * @param rows rows with the table's own column names
   * @throws ReforestException when a binary label does not have exactly two classes, the declared
   *     positive one among them, or a label of more classes has only one, or when a bundle could
   *     not name one
   */
  public static List<String> classes(Dataset<Row> rows, ModelConfig config) {
    if (!config.task().isClassification()) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    Labels labels = new Labels(config.data(), config.task(), rows.schema());
    for (Row row :
        rows.select(labels.className().as(LABEL)).distinct().sort(LABEL).collectAsList()) {
      found.add(row.getString(0));
    }
    found.forEach(name -> requireWritable(config.data().label(), name));
    if (config.task() == Task.MULTICLASS) {
      if (found.size() < 2) {
        throw new ReforestException(
            Kind.DATA,
            "the label "
                + config.data().label()
                + " has the single class "
                + found
                + " in the training rows",
            "train on rows that hold at least two classes");
      }
      return List.copyOf(found);
    }
    Optional<String> positive = config.data().positive();
    if (found.size() != 2 || positive.isEmpty() || !found.contains(positive.get())) {
      throw new ReforestException(
          Kind.DATA,
          "the label "
              + config.data().label()
              + " has the classes "
              + found
              + " in the training rows, where a binary task needs two, "
              + positive.orElse("the positive one")
              + " among them",
          "check data.positive, or set task = multiclass");
    }
    found.remove(positive.get());
    return List.of(found.get(0), positive.get());
  }

  /** A class is the name of an attribute in PMML, where XML has no such character or alters it. */
  private static void requireWritable(String label, String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c < ' ' && c != '\n' && c != '\r') || c > LAST_CHARACTER) {
        throw new ReforestException(
            Kind.DATA,
            "a class of the label %s, '%s', holds the character U+%04X, which PMML cannot write"
                .formatted(label, name, (int) c),
            "replace it in the label's from, such as from = \"translate(%s, '\\u%04X', ' ')\""
                .formatted(Columns.quote(label), (int) c));
      }
    }
  }

  /**
   * The inputs, the label and {@code kept} columns under their short names.
   *
   * @param rows rows with the table's own column names
   * @param classes as {@link #classes} gives them
   * @param kept further columns, already named
   */
  public static Dataset<Row> of(
      Dataset<Row> rows, ModelConfig config, List<String> classes, List<Column> kept) {
    List<Column> columns = inputs(config.features());
    Labels labels = new Labels(config.data(), config.task(), rows.schema());
    columns.add(
        (classes.isEmpty() ? labels.number() : index(labels.className(), classes)).as(LABEL));
    columns.addAll(kept);
    return rows.select(columns.toArray(new Column[0]));
  }

  /** The inputs alone, under their short names: the numbers, then the categories. */
  public static List<Column> inputs(FeatureConfig features) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < features.numeric().size(); i++) {
      Column value = Columns.of(features.numeric().get(i)).cast("double");
      columns.add(when(not(isnan(value)), value).as(number(i)));
    }
    for (int i = 0; i < features.categorical().size(); i++) {
      columns.add(Columns.of(features.categorical().get(i)).cast("string").as(category(i)));
    }
    return columns;
  }

  private static Column index(Column label, List<String> classes) {
    List<Column> indices = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      indices.add(lit(classes.get(i)));
      indices.add(lit((double) i));
    }
    // An unknown class cannot reach this: classes were read from these very rows.
    return try_element_at(map(indices.toArray(new Column[0])), label);
  }
}
