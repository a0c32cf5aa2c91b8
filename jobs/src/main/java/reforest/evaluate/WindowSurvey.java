package reforest.evaluate;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.statistics.ClusterWays;
import reforest.statistics.JackknifeGroups;

/** What must be known of all rows before the first is scored: clusters, slices, bad labels. */
final class WindowSurvey implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int MOST_EXAMPLES = 10;

  private final int mostClusters;
  private final int mostSlices;
  private final List<TreeSet<String>> clusters = new ArrayList<>();
  private final List<HashSet<List<String>>> found = new ArrayList<>();
  private final TreeMap<String, Long> badLabels = new TreeMap<>();
  private long firstPeriod = Long.MAX_VALUE;
  private long lastPeriod = Long.MIN_VALUE;
  private long rows;
  private long bad;

  /**
   * @param positions where everything stands in a row
   * @param mostClusters more of a way share groups
   * @param mostSlices more slices of families are refused
   */
  WindowSurvey(RowPositions positions, int mostClusters, int mostSlices) {
    this.mostClusters = mostClusters;
    this.mostSlices = mostSlices;
    // Two ways that cross have their combinations as the third.
    for (int way = 0; way < (positions.isCrossed() ? 3 : 1); way++) {
      clusters.add(new TreeSet<>());
    }
    for (int i = 0; i < positions.families().size(); i++) {
      found.add(new HashSet<>());
    }
  }

  static WindowSurvey of(
      Iterator<Row> rows, RowPositions positions, ClassIndex classes, WindowSurvey survey) {
    boolean numbers = classes.isEmpty();
    while (rows.hasNext()) {
      Row row = rows.next();
      survey.rows++;
      if (positions.isByPeriod()) {
        survey.firstPeriod = Math.min(survey.firstPeriod, positions.period(row));
        survey.lastPeriod = Math.max(survey.lastPeriod, positions.period(row));
      }
      List<String> names = positions.clusters(row);
      for (int way = 0; way < names.size(); way++) {
        if (survey.hasFewClusters(way)) {
          survey.clusters(way).add(names.get(way));
        }
      }
      List<List<String>> values = positions.familyValues(row);
      for (int f = 0; f < values.size(); f++) {
        survey.found.get(f).add(values.get(f));
      }
      survey.requireFewSlices();
      if (numbers && !Double.isFinite(positions.labelNumber(row))) {
        survey.addBad(Double.toString(positions.labelNumber(row)), 1);
      } else if (!numbers && !classes.knows(positions.labelText(row))) {
        survey.addBad(String.valueOf(positions.labelText(row)), 1);
      }
    }
    return survey;
  }

  WindowSurvey merge(WindowSurvey other) {
    rows += other.rows;
    for (int way = 0; way < clusters.size(); way++) {
      clusters(way).addAll(other.clusters(way));
    }
    firstPeriod = Math.min(firstPeriod, other.firstPeriod);
    lastPeriod = Math.max(lastPeriod, other.lastPeriod);
    for (int f = 0; f < found.size(); f++) {
      found.get(f).addAll(other.found.get(f));
    }
    bad += other.bad - other.badLabels.values().stream().mapToLong(Long::longValue).sum();
    other.badLabels.forEach(this::addBad);
    requireFewSlices();
    return this;
  }

  /** The clusters of a way that were seen, until there were many. */
  Set<String> clusters(int way) {
    return clusters.get(way);
  }

  /** Whether each cluster of a way can have a group of its own, as far as was seen. */
  boolean hasFewClusters(int way) {
    return clusters(way).size() <= mostClusters;
  }

  /** The groups that the clusters form, in each way. */
  ClusterWays grouping(RowPositions positions) {
    if (!positions.isCrossed()) {
      return ClusterWays.of(positions.isByPeriod() ? periods(0) : named(0));
    }
    return ClusterWays.crossing(named(0), periods(1), named(2));
  }

  private JackknifeGroups periods(int way) {
    return hasFewClusters(way)
        ? JackknifeGroups.ofPeriods(
            clusters(way).stream().map(Long::valueOf).toList(), mostClusters)
        : JackknifeGroups.ofPeriods(firstPeriod, lastPeriod, mostClusters);
  }

  private JackknifeGroups named(int way) {
    return hasFewClusters(way)
        ? JackknifeGroups.of(clusters(way), mostClusters)
        : JackknifeGroups.hashed(mostClusters);
  }

  long rows() {
    return rows;
  }

  /** The combinations of values of a family, sorted by the first value, then the second. */
  List<List<String>> combinations(int family) {
    return found.get(family).stream()
        .sorted((a, b) -> Arrays.compare(a.toArray(new String[0]), b.toArray(new String[0])))
        .toList();
  }

  /** Refuses labels that no metric can take. */
  void requireGoodLabels(String label, List<String> classes) {
    if (bad == 0) {
      return;
    }
    throw new ReforestException(
        Kind.DATA,
        "%d of %d rows have a label that is %s; counts by value of %s: %s"
            .formatted(
                bad,
                rows,
                classes.isEmpty()
                    ? "no finite number"
                    : "none of the classes " + classes + " of the challenger",
                label,
                badLabels),
        classes.isEmpty()
            ? "Correct these labels and ingest them again."
            : "Train on data that has these classes, or correct the labels and ingest them again.");
  }

  private void addBad(String value, long count) {
    bad += count;
    if (badLabels.containsKey(value) || badLabels.size() < MOST_EXAMPLES) {
      badLabels.merge(value, count, Long::sum);
    }
  }

  private void requireFewSlices() {
    int slices = found.stream().mapToInt(Set::size).sum();
    if (slices > mostSlices) {
      throw new ReforestException(
          Kind.DATA,
          "the families of slices and fairness.groups make more than %d slices"
              .formatted(mostSlices),
          "Slice by columns with fewer values, or by predicates (slices, fairness.groups).");
    }
  }
}
