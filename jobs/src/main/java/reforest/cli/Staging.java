package reforest.cli;

import java.util.HashMap;
import java.util.Map;
import reforest.bundle.Bundle;
import reforest.bundle.Store;

/** Puts a bundle's own bytes into another folder. */
final class Staging {

  private Staging() {}

  static void copy(Store store, Bundle bundle, String folder) {
    Map<String, byte[]> files = new HashMap<>();
    bundle.manifest().files().forEach(f -> files.put(f.name(), bundle.file(f.name())));
    Bundle.write(store, folder, bundle.manifest(), files);
  }
}
