package reforest.job;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Tells a person which of a command's stages runs, and how long each took. */
public final class Stages {

  private final int total;
  private final PrintStream err;
  private final LongSupplier nanos;
  private final Map<String, Integer> numbers = new HashMap<>();

  /**
   * @param total how many stages the command has
   * @param err where the lines go
   * @param nanos ticker in nanoseconds
   */
  public Stages(int total, PrintStream err, LongSupplier nanos) {
    this.total = total;
    this.err = err;
    this.nanos = nanos;
  }

  /**
   * Runs the next stage between a line {@code [3/7] train ...} and a line {@code [3/7] train 12.3
   * s}. A stage that runs once more, as after a lost race, keeps its number.
   *
   * @param name the stage's name, as in the README
   * @return what the stage returns
   */
  public <T> T run(String name, Supplier<T> stage) {
    Integer before = numbers.get(name);
    int current = before != null ? before : numbers.size() + 1;
    numbers.put(name, current);
    String prefix = "[" + current + "/" + total + "] " + name;
    // A line of its own: the stage's log lines come between.
    err.println(prefix + " ...");
    long start = nanos.getAsLong();
    boolean done = false;
    try {
      T result = stage.get();
      done = true;
      return result;
    } finally {
      double seconds = (nanos.getAsLong() - start) / 1e9;
      err.println(
          prefix
              + String.format(Locale.ROOT, done ? "  %.1f s" : "  failed after %.1f s", seconds));
    }
  }

  /** Runs the next stage, which returns nothing. */
  public void run(String name, Runnable stage) {
    Object nothing = new Object();
    run(
        name,
        () -> {
          stage.run();
          return nothing;
        });
  }
}
