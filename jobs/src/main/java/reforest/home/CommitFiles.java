package reforest.home;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.delta.storage.HDFSLogStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import reforest.bundle.ReforestException;

/**
 * Writes Delta's commits so that of two writers of one version, wherever they run, one loses and
 * knows it.
 *
 * <p>Delta's own stores look whether a file is there and then write it, on local files and on S3,
 * guarded within one process only. Here a commit is created as promotions are. Elsewhere, such as
 * on HDFS, Delta's own way is safe and kept.
 */
public final class CommitFiles extends HDFSLogStore {

  /** Where Delta's own way can lose a commit. */
  private static final Set<String> SCHEMES = Set.of("file", "s3a", "s3");

  /** Called by Delta. */
  public CommitFiles(Configuration hadoop) {
    super(hadoop);
  }

  /** Spark's settings that make Delta use it. */
  public static Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    for (String scheme : SCHEMES) {
      settings.put("spark.delta.logStore." + scheme + ".impl", CommitFiles.class.getName());
    }
    return settings;
  }

  @Override
  public void write(Path file, Iterator<String> lines, Boolean overwrite, Configuration hadoop)
      throws IOException {
    Path path = file.getFileSystem(hadoop).makeQualified(file);
    if (!overwrite && SCHEMES.contains(path.toUri().getScheme())) {
      create(path, lines, hadoop);
    } else if (isObjectStore(path)) {
      // When it may overwrite, this one does not rename, which would be a copy on S3.
      writeWithRename(path, lines, true, hadoop);
    } else {
      super.write(path, lines, overwrite, hadoop);
    }
  }

  private static void create(Path file, Iterator<String> lines, Configuration hadoop)
      throws IOException {
    StringBuilder content = new StringBuilder();
    while (lines.hasNext()) {
      content.append(lines.next()).append('\n');
    }
    URI folder = file.getParent().toUri();
    try {
      boolean created =
          HadoopStore.open(folder, hadoop)
              .createIfAbsent(file.getName(), content.toString().getBytes(UTF_8));
      if (!created) {
        throw new FileAlreadyExistsException(file.toString());
      }
    } catch (ReforestException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public Boolean isPartialWriteVisible(Path file, Configuration hadoop) {
    return !isObjectStore(file);
  }

  private static boolean isObjectStore(Path file) {
    String scheme = String.valueOf(file.toUri().getScheme());
    return !scheme.equals("file") && SCHEMES.contains(scheme);
  }
}
