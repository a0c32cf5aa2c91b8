package reforest.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reforest.bundle.Task;
import reforest.config.Engine;
import reforest.config.Metric;
import reforest.config.MetricSettings;
import reforest.config.Recency;

/**
 * Fits all candidates of a fold at once: its rows go to each executor as binned columns, and each
 * fit is a task of one Spark job.
 */
final class BinnedTrainer implements Trainer {

  private static final Logger LOG = LoggerFactory.getLogger(BinnedTrainer.class);

  /**
   * What is asked of every fold.
   *
   * @param classNames the label's classes; empty for a regression
   * @param clip log-loss takes probabilities from this to 1 less this
   * @param thresholds whether a threshold between two classes will be chosen
   * @param settings what metrics are told besides
   * @param rows about how many rows there are in all
   * @param deadline after which fits but the first are left out
   */
  record Plan(
      Task task,
      List<String> classNames,
      List<Candidate> candidates,
      int maxBins,
      long seed,
      Metric metric,
      double clip,
      boolean thresholds,
      MetricSettings settings,
      long rows,
      Deadline deadline) {

    /** How many classes the label has; 0 for a regression. */
    int classes() {
      return classNames.size();
    }
  }

  private final Plan plan;

  /** Positions of the candidates that there was no time for. */
  private final Set<Integer> leftOut = new HashSet<>();

  private FoldRows.@Nullable Prepared at;
  private final Map<Recency, BinnedFold> folds = new HashMap<>();

  BinnedTrainer(Plan plan) {
    this.plan = plan;
  }

  @Override
  public synchronized Fitted fit(FoldRows.Prepared prepared, int candidate) {
    if (at != prepared) {
      release();
      List<Integer> wanted = new ArrayList<>();
      if (prepared.fold() < 0) {
        // The refit on all rows asks for the winner alone.
        wanted.add(candidate);
      } else {
        IntStream.range(0, plan.candidates().size())
            .filter(position -> !leftOut.contains(position))
            .forEach(wanted::add);
      }
      fitAll(prepared, wanted);
      at = prepared;
    }
    BinnedFold fold = foldOf(candidate);
    return fold == null ? Fitted.leftOut(prepared.recipe()) : fold.fitted(candidate);
  }

  private void fitAll(FoldRows.Prepared prepared, List<Integer> wanted) {
    long start = System.nanoTime();
    // Candidates of the same rows and weights share a table.
    Map<Recency, List<Integer>> groups = new LinkedHashMap<>();
    for (int position : wanted) {
      Recency recency = plan.candidates().get(position).recency();
      groups.computeIfAbsent(recency, r -> new ArrayList<>()).add(position);
    }
    groups.forEach(
        (recency, group) -> {
          // The first group holds the first candidate, which is fitted in any case.
          if (folds.isEmpty() || !plan.deadline().isOver(prepared.fold())) {
            folds.put(recency, BinnedFold.fit(prepared.within(recency), plan, group));
          }
        });
    for (int position : wanted) {
      if (foldOf(position) == null) {
        leftOut.add(position);
      }
    }
    LOG.info(
        "fitted {} of {} candidates on {} rows in {} s",
        wanted.stream().filter(position -> foldOf(position) != null).count(),
        plan.candidates().size(),
        folds.values().stream().mapToInt(BinnedFold::rows).max().orElse(0),
        Math.round((System.nanoTime() - start) / 1e8) / 10.0);
  }

  /** Where a candidate was fitted; null when there was no time for it. */
  private @Nullable BinnedFold foldOf(int position) {
    BinnedFold fold = folds.get(plan.candidates().get(position).recency());
    return fold != null && fold.hasFitted(position) ? fold : null;
  }

  @Override
  public synchronized Optional<Scored> score(int of, int candidate, Dataset<?> validation) {
    if (at == null || at.fold() != of) {
      throw new IllegalStateException("fold " + of + " is not the one that was fitted last");
    }
    BinnedFold fold = foldOf(candidate);
    return Optional.of(fold == null ? Scored.LEFT_OUT : fold.score(candidate, validation));
  }

  @Override
  public String engine() {
    return Engine.BINNED.key();
  }

  @Override
  public synchronized void release() {
    folds.clear();
    at = null;
  }
}
