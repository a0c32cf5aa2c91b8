package reforest.split;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import reforest.table.Columns;

/** Draws numbers from values, so that a row is drawn alike in every run and every table. */
public final class RowHash {

  private RowHash() {}

  /**
   * A number in [0, 1) drawn from the texts of some columns: independent of their types, of the
   * order of rows, and of other salts.
   */
  public static Column uniform(List<String> columns, String salt) {
    List<Column> hashed = new ArrayList<>();
    hashed.add(lit(salt));
    for (String name : columns) {
      // Null would leave the hash as it was, and (null, x) would be drawn like (x, null).
      hashed.add(coalesce(Columns.of(name).cast("string"), lit("\u0000null")));
    }
    return shiftrightunsigned(xxhash64(hashed.toArray(Column[]::new)), 11)
        .cast("double")
        .multiply(0x1p-53);
  }
}
