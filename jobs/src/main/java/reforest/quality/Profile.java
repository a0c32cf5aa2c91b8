package reforest.quality;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the training rows look like, column by column.
 *
 * @param rows how many rows were looked at
 * @param columns the declared columns, in their order
 */
public record Profile(long rows, List<ColumnProfile> columns) {
  public Profile {
    columns = List.copyOf(columns);
  }

  /**
   * One column.
   *
   * @param name its name
   * @param type its Spark SQL type
   * @param missing rows where it is null
   * @param numbers what its numbers look like; empty for other types, without values, and for
   *     personal data
   * @param categories its most frequent texts with their rows, most frequent first; empty for
   *     numbers that are not integers, for times and for personal data
   * @param distinct how many different texts it has, listed or not; 0 where none are listed
   * @param range first and last time; empty for other types and for personal data
   */
  public record ColumnProfile(
      String name,
      String type,
      long missing,
      Optional<Numbers> numbers,
      List<CategoryCount> categories,
      long distinct,
      Optional<Range> range) {
    public ColumnProfile {
      categories = List.copyOf(categories);
    }
  }

  /**
   * The numbers of a column, missing ones left out, in its unit.
   *
   * @param mean arithmetic mean
   * @param deviation standard deviation of a sample; NaN for a single row
   * @param min smallest
   * @param q05 5 % quantile; like the others a value that occurs, its rank off by at most 0.01 % of
   *     the rows
   * @param q25 25 % quantile
   * @param median 50 % quantile
   * @param q75 75 % quantile
   * @param q95 95 % quantile
   * @param max largest
   */
  public record Numbers(
      double mean,
      double deviation,
      double min,
      double q05,
      double q25,
      double median,
      double q75,
      double q95,
      double max) {}

  /** A category and how many rows have it. */
  public record CategoryCount(String category, long rows) {}

  /** The first and the last time of a column, as ISO-8601 text. */
  public record Range(String first, String last) {}

  /** The same as nested maps, lists, texts and numbers, ready to be written as JSON. */
  public Map<String, Object> toMap() {
    Map<String, Object> profile = new LinkedHashMap<>();
    profile.put("rows", rows);
    profile.put("columns", columns.stream().map(Profile::toMap).toList());
    return profile;
  }

  private static Map<String, Object> toMap(ColumnProfile column) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", column.name());
    map.put("type", column.type());
    map.put("missing", column.missing());
    column
        .numbers()
        .ifPresent(
            n -> {
              map.put("mean", n.mean());
              if (!Double.isNaN(n.deviation())) {
                map.put("deviation", n.deviation());
              }
              map.put("min", n.min());
              map.put("q05", n.q05());
              map.put("q25", n.q25());
              map.put("median", n.median());
              map.put("q75", n.q75());
              map.put("q95", n.q95());
              map.put("max", n.max());
            });
    column
        .range()
        .ifPresent(
            r -> {
              map.put("first", r.first());
              map.put("last", r.last());
            });
    if (!column.categories().isEmpty()) {
      Map<String, Object> categories = new LinkedHashMap<>();
      column.categories().forEach(c -> categories.put(c.category(), c.rows()));
      map.put("categories", categories);
    }
    return map;
  }
}
