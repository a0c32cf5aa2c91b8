package reforest.cli;

import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import reforest.job.Ask;
import reforest.job.Outcome;
import reforest.job.SparkWork;
import reforest.job.Work;

/**
 * The commands' real bodies on a session that outlives them. Written out by hand: a proxy would
 * wrap the checked exceptions that Scala throws without declaring them, and so hide them from
 * tests.
 */
public final class SharedWork implements Work {

  private final SparkWork work = new SparkWork();

  private SharedWork() {}

  /** Work that finds the given session and leaves it open. */
  public static Supplier<Work> on(SparkSession session) {
    SparkSession.setActiveSession(session);
    SharedWork open = new SharedWork();
    return () -> open;
  }

  @Override
  public Outcome ingest(Ask ask, IngestOptions options) {
    return work.ingest(ask, options);
  }

  @Override
  public Outcome restore(Ask ask, RestoreOptions options) {
    return work.restore(ask, options);
  }

  @Override
  public Outcome retrain(Ask ask, RetrainOptions options) {
    return work.retrain(ask, options);
  }

  @Override
  public Outcome backtest(Ask ask, BacktestOptions options) {
    return work.backtest(ask, options);
  }

  @Override
  public Outcome promote(Ask ask, PromoteOptions options) {
    return work.promote(ask, options);
  }

  @Override
  public Outcome rollback(Ask ask, RollbackOptions options) {
    return work.rollback(ask, options);
  }

  @Override
  public Outcome repair(Ask ask) {
    return work.repair(ask);
  }

  @Override
  public Outcome demo(Ask ask) {
    return work.demo(ask);
  }

  @Override
  public void close() {}
}
