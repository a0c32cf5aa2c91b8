package reforest.bundle;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store in a folder of the local file system.
 *
 * <p>A file appears under its name by a hard link to a synced temporary file beside it: whole,
 * durable, and for one writer only. A writer that is killed may leave such a temporary file; its
 * name starts with a dot, which {@link #list} hides.
 */
public final class LocalStore implements Store {

  /** Files of a store are small; a larger one would not fit into an array. */
  private static final long LARGEST_FILE_BYTES = 1L << 30;

  private final Path root;

  /**
   * A store below {@code root}, which is created by the first file.
   *
   * @param root a folder of a file system that can make hard links
   */
  public LocalStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  @Override
  public URI root() {
    return root.toUri();
  }

  @Override
  public Optional<byte[]> read(String path) {
    Path file = root.resolve(StorePath.checked(path));
    try {
      long sizeBytes = Files.size(file);
      if (Files.isDirectory(file)) {
        return Optional.empty();
      }
      if (sizeBytes > LARGEST_FILE_BYTES) {
        throw new ReforestException(
            ReforestException.Kind.DATA,
            file + " has " + sizeBytes + " bytes, more than " + LARGEST_FILE_BYTES,
            "look at what wrote it: files of this store are small");
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unavailable("cannot read " + file, e);
    }
  }

  @Override
  public boolean createIfAbsent(String path, byte[] content) {
    Path file = root.resolve(StorePath.checked(path));
    Path folder = parentOf(file);
    Path temporary = folder.resolve(StorePath.temporary(String.valueOf(file.getFileName())));
    try {
      createFolders(folder);
      try {
        writeSynced(temporary, content);
        link(file, temporary);
        sync(folder);
        return true;
      } catch (FileAlreadyExistsException e) {
        // A retry after a lost answer, such as over NFS, meets its own file.
        return read(path).filter(standing -> Arrays.equals(standing, content)).isPresent();
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw unavailable("cannot create " + file, e);
    }
  }

  @Override
  public List<String> list(String folder) {
    return listAll(folder).stream().filter(name -> !name.startsWith(".")).toList();
  }

  @Override
  public List<String> listAll(String folder) {
    Path path = folder.isEmpty() ? root : root.resolve(StorePath.checked(folder));
    try (Stream<Path> entries = Files.list(path)) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException | UncheckedIOException e) {
      throw unavailable("cannot list " + path, e);
    }
  }

  private static Path parentOf(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no folder");
    }
    return parent;
  }

  private static void link(Path file, Path temporary) throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (UnsupportedOperationException e) {
      throw new IOException("its file system has no hard links", e);
    }
  }

  /** Writes a new file and waits until its content is durable. */
  static void writeSynced(Path file, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** Creates what is missing and syncs it from the top, so that no crash can lose a folder. */
  private static void createFolders(Path folder) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path at = folder; at != null && !Files.isDirectory(at); at = at.getParent()) {
      missing.add(0, at);
    }
    Files.createDirectories(folder);
    for (Path created : missing) {
      sync(parentOf(created));
    }
  }

  /** Makes a folder's entries durable, where the operating system lets a folder be opened. */
  static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // Windows opens no folders, and needs no such call to keep their entries.
      return;
    }
  }

  static ReforestException unavailable(String what, @Nullable Exception cause) {
    String why = cause == null ? "" : ": " + cause;
    return new ReforestException(
        ReforestException.Kind.STORE,
        what + why,
        "check that the folder exists, that this user may write it, and that the disk has room",
        cause);
  }
}
