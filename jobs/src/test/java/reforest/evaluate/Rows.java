package reforest.evaluate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import reforest.bundle.Task;

/** Builds rows and layouts for tests. */
public final class Rows {
  private static final double CLIP = 1e-6;

  private final List<ScoredRow> rows = new ArrayList<>();

  /** Adds a row of a regression. */
  public Rows number(
      String cluster, Set<String> slices, double label, double challenger, double champion) {
    rows.add(
        new ScoredRow(
            cluster,
            slices,
            label,
            Map.of(Role.CHALLENGER, List.of(challenger), Role.CHAMPION, List.of(champion))));
    return this;
  }

  /** Adds a row of a binary task with the positive class's probabilities. */
  public Rows binary(String cluster, int label, double challenger, double champion) {
    Map<Role, List<Double>> predictions = new EnumMap<>(Role.class);
    predictions.put(Role.CHALLENGER, List.of(1 - challenger, challenger));
    predictions.put(Role.CHAMPION, List.of(1 - champion, champion));
    rows.add(new ScoredRow(cluster, Set.of(), label, predictions));
    return this;
  }

  /** Adds any row. */
  public Rows add(ScoredRow row) {
    rows.add(row);
    return this;
  }

  /** The rows so far. */
  public List<ScoredRow> list() {
    return rows;
  }

  /** A regression with challenger and champion. */
  public static ComparisonPlan regression(NamedSlice... slices) {
    return new ComparisonPlan(
        Task.REGRESSION,
        List.of(),
        List.of(Role.CHALLENGER, Role.CHAMPION),
        List.of(slices),
        CLIP,
        0);
  }

  /** A binary task with challenger and champion. */
  public static ComparisonPlan binary() {
    return new ComparisonPlan(
        Task.BINARY,
        List.of("no", "yes"),
        List.of(Role.CHALLENGER, Role.CHAMPION),
        List.of(),
        CLIP,
        0);
  }
}
