package reforest.evaluate;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import reforest.bundle.Task;
import reforest.config.ErrorCosts;
import reforest.config.MetricSums;
import reforest.config.RowErrors;
import reforest.statistics.ExactSum;

/** The sums of one slice and one group, for all roles. */
final class SliceSums implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Sums of each role: of numbers the errors in six ways, of classes two losses and a probability.
   */
  private static final int NUMBERS = 7;

  private static final int CLASSES = 4;

  private final Task task;
  private final int classes;
  private final double quantile;

  /** Null while nothing was added. */
  private final @Nullable ExactSum[] sums;

  private final long[] counts;

  /** By role, rows of which it is not known what their prediction is worth. */
  private final long[] withoutBusiness;

  private long zeroLabels;
  private long rows;

  SliceSums(ComparisonPlan plan) {
    task = plan.task();
    classes = plan.classes().size();
    int roles = plan.roles().size();
    quantile = plan.settings().quantile();
    sums = new ExactSum[classes > 0 ? CLASSES * roles : 2 + NUMBERS * roles];
    counts = new long[classes * (1 + 2 * roles)];
    withoutBusiness = new long[roles];
  }

  void addLabel(double label, double center) {
    rows++;
    if (classes > 0) {
      counts[(int) label]++;
    } else {
      double distance = label - center;
      add(0, distance);
      add(1, distance * distance);
      zeroLabels += label == 0 ? 1 : 0;
    }
  }

  private void add(int place, double term) {
    ExactSum sum = sums[place];
    if (sum == null) {
      sum = new ExactSum();
      sums[place] = sum;
    }
    sum.add(term);
  }

  void addNumber(int role, double label, double prediction) {
    double error = prediction - label;
    int first = 2 + NUMBERS * role;
    add(first, error);
    add(first + 1, Math.abs(error));
    add(first + 2, error * error);
    if (label != 0) {
      add(first + 3, RowErrors.relative(label, prediction));
    }
    add(first + 4, RowErrors.symmetric(label, prediction));
    if (!Double.isNaN(quantile)) {
      add(first + 5, RowErrors.quantile(label, prediction, quantile));
    }
  }

  /**
   * @param value what the row's prediction is worth; not finite where that is not known
   */
  void addBusiness(int role, double value) {
    if (Double.isFinite(value)) {
      add(classes > 0 ? CLASSES * role + 2 : 8 + NUMBERS * role, value);
    } else {
      withoutBusiness[role]++;
    }
  }

  void addClass(int role, int label, int predicted, double[] probabilities, double clip) {
    double probability = Math.min(Math.max(probabilities[label], clip), 1 - clip);
    // Math.log may differ in the last bit between the interpreter and compiled code.
    add(CLASSES * role, -StrictMath.log(probability));
    add(CLASSES * role + 1, RowErrors.squared(task, label, probabilities));
    if (task == Task.BINARY) {
      add(CLASSES * role + 3, probabilities[1]);
    }
    counts[classes * (2 + 2 * role) + predicted]++;
    if (predicted == label) {
      counts[classes * (1 + 2 * role) + label]++;
    }
  }

  void merge(SliceSums other) {
    rows += other.rows;
    zeroLabels += other.zeroLabels;
    for (int role = 0; role < withoutBusiness.length; role++) {
      withoutBusiness[role] += other.withoutBusiness[role];
    }
    for (int i = 0; i < sums.length; i++) {
      ExactSum more = other.sums[i];
      if (more != null) {
        ExactSum sum = sums[i];
        if (sum == null) {
          sum = new ExactSum();
          sums[i] = sum;
        }
        sum.add(more);
      }
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  /** The sums, each rounded once. */
  Totals totals() {
    double[] values = new double[sums.length];
    for (int i = 0; i < values.length; i++) {
      ExactSum sum = sums[i];
      values[i] = sum == null ? 0 : sum.value();
    }
    return new Totals(
        task, classes, rows, zeroLabels, values, counts.clone(), withoutBusiness.clone());
  }

  /**
   * Sums of a cell, of a slice, or of a slice without one group.
   *
   * @param task what is predicted
   * @param classes how many there are; 0 for a regression
   * @param rows how many were added up
   * @param zeroLabels rows whose label is 0
   * @param sums of labels and errors, or of losses
   * @param counts of rows by class
   * @param withoutBusiness by role, rows of which it is not known what their prediction is worth
   */
  @SuppressWarnings("ArrayRecordComponent") // Never leaves this package, and is never compared.
  record Totals(
      Task task,
      int classes,
      long rows,
      long zeroLabels,
      double[] sums,
      long[] counts,
      long[] withoutBusiness) {

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
      long[] newWithout = withoutBusiness.clone();
      for (int i = 0; i < newWithout.length; i++) {
        newWithout[i] += sign * other.withoutBusiness[i];
      }
      return new Totals(
          task,
          classes,
          rows + sign * other.rows,
          zeroLabels + sign * other.zeroLabels,
          newSums,
          newCounts,
          newWithout);
    }

    /** The sums of one role's predictions. */
    MetricSums of(int role, @Nullable ErrorCosts costs) {
      return new RoleSums(this, role, costs);
    }

    /** Sum of a role's probabilities of the positive one of two classes. */
    double positive(int role) {
      return sums[CLASSES * role + 3];
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

    private double number(int place) {
      return totals.sum(2 + NUMBERS * role + place);
    }

    @Override
    public double errors() {
      return number(0);
    }

    @Override
    public double absoluteErrors() {
      return number(1);
    }

    @Override
    public double squaredErrors() {
      return number(2);
    }

    @Override
    public double relativeErrors() {
      return number(3);
    }

    @Override
    public double symmetricErrors() {
      return number(4);
    }

    @Override
    public double quantileLosses() {
      return number(5);
    }

    @Override
    public long zeroLabels() {
      return totals.zeroLabels();
    }

    @Override
    public double squaredProbabilities() {
      return totals.sum(CLASSES * role + 1);
    }

    @Override
    public double business() {
      return totals.classes() > 0 ? totals.sum(CLASSES * role + 2) : number(6);
    }

    @Override
    public long withoutBusiness() {
      return totals.withoutBusiness()[role];
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
      return totals.sum(CLASSES * role);
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
