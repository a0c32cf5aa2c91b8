package reforest.job;

import java.time.Clock;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import reforest.config.Configuration;
import reforest.config.ModelConfig;
import reforest.home.Home;
import reforest.table.RowChoice;

/**
 * The jobs that a program can call, on one Spark session and one home.
 *
 * <pre>{@code
 * Jobs jobs = Jobs.on(spark, Home.at(URI.create("hdfs:///models")));
 * Retrain.Result result = jobs.retrain(configuration).publish().execute();
 * }</pre>
 *
 * <p>The home that is given counts, not the one that a configuration names. The session must have
 * Delta and read times as UTC; {@link SparkDefaults} has the settings. Jobs keep no state of their
 * own between calls, and several may share a session.
 */
public final class Jobs {

  /** Who does what a run needs Spark for. */
  interface Computing {
    Compute on(JobContext context, ModelConfig config);
  }

  private final JobContext context;
  private final Computing computing;

  private Jobs(JobContext context, Computing computing) {
    this.context = context;
    this.computing = computing;
  }

  /** Jobs on an open session, which stays open. */
  public static Jobs on(SparkSession spark, Home home) {
    return on(() -> spark, home);
  }

  /**
   * Jobs that open Spark when the first of them needs it.
   *
   * @param spark gives the same session each time
   */
  public static Jobs on(Supplier<SparkSession> spark, Home home) {
    return computedBy(
        (context, config) ->
            new SparkCompute(context.spark().get(), context.home(), config, context.progress()),
        spark,
        home);
  }

  static Jobs computedBy(Computing computing, Supplier<SparkSession> spark, Home home) {
    return new Jobs(
        new JobContext(spark, home, Clock.systemUTC(), System::nanoTime, Progress.SILENT),
        computing);
  }

  /** The same by another clock, which says when runs happen and how old versions are. */
  public Jobs at(Clock clock) {
    return new Jobs(
        new JobContext(context.spark(), context.home(), clock, context.nanos(), context.progress()),
        computing);
  }

  /** The same, and somebody hears how each job goes on. */
  public Jobs heardBy(Progress progress) {
    return new Jobs(
        new JobContext(context.spark(), context.home(), context.clock(), context.nanos(), progress),
        computing);
  }

  /** The same with another ticker for how long steps take. */
  public Jobs timedBy(java.util.function.LongSupplier nanos) {
    return new Jobs(
        new JobContext(context.spark(), context.home(), context.clock(), nanos, context.progress()),
        computing);
  }

  /** Merges new and corrected rows into the model's table. */
  public Ingesting ingest(Configuration configuration) {
    return new Ingesting(context, configuration, Ingesting.Options.DEFAULT);
  }

  /**
   * Makes an old version of the model's table the newest again.
   *
   * @param reason why, in words; not blank
   */
  public Restoring restore(Configuration configuration, long version, String reason) {
    return new Restoring(context, configuration, new Restoring.Options(version, reason));
  }

  /**
   * Takes rows out of the model's table, as a new version.
   *
   * @param choice which rows
   * @param reason why, in words; not blank
   */
  public Removing remove(Configuration configuration, RowChoice choice, String reason) {
    return new Removing(context, configuration, new Removing.Options(choice, reason, false));
  }

  /** Trains a challenger and judges it against the champion. */
  public Retrain retrain(Configuration configuration) {
    return new Retrain(context, computing, configuration, Retrain.Options.DEFAULT);
  }

  /** Measures the champion, or any other bundle, on any version of the data. */
  public Backtest backtest(Configuration configuration) {
    return new Backtest(context, computing, configuration, Backtest.Options.DEFAULT);
  }

  /** Asks the champion, or any other bundle, the cases that the model must hold to. */
  public CheckBehaviour check(Configuration configuration) {
    return new CheckBehaviour(context, configuration);
  }

  /**
   * Judges the challenger of an earlier run once more, and makes it champion if it wins.
   *
   * @param run key of that run
   */
  public Promote promote(Configuration configuration, String run) {
    return new Promote(
        context,
        computing,
        configuration,
        new Promote.Options(run, java.util.Optional.empty(), java.util.Optional.empty()));
  }

  /**
   * Makes an earlier champion the champion again.
   *
   * @param reason why, in words; not blank
   */
  public Rollback rollback(Configuration configuration, String reason) {
    return new Rollback(
        context,
        configuration.model().model(),
        new Rollback.Options(java.util.Optional.empty(), java.util.Optional.empty(), reason));
  }

  /** Derives the registry's tables again, for all models of the home. */
  public Repair repair(Configuration configuration) {
    return new Repair(context, configuration.model().model());
  }

  /** A year of bike-sharing demand, from the first ingest to a rollback. */
  public Demo demo(Configuration configuration) {
    return new Demo(context, new Demo.RealSteps(this, configuration), configuration);
  }
}
