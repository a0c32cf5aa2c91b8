package reforest.table;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;

/**
 * Which rows of a table are meant: those of some keys, or those that a predicate holds for.
 *
 * @param keys for each row the values of all key columns as text, by column
 * @param where Spark SQL over the table's columns
 */
public record RowChoice(List<Map<String, String>> keys, Optional<String> where) {

  /**
   * @throws ReforestException of kind {@code ARGUMENTS} unless there is either a key or a predicate
   */
  public RowChoice {
    keys = keys.stream().map(key -> Collections.unmodifiableMap(new LinkedHashMap<>(key))).toList();
    where = where.map(String::strip).filter(sql -> !sql.isEmpty());
    if (keys.isEmpty() == where.isEmpty()) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "which rows are meant is told either by their keys or by a predicate",
          "name keys with --key COLUMN=VALUE, or write Spark SQL over the table's columns after"
              + " --where");
    }
  }

  /** The rows of these keys. */
  public static RowChoice ofKeys(List<Map<String, String>> keys) {
    return new RowChoice(keys, Optional.empty());
  }

  /** The rows for which a predicate is true; where it is null, a row stays. */
  public static RowChoice where(String sql) {
    return new RowChoice(List.of(), Optional.of(sql));
  }
}
