package reforest.job;

import reforest.config.Configuration;
import reforest.table.Restore;
import reforest.table.VersionChoice;

/** Makes an old version of a model's table the newest again. */
public final class Restoring implements Job<Restoring.Result> {

  private final JobContext context;
  private final Configuration configuration;
  private final Options options;

  Restoring(JobContext context, Configuration configuration, Options options) {
    this.context = context;
    this.configuration = configuration;
    this.options = options;
  }

  /**
   * @param dataVersion the old version
   * @param reason why, in words
   */
  public record Options(long dataVersion, String reason) {}

  /**
   * What a restore did.
   *
   * @param table location of the table
   * @param versionBefore newest version before
   * @param restored the version whose rows are the newest again
   * @param versionAfter newest version now
   */
  public record Result(String table, long versionBefore, long restored, long versionAfter) {}

  @Override
  public Result execute() {
    var spark = context.spark().get();
    var table = context.home().table(configuration.model().model());
    Restore.Result result =
        context
            .steps(1)
            .run(
                "restore",
                () -> {
                  context.progress().does("rewriting the table's newest version");
                  return new Restore(spark, configuration.model().data(), table)
                      .execute(options.dataVersion(), options.reason());
                });
    return new Result(
        table.toString(), result.versionBefore(), result.restored(), result.versionAfter());
  }

  @Override
  public Preflight.Result check() {
    Preflight preflight = new Preflight(context.home(), configuration.model().model());
    preflight.home();
    preflight.table(VersionChoice.of(options.dataVersion()));
    preflight.champion();
    return preflight.result();
  }

  @Override
  public String toString() {
    return "restore " + options;
  }
}
