package reforest.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.package$;

/** Which code this is, and what it runs on. */
final class Build {

  private static final Properties PROPERTIES = read();

  private Build() {}

  /** Revision of the sources, {@code unknown} when they were built outside of version control. */
  static String revision() {
    return PROPERTIES.getProperty("revision");
  }

  /** Versions of this library and of what it runs on. */
  static Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("reforest", PROPERTIES.getProperty("version"));
    versions.put("spark", package$.MODULE$.SPARK_VERSION());
    versions.put("delta", io.delta.package$.MODULE$.VERSION());
    versions.put("hadoop", VersionInfo.getVersion());
    versions.put("java", System.getProperty("java.version"));
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return versions;
  }

  private static Properties read() {
    Properties properties = new Properties();
    try (InputStream in = Build.class.getResourceAsStream("/reforest/build.properties")) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks reforest/build.properties");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
