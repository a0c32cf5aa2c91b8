package reforest.ingest;

import static org.apache.spark.sql.functions.char_length;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.udf;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import reforest.config.DataConfig;
import reforest.table.Columns;
import reforest.table.RowNames;

/**
 * Finds keys that look the same and are none: Unicode writes an accent as part of its letter (NFC)
 * or behind it (NFD), as files from macOS do, and a row ingested in both ways stands there twice.
 */
final class LookAlikes {

  private static final UserDefinedFunction COMPOSED =
      udf(
          (UDF1<String, String>)
              text -> text == null ? null : Normalizer.normalize(text, Normalizer.Form.NFC),
          DataTypes.StringType);

  private LookAlikes() {}

  /**
   * Whether a row's key has other letters than ASCII, without which no two keys look the same.
   *
   * @param parent a struct that holds the key's columns; empty where they stand by themselves
   */
  static Column mayBe(DataConfig data, Optional<String> parent) {
    return texts(data).stream()
        .map(name -> parent.map(it -> Columns.of(it, name)).orElseGet(() -> Columns.of(name)))
        .map(key -> octet_length(key).notEqual(char_length(key)))
        .reduce(Column::or)
        .map(any -> coalesce(any, lit(false)))
        .orElse(lit(false));
  }

  /**
   * What there is to say of a table's keys.
   *
   * @param rows of the table
   * @return empty where no two keys look the same
   */
  static Optional<String> among(Dataset<Row> rows, DataConfig data) {
    List<String> texts = texts(data);
    List<Column> key = new ArrayList<>();
    for (String name : data.key()) {
      Column column = Columns.of(name);
      key.add((texts.contains(name) ? COMPOSED.apply(column) : column).as(name));
    }
    Dataset<Row> alike =
        rows.where(mayBe(data, Optional.empty()))
            .select(key.toArray(Column[]::new))
            .groupBy(Columns.of(data.key()))
            .agg(count(lit(1)).as("__reforest_rows"))
            .where(col("__reforest_rows").gt(1));
    List<Row> first = alike.limit(1).collectAsList();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    long keys = alike.count();
    return Optional.of(
        ("%d %s in the table in two ways that look the same, such as %s: accents are part of their"
                + " letters (Unicode NFC) or behind them (NFD), and each way is a row of its own;"
                + " write the source in one, such as NFC, and take the others out with 'reforest"
                + " remove'")
            .formatted(
                keys, keys == 1 ? "key stands" : "keys stand", RowNames.of(first.get(0), data)));
  }

  private static List<String> texts(DataConfig data) {
    return data.key().stream()
        .filter(name -> data.column(name).filter(c -> c.type().equals("string")).isPresent())
        .toList();
  }
}
