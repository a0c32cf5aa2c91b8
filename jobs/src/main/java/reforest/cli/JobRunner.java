package reforest.cli;

import java.time.Clock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import reforest.cli.terminal.SparkTasks;
import reforest.home.Home;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.job.Progress;

/** Runs the jobs of commands; closing it closes what they opened. */
public interface JobRunner extends AutoCloseable {

  /**
   * What all jobs of one command share.
   *
   * @param home where they work
   * @param clock the time of day
   * @param nanos a ticker for durations, in nanoseconds
   * @param progress hears how they go on
   * @param tasks hears of each task of Spark
   */
  record Setting(Home home, Clock clock, LongSupplier nanos, Progress progress, SparkTasks tasks) {

    /** The jobs, in this setting. */
    public Jobs of(Jobs jobs) {
      return jobs.at(clock).timedBy(nanos).heardBy(progress);
    }
  }

  /**
   * Runs a job.
   *
   * @param job makes the job
   * @param told what the command tells of its result
   */
  <R> Outcome run(Setting setting, Function<Jobs, Job<R>> job, Function<R, Outcome> told);

  @Override
  void close();
}
