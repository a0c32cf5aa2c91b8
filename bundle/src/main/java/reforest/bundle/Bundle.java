package reforest.bundle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import reforest.bundle.Manifest.FileEntry;

/**
 * A model's files, held in memory once size and SHA-256 of each agreed with the manifest.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class Bundle {

  /** The file that lists all others. */
  public static final String MANIFEST = "manifest.json";

  /** The file that holds the model. */
  public static final String MODEL = "model.pmml";

  /** The file that holds {@link Background} rows, where there are any. */
  public static final String BACKGROUND = "background.json";

  private final String digest;
  private final byte[] json;
  private final Manifest manifest;
  private final Map<String, byte[]> files;

  private Bundle(byte[] json, Manifest manifest, Map<String, byte[]> files) {
    this.digest = Sha256.of(json);
    this.json = json;
    this.manifest = manifest;
    this.files = files;
  }

  /**
   * The bundle in a folder, verified.
   *
   * @param folder its path in the store; the empty text is the store's root. A last step of 64
   *     hexadecimal digits must be the digest of the manifest
   * @throws ReforestException of kind {@code DATA} when there is no bundle, or a file is missing,
   *     altered or not listed; of kind {@code STORE} when the store cannot be reached
   */
  public static Bundle read(Store store, String folder) {
    Where where = new Where(store, folder);
    byte[] json = where.read(MANIFEST).orElseThrow(() -> where.refusal("there is no " + MANIFEST));
    String digest = Sha256.of(json);
    String name = folder.substring(folder.lastIndexOf('/') + 1);
    if (Sha256.isDigest(name) && !name.equals(digest)) {
      throw where.refusal("its " + MANIFEST + " has the SHA-256 " + digest);
    }
    Manifest manifest = Manifest.parse(json);
    Map<String, byte[]> files = new HashMap<>();
    for (FileEntry entry : manifest.files()) {
      byte[] content =
          where.read(entry.name()).orElseThrow(() -> where.refusal(entry.name() + " is missing"));
      verify(entry, content).ifPresent(problem -> refuse(where, problem));
      files.put(entry.name(), content);
    }
    Set<String> known = new HashSet<>(files.keySet());
    known.add(MANIFEST);
    Set<String> unlisted = new TreeSet<>(store.listAll(folder));
    unlisted.removeAll(known);
    // Another process may be writing the same bundle, or have been killed while it did.
    unlisted.removeIf(found -> StorePath.ofTemporary(found).filter(known::contains).isPresent());
    if (!unlisted.isEmpty()) {
      throw where.refusal("the manifest does not list " + String.join(", ", unlisted));
    }
    return new Bundle(json, manifest, files);
  }

  /**
   * Writes a bundle, manifest last, and reads it back.
   *
   * <p>Writing the same bundle again is harmless, also after a write that stopped half-way.
   *
   * @param files the files by name; exactly those that the manifest lists
   * @return the bundle's digest
   * @throws IllegalArgumentException when manifest and files do not agree
   * @throws ReforestException of kind {@code DATA} when the folder holds something else, or the
   *     manifest is one that {@link Manifest#parse} refuses; of kind {@code STORE} when the store
   *     cannot be reached
   */
  public static String write(
      Store store, String folder, Manifest manifest, Map<String, byte[]> files) {
    byte[] json = manifest.toJson();
    check(manifest, json, files);
    Where where = new Where(store, folder);
    for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
      where.create(file.getKey(), file.getValue());
    }
    where.create(MANIFEST, json);
    Bundle written = read(store, folder);
    if (!written.digest.equals(Sha256.of(json))) {
      throw where.refusal("another manifest was read back than was written");
    }
    return written.digest;
  }

  /**
   * Writes this bundle's own bytes into another folder, manifest last, and reads them back.
   *
   * @throws ReforestException of kind {@code DATA} when the folder holds something else; of kind
   *     {@code STORE} when the store cannot be reached
   */
  public void copyTo(Store store, String folder) {
    Where where = new Where(store, folder);
    for (FileEntry entry : manifest.files()) {
      where.create(entry.name(), file(entry.name()));
    }
    where.create(MANIFEST, manifestBytes());
    if (!read(store, folder).digest.equals(digest)) {
      throw where.refusal("another manifest was read back than was written");
    }
  }

  private static void check(Manifest manifest, byte[] json, Map<String, byte[]> files) {
    List<String> listed = manifest.files().stream().map(FileEntry::name).toList();
    if (!Set.copyOf(listed).equals(files.keySet())) {
      throw new IllegalArgumentException(
          "the manifest lists " + listed + ", the files are " + new TreeSet<>(files.keySet()));
    }
    for (FileEntry entry : manifest.files()) {
      byte[] content = files.getOrDefault(entry.name(), new byte[0]);
      verify(entry, content)
          .ifPresent(
              problem -> {
                throw new IllegalArgumentException(problem);
              });
    }
    if (!Manifest.parse(json).equals(manifest)) {
      throw new IllegalArgumentException("the manifest holds text that UTF-8 cannot");
    }
  }

  /** What is wrong with a file's content, if anything. */
  private static Optional<String> verify(FileEntry entry, byte[] content) {
    if (content.length != entry.sizeBytes()) {
      return Optional.of(
          entry.name()
              + " has "
              + content.length
              + " bytes where the manifest says "
              + entry.sizeBytes());
    }
    String sha256 = Sha256.of(content);
    if (!sha256.equals(entry.sha256())) {
      return Optional.of(
          entry.name()
              + " has the SHA-256 "
              + sha256
              + " where the manifest says "
              + entry.sha256());
    }
    return Optional.empty();
  }

  private static void refuse(Where where, String problem) {
    throw where.refusal(problem);
  }

  /** SHA-256 of the manifest's bytes, which names the bundle. */
  public String digest() {
    return digest;
  }

  /** What the bundle holds and where it comes from. */
  public Manifest manifest() {
    return manifest;
  }

  /** The manifest as it was read, byte for byte; a copy. */
  public byte[] manifestBytes() {
    return json.clone();
  }

  /**
   * The content of a file that the manifest lists; a copy.
   *
   * @throws ReforestException of kind {@code DATA} when the manifest lists no such file
   */
  public byte[] file(String name) {
    byte[] content = files.get(name);
    if (content == null) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "bundle " + digest + " has no file " + name + "; it has " + new TreeSet<>(files.keySet()),
          "use a bundle that a retrain has staged or published");
    }
    return content.clone();
  }

  /** A folder of a store, with how it is named in messages. */
  private record Where(Store store, String folder) {

    Optional<byte[]> read(String name) {
      return store.read(StorePath.below(folder, name));
    }

    void create(String name, byte[] content) {
      if (!store.createIfAbsent(StorePath.below(folder, name), content)) {
        throw refusal("another " + name + " stands there already");
      }
    }

    ReforestException refusal(String problem) {
      return new ReforestException(
          ReforestException.Kind.DATA,
          "the bundle at "
              + StorePath.below(store.root().toString(), folder)
              + " is refused: "
              + problem,
          "use another bundle, or restore this folder from a copy; a bundle is never edited");
    }
  }
}
