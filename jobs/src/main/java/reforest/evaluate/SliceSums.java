package reforest.evaluate;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Task;
import reforest.config.ErrorCosts;
import reforest.config.MetricSums;
import reforest.statistics.ExactSum;

/** The sums of one slice and one group, for all roles. */
final class SliceSums implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int PER_ROLE = 3;

  private final Task task;
  private final int classes;
  private final ExactSum[] sums;
  private final long[] counts;
  private long rows;

  SliceSums(ComparisonPlan plan) {
    task = plan.task();
    classes = plan.classes().size();
    int roles = plan.roles().size();
    int ofClasses = task == Task.BINARY ? 2 * roles : roles;
    sums = new ExactSum[classes > 0 ? ofClasses : 2 + PER_ROLE * roles];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = new ExactSum();
    }
    counts = new long[classes * (1 + 2 * roles)];
  }

  void addLabel(double label, double center) {
    rows++;
    if (classes > 0) {
      counts[(int) label]++;
    } else {
      double distance = label - center;
      sums[0].add(distance);
      sums[1].add(distance * distance);
    }
  }

  void addError(int role, double error) {
    sums[2 + PER_ROLE * role].add(error);
    sums[3 + PER_ROLE * role].add(Math.abs(error));
    sums[4 + PER_ROLE * role].add(error * error);
  }

  void addClass(int role, int label, int predicted, double[] probabilities, double clip) {
    double probability = Math.min(Math.max(probabilities[label], clip), 1 - clip);
    // Math.log may differ in the last bit between the interpreter and compiled code.
    sums[role].add(-StrictMath.log(probability));
    if (task == Task.BINARY) {
      sums[sums.length / 2 + role].add(probabilities[1]);
    }
    counts[classes * (2 + 2 * role) + predicted]++;
    if (predicted == label) {
      counts[classes * (1 + 2 * role) + label]++;
    }
  }

  void merge(SliceSums other) {
    rows += other.rows;
    for (int i = 0; i < sums.length; i++) {
      sums[i].add(other.sums[i]);
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  /** The sums, each rounded once. */
  Totals totals() {
    double[] values = new double[sums.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = sums[i].value();
    }
    return new Totals(task, classes, rows, values, counts.clone());
  }

  /**
   * Sums of a cell, of a slice, or of a slice without one group.
   *
   * @param task what is predicted
   * @param classes how many there are; 0 for a regression
   * @param rows how many were added up
   * @param sums of labels and errors, or of losses
   * @param counts of rows by class
   */
  @SuppressWarnings("ArrayRecordComponent") // Never leaves this package, and is never compared.
  record Totals(Task task, int classes, long rows, double[] sums, long[] counts) {

    static Totals none(ComparisonPlan plan) {
      return new SliceSums(plan).totals();
    }

    Totals plus(Totals other, int sign) {
      double[] newSums = sums.clone();
      for (int i = 0; i < newSums.length; i++) {
        newSums[i] += sign * other.sums[i];
      }
      long[] newCounts = counts.clone();
      for (int i = 0; i < newCounts.length; i++) {
        newCounts[i] += sign * other.counts[i];
      }
      return new Totals(task, classes, rows + sign * other.rows, newSums, newCounts);
    }

    /** The sums of one role's predictions. */
    MetricSums of(int role, @Nullable ErrorCosts costs) {
      return new RoleSums(this, role, costs);
    }

    /** Sum of a role's probabilities of the positive one of two classes. */
    double positive(int role) {
      return sums[sums.length / 2 + role];
    }

    private double sum(int place) {
      return sums[place];
    }

    private long count(int place) {
      return counts[place];
    }
  }

  /** One role's part in the sums. */
  private record RoleSums(Totals totals, int role, @Nullable ErrorCosts costs)
      implements MetricSums {

    @Override
    public long rows() {
      return totals.rows();
    }

    @Override
    public double errors() {
      return totals.sum(2 + PER_ROLE * role);
    }

    @Override
    public double absoluteErrors() {
      return totals.sum(3 + PER_ROLE * role);
    }

    @Override
    public double squaredErrors() {
      return totals.sum(4 + PER_ROLE * role);
    }

    @Override
    public double labels() {
      return totals.sum(0);
    }

    @Override
    public double squaredLabels() {
      return totals.sum(1);
    }

    @Override
    public double losses() {
      return totals.sum(role);
    }

    @Override
    public Task task() {
      return totals.task();
    }

    @Override
    public int classes() {
      return totals.classes();
    }

    @Override
    public double actual(int label) {
      return totals.count(label);
    }

    @Override
    public double hits(int label) {
      return totals.count(totals.classes() * (1 + 2 * role) + label);
    }

    @Override
    public double predicted(int label) {
      return totals.count(totals.classes() * (2 + 2 * role) + label);
    }
  }
}
