package reforest.evaluate;

import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest.FileEntry;
import reforest.bundle.Scorer;
import reforest.bundle.Store;

/**
 * A bundle's own bytes on their way to the executors, which verify them and read the model again:
 * what is judged is what will ship.
 */
final class ShippedBundle implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A comparison needs two or three models; anything beyond is from an earlier one. */
  private static final int MOST_KEPT = 4;

  private static final ConcurrentMap<String, Scorer> READ = new ConcurrentHashMap<>();

  private final String digest;
  private final TreeMap<String, byte[]> files = new TreeMap<>();

  ShippedBundle(Bundle bundle) {
    digest = bundle.digest();
    files.put(Bundle.MANIFEST, bundle.manifest().toJson());
    for (FileEntry file : bundle.manifest().files()) {
      files.put(file.name(), bundle.file(file.name()));
    }
  }

  /** The scorer of this bundle, read once in each JVM. */
  Scorer scorer() {
    if (READ.size() > MOST_KEPT) {
      READ.clear();
    }
    return READ.computeIfAbsent(digest, key -> Scorer.of(Bundle.read(new Bytes(files), "")));
  }

  /** The files as a store, for the bundle's reader. */
  private record Bytes(TreeMap<String, byte[]> files) implements Store {
    @Override
    public URI root() {
      return URI.create("memory:/bundle");
    }

    @Override
    public Optional<byte[]> read(String path) {
      return Optional.ofNullable(files.get(path)).map(byte[]::clone);
    }

    @Override
    public boolean createIfAbsent(String path, byte[] content) {
      throw new UnsupportedOperationException("a shipped bundle is read only");
    }

    @Override
    public List<String> list(String folder) {
      return new ArrayList<>(files.keySet());
    }
  }
}
