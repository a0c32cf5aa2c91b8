package reforest.home;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import reforest.bundle.StorePath;

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

  /**
   * Writes a file below a folder and removes it again.
   *
   * @param folder of any file system; where there is none, that is so afterwards, too
   * @param spark Spark's settings, of which {@code spark.hadoop.*} are Hadoop's
   * @throws IOException when that fails
   */
  public static void probe(URI folder, Map<String, String> spark) throws IOException {
    String name = StorePath.temporary("probe");
    if (Location.isLocal(folder)) {
      Path existing = Location.path(folder).toAbsolutePath();
      requireWritable(existing);
      while (!Files.exists(existing) && existing.getParent() != null) {
        existing = existing.getParent();
      }
      Path probe = existing.resolve(name);
      try {
        Files.write(probe, new byte[] {'x'});
      } finally {
        Files.deleteIfExists(probe);
      }
      return;
    }
    FileSystem files = Hadoop.files(folder, spark);
    var place = new org.apache.hadoop.fs.Path(folder);
    Waiting.on(
        folder,
        () -> {
          boolean wasThere = files.exists(place);
          var probe = new org.apache.hadoop.fs.Path(place, name);
          try (OutputStream out = files.create(probe, false)) {
            out.write('x');
          }
          files.delete(probe, false);
          // Neither a folder nor the mark of one; only an empty one is deleted so.
          return wasThere || files.delete(place, false);
        });
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
          Waiting.on(
              folder,
              () -> Hadoop.files(folder, spark).listStatus(new org.apache.hadoop.fs.Path(folder)));
      return Stream.of(found).map(status -> status.getPath().getName()).sorted().toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }
}
