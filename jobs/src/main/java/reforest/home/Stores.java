package reforest.home;

import java.net.URI;
import java.util.Map;
import reforest.bundle.LocalStore;
import reforest.bundle.Store;

/** Opens stores by their address. */
public final class Stores {

  private Stores() {}

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
    return HadoopStore.open(folder, Hadoop.settings(spark));
  }
}
