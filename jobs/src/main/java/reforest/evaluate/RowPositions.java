package reforest.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import reforest.statistics.ClusterWays;

/**
 * Where in a prepared row everything stands. Places instead of names, because a name may hold
 * anything.
 *
 * @param columns how many raw columns come first
 * @param label the label, as a double or as text
 * @param key a hash of the key, as a long
 * @param rule the rule's prediction, -1 without a rule
 * @param clusterFrom first of the texts that name the cluster
 * @param clusterTexts how many there are; 0 where clusters are periods alone
 * @param predicateFrom first of the predicates' answers
 * @param familyFrom first of the families' columns
 * @param periodMicros length of a cluster in microseconds of event time, 0 without one; the time in
 *     microseconds then follows the cluster's texts
 * @param periodsFrom the event time in microseconds that a cluster starts at
 * @param time the event time in microseconds, -1 without one
 * @param predicates for each predicate its slice's name and how it is judged
 * @param families the families of slices
 */
record RowPositions(
    int columns,
    int label,
    int key,
    int rule,
    int clusterFrom,
    int clusterTexts,
    int predicateFrom,
    int familyFrom,
    long periodMicros,
    long periodsFrom,
    int time,
    List<NamedSlice> predicates,
    List<Family> families)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String MISSING = "(missing)";

  RowPositions {
    predicates = List.copyOf(predicates);
    families = List.copyOf(families);
  }

  /**
   * A slice for each combination of some columns' values.
   *
   * @param name start of the slices' names
   * @param columns how many columns
   * @param critical whether its slices are
   * @param ownMargin their margin, NaN for the common one
   * @param fairness whether its combinations are groups that are told apart, and no slices
   */
  record Family(String name, int columns, boolean critical, double ownMargin, boolean fairness)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    NamedSlice slice(List<String> values) {
      return new NamedSlice(name + "=" + String.join(" x ", values), critical, ownMargin);
    }
  }

  /**
   * The names of the row's clusters in each way in which rows depend on each other: one, or by
   * texts, by period and by both. Different clusters of a way never have the same name.
   */
  List<String> clusters(Row row) {
    if (!isByPeriod()) {
      return List.of(named(row));
    }
    String period = Long.toString(period(row));
    return clusterTexts == 0 ? List.of(period) : ClusterWays.crossed(named(row), period);
  }

  private String named(Row row) {
    if (clusterTexts == 1) {
      return text(row, clusterFrom);
    }
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < clusterTexts; i++) {
      String part = text(row, clusterFrom + i);
      name.append(part.length()).append(':').append(part);
    }
    return name.toString();
  }

  /** Whether periods of event time are clusters, alone or as one of two ways that cross. */
  boolean isByPeriod() {
    return periodMicros > 0;
  }

  /** Whether two ways cross: clusters by texts, and periods. */
  boolean isCrossed() {
    return isByPeriod() && clusterTexts > 0;
  }

  /** The settings that say what clusters are, one for each way that has clusters of its own. */
  List<String> ways() {
    return isCrossed()
        ? List.of("evaluate.cluster.columns", "evaluate.cluster.period")
        : List.of("evaluate.cluster");
  }

  /** The number of the row's period, where clusters are periods. */
  long period(Row row) {
    long time = row.getLong(clusterFrom + clusterTexts);
    return Math.floorDiv(Math.subtractExact(time, periodsFrom), periodMicros);
  }

  /** The row's event time, in microseconds from 1970; empty where rows have none. */
  OptionalLong micros(Row row) {
    return time < 0 || row.isNullAt(time)
        ? OptionalLong.empty()
        : OptionalLong.of(row.getLong(time));
  }

  /** The values of each family's columns, in the order of the families. */
  List<List<String>> familyValues(Row row) {
    List<List<String>> all = new ArrayList<>();
    int at = familyFrom;
    for (Family family : families) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < family.columns(); i++) {
        values.add(text(row, at++));
      }
      all.add(values);
    }
    return all;
  }

  /** Whether the row is in the predicate's slice; null is not. */
  boolean isIn(Row row, int predicate) {
    return !row.isNullAt(predicateFrom + predicate) && row.getBoolean(predicateFrom + predicate);
  }

  /** The label as the text of its class. */
  @Nullable String labelText(Row row) {
    return row.isNullAt(label) ? null : row.getString(label);
  }

  /** The label as a number; NaN when it is null. */
  double labelNumber(Row row) {
    return row.isNullAt(label) ? Double.NaN : row.getDouble(label);
  }

  /** The rule's prediction; NaN when it has none. */
  double ruleValue(Row row) {
    return row.isNullAt(rule) ? Double.NaN : row.getDouble(rule);
  }

  private static String text(Row row, int at) {
    return row.isNullAt(at) ? MISSING : row.getString(at);
  }
}
