package reforest.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.table.Columns;
import reforest.table.Table;

/** Compares the contract's columns with those of an existing table. */
final class SchemaChange {

  private SchemaChange() {}

  /**
   * The contract's columns that the table lacks.
   *
   * @throws ReforestException of kind {@code DATA} when a column of the table is gone from the
   *     contract or has another type there, or a new one is not nullable
   */
  static StructType added(DataConfig data, StructType wanted, StructType there, Table table) {
    List<String> problems = new ArrayList<>();
    StructType added = new StructType();
    List<String> names = Arrays.asList(there.fieldNames());
    for (StructField field : wanted.fields()) {
      if (!names.contains(field.name())) {
        if (!data.column(field.name()).map(DataConfig.Column::nullable).orElse(false)) {
          problems.add(
              "new column "
                  + field.name()
                  + " must be nullable, because the rows that are there have no value for it");
        }
        added = added.add(field);
      }
    }
    for (StructField field : there.fields()) {
      Optional<DataConfig.Column> declared = data.column(field.name());
      if (declared.isEmpty()) {
        problems.add(
            "column "
                + field.name()
                + " of the table is not declared any more; declare it as nullable, its value may"
                + " be from = \"NULL\"");
      } else if (!wanted.apply(field.name()).dataType().equals(field.dataType())) {
        problems.add(
            "column "
                + field.name()
                + " is of type "
                + field.dataType().simpleString()
                + " in the table and "
                + declared.get().type()
                + " in data.columns; keep the type, or declare a new column with from = \""
                + Columns.quote(field.name())
                + "\"");
      }
    }
    if (!problems.isEmpty()) {
      throw new ReforestException(
          Kind.DATA,
          "data.columns and the table "
              + table
              + " contradict each other: "
              + String.join("; ", problems),
          "mend data.columns, or start a new table under another home");
    }
    return added;
  }
}
