package reforest.evaluate;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Scorer;
import reforest.statistics.ClusterWays;
import reforest.statistics.JackknifeGroups;

/**
 * Adds up scored rows by slice, role and group, so that every metric, its uncertainty and the gain
 * between two roles can be read from the sums.
 *
 * <p>Neither the order of the rows nor how they were divided and merged changes a single bit of the
 * result. Not thread-safe.
 */
public final class Accumulator implements Serializable {
  private static final long serialVersionUID = 1L;

  private final ComparisonPlan plan;
  private final int[] groups;
  private final int outputs;

  /** By way, slice (the whole first), then group; null while no row fell there. */
  private final SliceSums[][][] cells;

  /** By slice, then role: true class by predicted class. */
  private final long[][][] confusion;

  /** By slice, then role: rows whose prediction is no number or no probability. */
  private final long[][] failed;

  /** By role: how many rows it scored, and the sum and the exclusive or of their hashes. */
  private final long[][] scored;

  private final Ranks ranks;
  private final ChurnCount churn;
  private long differing;

  /**
   * @param plan what is measured
   * @param groups how many groups the rows' clusters form
   */
  public Accumulator(ComparisonPlan plan, int groups) {
    this(plan, groups, Ranks.mostRows(plan));
  }

  /**
   * @param plan what is measured
   * @param ways in which rows depend on each other
   */
  public Accumulator(ComparisonPlan plan, ClusterWays ways) {
    this(
        plan, ways.each().stream().mapToInt(JackknifeGroups::size).toArray(), Ranks.mostRows(plan));
  }

  /**
   * @param plan what is measured
   * @param groups how many groups the rows' clusters form
   * @param mostRanked with more rows metrics that need their order are undefined
   */
  Accumulator(ComparisonPlan plan, int groups, int mostRanked) {
    this(plan, new int[] {groups}, mostRanked);
  }

  private Accumulator(ComparisonPlan plan, int[] groups, int mostRanked) {
    this.plan = plan;
    this.groups = groups;
    this.outputs = plan.outputs();
    int slices = 1 + plan.slices().size() + plan.fairness().groups().size();
    int roles = plan.roles().size();
    this.cells = new SliceSums[groups.length][slices][];
    for (int way = 0; way < groups.length; way++) {
      for (int slice = 0; slice < slices; slice++) {
        cells[way][slice] = new SliceSums[groups[way]];
      }
    }
    this.confusion = new long[slices][roles][plan.classes().size() * plan.classes().size()];
    this.failed = new long[slices][roles];
    this.scored = new long[roles][3];
    this.churn = new ChurnCount(plan);
    this.ranks = new Ranks(plan, groups.length, mostRanked);
  }

  /**
   * Adds one row where rows depend on each other in one way.
   *
   * @param row a hash that tells this row from others
   * @param group its group, from 0
   * @param slices indices into the plan's slices that the row is in
   * @param label the true value
   * @param predictions by role in the plan's order
   * @throws IllegalArgumentException when the label is not finite or no class
   */
  public void add(long row, int group, int[] slices, double label, double[][] predictions) {
    add(row, new int[] {group}, slices, label, predictions);
  }

  /**
   * Adds one row.
   *
   * @param row a hash that tells this row from others; shows whether all roles saw the same rows
   * @param in its group in each way, from 0
   * @param slices indices into the plan's slices that the row is in, and behind them into its
   *     groups; every row is in the whole
   * @param label the true value, finite, or the index of the true class
   * @param predictions by role in the plan's order: one value, or one probability a class; empty
   *     when the role did not score the row
   * @throws IllegalArgumentException when the label is not finite or no class
   */
  public void add(long row, int[] in, int[] slices, double label, double[][] predictions) {
    add(row, in, slices, label, predictions, new double[0]);
  }

  /**
   * Adds one row of which it is known what its predictions are worth.
   *
   * @param business by role, what the prediction is worth or costs by the declared expression, not
   *     finite where that is not known; empty where nothing is declared
   * @throws IllegalArgumentException as above
   */
  public void add(
      long row, int[] in, int[] slices, double label, double[][] predictions, double[] business) {
    boolean classes = plan.task().isClassification();
    if (!Double.isFinite(label)
        || (classes && !(label >= 0 && label < outputs && label == Math.rint(label)))) {
      throw new IllegalArgumentException("not a label of this task: " + label);
    }
    boolean[] bad = new boolean[predictions.length];
    for (int role = 0; role < predictions.length; role++) {
      if (predictions[role].length > 0) {
        scored[role][0]++;
        scored[role][1] += mix(row);
        scored[role][2] ^= mix(row + 1);
      }
      bad[role] = !Predictions.isUsable(predictions[role], outputs, classes);
    }
    int champion = plan.roles().indexOf(Role.CHAMPION);
    if (champion >= 0 && !Predictions.same(predictions[0], predictions[champion])) {
      differing++;
    }
    churn.add(label, predictions, bad);
    addTo(0, in, label, predictions, business, bad);
    for (int slice : slices) {
      addTo(slice + 1, in, label, predictions, business, bad);
    }
    if (plan.keepsRows()) {
      ranks.add(in, slices, label, predictions, bad);
    }
  }

  private void addTo(
      int slice, int[] in, double label, double[][] predictions, double[] business, boolean[] bad) {
    int[] predicted = new int[predictions.length];
    for (int role = 0; role < predictions.length; role++) {
      if (bad[role]) {
        failed[slice][role]++;
      } else if (plan.task().isClassification()) {
        predicted[role] = Scorer.decide(predictions[role], plan.decisions().thresholds().get(role));
        confusion[slice][role][((int) label) * outputs + predicted[role]]++;
      }
    }
    for (int way = 0; way < in.length; way++) {
      SliceSums cell = cells[way][slice][in[way]];
      if (cell == null) {
        cell = new SliceSums(plan);
        cells[way][slice][in[way]] = cell;
      }
      cell.addLabel(label, plan.center());
      for (int role = 0; role < predictions.length; role++) {
        if (!bad[role] && plan.task().isClassification()) {
          cell.addClass(role, (int) label, predicted[role], predictions[role], plan.clip());
        } else if (!bad[role]) {
          cell.addNumber(role, label, predictions[role][0]);
        }
        if (!bad[role] && business.length > 0) {
          cell.addBusiness(role, business[role]);
        }
      }
    }
  }

  /** Adds all rows of another accumulator of the same plan, and returns this one. */
  public Accumulator merge(Accumulator other) {
    if (!plan.equals(other.plan) || !Arrays.equals(groups, other.groups)) {
      throw new IllegalArgumentException("accumulators of different plans do not merge");
    }
    for (int way = 0; way < groups.length; way++) {
      for (int slice = 0; slice < failed.length; slice++) {
        for (int group = 0; group < groups[way]; group++) {
          SliceSums more = other.cells[way][slice][group];
          if (more != null && cells[way][slice][group] == null) {
            cells[way][slice][group] = new SliceSums(plan);
          }
          if (more != null) {
            cells[way][slice][group].merge(more);
          }
        }
      }
    }
    for (int slice = 0; slice < failed.length; slice++) {
      for (int role = 0; role < failed[slice].length; role++) {
        failed[slice][role] += other.failed[slice][role];
        for (int i = 0; i < confusion[slice][role].length; i++) {
          confusion[slice][role][i] += other.confusion[slice][role][i];
        }
      }
    }
    for (int role = 0; role < scored.length; role++) {
      scored[role][0] += other.scored[role][0];
      scored[role][1] += other.scored[role][1];
      scored[role][2] ^= other.scored[role][2];
    }
    differing += other.differing;
    churn.merge(other.churn);
    ranks.merge(other.ranks);
    return this;
  }

  /**
   * The comparison of all rows that were added, which depend on each other in one way.
   *
   * @param clusters how many clusters the rows form
   * @param grouping which of the groups that were counted a cluster belongs to
   * @throws ReforestException of kind {@code DATA} when the roles did not score the same rows
   */
  public Comparison comparison(long clusters, JackknifeGroups grouping) {
    return comparison(clusters, ClusterWays.of(grouping));
  }

  /**
   * The comparison of all rows that were added.
   *
   * @param clusters how many clusters the rows form; where two ways cross, in that with fewer
   * @param ways in which rows depend on each other, with the groups that were counted
   * @throws ReforestException of kind {@code DATA} when the roles did not score the same rows
   */
  public Comparison comparison(long clusters, ClusterWays ways) {
    for (int role = 1; role < scored.length; role++) {
      requireSameRows(role);
    }
    SliceMetrics metrics = new SliceMetrics(plan, ways, cells, failed, confusion, ranks);
    List<SliceResult> results = metrics.all();
    return new Comparison(
        plan,
        scored[0][0],
        clusters,
        ways.isShared(),
        rowsDigest(0),
        differing,
        results.get(0),
        results.subList(1, results.size()),
        churn.counted(),
        Optional.empty(),
        metrics.curves(),
        new FairnessMetrics(plan, metrics).all());
  }

  private void requireSameRows(int role) {
    if (scored[0][0] != scored[role][0] || !rowsDigest(0).equals(rowsDigest(role))) {
      throw new ReforestException(
          Kind.DATA,
          "%s and %s were not scored on the same rows: %d rows with digest %s and %d with %s"
              .formatted(
                  plan.roles().get(0).key(),
                  plan.roles().get(role).key(),
                  scored[0][0],
                  rowsDigest(0),
                  scored[role][0],
                  rowsDigest(role)),
          "Evaluate both again on one version of the table.");
    }
  }

  private String rowsDigest(int role) {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(scored[role][1]) + hex.toHexDigits(scored[role][2]);
  }

  /** Spreads a hash over all bits, so that sums of similar hashes do not cancel. */
  private static long mix(long hash) {
    long mixed = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
