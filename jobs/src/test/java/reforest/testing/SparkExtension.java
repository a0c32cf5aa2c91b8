package reforest.testing;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import reforest.job.SparkDefaults;

/** Hands the one Spark session of this JVM to every test that asks for a {@code SparkSession}. */
public final class SparkExtension implements ParameterResolver {

  /**
   * What the launcher sets for small data; processes that are started without it compile queries.
   */
  public static final Map<String, String> SMALL =
      Map.of(
          "spark.sql.codegen.wholeStage", "false",
          "spark.sql.codegen.factoryMode", "NO_CODEGEN",
          "spark.sql.adaptive.enabled", "false");

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SparkSession.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Holder.SESSION;
  }

  /** The same session for a process that a test has started. */
  public static SparkSession session() {
    return Holder.SESSION;
  }

  private static final class Holder {
    static final SparkSession SESSION =
        SparkSession.builder()
            .master("local[2]")
            .appName("reforest-tests")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.default.parallelism", "2")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            .config("spark.sql.warehouse.dir", "target/warehouse-" + ProcessHandle.current().pid())
            // VACUUM lists folders in that many tasks, ten thousand unless told otherwise.
            .config("spark.sql.sources.parallelPartitionDiscovery.parallelism", "2")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config(settings())
            .getOrCreate();

    private static Map<String, Object> settings() {
      Map<String, Object> settings = new HashMap<>(SMALL);
      settings.putAll(SparkDefaults.all());
      return settings;
    }
  }
}
