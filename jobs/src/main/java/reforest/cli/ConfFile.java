package reforest.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import reforest.bundle.ReforestException;
import reforest.cli.terminal.Console;
import reforest.config.Address;
import reforest.home.Hadoop;
import reforest.home.Location;
import reforest.home.Patience;

/** Brings what {@code --conf} names to a file of this machine, wherever it lies. */
final class ConfFile {

  /** What stands for standard input. */
  static final String STDIN = "-";

  private ConfFile() {}

  /**
   * @param typed a path, a URI of any Hadoop file system, or {@link #STDIN}
   * @param spark Spark's settings, of which {@code spark.hadoop.*} are Hadoop's
   * @throws ReforestException of kind {@code ARGUMENTS} when it names no place or there is none, of
   *     kind {@code STORE} when it cannot be reached
   */
  static Path of(String typed, Console console, Map<String, String> spark) {
    try {
      if (typed.equals(STDIN)) {
        return laid("standard input", console.in());
      }
      boolean isPlain = !Address.isUri(typed) && !typed.startsWith("~") && !typed.isBlank();
      if (isPlain) {
        return Path.of(typed);
      }
      URI place = Location.of(typed);
      if (Location.isLocal(place)) {
        return Location.path(place);
      }
      FileSystem files = Hadoop.files(place, Patience.within(place, spark, Patience.DEFAULT));
      var file = new org.apache.hadoop.fs.Path(place);
      try (InputStream in = files.open(file)) {
        return laid(file.getName(), in);
      }
    } catch (java.io.FileNotFoundException e) {
      throw new ReforestException(
          ReforestException.Kind.ARGUMENTS,
          "configuration " + typed + " does not exist",
          "name a model's file with --conf",
          e);
    } catch (IOException e) {
      throw new ReforestException(
          ReforestException.Kind.STORE,
          "configuration " + typed + " cannot be read: " + e.getMessage(),
          "check its address and that this user may read it",
          e);
    }
  }

  private static Path laid(String name, InputStream content) throws IOException {
    Path folder = Files.createTempDirectory("reforest-conf");
    Path file = folder.resolve(name);
    folder.toFile().deleteOnExit();
    file.toFile().deleteOnExit();
    Files.copy(content, file);
    return file;
  }
}
