package reforest.job;

import java.time.Instant;
import java.util.Optional;
import reforest.score.Rows;

/**
 * What the commands that need Spark do, once arguments and configuration are read.
 *
 * <p>Every method returns what it found out, throws {@link reforest.bundle.ReforestException} for
 * what a person can mend, and anything else for a bug. {@link #close} stops Spark; the process ends
 * only after it.
 */
public interface Work extends AutoCloseable {

  /** Merges a source's rows into the model's table. */
  Outcome ingest(Ask ask, IngestOptions options);

  /** Makes an old version of the table the newest. */
  Outcome restore(Ask ask, RestoreOptions options);

  /** Trains a challenger and judges it. */
  Outcome retrain(Ask ask, RetrainOptions options);

  /** Scores a bundle on a version of the table. */
  Outcome backtest(Ask ask, BacktestOptions options);

  /** Makes a staged challenger the champion. */
  Outcome promote(Ask ask, PromoteOptions options);

  /** Makes an earlier champion the champion again. */
  Outcome rollback(Ask ask, RollbackOptions options);

  /** Derives the registry's tables again. */
  Outcome repair(Ask ask);

  /** Shows all of it on the demo's data. */
  Outcome demo(Ask ask);

  @Override
  void close();

  /**
   * @param source path of the source; empty for the one in the configuration
   */
  record IngestOptions(Optional<String> source) {}

  /**
   * @param dataVersion the old version
   * @param reason why, in words
   */
  record RestoreOptions(long dataVersion, String reason) {}

  /**
   * Which rows; at most one of both, and the newest version when there is none.
   *
   * @param dataVersion a version of the table
   * @param asOf the version that was the newest at that time
   */
  record Rows(Optional<Long> dataVersion, Optional<Instant> asOf) {}

  /**
   * @param publish whether it is judged on the protected window and may become champion
   * @param rows which rows
   * @param logicalDate the date of a schedule that this run belongs to
   * @param force why a finished run is run again; empty to get its recorded verdict
   */
  record RetrainOptions(
      boolean publish, Rows rows, Optional<String> logicalDate, Optional<String> force) {}

  /**
   * @param bundle digest of a published bundle or key of a run; empty for the champion
   * @param rows which rows
   */
  record BacktestOptions(Optional<String> bundle, Rows rows) {}

  /**
   * @param run key of the run that staged the challenger
   * @param override why the gate is overruled; empty to go through it
   */
  record PromoteOptions(String run, Optional<String> override) {}

  /**
   * @param to number of the promotion to go back to; empty for the one before the champion's
   * @param reason why, in words
   */
  record RollbackOptions(Optional<Long> to, String reason) {}
}
