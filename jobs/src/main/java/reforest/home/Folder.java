package reforest.home;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;

/** Looks at a folder as it is, where a store shows only what it keeps. */
public final class Folder {

  private Folder() {}

  /**
   * The names of all files and folders directly below a folder, sorted, hidden ones too; empty when
   * there is no such folder.
   *
   * @param spark Spark's settings, of which {@code spark.hadoop.*} are Hadoop's
   * @throws IOException when it cannot be listed, or is a file
   */
  public static List<String> names(URI folder, Map<String, String> spark) throws IOException {
    return Location.isLocal(folder) ? local(Location.path(folder)) : hadoop(folder, spark);
  }

  /**
   * Refuses a local folder that could not be made, or in which nothing could be written. Leaves
   * nothing behind.
   *
   * @throws IOException that names what stands in the way
   */
  public static void requireWritable(Path folder) throws IOException {
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw new IOException(existing + " is not a folder that this user may write");
    }
  }

  private static List<String> local(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static List<String> hadoop(URI folder, Map<String, String> spark) throws IOException {
    try {
      FileStatus[] found =
          Hadoop.files(folder, spark).listStatus(new org.apache.hadoop.fs.Path(folder));
      return Stream.of(found).map(status -> status.getPath().getName()).sorted().toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }
}
