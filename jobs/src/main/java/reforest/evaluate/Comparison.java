package reforest.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.statistics.JackknifeGroups;

/**
 * Challenger, champion and baselines on the same rows, overall and on each slice.
 *
 * @param plan what was measured
 * @param rows how many rows
 * @param clusters how many clusters they form; where two ways cross, in that with fewer
 * @param shared whether clusters share groups because there are many, in either way
 * @param rowsDigest tells whether two comparisons saw the same rows; 32 hexadecimal digits
 * @param differing rows on which champion and challenger predict different numbers
 * @param overall all rows
 * @param slices the slices, in the plan's order
 * @param churn how many predictions change; empty without a champion, or where a regression's plan
 *     has no tolerance
 * @param footprint what the challenger costs those who use it; empty where no bundle was scored
 * @param curves by role, what charts of all rows are drawn from; empty where none were asked for,
 *     there are too many rows, or a prediction is missing
 * @param fairness figures of groups and gaps between them; empty where none are told apart
 */
public record Comparison(
    ComparisonPlan plan,
    long rows,
    long clusters,
    boolean shared,
    String rowsDigest,
    long differing,
    SliceResult overall,
    List<SliceResult> slices,
    Optional<Churn> churn,
    Optional<Footprint> footprint,
    Map<Role, RoleCurves> curves,
    List<FairnessFigure> fairness) {
  public Comparison {
    fairness = List.copyOf(fairness);
    slices = List.copyOf(slices);
    Map<Role, RoleCurves> sorted = new EnumMap<>(Role.class);
    sorted.putAll(curves);
    curves = Collections.unmodifiableMap(sorted);
  }

  /** The same of a challenger that costs this much. */
  public Comparison with(Footprint cost) {
    return new Comparison(
        plan,
        rows,
        clusters,
        shared,
        rowsDigest,
        differing,
        overall,
        slices,
        churn,
        Optional.of(cost),
        curves,
        fairness);
  }

  /**
   * Compares rows that are in memory.
   *
   * @param plan what is measured
   * @param maxGroups most groups of the jackknife; more clusters share groups by hash
   * @param rows the rows; each names slices of the plan, and has a prediction for each role
   * @throws IllegalArgumentException when a row names a slice that the plan does not have
   */
  public static Comparison of(ComparisonPlan plan, int maxGroups, List<ScoredRow> rows) {
    List<String> clusters = rows.stream().map(ScoredRow::cluster).distinct().toList();
    return of(plan, JackknifeGroups.of(clusters, maxGroups), rows);
  }

  /**
   * The same in groups that are known, such as those of periods of time.
   *
   * @throws IllegalArgumentException when a row is of none of them
   */
  public static Comparison of(ComparisonPlan plan, JackknifeGroups grouping, List<ScoredRow> rows) {
    long clusters = rows.stream().map(ScoredRow::cluster).distinct().count();
    Map<String, Integer> positions = new HashMap<>();
    for (NamedSlice slice : plan.slices()) {
      positions.put(slice.name(), positions.size());
    }
    for (FairnessPlan.Group group : plan.fairness().groups()) {
      positions.put(group.column() + "=" + group.value(), positions.size());
    }
    Accumulator accumulator = new Accumulator(plan, grouping.size());
    long number = 0;
    for (ScoredRow row : rows) {
      List<double[]> predictions = new ArrayList<>();
      for (Role role : plan.roles()) {
        List<Double> values = Optional.ofNullable(row.predictions().get(role)).orElse(List.of());
        predictions.add(values.stream().mapToDouble(Double::doubleValue).toArray());
      }
      int[] slices = row.slices().stream().mapToInt(name -> position(positions, name)).toArray();
      accumulator.add(
          number++,
          grouping.group(row.cluster()),
          slices,
          row.label(),
          predictions.toArray(new double[0][]));
    }
    return accumulator.comparison(clusters, grouping);
  }

  private static int position(Map<String, Integer> positions, String name) {
    Integer position = positions.get(name);
    if (position == null) {
      throw new IllegalArgumentException("the plan has no slice " + name);
    }
    return position;
  }
}
