package reforest.home;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import reforest.bundle.ReforestException;

/**
 * Hadoop as Spark will see it.
 *
 * <p>Hadoop keeps one client for each address, whatever its settings, so the first to open it
 * decides for all that follow in the process: everything opens it with these settings.
 */
public final class Hadoop {

  static final String PREFIX = "spark.hadoop.";

  private Hadoop() {}

  /**
   * Hadoop's own settings, then those of {@code spark-submit}, then those of {@code --spark}.
   *
   * @param spark Spark's settings, of which {@code spark.hadoop.*} are Hadoop's
   */
  public static Configuration settings(Map<String, String> spark) {
    return settings(System.getProperties(), spark);
  }

  /**
   * The same, with the properties in which {@code spark-submit} leaves its settings. They are read
   * as SparkConf reads them, but without loading Spark.
   */
  public static Configuration settings(Properties submitted, Map<String, String> spark) {
    Configuration hadoop = new Configuration();
    submitted.stringPropertyNames().forEach(key -> add(hadoop, key, submitted.getProperty(key)));
    spark.forEach((key, value) -> add(hadoop, key, value));
    return hadoop;
  }

  private static void add(Configuration hadoop, String key, String value) {
    if (key.startsWith(PREFIX) && key.length() > PREFIX.length()) {
      hadoop.set(key.substring(PREFIX.length()), value);
    }
  }

  /** A place as Spark's readers take it: not encoded, unlike a URI. */
  public static String path(URI place) {
    return new Path(place).toString();
  }

  /**
   * The file system of a place.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when nothing knows such addresses, of kind
   *     {@code STORE} when it cannot be reached
   */
  public static FileSystem files(URI place, Map<String, String> spark) {
    return HadoopStore.files(place, settings(spark));
  }

  /**
   * Requires that a place's file system can be opened; whoever asks for it later opens it anew,
   * with settings of its own.
   *
   * @throws ReforestException as {@link #files}
   */
  public static void requireFiles(URI place, Map<String, String> spark) {
    Configuration own = settings(spark);
    own.setBoolean("fs." + place.getScheme() + ".impl.disable.cache", true);
    try {
      HadoopStore.files(place, own).close();
    } catch (IOException e) {
      throw HadoopStore.unavailable("cannot open " + place, e);
    }
  }
}
