package reforest.evaluate;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import reforest.bundle.Task;
import reforest.config.Metric;
import reforest.config.MetricSettings;

/**
 * What is measured: whose predictions, on which slices.
 *
 * @param task what is predicted
 * @param classes the classes in the order of the probabilities; empty for a regression
 * @param roles who predicts, the challenger first
 * @param slices the slices beside the whole, in the order in which they are reported
 * @param decisions how each role decides between classes
 * @param clip log-loss takes probabilities from {@code clip} to {@code 1 - clip}
 * @param center a value in the middle of a regression's labels; sums of squares are taken around it
 *     so that labels far from zero lose no digits
 * @param tolerance a regression's prediction has moved when it moves by more; NaN where that is not
 *     counted
 * @param settings what metrics are told besides
 * @param fairness the groups that are told apart beside the slices
 */
public record ComparisonPlan(
    Task task,
    List<String> classes,
    List<Role> roles,
    List<NamedSlice> slices,
    DecisionThresholds decisions,
    double clip,
    double center,
    double tolerance,
    MetricSettings settings,
    FairnessPlan fairness)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public ComparisonPlan {
    classes = List.copyOf(classes);
    roles = List.copyOf(roles);
    slices = List.copyOf(slices);
    if (roles.isEmpty() || roles.get(0) != Role.CHALLENGER) {
      throw new IllegalArgumentException("the challenger must come first, got " + roles);
    }
    if (roles.stream().distinct().count() != roles.size()) {
      throw new IllegalArgumentException("each role at most once, got " + roles);
    }
    if (slices.stream().map(NamedSlice::name).distinct().count() != slices.size()) {
      throw new IllegalArgumentException("two slices have the same name");
    }
    if (decisions.thresholds().size() != roles.size()) {
      throw new IllegalArgumentException("each role decides in one way, got " + decisions);
    }
    boolean fits =
        switch (task) {
          case REGRESSION -> classes.isEmpty();
          case BINARY -> classes.size() == 2;
          case MULTICLASS -> classes.size() >= 2;
        };
    if (!fits) {
      throw new IllegalArgumentException("a " + task.key() + " has not classes " + classes);
    }
    if (!(clip > 0 && clip < 0.5)) {
      throw new IllegalArgumentException("clip must be above 0 and below 0.5, got " + clip);
    }
    if (!Double.isFinite(center)) {
      throw new IllegalArgumentException("center must be finite, got " + center);
    }
  }

  /** Without groups that are told apart, and with the metrics that need no setting. */
  public ComparisonPlan(
      Task task,
      List<String> classes,
      List<Role> roles,
      List<NamedSlice> slices,
      DecisionThresholds decisions,
      double clip,
      double center,
      double tolerance) {
    this(
        task,
        classes,
        roles,
        slices,
        decisions,
        clip,
        center,
        tolerance,
        MetricSettings.PLAIN,
        FairnessPlan.NONE);
  }

  /** Of which no one counts how many predictions of a regression move. */
  public ComparisonPlan(
      Task task,
      List<String> classes,
      List<Role> roles,
      List<NamedSlice> slices,
      DecisionThresholds decisions,
      double clip,
      double center) {
    this(task, classes, roles, slices, decisions, clip, center, Double.NaN);
  }

  /** Of roles that decide for the most probable class. */
  public ComparisonPlan(
      Task task,
      List<String> classes,
      List<Role> roles,
      List<NamedSlice> slices,
      double clip,
      double center) {
    this(task, classes, roles, slices, DecisionThresholds.plain(roles.size()), clip, center);
  }

  /** The numbers in one prediction: 1, or one probability a class. */
  public int outputs() {
    return task.isClassification() ? classes.size() : 1;
  }

  /** The metrics that the task has, in their declared order; those that lack a setting are not. */
  public List<Metric> metrics() {
    return Arrays.stream(Metric.values())
        .filter(metric -> metric.isMeasured(task, decisions.costs(), settings))
        .toList();
  }

  /** The same with these settings of metrics. */
  public ComparisonPlan with(MetricSettings of) {
    return new ComparisonPlan(
        task, classes, roles, slices, decisions, clip, center, tolerance, of, fairness);
  }

  /** Whether rows are kept, for what needs their order. */
  boolean keepsRows() {
    return task == Task.BINARY || settings.keepsRows();
  }

  /** The same where a prediction counts as moved when it moves by more than this. */
  public ComparisonPlan tolerating(double most) {
    return new ComparisonPlan(
        task, classes, roles, slices, decisions, clip, center, most, settings, fairness);
  }

  /** The same with groups that are told apart. */
  public ComparisonPlan telling(FairnessPlan groups) {
    return new ComparisonPlan(
        task, classes, roles, slices, decisions, clip, center, tolerance, settings, groups);
  }

  /** Whether it is counted how many predictions change from the champion's. */
  boolean countsChurn() {
    return has(Role.CHAMPION) && (task.isClassification() || !Double.isNaN(tolerance));
  }

  /** Whether anybody plays that role. */
  public boolean has(Role role) {
    return roles.contains(role);
  }
}
