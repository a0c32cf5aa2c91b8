package reforest.job;

import java.net.URI;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import reforest.config.Configuration;
import reforest.table.Remove;
import reforest.table.RowChoice;
import reforest.table.VersionChoice;

/** Takes rows out of a model's table, as a new version; older versions keep them. */
public final class Removing implements Job<Removing.Result> {

  private final JobContext context;
  private final Configuration configuration;
  private final Options options;

  Removing(JobContext context, Configuration configuration, Options options) {
    this.context = context;
    this.configuration = configuration;
    this.options = options;
  }

  /**
   * @param choice which rows
   * @param reason why, in words; not blank
   * @param look whether the rows are only looked for, and stay
   */
  public record Options(RowChoice choice, String reason, boolean look) {}

  /**
   * What a removal did, or would do.
   *
   * @param table location of the table
   * @param versionBefore newest version before
   * @param versionAfter newest version now; the same when rows were only looked for
   * @param rows rows that were chosen
   * @param left rows that were not
   * @param examples some of the chosen rows by their keys, without personal data
   */
  public record Result(
      String table,
      long versionBefore,
      long versionAfter,
      long rows,
      long left,
      List<String> examples) {
    public Result {
      examples = List.copyOf(examples);
    }
  }

  /** The same, but the rows stay: the result says which would go. */
  public Removing looking() {
    return new Removing(
        context, configuration, new Options(options.choice(), options.reason(), true));
  }

  @Override
  public Result execute() {
    SparkSession spark = context.spark().get();
    URI table = context.home().table(configuration.model().model());
    Remove.Result result =
        context
            .steps(1)
            .run(
                "remove",
                () -> {
                  context.progress().does("looking for the rows");
                  Remove remove = new Remove(spark, configuration.model().data(), table);
                  return options.look()
                      ? remove.look(options.choice())
                      : remove.execute(options.choice(), options.reason());
                });
    return new Result(
        table.toString(),
        result.versionBefore(),
        result.versionAfter(),
        result.rows(),
        result.left(),
        result.examples());
  }

  @Override
  public Preflight.Result check() {
    Preflight preflight = new Preflight(context.home(), configuration.model().model());
    options.choice().where().ifPresent(preflight::predicate);
    preflight.home();
    preflight.table(VersionChoice.newest());
    preflight.champion();
    return preflight.result();
  }

  @Override
  public String toString() {
    return "remove " + options;
  }
}
