package reforest.cli;

import java.util.Locale;
import java.util.Optional;
import reforest.bundle.ReforestException;
import reforest.config.Secrets;
import reforest.home.StoreTrouble;
import reforest.table.BrokenFile;

/**
 * Why a command failed.
 *
 * @param code {@code arguments}, {@code data}, {@code race}, {@code store}, {@code pipe}, or {@code
 *     unexpected}
 * @param exitCode how the process ends
 * @param message what happened and why
 * @param hint what to do about it
 */
public record Failure(String code, int exitCode, String message, String hint) {

  /** Messages of libraries may hold an address with a password in it. */
  public Failure {
    message = Secrets.masked(message);
    hint = Secrets.masked(hint);
  }

  /** How a process ends after a failure that nobody foresaw. */
  public static final int UNEXPECTED = 1;

  static Failure of(Throwable thrown) {
    if (isEnding()) {
      // Spark and Hadoop close under whatever still works, which then fails in words of its own.
      return of(
          ReforestException.Kind.STORE,
          "the process was told to end while it worked: " + thrown,
          "run the same command again: what is finished is kept");
    }
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (at instanceof ReforestException known) {
        return of(known.kind(), String.valueOf(known.getMessage()), known.hint());
      }
      if (at instanceof Stdout.Lost lost) {
        return lost.failure();
      }
    }
    Optional<Failure> unnamed = FileNames.behind(thrown, System.getenv());
    if (unnamed.isPresent()) {
      return unnamed.get();
    }
    Optional<StoreTrouble> trouble = StoreTrouble.behind(thrown);
    if (trouble.isPresent()) {
      return of(
          ReforestException.Kind.ARGUMENTS,
          trouble.get().message() + ": " + thrown,
          trouble.get().hint());
    }
    Optional<Outage> outage = Outage.behind(thrown);
    if (outage.isPresent()) {
      return of(ReforestException.Kind.STORE, outage.get().message(), outage.get().hint());
    }
    Optional<BrokenFile> broken = BrokenFile.behind(thrown);
    if (broken.isPresent()) {
      return of(ReforestException.Kind.DATA, broken.get().message(), broken.get().hint());
    }
    return new Failure(
        "unexpected",
        UNEXPECTED,
        String.valueOf(thrown),
        "this is a bug of Reforest; please report it with the stack trace on stderr");
  }

  /** Whether a signal has begun to end this process: Java takes no hooks from then on. */
  private static boolean isEnding() {
    Thread hook = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  static Failure of(ReforestException.Kind kind, String message, String hint) {
    return new Failure(kind.name().toLowerCase(Locale.ROOT), kind.exitCode(), message, hint);
  }

  boolean isUnexpected() {
    return exitCode == UNEXPECTED;
  }

  /** Whether nobody needs to hear of it: a reader of standard output that has had enough. */
  boolean isQuiet() {
    return exitCode == Stdout.CLOSED_PIPE;
  }
}
