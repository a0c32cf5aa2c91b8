package reforest.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import reforest.bundle.ReforestException;
import reforest.home.Folder;
import reforest.home.Hadoop;
import reforest.home.Location;
import reforest.home.Patience;

/**
 * Writes {@code --result} so that a reader never sees half of it.
 *
 * <p>File systems with a true rename get a temporary file that is renamed over the old one; object
 * stores show a file when it is closed, and get it directly.
 *
 * @param typed a path of this machine, or a URI of any Hadoop file system
 * @param spark Spark's settings, of which {@code spark.hadoop.*} are Hadoop's
 */
record ResultFile(String typed, Map<String, String> spark) {

  private static final Set<String> RENAMES = Set.of("hdfs", "viewfs", "webhdfs");

  /**
   * @throws ReforestException of kind {@code ARGUMENTS} when {@code typed} names no place, of kind
   *     {@code STORE} when it cannot be written
   */
  void write(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    at(file -> local(file, bytes), place -> hadoop(place, bytes));
  }

  /**
   * Refuses a place where the result surely could not be written, before hours of work. Leaves
   * nothing there, and asks no other machine.
   *
   * @throws ReforestException as {@link #write} does
   */
  void requireWritable() {
    at(ResultFile::requireWritable, place -> Hadoop.requireFiles(place, spark(place)));
  }

  private Map<String, String> spark(URI place) {
    return Patience.within(place, spark, Patience.DEFAULT);
  }

  private interface Act<P> {
    void on(P place) throws IOException;
  }

  private void at(Act<Path> local, Act<URI> hadoop) {
    URI place = Location.of(typed);
    try {
      if (Location.isLocal(place)) {
        local.on(Location.path(place));
      } else {
        hadoop.on(place);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new ReforestException(
          ReforestException.Kind.STORE,
          "cannot write the result to " + place + ": " + e,
          "name a file that this user may write with --result",
          e);
    }
  }

  /** A device or a pipe, which takes the result and must not be renamed away. */
  private static boolean isSpecial(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  private static void requireWritable(Path file) throws IOException {
    if (!isSpecial(file)) {
      Folder.requireWritable(folder(target(file)));
    } else if (!Files.isWritable(file)) {
      throw new IOException("this user may not write it");
    }
  }

  /** Where a link leads, so that the link stays. */
  private static Path target(Path file) throws IOException {
    return Files.isSymbolicLink(file) && Files.exists(file) ? file.toRealPath() : file;
  }

  private static Path folder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw new IOException("it is a folder");
    }
    return folder;
  }

  private static void local(Path typed, byte[] bytes) throws IOException {
    if (isSpecial(typed)) {
      try (OutputStream out = Files.newOutputStream(typed, StandardOpenOption.WRITE)) {
        out.write(bytes);
      }
      return;
    }
    Path file = target(typed);
    Path folder = folder(file);
    Files.createDirectories(folder);
    Path temporary = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.write(temporary, bytes);
      try {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void hadoop(URI place, byte[] bytes) throws IOException {
    var file = new org.apache.hadoop.fs.Path(place);
    FileSystem system = Hadoop.files(place, spark(place));
    if (!RENAMES.contains(place.getScheme())) {
      create(system, file, bytes);
      return;
    }
    var temporary = file.suffix("." + UUID.randomUUID());
    create(system, temporary, bytes);
    FileContext.getFileContext(place, Hadoop.settings(spark(place)))
        .rename(temporary, file, Options.Rename.OVERWRITE);
  }

  private static void create(FileSystem system, org.apache.hadoop.fs.Path file, byte[] bytes)
      throws IOException {
    try (OutputStream out = system.create(file, true)) {
      out.write(bytes);
    }
  }
}
