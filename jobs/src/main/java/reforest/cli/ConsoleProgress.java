package reforest.cli;

import java.io.PrintStream;
import java.util.Locale;
import reforest.job.Progress;

/** Tells a person how a job goes on, and keeps what its result tells should it fail. */
public final class ConsoleProgress implements Progress {

  private final PrintStream err;
  private final Outcome.Builder known;

  /**
   * @param err where the lines go
   * @param known what the result tells if the job fails
   */
  public ConsoleProgress(PrintStream err, Outcome.Builder known) {
    this.err = err;
    this.known = known;
  }

  /** {@code [3/7] train ...}, a line of its own: the step's log lines come between. */
  @Override
  public void starts(Step step) {
    err.println(prefix(step) + " ...");
  }

  /** {@code [3/7] train 12.3 s}. */
  @Override
  public void ends(Step step, boolean done, double seconds) {
    err.println(
        prefix(step)
            + String.format(Locale.ROOT, done ? "  %.1f s" : "  failed after %.1f s", seconds));
  }

  @Override
  public void knows(Known found) {
    known.known(found);
  }

  @Override
  public void says(String line) {
    err.println(line);
  }

  private static String prefix(Step step) {
    return "[" + step.number() + "/" + step.total() + "] " + step.name();
  }
}
