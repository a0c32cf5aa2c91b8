package reforest.table;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.VersionNotFoundException;
import org.apache.spark.sql.delta.util.DeltaFileOperations;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import scala.Option;

/**
 * Looks whether the data files that a version of a table names are there, each in its full size.
 */
final class DataFiles {

  /** How many versions are looked at for one that is whole. */
  private static final int LOOKED_AT = 20;

  private final SparkSession spark;
  private final String table;

  /**
   * @param table the table's folder, as Hadoop writes it
   */
  DataFiles(SparkSession spark, String table) {
    this.spark = spark;
    this.table = table;
  }

  /**
   * Checks that a version is whole.
   *
   * @param versions all that the log tells of, oldest first; asked for only if this one is not
   * @throws ReforestException of kind {@code DATA} when it is not; it names those that are
   */
  void requireWhole(long version, Supplier<List<Long>> versions) {
    Map<String, Long> files = of(version);
    int broken = broken(files);
    if (broken > 0) {
      throw new ReforestException(
          Kind.DATA,
          "version %d of %s cannot be read any more: %d of its %d data files are gone or cut off,"
                  .formatted(version, table, broken, files.size())
              + " probably by VACUUM; "
              + whatIsLeft(versions.get()),
          "use a version that is whole, or restore the files from a backup; data.history says how"
              + " long versions are kept");
    }
  }

  /** The paths of a version's files with their sizes in bytes. */
  private Map<String, Long> of(long version) {
    Map<String, Long> files = new HashMap<>();
    DeltaLog.forTable(spark, table)
        .getSnapshotAt(version, Option.empty(), Option.empty(), false)
        .allFiles()
        .select("path", "size")
        .collectAsList()
        .forEach(
            row ->
                files.put(
                    DeltaFileOperations.absolutePath(table, row.getString(0)).toUri().getPath(),
                    row.getLong(1)));
    return files;
  }

  private int broken(Map<String, Long> files) {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    Path place = new Path(table);
    Set<Path> folders = new HashSet<>();
    files.keySet().forEach(file -> folders.add(new Path(place, file).getParent()));
    Map<String, Long> wanted = new HashMap<>(files);
    for (Path folder : folders) {
      for (FileStatus there : CommitLog.list(hadoop, folder)) {
        wanted.remove(there.getPath().toUri().getPath(), there.getLen());
      }
    }
    return wanted.size();
  }

  private String whatIsLeft(List<Long> versions) {
    int last = versions.size() - 1;
    if (!isWhole(versions.get(last))) {
      for (int i = last - 1; i >= Math.max(0, last - LOOKED_AT); i--) {
        if (isWhole(versions.get(i))) {
          return "version %d is the newest that can be read".formatted(versions.get(i));
        }
      }
      return "the newest versions lack files, too";
    }
    // VACUUM leaves the newest ones, so the oldest of them is found by halving.
    int low = 0;
    int high = last;
    while (low < high) {
      int middle = (low + high) / 2;
      if (isWhole(versions.get(middle))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return "versions %d to %d can be read".formatted(versions.get(low), versions.get(last));
  }

  private boolean isWhole(long version) {
    try {
      return broken(of(version)) == 0;
    } catch (Exception e) {
      // A part of the log that a version needs may be gone although its commit is there.
      if (e instanceof VersionNotFoundException || BrokenFile.behind(e).isPresent()) {
        return false;
      }
      throw e;
    }
  }
}
