package reforest.bundle;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A failure that a person can mend, told in one sentence: what happened, why, and what to do.
 *
 * <p>Shown without a stack trace. Anything else that is thrown is a bug and shows its trace.
 */
public final class ReforestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Who can mend it, which is also how the process ends. */
  public enum Kind {
    /** The arguments or the configuration are wrong. */
    ARGUMENTS(2),
    /** The data, a model or a bundle is refused. */
    DATA(3),
    /** Another run changed the promotion log first. */
    RACE(4),
    /** A store or the cluster cannot be reached. */
    STORE(5);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /** The exit code of a process that ends with this kind of failure. */
    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;
  private final String hint;

  /**
   * @param kind who can mend it
   * @param message what happened and why, with the values
   * @param hint what to do about it
   */
  public ReforestException(Kind kind, String message, String hint) {
    this(kind, message, hint, null);
  }

  /**
   * @param kind who can mend it
   * @param message what happened and why, with the values
   * @param hint what to do about it
   * @param cause what was thrown below, if anything
   */
  public ReforestException(Kind kind, String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.hint = hint;
  }

  /**
   * What is sent to another process, without its cause: one of any library may not be serializable,
   * and then no word of the failure would arrive.
   */
  @Serial
  private Object writeReplace() {
    ReforestException alone = new ReforestException(kind, String.valueOf(getMessage()), hint);
    alone.setStackTrace(getStackTrace());
    return alone;
  }

  /** Who can mend it. */
  public Kind kind() {
    return kind;
  }

  /** What to do about it. */
  public String hint() {
    return hint;
  }
}
