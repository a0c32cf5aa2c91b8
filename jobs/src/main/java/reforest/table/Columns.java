package reforest.table;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import reforest.config.DataConfig;

/** Names columns so that dots, backticks and spaces in a name are taken literally. */
public final class Columns {

  private Columns() {}

  /** The name in backticks, as Spark SQL reads it. */
  public static String quote(String name) {
    return DataConfig.quoted(name);
  }

  /** The column of exactly that name. */
  public static Column of(String name) {
    return functions.col(quote(name));
  }

  /** The field {@code name} of the struct or aliased Dataset {@code parent}. */
  public static Column of(String parent, String name) {
    return functions.col(quote(parent) + "." + quote(name));
  }

  /** The columns of exactly these names. */
  public static Column[] of(List<String> names) {
    return names.stream().map(Columns::of).toArray(Column[]::new);
  }
}
