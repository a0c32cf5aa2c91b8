package reforest.cli;

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
 */
public record Console(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Clock clock,
    LongSupplier nanos) {
  public Console {
    environment = Map.copyOf(environment);
  }
}
