package reforest.evaluate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;
import reforest.bundle.Manifest;
import reforest.bundle.Manifest.Input;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.SeriesField;
import reforest.features.SeriesColumns;

/**
 * What models look back on, each by its own manifest: two models may give one name to different
 * numbers.
 */
public final class ModelSeries {

  private static final String COLUMN = "__reforest_series ";

  private ModelSeries() {}

  /**
   * The window's rows with a column for each thing that a model looks back on.
   *
   * @param all every row of the version, so that models can look back before the window
   * @param key columns that name a row
   * @throws ReforestException of kind {@code DATA} when a model looks back by a column that the
   *     table does not have, or on one that is no number
   */
  public static Dataset<Row> added(
      Dataset<Row> all, Dataset<Row> window, List<String> key, List<Manifest> models) {
    Map<String, SeriesField> fields = new LinkedHashMap<>();
    for (Manifest model : models) {
      for (Input input : model.inputs()) {
        input
            .series()
            .ifPresent(
                field -> {
                  require(all.schema(), input.name(), field);
                  fields.put(column(field), field);
                });
      }
    }
    return SeriesColumns.added(all, window, key, fields);
  }

  /** The column that a model's input is read from. */
  static String columnOf(Input input) {
    return input.series().map(ModelSeries::column).orElse(input.reads());
  }

  /** Equal exactly for what is computed alike. */
  private static String column(SeriesField field) {
    return COLUMN + field;
  }

  private static void require(StructType table, String input, SeriesField field) {
    List<String> names = Arrays.asList(table.fieldNames());
    List<String> read =
        Stream.concat(Stream.of(field.of(), field.time()), field.by().stream())
            .map(SeriesField.Column::name)
            .toList();
    Optional<String> gone = read.stream().filter(name -> !names.contains(name)).findFirst();
    if (gone.isPresent()) {
      throw new ReforestException(
          Kind.DATA,
          "a model's %s, %s, is read from the column %s, which the table does not have; it has %s"
              .formatted(input, field.words(), gone.get(), String.join(", ", names)),
          "Ingest data that has the column, or roll back to a model that does not read it.");
    }
    if (!(table.apply(field.of().name()).dataType() instanceof NumericType)) {
      throw new ReforestException(
          Kind.DATA,
          "a model's %s, %s, is read from the column %s, which is of type %s and no number"
              .formatted(
                  input,
                  field.words(),
                  field.of().name(),
                  table.apply(field.of().name()).dataType().simpleString()),
          "Declare the column as a number again, or roll back to a model that does not read it.");
    }
  }
}
