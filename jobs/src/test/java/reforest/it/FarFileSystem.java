package reforest.it;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Local files as if they lay on HDFS: renames never overwrite, the connection can be lost before a
 * file appears, and processes can meet there.
 */
public final class FarFileSystem extends RawLocalFileSystem {

  private static final String SCHEME = "hdfs";
  private static final int PORT = 8020;

  /** A folder of the process: whoever is about to create a first promotion waits there for two. */
  static final String MEETING = "reforest.it.meeting";

  /** Of the process: it ends, as if killed, when a file whose path ends so is about to appear. */
  static final String ENDING_BEFORE = "reforest.it.ending-before";

  /** How a process ends that was killed. */
  static final int KILLED = 137;

  private static final URI NAME = URI.create(SCHEME + "://far:" + PORT);
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static volatile String lostBefore = "";
  private static volatile Consumer<Path> watcher = path -> {};

  /** Loses the connection whenever a file whose path ends in this is about to appear; or never. */
  static void loseBefore(String pathEnd) {
    lostBefore = pathEnd;
  }

  /**
   * Tells of each file that is about to be read or to appear and of each folder that is about to be
   * listed, in the thread that does so, which goes on only when this returns.
   */
  static void watch(Consumer<Path> about) {
    watcher = about;
  }

  /** Tells of nothing any more. */
  static void unwatch() {
    watcher = path -> {};
  }

  /** The settings that put it in the place of HDFS. */
  public static Configuration in(Configuration hadoop) {
    hadoop.set("fs." + SCHEME + ".impl", FarFileSystem.class.getName());
    hadoop.set("fs.AbstractFileSystem." + SCHEME + ".impl", Twin.class.getName());
    return hadoop;
  }

  /** Takes them back, so that a real HDFS can be met by those who come later. */
  static void out(Configuration hadoop) {
    hadoop.unset("fs." + SCHEME + ".impl");
    String twin = "fs.AbstractFileSystem." + SCHEME + ".impl";
    // Unlike the other, Hadoop's own is a setting, too.
    hadoop.set(twin, new Configuration().get(twin));
  }

  /** The same for the command line. */
  static String[] options() {
    return new String[] {
      "--spark", "spark.hadoop.fs." + SCHEME + ".impl=" + FarFileSystem.class.getName(),
      "--spark", "spark.hadoop.fs.AbstractFileSystem." + SCHEME + ".impl=" + Twin.class.getName()
    };
  }

  /** The address of a local folder there. */
  public static String home(Path folder) {
    return NAME.resolve(folder.toUri().getPath()).toString();
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  protected int getDefaultPort() {
    return PORT;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FSDataInputStream open(org.apache.hadoop.fs.Path file, int bufferSize) throws IOException {
    watcher.accept(pathToFile(file).toPath());
    return super.open(file, bufferSize);
  }

  @Override
  public FileStatus[] listStatus(org.apache.hadoop.fs.Path folder) throws IOException {
    watcher.accept(pathToFile(folder).toPath());
    return super.listStatus(folder);
  }

  @Override
  public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
      throws IOException {
    Path source = pathToFile(from).toPath();
    Path target = pathToFile(to).toPath();
    if (Files.isDirectory(source) || Files.isDirectory(target)) {
      return super.rename(from, to);
    }
    watcher.accept(target);
    String losing = lostBefore;
    if (!losing.isEmpty() && target.toString().endsWith(losing)) {
      throw new ConnectException("the store went away before " + target.getFileName());
    }
    String ending = System.getProperty(ENDING_BEFORE);
    if (ending != null && target.toString().endsWith(ending)) {
      // Nothing is tidied up, and no hook runs.
      Runtime.getRuntime().halt(KILLED);
    }
    String meeting = System.getProperty(MEETING);
    if (meeting != null && target.endsWith("promotions/00000000000000000001.json")) {
      meet(Path.of(meeting));
    }
    try {
      Files.createLink(target, source);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    Files.delete(source);
    return true;
  }

  /** Nothing here is a link, and Hadoop would start a process to find out. */
  @Override
  public FileStatus getFileLinkStatus(org.apache.hadoop.fs.Path file) throws IOException {
    return getFileStatus(file);
  }

  /** All belongs to who runs the tests, and Hadoop would start a process for each file. */
  @Override
  public void setPermission(org.apache.hadoop.fs.Path file, FsPermission permission) {}

  private static void meet(Path folder) throws IOException {
    Files.createFile(folder.resolve(UUID.randomUUID().toString()));
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try (Stream<Path> there = Files.list(folder)) {
        if (there.count() >= 2) {
          return;
        }
      }
      if (Instant.now().isAfter(end)) {
        throw new IOException("nobody else came to " + folder);
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }

  /** What {@code FileContext} asks for. */
  public static final class Twin extends DelegateToFileSystem {

    /** Called by Hadoop. */
    public Twin(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
      super(uri, new FarFileSystem(), hadoop, SCHEME, true);
    }
  }
}
