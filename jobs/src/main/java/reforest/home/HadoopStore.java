package reforest.home;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import reforest.bundle.LocalStore;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Store;
import reforest.bundle.StorePath;

/**
 * A store on HDFS or S3.
 *
 * <p>A file is created if absent by a conditional put on S3, and on HDFS by a temporary file that
 * is renamed without overwriting, in one step. Other file systems are refused: on most object
 * stores a rename is a copy that overwrites.
 */
public final class HadoopStore implements Store {

  /** Where a rename without overwriting is one step. */
  private static final Set<String> RENAMES = Set.of("hdfs", "viewfs");

  private static final Set<String> CONDITIONAL_PUTS = Set.of("s3a", "s3");

  /** Two writers at once may both be told of a conflict before either file stands. */
  private static final int ATTEMPTS = 3;

  private static final String CONDITIONAL_PUT = "fs.option.create.conditional.overwrite";

  private final URI root;
  private final Path folder;
  private final FileSystem files;
  private final Configuration hadoop;

  /** Whether a listing has shown that there is such a place; a bucket may not exist. */
  private volatile boolean isThere;

  private HadoopStore(URI root, Configuration hadoop, FileSystem files) {
    this.root = root;
    this.folder = new Path(root);
    this.files = files;
    this.hadoop = hadoop;
  }

  /**
   * The store at a folder: one of its own for local files, where a rename may overwrite.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when nothing knows such addresses or files
   *     cannot be created there only if absent, of kind {@code STORE} when it cannot be reached
   */
  public static Store open(URI root, Configuration hadoop) {
    String scheme = String.valueOf(root.getScheme());
    if (scheme.equals("file")) {
      return new LocalStore(java.nio.file.Path.of(root.getPath()));
    }
    if (!RENAMES.contains(scheme) && !CONDITIONAL_PUTS.contains(scheme)) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          root
              + " cannot keep models: nothing is known there that creates a file only if it is"
              + " absent, and two promotions at once could overwrite each other",
          "name a local folder, or one of hdfs, viewfs, s3a or s3");
    }
    return new HadoopStore(root, hadoop, files(root, hadoop));
  }

  /**
   * The file system of a place.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when nothing knows such addresses, of kind
   *     {@code STORE} when it cannot be reached
   */
  public static FileSystem files(URI place, Configuration hadoop) {
    String scheme = String.valueOf(place.getScheme());
    if (CONDITIONAL_PUTS.contains(scheme) && place.getHost() == null) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "S3 has no bucket of such a name: " + place,
          "write s3a://BUCKET/PREFIX; bucket names have 3 to 63 small letters, digits, dots and"
              + " hyphens");
    }
    try {
      return FileSystem.get(place, hadoop);
    } catch (UnsupportedFileSystemException e) {
      throw unknown(place, "write a local path, or add the jar of that file system", e);
    } catch (IOException e) {
      throw unavailable("cannot open " + place, e);
    } catch (RuntimeException e) {
      // So Hadoop reports a client that it knows by name and that no jar holds.
      if (e.getCause() instanceof ClassNotFoundException) {
        throw unknown(place, missingJar(place), e);
      }
      throw new ReforestException(
          Kind.ARGUMENTS,
          "cannot open " + place + ": " + e,
          "check the address, and the settings of its file system (spark.hadoop.*)",
          e);
    }
  }

  private static String missingJar(URI place) {
    return "s3a".equals(place.getScheme())
        ? "add jobs/s3/target/reforest-s3.jar to the class path; 'mvn package' builds it"
        : "add the jar of that file system to the class path";
  }

  private static ReforestException unknown(URI place, String hint, Exception cause) {
    return new ReforestException(
        Kind.ARGUMENTS, "no file system knows addresses such as " + place, hint, cause);
  }

  @Override
  public URI root() {
    return root;
  }

  @Override
  public Optional<byte[]> read(String path) {
    Path file = new Path(folder, StorePath.checked(path));
    try {
      return Waiting.on(
          file,
          () -> {
            try (InputStream in = files.open(file)) {
              return Optional.of(in.readAllBytes());
            }
          });
    } catch (FileNotFoundException e) {
      if (isObjectStore() && !isThere) {
        // The answer to a HEAD does not tell an absent file from an absent bucket.
        listAll("");
      }
      return Optional.empty();
    } catch (IOException e) {
      throw failed("cannot read " + file, e);
    }
  }

  @Override
  public boolean createIfAbsent(String path, byte[] content) {
    Path file = new Path(folder, StorePath.checked(path));
    for (int attempt = 1; ; attempt++) {
      try {
        return Waiting.on(
            file,
            () -> {
              if (isObjectStore()) {
                put(file, content);
              } else {
                rename(file, content);
              }
              return true;
            });
      } catch (IOException e) {
        // An answer may be lost although the file was created, so what stands there decides.
        Optional<byte[]> standing = read(path);
        if (standing.isPresent()) {
          return Arrays.equals(standing.get(), content);
        }
        if (!isObjectStore() || attempt == ATTEMPTS) {
          throw failed("cannot create " + file, e);
        }
      }
    }
  }

  private boolean isObjectStore() {
    return CONDITIONAL_PUTS.contains(root.getScheme());
  }

  private void put(Path file, byte[] content) throws IOException {
    FSDataOutputStreamBuilder<?, ?> builder = files.createFile(file);
    builder.overwrite(true);
    builder.must(CONDITIONAL_PUT, true);
    try (FSDataOutputStream out = builder.build()) {
      out.write(content);
    }
  }

  private void rename(Path file, byte[] content) throws IOException {
    FileContext context = FileContext.getFileContext(root, hadoop);
    if (context.util().exists(file)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    Path temporary = new Path(file.getParent(), StorePath.temporary(file.getName()));
    try (FSDataOutputStream out =
        context.create(
            temporary, EnumSet.of(CreateFlag.CREATE), Options.CreateOpts.createParent())) {
      out.write(content);
      out.hsync();
    }
    try {
      context.rename(temporary, file, Options.Rename.NONE);
    } finally {
      context.delete(temporary, false);
    }
  }

  @Override
  public List<String> list(String path) {
    return listAll(path).stream().filter(name -> !name.startsWith(".")).toList();
  }

  @Override
  public List<String> listAll(String path) {
    Path place = path.isEmpty() ? folder : new Path(folder, StorePath.checked(path));
    try {
      FileStatus[] found = Waiting.on(place, () -> files.listStatus(place));
      isThere = true;
      return Stream.of(found)
          .filter(status -> !status.getPath().equals(place))
          .map(status -> status.getPath().getName())
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      isThere = true;
      return List.of();
    } catch (IOException e) {
      throw failed("cannot list " + place, e);
    }
  }

  /** A refusal without a body does not say why; the listing's answer has one. */
  private ReforestException failed(String what, IOException cause) {
    if (StoreTrouble.isVague(cause)) {
      try {
        files.listStatus(folder);
      } catch (IOException | RuntimeException e) {
        return unavailable(what, StoreTrouble.isVague(e) ? cause : e);
      }
    }
    return unavailable(what, cause);
  }

  /** Whether the server says that a file is no longer the one that was opened. */
  private static boolean isChange(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (StoreTrouble.isChange(at)) {
        return true;
      }
    }
    return false;
  }

  /** That a store did not do what it was asked; of kind {@code ARGUMENTS} where no retry helps. */
  static ReforestException unavailable(String what, Exception cause) {
    Optional<StoreTrouble> trouble = StoreTrouble.behind(cause);
    if (trouble.isPresent()) {
      return trouble.get().exception(what, cause);
    }
    if (isChange(cause)) {
      return new ReforestException(
          Kind.STORE,
          "a file of a store changed while it was read: " + cause.getMessage(),
          "look at who writes there, then run the same command again: what is finished is kept",
          cause);
    }
    return new ReforestException(
        Kind.STORE,
        what + ": " + cause.getMessage(),
        "check that the store can be reached from here and that this user may write it; what was"
            + " begun can be run again",
        cause);
  }
}
