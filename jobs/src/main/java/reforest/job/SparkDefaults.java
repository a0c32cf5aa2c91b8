package reforest.job;

import java.util.Map;
import java.util.TreeMap;
import reforest.config.Secrets;
import reforest.home.CommitFiles;

/** Settings of Spark that Delta and the jobs need. */
public final class SparkDefaults {

  /** Which class writes Delta's commits, for all kinds of places at once. */
  private static final String LOG_STORE = "spark.delta.logStore.class";

  private SparkDefaults() {}

  /** Settings that must be as they are here: a job refuses or misreads anything else. */
  public static Map<String, String> required() {
    return Map.of("spark.sql.session.timeZone", "UTC");
  }

  /**
   * Settings for whatever a session's own do not say.
   *
   * @param own the session's own settings
   */
  public static Map<String, String> missing(Map<String, String> own) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension");
    settings.put(
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    // Delta refuses a store for one scheme beside one for all.
    if (!own.containsKey(LOG_STORE)) {
      settings.putAll(CommitFiles.settings());
    }
    settings.put("spark.redaction.regex", Secrets.forSpark());
    // Looking for what keeps a task's exception from being sent ends the executor's thread on newer
    // releases of Java, and the job waits for ever.
    settings.put("spark.serializer.extraDebugInfo", "false");
    // A page carries its checksum, and who reads it is else content with whatever can be decoded.
    settings.put("spark.hadoop.parquet.page.verify-checksum.enabled", "true");
    settings.keySet().removeAll(own.keySet());
    return settings;
  }

  /** All of them, for a session that has no settings of its own. */
  public static Map<String, String> all() {
    Map<String, String> settings = new TreeMap<>(missing(Map.of()));
    settings.putAll(required());
    return settings;
  }
}
