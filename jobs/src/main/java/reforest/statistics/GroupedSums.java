package reforest.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Sums of some quantities by group, in each way in which rows depend on each other, of which
 * figures with their uncertainty are made. Not thread-safe.
 */
public final class GroupedSums {

  private final ClusterWays ways;
  private final int quantities;

  /** By way, then group: the sums, the last of which counts rows. */
  private final double[][][] sums;

  /**
   * @param ways how rows depend on each other
   * @param quantities how many are summed up
   */
  public GroupedSums(ClusterWays ways, int quantities) {
    this.ways = ways;
    this.quantities = quantities;
    this.sums =
        ways.each().stream()
            .map(groups -> new double[groups.size()][quantities + 1])
            .toArray(double[][][]::new);
  }

  /**
   * Adds a row.
   *
   * @param groups its group in each way
   * @param terms its quantities
   */
  public void add(int[] groups, double... terms) {
    for (int way = 0; way < sums.length; way++) {
      double[] to = sums[way][groups[way]];
      for (int i = 0; i < quantities; i++) {
        to[i] += terms[i];
      }
      to[quantities]++;
    }
  }

  /** How many rows were added. */
  public long rows() {
    return (long) total(sums[0])[quantities];
  }

  /** The mean of a quantity; undefined without rows. */
  public Estimate mean(int quantity) {
    return figure(of -> of[quantity] / of[quantities]);
  }

  /**
   * A function of the sums.
   *
   * @param of gets the quantities' sums and then the number of rows
   */
  public Estimate figure(ToDoubleFunction<double[]> of) {
    List<LeaveOneOut> each = new ArrayList<>();
    for (int way = 0; way < sums.length; way++) {
      each.add(leaveOneOut(way, of));
    }
    return new Jackknife(each).estimate();
  }

  private LeaveOneOut leaveOneOut(int way, ToDoubleFunction<double[]> of) {
    double[][] groups = sums[way];
    double[] all = total(groups);
    LeaveOneOut figure =
        LeaveOneOut.of(
            Arrays.stream(groups).mapToLong(group -> (long) group[quantities]).toArray(),
            ways.each().get(way).isInTime(),
            of.applyAsDouble(all),
            g -> {
              double[] rest = all.clone();
              for (int i = 0; i <= quantities; i++) {
                rest[i] -= groups[g][i];
              }
              return of.applyAsDouble(rest);
            });
    return all[quantities] > 0 ? figure : figure.because("there are no such rows");
  }

  private double[] total(double[][] groups) {
    double[] all = new double[quantities + 1];
    for (double[] group : groups) {
      for (int i = 0; i <= quantities; i++) {
        all[i] += group[i];
      }
    }
    return all;
  }
}
