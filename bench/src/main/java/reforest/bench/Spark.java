package reforest.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What the measured programs that use Spark share. */
public final class Spark {

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private Spark() {}

  /**
   * An embedded session.
   *
   * @param isTuned whether for one machine, as Reforest opens it; otherwise with Spark's defaults
   */
  public static SparkSession open(int cores, boolean isTuned) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[" + cores + "]")
            .appName("bench")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"))
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1");
    if (isTuned) {
      builder
          .config("spark.sql.shuffle.partitions", String.valueOf(cores))
          .config("spark.default.parallelism", String.valueOf(cores));
    }
    return builder.getOrCreate();
  }

  /** Rows of {@code train} or {@code test}. */
  public static Dataset<Row> rows(SparkSession spark, Plan plan, String name) {
    return spark.read().parquet(Path.of(plan.data(), name + ".parquet").toString());
  }

  /**
   * Root mean squared error or log-loss.
   *
   * @param rows with the label in {@code label}, and whatever the model reads
   */
  public static double score(Model<?> model, Dataset<Row> rows, Plan plan) {
    Dataset<Row> predicted = model.transform(rows);
    return plan.binary()
        ? new MulticlassClassificationEvaluator().setMetricName("logLoss").evaluate(predicted)
        : new RegressionEvaluator().evaluate(predicted);
  }

  /** User and system time of this process so far, seconds. */
  public static double cpuSeconds() {
    return SYSTEM.getProcessCpuTime() / 1e9;
  }

  /** Writes what a program found out. */
  public static void tell(String file, Map<String, ?> facts) {
    try {
      Files.write(Path.of(file), JsonMapper.builder().build().writeValueAsBytes(facts));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
