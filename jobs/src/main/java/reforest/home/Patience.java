package reforest.home;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * How long a store may stay silent, as Hadoop's clients of HDFS and S3 know it: by many settings of
 * tries, waits and timeouts that multiply.
 */
public final class Patience {

  /** Long enough for a failover, short enough for somebody who waits. */
  public static final Duration DEFAULT = Duration.ofMinutes(2);

  /** Most tries of one call, which share the time; a fifth is left for the waits between them. */
  private static final int TRIES = 4;

  /** Hadoop's client of S3 waits no less for an answer, whatever it is told. */
  private static final long SHORTEST_CALL_MILLIS = 15_000;

  private static final int LONGEST_CONNECT_MILLIS = 20_000;

  private Patience() {}

  /**
   * Spark's settings with those added by which a store is given up in time. Whoever has set one of
   * them, there, by {@code spark-submit} or in a file of Hadoop's, has a reason to.
   *
   * @param place of the store; local ones need none
   * @param spark Spark's settings, of which {@code spark.hadoop.*} are Hadoop's
   * @param limit the longest that one call may take
   */
  public static Map<String, String> within(URI place, Map<String, String> spark, Duration limit) {
    if (Location.isLocal(place)) {
      return spark;
    }
    Map<String, String> settings = new LinkedHashMap<>(spark);
    Configuration own = new Configuration();
    hadoop(limit)
        .forEach(
            (key, value) -> {
              String name = Hadoop.PREFIX + key;
              if (!isSet(own, key) && System.getProperty(name) == null) {
                settings.putIfAbsent(name, value);
              }
            });
    return settings;
  }

  private static boolean isSet(Configuration own, String key) {
    String[] sources = own.getPropertySources(key);
    if (sources == null) {
      return false;
    }
    for (String source : sources) {
      if (!source.endsWith("-default.xml")) {
        return true;
      }
    }
    return false;
  }

  /** Hadoop's settings under which no call takes longer. */
  static Map<String, String> hadoop(Duration limit) {
    long call = Math.max(SHORTEST_CALL_MILLIS, limit.toMillis() / (TRIES + 1));
    long retries = Math.max(1, Math.min(TRIES, limit.toMillis() * 9 / 10 / call)) - 1;
    long connect = Math.min(call, LONGEST_CONNECT_MILLIS);
    Map<String, String> settings = new LinkedHashMap<>();
    // One call of the SDK, its own retries included; a connect and a read within it.
    settings.put("fs.s3a.connection.request.timeout", call + "ms");
    settings.put("fs.s3a.connection.establish.timeout", connect + "ms");
    settings.put("fs.s3a.connection.timeout", call + "ms");
    settings.put("fs.s3a.retry.limit", String.valueOf(retries));
    settings.put("fs.s3a.retry.interval", Math.max(1, limit.toMillis() / 240) + "ms");
    // Each wait doubles, from a tenth of a second, and may be half as long again.
    long doublings = 63L - Long.numberOfLeadingZeros(Math.max(1, limit.toMillis() / 300));
    settings.put("fs.s3a.retry.throttle.limit", String.valueOf(Math.max(1, doublings)));
    settings.put("ipc.client.connect.timeout", String.valueOf(connect));
    settings.put("ipc.client.connect.max.retries.on.timeouts", String.valueOf(retries));
    // A refused connection is answered at once, and asked for once more each second.
    long seconds = Math.max(1, limit.toSeconds() / 2);
    settings.put("ipc.client.connect.max.retries", String.valueOf(Math.min(10, seconds)));
    settings.put("ipc.client.rpc-timeout.ms", String.valueOf(limit.toMillis()));
    settings.put("dfs.client.failover.max.attempts", String.valueOf(TRIES));
    settings.put("dfs.client.failover.sleep.max.millis", String.valueOf(call));
    return settings;
  }
}
