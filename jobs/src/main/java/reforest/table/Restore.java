package reforest.table;

import java.net.URI;
import java.time.Duration;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;

/** Makes an old version of the training table the newest, as a new commit that says why. */
public final class Restore {

  private final SparkSession spark;
  private final DataConfig data;
  private final URI table;

  /**
   * @param data how long the history is kept
   * @param table location of the Delta table
   */
  public Restore(SparkSession spark, DataConfig data, URI table) {
    this.spark = spark;
    this.data = data;
    this.table = table;
  }

  /**
   * What a restore did.
   *
   * @param versionBefore newest version before
   * @param restored the version whose rows are the newest again
   * @param versionAfter newest version now
   */
  public record Result(long versionBefore, long restored, long versionAfter) {}

  /**
   * Restores a version.
   *
   * @param reason stands in the commit's user metadata
   * @throws ReforestException of kind {@code ARGUMENTS} without a reason or when the version is the
   *     newest, {@code DATA} when the table or the version does not exist or its files are gone
   */
  public Result execute(long version, String reason) {
    if (reason.isBlank()) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "a restore needs a reason",
          "say why with --reason; it is kept in the table's history");
    }
    // The reason travels as a session setting, so a session of its own keeps it out of others.
    SparkSession own = spark.newSession();
    Table old = new Table(own, table);
    old.requireExists();
    long before = old.newestVersion();
    if (version == before) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "version " + version + " is the newest already",
          "name an older one; 'reforest models' says which versions runs have used");
    }
    old.requireVersion(version);
    old.requireFiles(version);
    Duration kept = old.retention();
    own.conf().set(Table.USER_METADATA, reason);
    old.delta().restoreToVersion(version);
    // An old version brings its old properties along, perhaps with a shorter history.
    Duration wanted = kept.compareTo(data.history()) > 0 ? kept : data.history();
    old.keepAtLeast(wanted, wanted);
    return new Result(before, version, old.newestVersion());
  }
}
