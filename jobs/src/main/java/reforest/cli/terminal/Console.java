package reforest.cli.terminal;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a command may touch of its process, passed in so that tests can hold it.
 *
 * @param in standard input
 * @param out standard output: the result, and nothing else
 * @param err standard error: stages and the log
 * @param environment environment variables
 * @param clock the time of day
 * @param nanos a ticker for durations, in nanoseconds
 * @param terminal which of the streams a person is looking at
 */
public record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Clock clock,
    LongSupplier nanos,
    Terminal terminal) {
  public Console {
    environment = Map.copyOf(environment);
  }

  /** One whose streams all go to files. */
  public Console(
      InputStream in,
      PrintStream out,
      PrintStream err,
      Map<String, String> environment,
      Clock clock,
      LongSupplier nanos) {
    this(in, out, err, environment, clock, nanos, Terminal.NONE);
  }
}
