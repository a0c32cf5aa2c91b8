package reforest.train;

import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.network.util.JavaUtils;
import reforest.config.Engine;
import reforest.config.TrainConfig;
import reforest.train.binned.BinnedRows;
import reforest.train.binned.Binning;

/**
 * Where binned columns fit.
 *
 * @param driverBytes heap of the driver
 * @param executorBytes heap of one executor; 0 when the driver does the work itself
 * @param resultBytes what tasks may send to the driver, 0 for any amount
 * @param tasks fits that run at once in one executor
 */
record MemoryCheck(long driverBytes, long executorBytes, long resultBytes, int tasks) {

  /** Copies of the table on the driver: the parts, the whole, and the broadcast's blocks. */
  private static final int DRIVER_COPIES = 3;

  /** Copies in an executor: the table and the broadcast's blocks. */
  private static final int EXECUTOR_COPIES = 2;

  /** Bytes that a fit holds for each row: order, sums, draws, leaves, targets, predictions. */
  private static final int FIT_BYTES = 64;

  private static final long MEGABYTE = 1 << 20;

  /** What this application has. */
  static MemoryCheck of(SparkContext spark) {
    SparkConf conf = spark.conf();
    boolean isLocal = spark.isLocal();
    int cores =
        isLocal
            ? spark.defaultParallelism()
            : conf.getInt("spark.executor.cores", spark.defaultParallelism());
    return new MemoryCheck(
        Runtime.getRuntime().maxMemory(),
        isLocal ? 0 : JavaUtils.byteStringAsBytes(conf.get("spark.executor.memory", "1g")),
        JavaUtils.byteStringAsBytes(conf.get("spark.driver.maxResultSize", "1g")),
        Math.max(1, cores / Math.max(1, conf.getInt("spark.task.cpus", 1))));
  }

  /**
   * Why MLlib's own training must take over; empty when binned columns do.
   *
   * @param rows how many there are
   * @param features features of a row
   */
  Optional<String> mllibBecause(TrainConfig config, long rows, int features) {
    if (config.engine() == Engine.MLLIB) {
      return Optional.of("train.engine is mllib");
    }
    if (config.engine() == Engine.BINNED) {
      return Optional.empty();
    }
    if (config.maxBins() > Binning.MAX_BINS) {
      return Optional.of(
          "train.max-bins is "
              + config.maxBins()
              + ", and a byte tells "
              + Binning.MAX_BINS
              + " apart");
    }
    if (rows > Integer.MAX_VALUE / 2) {
      return Optional.of(rows + " rows are more than one executor can number");
    }
    long table = BinnedRows.bytes(rows, features, isWeighted(config));
    long fits = rows * FIT_BYTES * tasks;
    if (resultBytes > 0 && table > resultBytes) {
      return Optional.of(
          "the binned rows take "
              + megabytes(table)
              + ", more than spark.driver.maxResultSize, "
              + megabytes(resultBytes));
    }
    long driver = table * DRIVER_COPIES + (executorBytes == 0 ? fits : 0);
    if (driver > config.memoryShare() * driverBytes) {
      return Optional.of(tooMuch("the driver", driver, driverBytes, config.memoryShare()));
    }
    long executor = table * EXECUTOR_COPIES + fits;
    if (executorBytes > 0 && executor > config.memoryShare() * executorBytes) {
      return Optional.of(tooMuch("an executor", executor, executorBytes, config.memoryShare()));
    }
    return Optional.empty();
  }

  private static boolean isWeighted(TrainConfig config) {
    return config.search().recency().stream().anyMatch(r -> r.halfLife().isPresent());
  }

  private static String tooMuch(String who, long needed, long has, double share) {
    return String.format(
        Locale.ROOT,
        "binned rows and fits would take %s of %s, which has %s and may give %.0f %%"
            + " (train.memory-share)",
        megabytes(needed),
        who,
        megabytes(has),
        100 * share);
  }

  private static String megabytes(long bytes) {
    return (bytes + MEGABYTE - 1) / MEGABYTE + " MB";
  }
}
