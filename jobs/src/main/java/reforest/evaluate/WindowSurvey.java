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
import reforest.statistics.JackknifeGroups;

/** What must be known of all rows before the first is scored: clusters, slices, bad labels. */
final class WindowSurvey implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int MOST_EXAMPLES = 10;

  private final int mostClusters;
  private final int mostSlices;
  final TreeSet<String> clusters = new TreeSet<>();
  private final List<HashSet<List<String>>> found = new ArrayList<>();
  private final TreeMap<String, Long> badLabels = new TreeMap<>();
  private long firstPeriod = Long.MAX_VALUE;
  private long lastPeriod = Long.MIN_VALUE;
  private long rows;
  private long bad;

  WindowSurvey(int families, int mostClusters, int mostSlices) {
    this.mostClusters = mostClusters;
    this.mostSlices = mostSlices;
    for (int i = 0; i < families; i++) {
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
      if (survey.hasFewClusters()) {
        survey.clusters.add(positions.cluster(row));
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
    clusters.addAll(other.clusters);
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

  /** Whether each cluster can have a group of its own, as far as was seen. */
  boolean hasFewClusters() {
    return clusters.size() <= mostClusters;
  }

  /** The groups that the clusters form. */
  JackknifeGroups grouping(boolean byPeriod) {
    if (byPeriod) {
      return hasFewClusters()
          ? JackknifeGroups.ofPeriods(clusters.stream().map(Long::valueOf).toList(), mostClusters)
          : JackknifeGroups.ofPeriods(firstPeriod, lastPeriod, mostClusters);
    }
    return hasFewClusters()
        ? JackknifeGroups.of(clusters, mostClusters)
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
          "the families of slices make more than %d slices".formatted(mostSlices),
          "Slice by columns with fewer values, or by predicates (slices).");
    }
  }
}
