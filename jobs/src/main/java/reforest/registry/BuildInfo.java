package reforest.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.util.VersionInfo;
import org.apache.spark.package$;
import reforest.bundle.Sha256;

/** Which code this is, and what it runs on. */
public final class BuildInfo {

  private static final Properties PROPERTIES = read();

  private BuildInfo() {}

  /** Revision of the sources, {@code unknown} when they were built outside of version control. */
  public static String revision() {
    return PROPERTIES.getProperty("revision");
  }

  /** Digest of the compiled code, which tells apart what a revision does not: uncommitted work. */
  public static String code() {
    return Code.DIGEST;
  }

  /** Read once, and only by those who ask. */
  private static final class Code {
    static final String DIGEST =
        Sha256.of((digestOf(BuildInfo.class) + digestOf(Sha256.class)).getBytes(UTF_8));
  }

  private static String digestOf(Class<?> type) {
    try {
      Path source = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (!Files.isDirectory(source)) {
        return Sha256.of(Files.readAllBytes(source));
      }
      StringBuilder digests = new StringBuilder();
      try (Stream<Path> files = Files.walk(source)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".class")).sorted().toList()) {
          digests.append(source.relativize(file)).append(Sha256.of(Files.readAllBytes(file)));
        }
      }
      return Sha256.of(digests.toString().getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Versions of this library and of what it runs on. */
  public static Map<String, String> versions() {
    Map<String, String> versions = new TreeMap<>();
    versions.put("reforest", PROPERTIES.getProperty("version"));
    versions.put("spark", package$.MODULE$.SPARK_VERSION());
    versions.put("delta", io.delta.package$.MODULE$.VERSION());
    versions.put("hadoop", VersionInfo.getVersion());
    versions.put("java", System.getProperty("java.version"));
    versions.put(
        "os",
        Stream.of("os.name", "os.version", "os.arch")
            .map(System::getProperty)
            .collect(Collectors.joining(" ")));
    return versions;
  }

  private static Properties read() {
    Properties properties = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream("/reforest/build.properties")) {
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
