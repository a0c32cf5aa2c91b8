package reforest.job;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import reforest.bundle.Promotion;

/**
 * Runs a job's steps one after the other, and tells which one runs, how long, and what is known.
 */
final class RunSteps {

  private final int total;
  private final LongSupplier nanos;
  private final Progress progress;
  private final Map<String, Integer> numbers = new HashMap<>();
  private Progress.Known known = Progress.Known.NOTHING;

  /**
   * @param total how many steps the job has
   * @param nanos ticker in nanoseconds
   * @param progress hears of them
   */
  RunSteps(int total, LongSupplier nanos, Progress progress) {
    this.total = total;
    this.nanos = nanos;
    this.progress = progress;
  }

  /**
   * Runs the next step. One that runs once more, as after a lost race, keeps its number.
   *
   * @param name the step's name
   * @return what it returns
   */
  <T> T run(String name, Supplier<T> body) {
    Integer before = numbers.get(name);
    int current = before != null ? before : numbers.size() + 1;
    numbers.put(name, current);
    Progress.Step step = new Progress.Step(name, current, total);
    progress.starts(step);
    long start = nanos.getAsLong();
    boolean done = false;
    try {
      T result = body.get();
      done = true;
      return result;
    } finally {
      progress.ends(step, done, (nanos.getAsLong() - start) / 1e9);
    }
  }

  /** Runs the next step, which returns nothing. */
  void run(String name, Runnable body) {
    Object nothing = new Object();
    run(
        name,
        () -> {
          body.run();
          return nothing;
        });
  }

  /** A promotion is in the log; whatever fails later, it counts. */
  void stands(Promotion promotion) {
    progress.says("promotion " + promotion.sequence() + " stands");
  }

  /** The version of the table is known. */
  void knowsDataVersion(long version) {
    tell(known.withDataVersion(version));
  }

  /** The run's key is known. */
  void knowsRun(String key) {
    tell(known.withRun(key));
  }

  /** The bundle is known, and where it lies. */
  void knowsBundle(String digest, String location) {
    tell(known.withBundle(digest, location));
  }

  private void tell(Progress.Known more) {
    known = more;
    progress.knows(known);
  }
}
