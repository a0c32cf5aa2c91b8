package reforest.cli;

import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import reforest.job.Job;
import reforest.job.Jobs;

/** Runs the commands' real jobs on a session that outlives them. */
public final class SharedRunner implements JobRunner {

  private final SparkSession session;

  private SharedRunner(SparkSession session) {
    this.session = session;
  }

  /** A runner that finds the given session and leaves it open. */
  public static Supplier<JobRunner> on(SparkSession session) {
    return () -> new SharedRunner(session);
  }

  @Override
  public <R> Outcome run(Setting setting, Function<Jobs, Job<R>> job, Function<R, Outcome> told) {
    Jobs jobs = setting.of(Jobs.on(session, setting.home()));
    return told.apply(job.apply(jobs).execute());
  }

  @Override
  public void close() {}
}
