package reforest.bundle;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A store that notes what is asked of it, and that can be lost. */
final class WatchedStore implements Store {

  private final Store store;
  private volatile boolean lost;

  /** What was asked, oldest first. */
  final List<String> calls = new ArrayList<>();

  WatchedStore(Store store) {
    this.store = store;
  }

  /** Lets every call fail from now on, or none. */
  void lose(boolean away) {
    lost = away;
  }

  @Override
  public URI root() {
    return store.root();
  }

  @Override
  public Optional<byte[]> read(String path) {
    note("read " + path);
    return store.read(path);
  }

  @Override
  public boolean createIfAbsent(String path, byte[] content) {
    note("create " + path);
    return store.createIfAbsent(path, content);
  }

  @Override
  public List<String> list(String folder) {
    note("list " + folder);
    return store.list(folder);
  }

  private void note(String call) {
    calls.add(call);
    if (lost) {
      throw new ReforestException(
          ReforestException.Kind.STORE, "the store is away", "wait until it is back");
    }
  }
}
