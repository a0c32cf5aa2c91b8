package reforest.evaluate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import reforest.bundle.Task;
import reforest.config.ErrorCosts;
import reforest.config.Metric;
import reforest.evaluate.SliceSums.Totals;
import reforest.statistics.ClusterWays;
import reforest.statistics.Estimate;
import reforest.statistics.GroupShares;
import reforest.statistics.Jackknife;
import reforest.statistics.JackknifeGroups;
import reforest.statistics.LeaveOneOut;

/** Turns sums into metrics, gains and their uncertainties, slice by slice. */
final class SliceMetrics {
  private final ComparisonPlan plan;
  private final List<JackknifeGroups> ways;
  private final SliceSums[][][] cells;
  private final long[][] failed;
  private final long[][][] confusion;
  private final OptionalInt exceeded;
  private final Ranks ranks;
  private final List<Metric> inOrder;

  /** By role; empty where nothing needs the rows' order or there are too many. */
  private final List<RankedMetrics> ordered = new ArrayList<>();

  SliceMetrics(
      ComparisonPlan plan,
      ClusterWays ways,
      SliceSums[][][] cells,
      long[][] failed,
      long[][][] confusion,
      Ranks ranks) {
    this.plan = plan;
    this.ways = ways.each();
    this.cells = cells;
    this.failed = failed;
    this.confusion = confusion;
    this.exceeded = ranks.exceeded();
    this.ranks = ranks;
    this.inOrder = plan.metrics().stream().filter(Metric::isRanked).toList();
    if (!inOrder.isEmpty() && exceeded.isEmpty()) {
      for (int role = 0; role < plan.roles().size(); role++) {
        ordered.add(ranks.ofRole(role));
      }
    }
  }

  /** By role, the curves of all rows; empty where none are asked for or cannot be had. */
  Map<Role, RoleCurves> curves() {
    Map<Role, RoleCurves> curves = new EnumMap<>(Role.class);
    for (int role = 0; role < plan.roles().size(); role++) {
      if (plan.settings().keepsRows()
          && plan.task() != Task.MULTICLASS
          && exceeded.isEmpty()
          && failed[0][role] == 0
          && ranks.rows() > 0) {
        curves.put(plan.roles().get(role), new CurveMaker(ranks, ways).of(role));
      }
    }
    return curves;
  }

  /** The whole, then the slices in the plan's order. */
  List<SliceResult> all() {
    List<SliceResult> results = new ArrayList<>();
    results.add(result(0, NamedSlice.of(NamedSlice.OVERALL)));
    for (NamedSlice slice : plan.slices()) {
      results.add(result(results.size(), slice));
    }
    return results;
  }

  /**
   * A slice's sums in one way of forming groups.
   *
   * @param number which way
   * @param whole sums of all rows
   * @param without the same without each group
   * @param shares how rows lie in the groups
   */
  @SuppressWarnings("ArrayRecordComponent") // Never leaves this package, and is never compared.
  record Way(int number, Totals whole, Totals[] without, GroupShares shares) {}

  private Way way(int number, int index) {
    int groups = ways.get(number).size();
    long[] rows = new long[groups];
    Totals[] parts = new Totals[groups];
    Totals whole = Totals.none(plan);
    for (int g = 0; g < groups; g++) {
      SliceSums cell = cells[number][index][g];
      parts[g] = cell == null ? Totals.none(plan) : cell.totals();
      rows[g] = parts[g].rows();
      whole = whole.plus(parts[g], 1);
    }
    Totals[] without = new Totals[groups];
    for (int g = 0; g < groups; g++) {
      without[g] = whole.plus(parts[g], -1);
    }
    return new Way(number, whole, without, GroupShares.of(rows, ways.get(number).isInTime()));
  }

  /** A slice's sums in each way. */
  List<Way> ways(int index) {
    List<Way> each = new ArrayList<>();
    for (int number = 0; number < ways.size(); number++) {
      each.add(way(number, index));
    }
    return each;
  }

  /** Whether a way's groups are periods of time. */
  boolean isInTime(int number) {
    return ways.get(number).isInTime();
  }

  private SliceResult result(int index, NamedSlice slice) {
    List<Way> each = ways(index);

    Map<Role, Map<Metric, Jackknife>> curves = new EnumMap<>(Role.class);
    List<GroupShares> shares = each.stream().map(Way::shares).toList();
    for (int role = 0; role < plan.roles().size(); role++) {
      Map<Metric, List<LeaveOneOut>> byMetric =
          ordered.isEmpty() || failed[index][role] > 0
              ? Map.of()
              : ordered.get(role).on(index, inOrder, shares);
      for (Metric metric : plan.metrics()) {
        List<LeaveOneOut> known = byMetric.get(metric);
        List<LeaveOneOut> curve = new ArrayList<>();
        for (Way way : each) {
          curve.add(known == null ? curve(metric, role, index, way) : known.get(way.number()));
        }
        curves
            .computeIfAbsent(plan.roles().get(role), r -> new EnumMap<>(Metric.class))
            .put(metric, new Jackknife(curve));
      }
    }

    Map<Role, Map<Metric, Estimate>> metrics = new EnumMap<>(Role.class);
    Map<Role, Map<Metric, Estimate>> gains = new EnumMap<>(Role.class);
    Map<Role, Long> failures = new EnumMap<>(Role.class);
    Map<Role, List<List<Long>>> tables = new EnumMap<>(Role.class);
    Map<Metric, Jackknife> challenger = new EnumMap<>(Metric.class);
    curves.forEach(
        (role, byMetric) -> {
          int position = plan.roles().indexOf(role);
          Map<Metric, Estimate> own = new EnumMap<>(Metric.class);
          byMetric.forEach((metric, curve) -> own.put(metric, curve.estimate()));
          metrics.put(role, own);
          failures.put(role, failed[index][position]);
          if (plan.task().isClassification()) {
            tables.put(role, table(confusion[index][position]));
          }
          if (role == Role.CHALLENGER) {
            challenger.putAll(byMetric);
          } else {
            Map<Metric, Estimate> gain = new EnumMap<>(Metric.class);
            byMetric.forEach(
                (metric, reference) -> {
                  Jackknife mine = challenger.get(metric);
                  if (mine != null) {
                    gain.put(
                        metric,
                        mine.combined(reference, (better, than) -> metric.gain(than, better))
                            .estimate());
                  }
                });
            gains.put(role, gain);
          }
        });
    GroupShares one = each.get(0).shares();
    // Combinations are finer than both ways that cross, and limit nothing.
    GroupShares other = each.size() > 1 ? each.get(1).shares() : one;
    return new SliceResult(
        slice,
        each.get(0).whole().rows(),
        Math.min(one.present(), other.present()),
        Math.max(one.largest(), other.largest()),
        failures,
        metrics,
        gains,
        tables);
  }

  /** What is made of a role's sums, of all rows and without each group. */
  interface OfSums {
    double of(Totals totals);
  }

  /** Why nothing can be made of them. */
  interface Why {
    String of(String who, Totals totals);
  }

  /** A figure that is a function of sums. */
  LeaveOneOut curve(OfSums figure, Why undefined, int role, int slice, Way way) {
    GroupShares shares = way.shares();
    int groups = shares.size();
    String who = plan.roles().get(role).key();
    Optional<LeaveOneOut> unusable = unusable(role, slice, way);
    if (unusable.isPresent()) {
      return unusable.get();
    }
    double value = figure.of(way.whole());
    double[] left = new double[groups];
    for (int g = 0; g < groups; g++) {
      left[g] = shares.has(g) ? figure.of(way.without()[g]) : value;
    }
    Optional<String> why =
        Double.isFinite(value)
            ? Optional.empty()
            : Optional.of(undefined.of(who, way.whole()) + " (" + who + ")");
    return new LeaveOneOut(value, left, shares, shares.present(), why);
  }

  private Optional<LeaveOneOut> unusable(int role, int slice, Way way) {
    if (failed[slice][role] == 0) {
      return Optional.empty();
    }
    GroupShares shares = way.shares();
    String why =
        "the %s has no usable prediction for %d of %d rows"
            .formatted(plan.roles().get(role).key(), failed[slice][role], way.whole().rows());
    return Optional.of(
        new LeaveOneOut(
            Double.NaN, new double[shares.size()], shares, shares.present(), Optional.of(why)));
  }

  /** A metric of a slice, or of a group, in each way. */
  List<LeaveOneOut> of(Metric metric, int role, int slice, List<Way> each) {
    if (metric.isRanked() && !ordered.isEmpty() && failed[slice][role] == 0) {
      List<GroupShares> shares = each.stream().map(Way::shares).toList();
      return Objects.requireNonNull(
          ordered.get(role).on(slice, List.of(metric), shares).get(metric));
    }
    return each.stream().map(way -> curve(metric, role, slice, way)).toList();
  }

  private LeaveOneOut curve(Metric metric, int role, int slice, Way way) {
    GroupShares shares = way.shares();
    int groups = shares.size();
    Optional<LeaveOneOut> unusable = unusable(role, slice, way);
    if (unusable.isPresent()) {
      return unusable.get();
    }
    if (metric.isRanked()) {
      String why =
          "%s is computed for at most %d rows".formatted(metric.title(), exceeded.orElse(0));
      return new LeaveOneOut(
          Double.NaN, new double[groups], shares, shares.present(), Optional.of(why));
    }
    ErrorCosts costs = plan.decisions().costs();
    return curve(
        totals -> metric.of(totals.of(role, costs)),
        (who, all) -> metric.why(all.of(role, costs), plan.classes()::get),
        role,
        slice,
        way);
  }

  private List<List<Long>> table(long[] counts) {
    int classes = plan.classes().size();
    List<List<Long>> table = new ArrayList<>();
    for (int actual = 0; actual < classes; actual++) {
      List<Long> row = new ArrayList<>();
      for (int predicted = 0; predicted < classes; predicted++) {
        row.add(counts[actual * classes + predicted]);
      }
      table.add(row);
    }
    return table;
  }
}
