package reforest.snapshot;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Names columns so that dots, backticks and spaces in a name are taken literally. */
public final class Columns {

  private Columns() {}

  /** The name in backticks, as Spark SQL reads it. */
  public static String quote(String name) {
    return "`" + name.replace("`", "``") + "`";
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

  /**
   * The known name that is most like {@code name}, for "did you mean": fewest edits, capitals
   * ignored; empty when more than a third of the letters would have to change.
   */
  public static Optional<String> nearest(String name, Collection<String> known) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(
            k -> edits(wanted, k.toLowerCase(Locale.ROOT)) <= Math.max(1, (name.length() + 2) / 3))
        .min(
            Comparator.<String>comparingInt(k -> edits(wanted, k.toLowerCase(Locale.ROOT)))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
