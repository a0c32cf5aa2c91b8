package reforest.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reforest.bundle.Task;
import reforest.config.EvaluateConfig.Slice;

/** Reads {@code windows}, {@code evaluate} and {@code slices}: which rows are compared, and how. */
final class EvaluateReader {

  private static final Duration LONGEST = Duration.ofDays(3650);

  private EvaluateReader() {}

  static WindowConfig windows(Section windows, DeclaredColumns contract) {
    List<String> groups = windows.texts("groups");
    contract.check(windows, "groups", groups);
    String share = "a share of the groups";
    double protectedShare = windows.number("protected-share", Range.between(0, 1), share);
    double developmentShare = windows.number("development-share", Range.between(0, 1), share);
    if (protectedShare + developmentShare >= 1) {
      windows.problem(
          "protected-share",
          "and windows.development-share must leave rows to train on, but add up to "
              + (protectedShare + developmentShare));
    }
    return new WindowConfig(
        duration(windows, "protected", Duration.ofHours(1)),
        duration(windows, "development", Duration.ofHours(1)),
        duration(windows, "label-delay", Duration.ZERO),
        duration(windows, "align", Duration.ofMinutes(1)),
        groups,
        protectedShare,
        developmentShare,
        windows.text("salt", "any text"));
  }

  private static Duration duration(Section section, String key, Duration min) {
    Optional<Duration> duration = section.duration(key, min, LONGEST);
    if (duration.isEmpty() && !section.has(key)) {
      section.missing(key, "a duration such as 28d");
    }
    return duration.orElse(min);
  }

  static EvaluateConfig read(
      Section root, DeclaredColumns contract, MetricReader metrics, Range margins) {
    Optional<Task> task = metrics.task();
    Section evaluate = root.section("evaluate");
    Section cluster = evaluate.section("cluster");
    List<String> columns = cluster.texts("columns");
    contract.check(cluster, "columns", columns);
    Optional<Duration> period = cluster.duration("period", Duration.ofMinutes(1), LONGEST);
    if (period.isPresent() && contract.data().eventTime().isEmpty()) {
      cluster.problem("period", "needs data.event-time, which is not set");
    }
    Optional<String> baseline = evaluate.text("baseline");
    if (baseline.isPresent() && task.filter(t -> t == Task.MULTICLASS).isPresent()) {
      evaluate.problem("baseline", "is for regression and binary tasks, but task is multiclass");
    }
    return new EvaluateConfig(
        columns,
        period,
        evaluate.count("max-groups", 2, 1000),
        evaluate.number("clip", Range.upTo(0, 0.1), "where log-loss clips probabilities"),
        errorCosts(evaluate.section("error-costs"), task),
        baseline,
        slices(root, contract, margins),
        metrics.settings());
  }

  private static Optional<ErrorCosts> errorCosts(Section costs, Optional<Task> task) {
    boolean positive = costs.has("false-positive");
    if (!positive && !costs.has("false-negative")) {
      return Optional.empty();
    }
    if (task.isPresent() && task.get() != Task.BINARY) {
      costs.problem(
          positive ? "false-positive" : "false-negative",
          "is for binary tasks, whose decision has two errors, but task is " + task.get().key());
    }
    return Optional.of(
        new ErrorCosts(
            costs.number("false-positive", Range.above(0), "what a false positive costs"),
            costs.number("false-negative", Range.above(0), "what a false negative costs")));
  }

  private static List<Slice> slices(Section root, DeclaredColumns contract, Range margins) {
    List<Slice> slices = new ArrayList<>();
    for (Section section : root.sections("slices")) {
      String name = section.text("name", "the slice's name");
      if (name.equals(Slice.OVERALL)) {
        section.problem("name", "must not be '" + Slice.OVERALL + "', which stands for all rows");
      }
      if (!name.isEmpty() && slices.stream().anyMatch(s -> s.name().equals(name))) {
        section.problem("name", "declares '" + name + "' twice");
      }
      List<String> columns = section.texts("columns");
      contract.check(section, "columns", columns);
      Optional<String> where = section.text("where");
      if (columns.isEmpty() == where.isEmpty()) {
        section.problem(
            section.has("where") ? "where" : "name",
            columns.isEmpty()
                ? "needs columns or a predicate 'where' that says which rows"
                : "and columns both say which rows; write one of them");
      }
      Optional<Double> margin = section.number("margin", margins);
      slices.add(new Slice(name, columns, where, section.flag("critical", false), margin));
    }
    if (slices.size() > EvaluateConfig.MOST_SLICES) {
      root.problem(
          "slices",
          "must be at most %d, got %d".formatted(EvaluateConfig.MOST_SLICES, slices.size()));
    }
    return slices;
  }
}
