package reforest.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.ReforestException;
import reforest.job.SparkDefaults;
import scala.Tuple2;

/** Opens Spark with what Delta and this project need. */
public final class Session {

  /** How Spark words that it cannot read {@code spark.master}, for which it has no class. */
  private static final List<String> NO_MASTER =
      List.of("Could not parse Master URL", "Asked to run locally with");

  private Session() {}

  /**
   * The session of a cluster's driver, or an embedded one on all cores of this machine.
   *
   * @param settings Spark's own settings, which go before the defaults here
   * @throws ReforestException of kind {@code ARGUMENTS} when {@code spark.master} names no cluster,
   *     of kind {@code STORE} when the cluster does not let it open
   */
  public static SparkSession open(Map<String, String> settings) {
    SparkConf conf = new SparkConf();
    settings.forEach(conf::set);
    boolean embedded =
        !conf.contains("spark.master") || conf.get("spark.master").startsWith("local");
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing("spark.app.name", "reforest");
    SparkDefaults.missing(own(conf)).forEach(conf::set);
    SparkDefaults.required().forEach(conf::set);
    if (embedded) {
      // A table of one machine: more partitions than cores only cost.
      int cores = Runtime.getRuntime().availableProcessors();
      conf.setIfMissing("spark.sql.shuffle.partitions", String.valueOf(cores));
      conf.setIfMissing("spark.default.parallelism", String.valueOf(cores));
      conf.setIfMissing("spark.databricks.delta.snapshotPartitions", "2");
      conf.setIfMissing("spark.ui.enabled", "false");
      // Nothing is kept there, and it would appear in whatever folder the command is called from.
      conf.setIfMissing("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir"));
      conf.setIfMissing("spark.driver.host", "localhost");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    try {
      return SparkSession.builder().config(conf).getOrCreate();
    } catch (Exception e) {
      // Not only unchecked ones: Spark's own are checked, and Scala does not declare them.
      if (isNoMaster(e)) {
        throw noMaster(conf.get("spark.master"), e);
      }
      if (embedded) {
        throw e;
      }
      throw unreachable(conf.get("spark.master"), e);
    }
  }

  private static Map<String, String> own(SparkConf conf) {
    return Stream.of(conf.getAll()).collect(Collectors.toMap(Tuple2::_1, Tuple2::_2));
  }

  /** Whether Spark could make nothing of the text in {@code spark.master}. */
  private static boolean isNoMaster(Exception e) {
    String message = String.valueOf(e.getMessage());
    return e instanceof SparkException && NO_MASTER.stream().anyMatch(message::contains);
  }

  private static ReforestException noMaster(String master, Exception cause) {
    return new ReforestException(
        ReforestException.Kind.ARGUMENTS,
        "'" + master + "' is no master that Spark knows: " + cause.getMessage(),
        "set spark.master to one such as local[4] or spark://HOST:7077; yarn and k8s://... need"
            + " Spark's jars for them on the class path",
        cause);
  }

  /** Spark tells of a master that does not answer by whatever then fails first within itself. */
  private static ReforestException unreachable(String master, Exception cause) {
    return new ReforestException(
        ReforestException.Kind.STORE,
        "cannot open Spark on " + master + ": " + cause,
        "check that spark.master is right, that it can be reached from here and that it has room"
            + " for this job",
        cause);
  }
}
