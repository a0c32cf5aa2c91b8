package reforest.bundle;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import reforest.bundle.Manifest.FileEntry;

/**
 * Brings the champion's bundle into a local folder for a service to use.
 *
 * <p>The folder holds one folder a bundle, named by its digest, and {@code current.json} with the
 * fields {@code sequence}, {@code digest} and {@code model}, which is replaced in one step once the
 * bundle beside it is verified and loads. The bundle before it stays, older ones are removed.
 *
 * <p>Several threads and processes may pull into one folder; each waits for the others.
 */
public final class Puller {

  /** How the names begin of what is in the making or being removed, and of nothing else. */
  private static final List<String> PASSING = List.of(".pull-", ".current-", ".damaged-", ".old-");

  private final Store models;
  private final PromotionLog log;
  private final PromotionTail tail;
  private final Path folder;

  /**
   * @param modelStore the model's own store
   * @param folder where bundles go; created if absent
   */
  public Puller(Store modelStore, Path folder) {
    // One look knows nothing of how long an entry was unreadable.
    this(
        modelStore,
        folder,
        new PromotionTail(new PromotionLog(modelStore), Duration.ZERO, Clock.systemUTC()));
  }

  Puller(Store modelStore, Path folder, PromotionTail tail) {
    this.models = modelStore;
    this.log = new PromotionLog(modelStore);
    this.tail = tail;
    this.folder = folder.toAbsolutePath().normalize();
  }

  /**
   * Makes the champion the folder's current bundle; does nothing when it is.
   *
   * <p>A folder that holds one already costs a small read and a listing while nothing is new.
   *
   * @throws ReforestException of kind {@code DATA} when there is no champion, its bundle is
   *     refused, or the promotion log has gone back behind what this folder holds; of kind {@code
   *     STORE} when a store cannot be reached. What was current stays current
   */
  public Pulled pull() {
    if (!Files.exists(folder)) {
      // So that a wrong address leaves no folder behind.
      champion();
    }
    return FolderLock.holding(folder, this::pullAlone);
  }

  private Pulled pullAlone() {
    removeLeftovers();
    Optional<Current> current = current();
    Promotion champion = newest(current);
    current.ifPresent(held -> refuseToGoBack(held, champion));
    Current next = new Current(champion.sequence(), champion.bundle(), champion.model());
    boolean isCurrent = current.equals(Optional.of(next));
    boolean changed = !isCurrent;
    if (!isCurrent || !isWhole(next.digest())) {
      changed |= bring(champion);
    }
    if (!isCurrent) {
      write(next);
    }
    // A new entry for the bundle that is current anyway tells nothing of the one before it.
    Optional<String> before = current.map(Current::digest).filter(d -> !d.equals(next.digest()));
    before.ifPresent(digest -> removeAllBut(Set.of(digest, next.digest())));
    return new Pulled(champion, folder.resolve(champion.bundle()), changed);
  }

  /** What follows the entry that is held, as long as the log still holds it. */
  private Promotion newest(Optional<Current> current) {
    Optional<Promotion> held =
        current.flatMap(c -> log.entry(c.sequence()).filter(p -> p.bundle().equals(c.digest())));
    if (held.isPresent()) {
      return tail.after(held.get().sequence()).orElse(held.get());
    }
    return log.champion().orElseThrow(() -> current.map(this::gone).orElseGet(this::none));
  }

  private Promotion champion() {
    return log.champion().orElseThrow(this::none);
  }

  private ReforestException none() {
    return new ReforestException(
        ReforestException.Kind.DATA,
        "there is no champion at " + models.root() + ": nothing was promoted yet",
        "run 'reforest retrain --publish' until a challenger wins, or check the location");
  }

  private ReforestException gone(Current held) {
    return new ReforestException(
        ReforestException.Kind.DATA,
        "refused to go back: "
            + folder
            + " holds promotion "
            + held.sequence()
            + " of bundle "
            + held.digest()
            + ", and at "
            + models.root()
            + " there is no promotion any more",
        "check the address and that its disk is mounted, or restore the promotion log");
  }

  /**
   * Whether the log still holds a promotion as this folder does, with one read.
   *
   * @throws ReforestException of kind {@code STORE} when the store cannot be reached
   */
  boolean isKept(long sequence, String digest) {
    return log.entry(sequence).filter(p -> p.bundle().equals(digest)).isPresent();
  }

  /** What an earlier pull has brought: its promotion and its bundle, verified anew. */
  record Held(Current current, Bundle bundle) {}

  /**
   * What the folder holds; empty before the first pull.
   *
   * @throws ReforestException of kind {@code DATA} when it is damaged, of kind {@code STORE} when
   *     the folder cannot be read
   */
  Optional<Held> held() {
    if (!Files.exists(folder)) {
      return Optional.empty();
    }
    // Alone, since another pull could remove the bundle between the two reads.
    return FolderLock.holding(
        folder,
        () ->
            current()
                .map(held -> new Held(held, Bundle.read(new LocalStore(folder), held.digest()))));
  }

  private Optional<Current> current() {
    try {
      return new LocalStore(folder).read(Current.FILE).map(Current::parse);
    } catch (ReforestException e) {
      throw new ReforestException(
          e.kind(),
          folder.resolve(Current.FILE) + " cannot be used: " + e.getMessage(),
          "delete that file; the next pull writes it again",
          e);
    }
  }

  private void refuseToGoBack(Current held, Promotion champion) {
    boolean forward =
        champion.sequence() > held.sequence()
            || (champion.sequence() == held.sequence() && champion.bundle().equals(held.digest()));
    if (!champion.model().equals(held.model())) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          folder + " holds model " + held.model() + ", the champion is of " + champion.model(),
          "pull each model into a folder of its own");
    }
    if (!forward) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "refused to go back: "
              + folder
              + " holds promotion "
              + held.sequence()
              + " of bundle "
              + held.digest()
              + ", the newest in the log is "
              + champion.sequence()
              + " of bundle "
              + champion.bundle(),
          "restore the promotion log; to return to an older bundle use 'reforest rollback', which"
              + " writes a new entry");
    }
  }

  /** Whether a bundle that was accepted before is still what it was; does not load it again. */
  private boolean isWhole(String digest) {
    try {
      Bundle unchanged = Bundle.read(new LocalStore(folder), digest);
      return unchanged.digest().equals(digest);
    } catch (ReforestException e) {
      if (e.kind() != ReforestException.Kind.DATA) {
        throw e;
      }
      return false;
    }
  }

  /** Whether the champion's bundle had to be brought; it lies there verified afterwards. */
  private boolean bring(Promotion champion) {
    String digest = champion.bundle();
    LocalStore local = new LocalStore(folder);
    if (Files.exists(folder.resolve(digest))) {
      try {
        accept(champion, Bundle.read(local, digest));
        return false;
      } catch (ReforestException e) {
        if (e.kind() != ReforestException.Kind.DATA) {
          throw e;
        }
        // Damaged on this disk; the copy in the store may be sound.
      }
    }
    Bundle bundle = Bundle.read(models, "bundles/" + digest);
    Path temporary = folder.resolve(".pull-" + UUID.randomUUID());
    try {
      copy(bundle, temporary);
      accept(champion, Bundle.read(new LocalStore(temporary), digest));
      install(temporary.resolve(digest), folder.resolve(digest));
    } catch (IOException e) {
      throw LocalStore.unavailable("cannot bring bundle " + digest + " to " + folder, e);
    } finally {
      delete(temporary);
    }
    return true;
  }

  /** Writes the bundle below {@code temporary}, manifest last as everywhere. */
  private static void copy(Bundle bundle, Path temporary) {
    LocalStore store = new LocalStore(temporary);
    for (FileEntry entry : bundle.manifest().files()) {
      store.createIfAbsent(bundle.digest() + "/" + entry.name(), bundle.file(entry.name()));
    }
    store.createIfAbsent(bundle.digest() + "/" + Bundle.MANIFEST, bundle.manifestBytes());
  }

  /** Requires a bundle of that model which loads and passes its own verification rows. */
  private static void accept(Promotion champion, Bundle bundle) {
    String model = bundle.manifest().model();
    if (!model.equals(champion.model())) {
      throw new ReforestException(
          ReforestException.Kind.DATA,
          "promotion "
              + champion.sequence()
              + " of model "
              + champion.model()
              + " names a bundle of model "
              + model,
          "restore the promotion log");
    }
    Scorer.of(bundle);
  }

  private void install(Path brought, Path place) throws IOException {
    if (Files.exists(place)) {
      // Only a damaged bundle gets here. It moves away whole, so that no reader meets half of it.
      Path damaged = folder.resolve(".damaged-" + UUID.randomUUID());
      Files.move(place, damaged, ATOMIC_MOVE);
      delete(damaged);
    }
    try {
      Files.move(brought, place, ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      // Another pull was faster, and had verified the same digest.
      return;
    }
    LocalStore.sync(folder);
  }

  private void write(Current next) {
    Path temporary = folder.resolve(".current-" + UUID.randomUUID());
    try {
      LocalStore.writeSynced(temporary, next.toJson());
      Files.move(temporary, folder.resolve(Current.FILE), ATOMIC_MOVE, REPLACE_EXISTING);
      LocalStore.sync(folder);
    } catch (IOException e) {
      throw LocalStore.unavailable("cannot write " + folder.resolve(Current.FILE), e);
    }
  }

  private void removeAllBut(Set<String> digests) {
    for (String name : new LocalStore(folder).list("")) {
      if (Sha256.isDigest(name) && !digests.contains(name)) {
        Path away = folder.resolve(".old-" + UUID.randomUUID());
        try {
          Files.move(folder.resolve(name), away, ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
          continue;
        } catch (IOException e) {
          throw LocalStore.unavailable("cannot remove " + folder.resolve(name), e);
        }
        delete(away);
      }
    }
  }

  /** Pulls that were killed leave things behind; nobody else works here now. */
  private void removeLeftovers() {
    for (String name : new LocalStore(folder).listAll("")) {
      if (PASSING.stream().anyMatch(name::startsWith)) {
        delete(folder.resolve(name));
      }
    }
  }

  private static void delete(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> entries = Files.walk(tree)) {
      List<Path> deepestFirst = entries.sorted((a, b) -> b.compareTo(a)).toList();
      for (Path entry : deepestFirst) {
        Files.deleteIfExists(entry);
      }
    } catch (IOException e) {
      throw LocalStore.unavailable("cannot delete " + tree, e);
    }
  }
}
