package reforest.cli;

import java.net.URI;
import reforest.bundle.LocalStore;
import reforest.bundle.ReforestException;
import reforest.bundle.Store;

/** Opens stores by their address. */
final class Stores {

  private Stores() {}

  /**
   * The store at a folder.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when no file system has that scheme
   */
  static Store at(URI folder) {
    if (Location.isLocal(folder)) {
      return new LocalStore(Location.path(folder));
    }
    throw new ReforestException(
        ReforestException.Kind.ARGUMENTS,
        "no file system for " + folder,
        "write a local path, or add the file system's jar to the class path");
  }

  /** The store of one model below a home. */
  static Store ofModel(URI home, String model) {
    return at(Location.below(home, "models/" + model));
  }
}
