package reforest.evaluate;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import reforest.config.Metric;
import reforest.statistics.Estimate;

/**
 * How everybody did on one slice.
 *
 * @param slice which
 * @param rows its rows
 * @param groups groups that have rows here; where two ways cross, in that with fewer
 * @param largest the largest group's share of the rows, 0 to 1; where two ways cross, of both
 * @param failed by role, rows without a usable prediction
 * @param metrics by role, each metric of the task
 * @param gains by reference (never the challenger), how much better the challenger is, row by row
 *     paired; positive is better
 * @param confusion by role, rows by true class and then by predicted class; empty for a regression
 */
public record SliceResult(
    NamedSlice slice,
    long rows,
    int groups,
    double largest,
    Map<Role, Long> failed,
    Map<Role, Map<Metric, Estimate>> metrics,
    Map<Role, Map<Metric, Estimate>> gains,
    Map<Role, List<List<Long>>> confusion) {
  public SliceResult {
    failed = sorted(failed);
    metrics = nested(metrics);
    gains = nested(gains);
    confusion =
        sorted(
            confusion.entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey, e -> e.getValue().stream().map(List::copyOf).toList())));
  }

  /** One role's metric. */
  public Estimate metric(Role role, Metric metric) {
    return find(metrics, role, metric);
  }

  /** How much better the challenger is than {@code reference}. */
  public Estimate gain(Role reference, Metric metric) {
    return find(gains, reference, metric);
  }

  private Estimate find(Map<Role, Map<Metric, Estimate>> from, Role role, Metric metric) {
    return Optional.ofNullable(from.get(role))
        .map(byMetric -> byMetric.get(metric))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no " + metric.key() + " of the " + role.key() + " was measured"));
  }

  private static Map<Role, Map<Metric, Estimate>> nested(Map<Role, Map<Metric, Estimate>> map) {
    Map<Role, Map<Metric, Estimate>> copy = new EnumMap<>(Role.class);
    map.forEach(
        (role, byMetric) -> {
          Map<Metric, Estimate> inner = new EnumMap<>(Metric.class);
          inner.putAll(byMetric);
          copy.put(role, Collections.unmodifiableMap(inner));
        });
    return Collections.unmodifiableMap(copy);
  }

  // Enum order, so that whatever is printed from it comes in the same order everywhere.
  private static <T> Map<Role, T> sorted(Map<Role, T> map) {
    Map<Role, T> copy = new EnumMap<>(Role.class);
    copy.putAll(map);
    return Collections.unmodifiableMap(copy);
  }
}
