package reforest.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.home.Home;

/**
 * The files of a Delta table's log. Delta steps over a commit that has become empty as over one
 * that changed nothing, and its rows are lost without a word; so whether all is there is looked at
 * before.
 */
final class CommitLog {

  private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
  private static final Pattern CHECKPOINT = Pattern.compile("(\\d{20})\\.checkpoint\\..*");

  private final Path folder;
  private final Configuration hadoop;

  /**
   * @param table location of the table
   */
  CommitLog(URI table, Configuration hadoop) {
    this.folder = new Path(Home.log(table));
    this.hadoop = hadoop;
  }

  /**
   * Checks by a listing alone that every commit since the last checkpoint is there and not empty.
   *
   * @throws ReforestException of kind {@code DATA} when one is not
   */
  void requireWhole() {
    TreeMap<Long, FileStatus> commits = new TreeMap<>();
    long checkpoint = -1;
    for (FileStatus file : list(hadoop, folder)) {
      Matcher commit = COMMIT.matcher(file.getPath().getName());
      Matcher collected = CHECKPOINT.matcher(file.getPath().getName());
      if (commit.matches()) {
        commits.put(Long.valueOf(commit.group(1)), file);
      } else if (collected.matches() && file.getLen() > 0) {
        checkpoint = Math.max(checkpoint, Long.parseLong(collected.group(1)));
      }
    }
    long expected = checkpoint + 1;
    for (FileStatus file : commits.tailMap(expected).values()) {
      Path commit = new Path(folder, String.format(Locale.ROOT, "%020d.json", expected));
      if (!file.getPath().getName().equals(commit.getName())) {
        throw broken(commit + " is gone, and later commits are there");
      }
      if (file.getLen() == 0) {
        throw broken(commit + " is empty");
      }
      expected++;
    }
  }

  /** The newest commit that is no JSON, as a failure; empty when all are. */
  Optional<ReforestException> torn() {
    List<FileStatus> files = new ArrayList<>(List.of(list(hadoop, folder)));
    files.sort(Comparator.comparing(FileStatus::getPath).reversed());
    for (FileStatus file : files) {
      if (COMMIT.matcher(file.getPath().getName()).matches()) {
        try (InputStream in = file.getPath().getFileSystem(hadoop).open(file.getPath());
            JsonParser parser = new JsonFactory().createParser(in)) {
          JsonToken token = parser.nextToken();
          while (token != null) {
            token = parser.nextToken();
          }
        } catch (JsonProcessingException e) {
          return Optional.of(
              broken("cannot read " + file.getPath() + ": " + SparkErrors.firstLine(e)));
        } catch (IOException e) {
          throw unlisted(file.getPath(), e);
        }
      }
    }
    return Optional.empty();
  }

  private static ReforestException broken(String message) {
    return new BrokenFile(message, BrokenFile.LOG_HINT).exception(null);
  }

  /** What lies in a folder; nothing where there is no such folder. */
  static FileStatus[] list(Configuration hadoop, Path folder) {
    try {
      FileSystem files = folder.getFileSystem(hadoop);
      return files.listStatus(folder);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    } catch (IOException e) {
      throw unlisted(folder, e);
    }
  }

  private static ReforestException unlisted(Path place, IOException e) {
    return new ReforestException(
        Kind.STORE,
        "cannot read " + place + ": " + SparkErrors.firstLine(e),
        "check that the store can be reached, then run again",
        e);
  }
}
