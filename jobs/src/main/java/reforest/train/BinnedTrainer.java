package reforest.train;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

/**
 * Fits all candidates of a fold at once: its rows go to each executor as binned columns, and each
 * fit is a task of one Spark job.
 */
final class BinnedTrainer implements Trainer {

  private static final Logger LOG = LoggerFactory.getLogger(BinnedTrainer.class);

  /**
   * What is asked of every fold.
   *
   * @param classes classes of the label; 0 for a regression
   * @param clip log-loss takes probabilities from this to 1 less this
   * @param rows about how many rows there are in all
   * @param deadline after which fits but the first are left out
   */
  record Plan(
      Task task,
      int classes,
      List<Candidate> candidates,
      int maxBins,
      long seed,
      Metric metric,
      double clip,
      long rows,
      Deadline deadline) {}

  private final Plan plan;

  /** Positions of the candidates that there was no time for. */
  private final Set<Integer> leftOut = new HashSet<>();

  private Folding.@Nullable Prepared at;
  private @Nullable BinnedFold fold;

  BinnedTrainer(Plan plan) {
    this.plan = plan;
  }

  @Override
  public synchronized Fitted fit(Folding.Prepared prepared, int candidate) {
    BinnedFold current = fold;
    if (current == null || at != prepared) {
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
      long start = System.nanoTime();
      current = BinnedFold.fit(prepared, plan, wanted);
      for (int position : wanted) {
        if (!current.hasFitted(position)) {
          leftOut.add(position);
        }
      }
      LOG.info(
          "fitted {} of {} candidates on {} rows in {} s",
          wanted.stream().filter(current::hasFitted).count(),
          plan.candidates().size(),
          current.rows(),
          Math.round((System.nanoTime() - start) / 1e8) / 10.0);
      fold = current;
      at = prepared;
    }
    return current.hasFitted(candidate) ? current.fitted(candidate) : Fitted.leftOut();
  }

  @Override
  public synchronized Optional<Double> score(int of, int candidate, Dataset<?> validation) {
    BinnedFold current = fold;
    if (current == null || at == null || at.fold() != of) {
      throw new IllegalStateException("fold " + of + " is not the one that was fitted last");
    }
    return Optional.of(
        current.hasFitted(candidate) ? current.score(candidate, validation) : Double.NaN);
  }

  @Override
  public String engine() {
    return Engine.BINNED.key();
  }

  @Override
  public synchronized void release() {
    fold = null;
    at = null;
  }
}
