package reforest.cli;

import java.net.URI;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import reforest.bundle.LocalStore;
import reforest.bundle.Store;
import reforest.publish.HadoopStore;

/** Opens stores by their address. */
final class Stores {

  private static final String HADOOP = "spark.hadoop.";

  private Stores() {}

  /** The store at a folder, with Hadoop's own settings. */
  static Store at(URI folder) {
    return at(folder, Map.of());
  }

  /**
   * The store at a folder.
   *
   * @param spark Spark's settings, of which {@code spark.hadoop.*} are Hadoop's
   */
  static Store at(URI folder, Map<String, String> spark) {
    // Asked here, so that commands on local files never load Hadoop.
    if (Location.isLocal(folder)) {
      return new LocalStore(Location.path(folder));
    }
    Configuration hadoop = new Configuration();
    // Where spark-submit leaves what its own --conf says.
    Properties submitted = System.getProperties();
    submitted.stringPropertyNames().forEach(key -> set(hadoop, key, submitted.getProperty(key)));
    spark.forEach((key, value) -> set(hadoop, key, value));
    return HadoopStore.open(folder, hadoop);
  }

  private static void set(Configuration hadoop, String key, String value) {
    if (key.startsWith(HADOOP)) {
      hadoop.set(key.substring(HADOOP.length()), value);
    }
  }

  /** The store of one model below a home. */
  static Store ofModel(URI home, String model) {
    return ofModel(home, model, Map.of());
  }

  /** The store of one model below a home, with Spark's settings. */
  static Store ofModel(URI home, String model, Map<String, String> spark) {
    return at(Location.below(home, "models/" + model), spark);
  }
}
