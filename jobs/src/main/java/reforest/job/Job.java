package reforest.job;

import reforest.bundle.ReforestException;

/**
 * A job that is configured, executed, and returns what it found out.
 *
 * <p>Immutable: each option gives a new job. A job throws {@link ReforestException} for what a
 * person can mend, and anything else for a bug; Spark's own checked exceptions come undeclared.
 *
 * @param <R> what it returns
 */
public interface Job<R> {

  /** Does the job. */
  R execute();

  /**
   * Checks all that can be checked without opening Spark, and changes nothing.
   *
   * @throws ReforestException that names everything that failed, of the kind of the first
   */
  Preflight.Result check();
}
