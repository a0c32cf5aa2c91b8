package reforest.bundle;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Holds a folder against other threads and other processes; a process that is killed lets go.
 *
 * <p>Without it, a pull that was slow could write over what a faster one had brought since, and go
 * back.
 */
final class FolderLock {

  private static final String FILE = ".lock";

  /** A process cannot lock a file twice, so its own threads wait here. */
  private static final Map<Path, ReentrantLock> HERE = new ConcurrentHashMap<>();

  private FolderLock() {}

  /**
   * Does something once nobody else holds the folder.
   *
   * @param folder created if absent
   * @throws ReforestException of kind {@code STORE} when it cannot be locked; and what {@code work}
   *     throws
   */
  static <T> T holding(Path folder, Supplier<T> work) {
    ReentrantLock here = HERE.computeIfAbsent(real(folder), f -> new ReentrantLock());
    here.lock();
    // The file stays: were it removed, two could hold one of its name each.
    try (FileChannel file = FileChannel.open(folder.resolve(FILE), CREATE, WRITE)) {
      file.lock();
      return work.get();
    } catch (IOException e) {
      throw LocalStore.unavailable("cannot lock " + folder, e);
    } finally {
      here.unlock();
    }
  }

  private static Path real(Path folder) {
    try {
      return Files.createDirectories(folder).toRealPath();
    } catch (IOException e) {
      throw LocalStore.unavailable("cannot create " + folder, e);
    }
  }
}
