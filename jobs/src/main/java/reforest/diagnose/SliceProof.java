package reforest.diagnose;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import reforest.evaluate.ScoredWindow.Scored;
import reforest.statistics.ClusterWays;
import reforest.statistics.Estimate;
import reforest.statistics.ExactSum;
import reforest.statistics.Jackknife;
import reforest.statistics.LeaveOneOut;

/** The losses of one slice, by group, so that the jackknife can tell how sure its excess is. */
final class SliceProof implements Serializable {
  private static final long serialVersionUID = 1L;

  /** By way, then group. */
  private final Sums[][] inside;

  private final Sums[][] outside;

  SliceProof(ClusterWays ways) {
    int count = ways.each().size();
    inside = new Sums[count][];
    outside = new Sums[count][];
    for (int way = 0; way < count; way++) {
      inside[way] = sums(ways.each().get(way).size());
      outside[way] = sums(ways.each().get(way).size());
    }
  }

  private static Sums[] sums(int groups) {
    Sums[] sums = new Sums[groups];
    for (int group = 0; group < groups; group++) {
      sums[group] = new Sums();
    }
    return sums;
  }

  /** Losses of some rows. */
  private static final class Sums implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ExactSum challenger = new ExactSum();
    private final ExactSum champion = new ExactSum();
    private long rows;

    void add(Scored row) {
      rows++;
      challenger.add(row.challenger());
      champion.add(row.champion());
    }

    void merge(Sums other) {
      rows += other.rows;
      challenger.add(other.challenger);
      champion.add(other.champion);
    }
  }

  /** Sums, read. */
  private record Totals(double rows, double challenger, double champion) {
    static Totals of(Sums sums) {
      return new Totals(sums.rows, sums.challenger.value(), sums.champion.value());
    }

    static Totals of(Sums[] groups) {
      Sums all = new Sums();
      for (Sums group : groups) {
        all.merge(group);
      }
      return of(all);
    }

    Totals without(Totals group) {
      return new Totals(
          rows - group.rows, challenger - group.challenger, champion - group.champion);
    }
  }

  void add(Scored row, boolean isInside) {
    for (int way = 0; way < inside.length; way++) {
      (isInside ? inside : outside)[way][row.groups()[way]].add(row);
    }
  }

  void merge(SliceProof other) {
    for (int way = 0; way < inside.length; way++) {
      for (int group = 0; group < inside[way].length; group++) {
        inside[way][group].merge(other.inside[way][group]);
        outside[way][group].merge(other.outside[way][group]);
      }
    }
  }

  long rows() {
    return (long) Totals.of(inside[0]).rows();
  }

  double share() {
    double rows = Totals.of(inside[0]).rows();
    return rows / (rows + Totals.of(outside[0]).rows());
  }

  double challenger() {
    return mean(Totals.of(inside[0]), Totals::challenger);
  }

  double champion() {
    return mean(Totals.of(inside[0]), Totals::champion);
  }

  double elsewhere() {
    return mean(Totals.of(outside[0]), Totals::challenger);
  }

  private static double mean(Totals totals, ToDoubleFunction<Totals> sum) {
    return sum.applyAsDouble(totals) / totals.rows();
  }

  /** By how much the mean loss exceeds, as the kind says. */
  Estimate excess(WeakSlice.Kind kind, ClusterWays ways) {
    List<LeaveOneOut> each = new ArrayList<>();
    for (int way = 0; way < inside.length; way++) {
      each.add(leaveOneOut(kind, way, ways.each().get(way).isInTime()));
    }
    return new Jackknife(each).estimate();
  }

  private LeaveOneOut leaveOneOut(WeakSlice.Kind kind, int way, boolean inTime) {
    Totals in = Totals.of(inside[way]);
    Totals out = Totals.of(outside[way]);
    return LeaveOneOut.of(
        Arrays.stream(inside[way]).mapToLong(group -> group.rows).toArray(),
        inTime,
        excess(kind, in, out),
        group ->
            excess(
                kind,
                in.without(Totals.of(inside[way][group])),
                out.without(Totals.of(outside[way][group]))));
  }

  private static double excess(WeakSlice.Kind kind, Totals in, Totals out) {
    double own = mean(in, Totals::challenger);
    return switch (kind) {
      case WEAK -> own - mean(out, Totals::challenger);
      case HARMED -> own - mean(in, Totals::champion);
    };
  }
}
