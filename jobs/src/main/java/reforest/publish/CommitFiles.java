package reforest.publish;

import io.delta.storage.HDFSLogStore;
import java.io.IOException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The name that other programs may have in their settings for {@link reforest.home.CommitFiles}.
 */
public final class CommitFiles extends HDFSLogStore {

  private final reforest.home.CommitFiles files;

  /** Called by Delta. */
  public CommitFiles(Configuration hadoop) {
    super(hadoop);
    this.files = new reforest.home.CommitFiles(hadoop);
  }

  @Override
  public void write(Path file, Iterator<String> lines, Boolean overwrite, Configuration hadoop)
      throws IOException {
    files.write(file, lines, overwrite, hadoop);
  }

  @Override
  public Boolean isPartialWriteVisible(Path file, Configuration hadoop) {
    return files.isPartialWriteVisible(file, hadoop);
  }
}
