package reforest.table;

import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import reforest.config.DataConfig;

/** Names a row by its key, as a person would type it to remove the row. */
public final class RowNames {

  /** In place of a value that is personal data. */
  private static final String PERSONAL = "(personal)";

  private RowNames() {}

  /**
   * The key's columns and values: {@code station=17,day=2011-05-01}. Values of columns that hold
   * personal data are left out.
   *
   * @param row with the key's columns under their names
   * @param data which columns are the key, and which are personal
   */
  public static String of(Row row, DataConfig data) {
    return data.key().stream()
        .map(name -> name + "=" + (isPersonal(name, data) ? PERSONAL : text(row.getAs(name))))
        .collect(Collectors.joining(","));
  }

  /** A value in words, times as ISO-8601. */
  public static String text(@Nullable Object value) {
    if (value instanceof Timestamp time) {
      return time.toInstant().toString();
    }
    return value instanceof LocalDateTime local
        ? local.toInstant(ZoneOffset.UTC).toString()
        : String.valueOf(value);
  }

  private static boolean isPersonal(String name, DataConfig data) {
    return data.column(name).filter(DataConfig.Column::personal).isPresent();
  }
}
