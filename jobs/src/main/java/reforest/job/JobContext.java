package reforest.job;

import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import reforest.home.Home;

/**
 * What a job works with, besides its own options.
 *
 * @param spark opens Spark, or gives the session that is open
 * @param home where everything lies
 * @param clock the time of day
 * @param nanos a ticker for durations, in nanoseconds
 * @param progress hears how the job goes on
 */
record JobContext(
    Supplier<SparkSession> spark, Home home, Clock clock, LongSupplier nanos, Progress progress) {

  /** Steps of a job that has {@code total} of them. */
  RunSteps steps(int total) {
    return new RunSteps(total, nanos, progress);
  }
}
