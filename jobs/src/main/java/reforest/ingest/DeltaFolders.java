package reforest.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.home.Home;

/**
 * Tells the files of a Delta table from plain Parquet: which of them count, and which of their rows
 * are deleted, stands in the table's log alone.
 */
final class DeltaFolders {

  private DeltaFolders() {}

  /**
   * That no Delta table lies there, nor around a file or a folder such as {@code month=2011-01}.
   *
   * @param path a file, a folder or a pattern of them
   * @throws ReforestException of kind {@code ARGUMENTS}
   */
  static void requireNone(String path, Configuration hadoop) {
    Path named = new Path(path);
    try {
      FileSystem files = named.getFileSystem(hadoop);
      @Nullable Path folder = named;
      do {
        if (files.exists(new Path(Home.log(folder.toUri())))) {
          throw new ReforestException(
              Kind.ARGUMENTS,
              folder
                  + " is a Delta table: its Parquet files also hold rows that were deleted or"
                  + " replaced",
              "set data.source.format = delta, and data.source.options.versionAsOf for an older"
                  + " version");
        }
        folder = folder.getName().contains("=") || folder.equals(named) ? folder.getParent() : null;
      } while (folder != null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
