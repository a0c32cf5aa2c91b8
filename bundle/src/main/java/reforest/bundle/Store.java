package reforest.bundle;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A folder of small files that are written once and never changed.
 *
 * <p>Paths are relative to {@link #root()}, separated by {@code /}, without {@code .} or {@code
 * ..}. Implementations are safe for use by several threads and several processes at once.
 */
public interface Store {

  /** Where the files lie. */
  URI root();

  /**
   * The content of a file, or empty when there is none.
   *
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  Optional<byte[]> read(String path);

  /**
   * Creates a file whole, or leaves what stands there.
   *
   * <p>After an unclear answer the file is read back: content equal to {@code content} counts as
   * created by this call, so callers that race put an id of their own into what they write.
   *
   * @return whether the file now holds {@code content} because of this call
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  boolean createIfAbsent(String path, byte[] content);

  /**
   * The names of files and folders directly below {@code folder}, sorted; empty when there is none.
   * Those that begin with a dot are left out, such as files that are just being created.
   *
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  List<String> list(String folder);

  /**
   * As {@link #list}, with the names that begin with a dot.
   *
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  default List<String> listAll(String folder) {
    return list(folder);
  }
}
