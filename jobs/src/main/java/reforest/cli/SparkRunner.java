package reforest.cli;

import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import reforest.home.Home;
import reforest.job.Job;
import reforest.job.Jobs;

/** Runs jobs on one Spark session, which opens with the first that needs it. */
final class SparkRunner implements JobRunner {

  private @Nullable SparkSession session;

  @Override
  public <R> Outcome run(Setting setting, Function<Jobs, Job<R>> job, Function<R, Outcome> told) {
    Home home = setting.home();
    Jobs jobs = setting.of(Jobs.on(() -> session(setting), home));
    return told.apply(job.apply(jobs).execute());
  }

  private SparkSession session(Setting setting) {
    if (session == null) {
      setting.progress().does("starting Spark");
      session = Session.open(setting.home().spark());
      session.sparkContext().addSparkListener(setting.tasks());
    }
    return session;
  }

  @Override
  public void close() {
    if (session != null) {
      session.stop();
      session = null;
    }
  }
}
