package reforest.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.FileNotFoundException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkThrowable;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.home.Home;

/**
 * A file of a table that was there when it was written and cannot be read any more.
 *
 * @param message which file, and what is the matter with it
 * @param hint how it can be mended
 */
public record BrokenFile(String message, String hint) {

  static final String LOG_HINT =
      "put it back from a backup. Where it is the newest of its folder it may be moved away"
          + " instead: the table is then as it was one version before, and what was written last"
          + " can be written again";
  static final String DATA_HINT =
      "put it back from a backup, or make an older version the newest with 'reforest restore'";

  private static final String UNREADABLE = "FAILED_READ_FILE";

  /** How Delta says that its log does not hold together. */
  private static final List<String> LOG_CONDITIONS =
      List.of(
          "DELTA_VERSIONS_NOT_CONTIGUOUS",
          "DELTA_TRUNCATED_TRANSACTION_LOG",
          "DELTA_LOG_FILE_NOT_FOUND",
          "DELTA_MISSING_TRANSACTION_LOG",
          "DELTA_STATE_RECOVER_ERROR");

  /** The file behind a failure of Spark or Delta, or empty when it was something else. */
  public static Optional<BrokenFile> behind(Throwable thrown) {
    for (@Nullable Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof SparkThrowable problem && problem.getCondition() != null) {
        String condition = problem.getCondition();
        if (condition.startsWith(UNREADABLE)) {
          return Optional.of(
              unreadable(problem.getMessageParameters().getOrDefault("path", "a file"), root(at)));
        }
        if (LOG_CONDITIONS.contains(condition)) {
          return Optional.of(
              new BrokenFile(
                  "a table's log is broken: " + SparkErrors.firstLine(at).strip(), LOG_HINT));
        }
      }
    }
    return Optional.empty();
  }

  private static BrokenFile unreadable(String file, Throwable why) {
    String message =
        why instanceof FileNotFoundException
            ? file + " is gone"
            : "cannot read " + file + ": " + SparkErrors.firstLine(why);
    return new BrokenFile(message, Home.isInLog(file) ? LOG_HINT : DATA_HINT);
  }

  /** Whether what was read was no JSON, which Delta does not wrap when it reads its history. */
  static boolean isNoJson(Throwable thrown) {
    for (@Nullable Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof JsonProcessingException) {
        return true;
      }
    }
    return false;
  }

  /** As a failure that a person can mend. */
  public ReforestException exception(@Nullable Throwable cause) {
    return new ReforestException(Kind.DATA, message, hint, cause);
  }

  private static Throwable root(Throwable thrown) {
    Throwable at = thrown;
    for (@Nullable Throwable next = at.getCause(); next != null; next = next.getCause()) {
      at = next;
    }
    return at;
  }
}
