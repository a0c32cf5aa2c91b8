package reforest.registry;

import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;
import reforest.table.BrokenFile;

/**
 * Brings the registry's tables up to date after a run. Verdict and promotion stand whatever becomes
 * of the registry, so a job that failed here would be repeated for nothing: it only warns.
 */
public final class RegistryUpdate {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryUpdate.class);

  private RegistryUpdate() {}

  /**
   * Adds runs and promotions that are not there yet.
   *
   * @param made whether this process has just made the runs, so that nobody else can have added
   *     them but in the same way
   * @param spark opens Spark where the job has done without so far
   * @param registry folder of the tables
   * @param promotions all of a model, read once the runs are there
   * @return what went wrong, in words for a person; empty when nothing did
   */
  public static List<String> add(
      Supplier<SparkSession> spark,
      URI registry,
      List<RunRecord> runs,
      boolean made,
      Supplier<List<Promotion>> promotions) {
    return attempted(
        spark,
        registry,
        tables -> {
          if (made) {
            tables.addRuns(runs);
          } else {
            tables.addMissingRuns(runs);
          }
          tables.addPromotions(promotions.get());
        });
  }

  /**
   * Whether the registry is known not to hold a promotion; false where it cannot be read.
   *
   * @param spark as for {@link #add}
   */
  public static boolean lacks(Supplier<SparkSession> spark, URI registry, Promotion promotion) {
    try {
      return !new Registry(spark.get(), registry).holds(promotion);
    } catch (Exception e) {
      // Also checked ones, as below.
      LOG.warn("the registry below {} could not be read", registry, e);
      return false;
    }
  }

  private static List<String> attempted(
      Supplier<SparkSession> spark, URI registry, Consumer<Registry> rows) {
    try {
      rows.accept(new Registry(spark.get(), registry));
      return List.of();
    } catch (Exception e) {
      // Also checked ones, which Spark and Delta throw without declaring them.
      LOG.warn("the registry below {} could not be brought up to date", registry, e);
      return List.of(
          "the registry could not be brought up to date ("
              + why(e)
              + "); all else is done, and 'reforest repair' adds what is missing");
    }
  }

  private static String why(Exception e) {
    return e instanceof ReforestException
        ? String.valueOf(e.getMessage())
        : BrokenFile.behind(e).map(BrokenFile::message).orElseGet(e::toString);
  }
}
