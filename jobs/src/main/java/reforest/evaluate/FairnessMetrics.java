package reforest.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;
import reforest.bundle.Task;
import reforest.config.FairnessConfig;
import reforest.config.FairnessConfig.Gap;
import reforest.config.FairnessConfig.Measure;
import reforest.config.MetricSums;
import reforest.evaluate.FairnessPlan.Group;
import reforest.evaluate.SliceMetrics.Way;
import reforest.evaluate.SliceSums.Totals;
import reforest.statistics.Estimate;
import reforest.statistics.GroupShares;
import reforest.statistics.Jackknife;
import reforest.statistics.LeaveOneOut;

/**
 * The figures of groups, and the largest gaps between them.
 *
 * <p>A gap is largest less smallest, and all of it is made again without each cluster: its interval
 * is that of the gap itself, in which the groups' dependence on each other counts. It is not smooth
 * where two groups share the lead: there it is too large on average, so that its upper bound errs
 * on the safe side, and a lower bound above zero alone does not prove that groups differ.
 */
final class FairnessMetrics {

  private final ComparisonPlan plan;
  private final SliceMetrics slices;
  private final List<FairnessFigure> figures = new ArrayList<>();

  FairnessMetrics(ComparisonPlan plan, SliceMetrics slices) {
    this.plan = plan;
    this.slices = slices;
  }

  /** One group's place and its sums in each way. */
  private record Counted(Group group, int index, List<Way> ways) {
    long rows() {
      return ways.get(0).whole().rows();
    }

    int clusters() {
      return ways.stream().mapToInt(way -> way.shares().present()).min().orElse(0);
    }
  }

  /** By column: challenger and champion, each group's figures and then the gaps. */
  List<FairnessFigure> all() {
    FairnessConfig config = plan.fairness().config();
    for (String column : config.columns()) {
      List<Counted> groups = counted(column);
      for (Role role : List.of(Role.CHALLENGER, Role.CHAMPION)) {
        if (plan.has(role)) {
          add(column, role, groups);
        }
      }
    }
    return figures;
  }

  private List<Counted> counted(String column) {
    List<Group> groups = plan.fairness().groups();
    return IntStream.range(0, groups.size())
        .filter(g -> groups.get(g).column().equals(column))
        .mapToObj(
            g -> {
              int index = 1 + plan.slices().size() + g;
              return new Counted(groups.get(g), index, slices.ways(index));
            })
        .toList();
  }

  private void add(String column, Role role, List<Counted> groups) {
    int place = plan.roles().indexOf(role);
    List<Counted> judged = groups.stream().filter(this::isLarge).toList();
    for (Measure measure : Measure.values()) {
      if (!measure.fits(plan.task())) {
        continue;
      }
      for (Counted group : groups) {
        if (group.rows() >= FairnessConfig.FEWEST_NAMED) {
          Jackknife own = isLarge(group) ? of(measure, place, group) : tooSmall(group);
          figures.add(
              new FairnessFigure(
                  role,
                  column,
                  Optional.of(group.group().value()),
                  measure.key(),
                  own.estimate(),
                  group.rows(),
                  Optional.empty()));
        }
      }
      nameless(column, role, measure, groups);
    }
    for (Gap gap : Gap.values()) {
      if (gap.fits(plan.task())) {
        Optional<Double> limit =
            role == Role.CHALLENGER
                ? Optional.ofNullable(plan.fairness().config().limits().get(gap))
                : Optional.empty();
        figures.add(
            new FairnessFigure(
                role,
                column,
                Optional.empty(),
                gap.key(),
                gap(gap, place, judged, groups),
                judged.stream().mapToLong(Counted::rows).sum(),
                limit));
      }
    }
  }

  private boolean isLarge(Counted group) {
    return group.rows() >= plan.fairness().config().minRows()
        && group.clusters() >= FairnessConfig.FEWEST_CLUSTERS;
  }

  /** Groups of a few rows could be known by name; only how many they are is told. */
  private void nameless(String column, Role role, Measure measure, List<Counted> groups) {
    List<Counted> few =
        groups.stream().filter(it -> it.rows() < FairnessConfig.FEWEST_NAMED).toList();
    if (!few.isEmpty()) {
      String name =
          String.format(
              Locale.ROOT,
              "(%d %s of fewer than %d rows)",
              few.size(),
              few.size() == 1 ? "group" : "groups",
              FairnessConfig.FEWEST_NAMED);
      figures.add(
          new FairnessFigure(
              role,
              column,
              Optional.of(name),
              measure.key(),
              undefined(few.get(0).ways(), "too few rows to name a group").estimate(),
              few.stream().mapToLong(Counted::rows).sum(),
              Optional.empty()));
    }
  }

  private Jackknife tooSmall(Counted group) {
    int least = plan.fairness().config().minRows();
    return undefined(
        group.ways(),
        String.format(
            Locale.ROOT,
            "it has %,d rows in %,d %s, and fairness.min-rows asks for %,d in 2",
            group.rows(),
            group.clusters(),
            group.clusters() == 1 ? "cluster" : "clusters",
            least));
  }

  private static Jackknife undefined(List<Way> ways, String why) {
    return new Jackknife(
        ways.stream()
            .map(
                way ->
                    new LeaveOneOut(
                        Double.NaN,
                        new double[way.shares().size()],
                        way.shares(),
                        way.shares().present(),
                        Optional.of(why)))
            .toList());
  }

  private Estimate gap(Gap gap, int role, List<Counted> judged, List<Counted> all) {
    if (judged.size() < 2) {
      String why =
          String.format(
              Locale.ROOT,
              "%d of its %d groups %s enough rows, and a gap needs two",
              judged.size(),
              all.size(),
              judged.size() == 1 ? "has" : "have");
      return undefined(all.get(0).ways(), why).estimate();
    }
    Jackknife worst = spread(gap.of().get(0), role, judged);
    for (Measure next : gap.of().subList(1, gap.of().size())) {
      worst = worst.combined(spread(next, role, judged), Math::max);
    }
    return worst.estimate();
  }

  /** The largest less the smallest figure, of all rows and without each cluster. */
  private Jackknife spread(Measure measure, int role, List<Counted> judged) {
    List<Jackknife> each = judged.stream().map(group -> of(measure, role, group)).toList();
    List<LeaveOneOut> ways = new ArrayList<>();
    for (int number = 0; number < judged.get(0).ways().size(); number++) {
      int way = number;
      List<LeaveOneOut> curves = each.stream().map(it -> it.ways().get(way)).toList();
      int clusters = curves.get(0).shares().size();
      double[] without = new double[clusters];
      long[] rows = new long[clusters];
      for (int g = 0; g < clusters; g++) {
        int left = g;
        without[g] = largestLessSmallest(curves, curve -> curve.without()[left]);
        for (Counted group : judged) {
          Way of = group.ways().get(way);
          rows[g] += of.whole().rows() - of.without()[g].rows();
        }
      }
      Optional<String> why =
          IntStream.range(0, curves.size())
              .filter(i -> curves.get(i).why().isPresent())
              .mapToObj(
                  i -> judged.get(i).group().value() + ": " + curves.get(i).why().orElseThrow())
              .findFirst();
      ways.add(
          new LeaveOneOut(
              largestLessSmallest(curves, LeaveOneOut::value),
              without,
              GroupShares.of(rows, slices.isInTime(way)),
              curves.stream().mapToInt(LeaveOneOut::groups).min().orElse(0),
              why));
    }
    return new Jackknife(ways);
  }

  /** NaN where one of them is. */
  private static double largestLessSmallest(
      List<LeaveOneOut> curves, Function<LeaveOneOut, Double> figure) {
    double largest = Double.NEGATIVE_INFINITY;
    double smallest = Double.POSITIVE_INFINITY;
    for (LeaveOneOut curve : curves) {
      double value = figure.apply(curve);
      largest = Math.max(largest, value);
      smallest = Math.min(smallest, value);
    }
    return largest - smallest;
  }

  private Jackknife of(Measure measure, int role, Counted group) {
    if (measure == Measure.ERROR) {
      return new Jackknife(slices.of(plan.fairness().error(), role, group.index(), group.ways()));
    }
    OptionalInt label = ofClass(measure);
    if (label.isPresent()) {
      double rows = actual(group.ways().get(0).whole(), role, label.getAsInt());
      if (rows > 0 && rows < FairnessConfig.FEWEST_NAMED) {
        return undefined(
            group.ways(),
            String.format(
                Locale.ROOT,
                "it has %.0f rows of class %s, and a rate needs %d",
                rows,
                plan.classes().get(label.getAsInt()),
                FairnessConfig.FEWEST_NAMED));
      }
    }
    List<LeaveOneOut> curves = new ArrayList<>();
    for (Way way : group.ways()) {
      LeaveOneOut curve =
          slices.curve(
              totals -> figure(measure, role, totals),
              (who, sums) -> why(measure),
              role,
              group.index(),
              way);
      curves.add(label.isPresent() ? counting(curve, way, role, label.getAsInt()) : curve);
    }
    return new Jackknife(curves);
  }

  /** The class whose rows a rate is of; empty where it is of all rows. */
  private static OptionalInt ofClass(Measure measure) {
    return switch (measure) {
      case TRUE_POSITIVE_RATE -> OptionalInt.of(1);
      case FALSE_POSITIVE_RATE -> OptionalInt.of(0);
      case SELECTION_RATE, CALIBRATION, ERROR -> OptionalInt.empty();
    };
  }

  private static double actual(Totals totals, int role, int label) {
    return totals.of(role, null).actual(label);
  }

  /** The same, for whose certainty only clusters count that have rows of the class. */
  private LeaveOneOut counting(LeaveOneOut curve, Way way, int role, int label) {
    double all = actual(way.whole(), role, label);
    long[] rows = new long[way.without().length];
    for (int g = 0; g < rows.length; g++) {
      rows[g] = Math.round(all - actual(way.without()[g], role, label));
    }
    GroupShares shares = GroupShares.of(rows, slices.isInTime(way.number()));
    return new LeaveOneOut(curve.value(), curve.without(), shares, shares.present(), curve.why());
  }

  private String why(Measure measure) {
    return switch (measure) {
      case TRUE_POSITIVE_RATE -> "it has no rows of class " + plan.classes().get(1);
      case FALSE_POSITIVE_RATE -> "it has no rows of class " + plan.classes().get(0);
      case SELECTION_RATE, CALIBRATION, ERROR -> "it has no rows";
    };
  }

  private double figure(Measure measure, int role, Totals totals) {
    MetricSums sums = totals.of(role, null);
    double rows = totals.rows();
    return switch (measure) {
      case SELECTION_RATE -> sums.predicted(1) / rows;
      case TRUE_POSITIVE_RATE -> sums.hits(1) / sums.actual(1);
      case FALSE_POSITIVE_RATE -> (sums.predicted(1) - sums.hits(1)) / sums.actual(0);
      case CALIBRATION ->
          plan.task() == Task.BINARY
              ? (totals.positive(role) - sums.actual(1)) / rows
              : sums.errors() / rows;
      case ERROR -> throw new IllegalArgumentException("the error is a metric");
    };
  }
}
