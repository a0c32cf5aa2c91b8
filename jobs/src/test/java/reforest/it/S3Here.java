package reforest.it;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import org.apache.hadoop.conf.Configuration;
import reforest.s3server.S3Server;
import reforest.testing.JavaProcesses;

/** The client of S3 in the JVM of the tests, which has it on no class path. */
final class S3Here {

  /** One for all and never closed: its classes register themselves with Hadoop's by name. */
  private static final ClassLoader CLIENT = load();

  private S3Here() {}

  /** Settings that reach one server, whichever others were asked before. */
  static Configuration hadoop(S3Server server) {
    Configuration hadoop = new Configuration();
    hadoop.setClassLoader(CLIENT);
    hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
    server.settings().forEach(hadoop::set);
    return hadoop;
  }

  private static ClassLoader load() {
    try {
      URL jar = JavaProcesses.s3Client().toUri().toURL();
      return new URLClassLoader(new URL[] {jar}, S3Here.class.getClassLoader());
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }
}
