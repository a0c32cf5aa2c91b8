package reforest.train.binned;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share the features of one loop over rows. What each feature gets is computed by one
 * of them, so it does not depend on how many there are.
 */
final class FeatureThreads implements AutoCloseable {

  /** Values that are worth waking another thread for. */
  private static final long WORTH_SHARING = 1 << 16;

  /** Features that {@link Histograms} takes at once. */
  private static final int TOGETHER = 4;

  private final int threads;
  private final @Nullable ExecutorService others;

  /**
   * @param threads how many work, the caller's among them
   */
  FeatureThreads(int threads) {
    this.threads = threads;
    this.others =
        threads == 1
            ? null
            : Executors.newFixedThreadPool(
                threads - 1,
                work -> {
                  Thread thread = new Thread(work, "fit");
                  thread.setDaemon(true);
                  return thread;
                });
  }

  /**
   * Runs a loop over rows for all features, and returns when all are done.
   *
   * @param loop takes some of the features; safe for several threads, for features of their own
   */
  void share(int[] features, int rows, Consumer<int[]> loop) {
    int batches = (features.length + TOGETHER - 1) / TOGETHER;
    int parts = Math.min(threads, batches);
    if (others == null || parts < 2 || (long) rows * features.length < WORTH_SHARING) {
      loop.accept(features);
      return;
    }
    List<Future<?>> running = new ArrayList<>();
    for (int part = 1; part < parts; part++) {
      int[] some = part(features, batches, part, parts);
      running.add(others.submit(() -> loop.accept(some)));
    }
    loop.accept(part(features, batches, 0, parts));
    for (Future<?> part : running) {
      finish(part);
    }
  }

  private static int[] part(int[] features, int batches, int part, int parts) {
    int from = batches * part / parts * TOGETHER;
    int to = batches * (part + 1) / parts * TOGETHER;
    return Arrays.copyOfRange(features, from, Math.min(to, features.length));
  }

  private static void finish(Future<?> part) {
    try {
      part.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a tree grows", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a thread of a fit failed", e.getCause());
    }
  }

  @Override
  public void close() {
    if (others != null) {
      others.shutdownNow();
    }
  }
}
