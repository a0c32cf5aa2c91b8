package reforest.home;

import java.io.IOException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reforest.bundle.ReforestException;

/** Calls a store, and says so on the log while it does not answer. */
final class Waiting {

  private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

  private static final int FIRST_NOTICE_SECONDS = 10;
  private static final int NOTICES_SECONDS = 30;

  private static final ScheduledThreadPoolExecutor TIMER =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "reforest-waiting");
            thread.setDaemon(true);
            return thread;
          });

  static {
    TIMER.setRemoveOnCancelPolicy(true);
  }

  private Waiting() {}

  /** What a store is asked. */
  interface Call<T> {
    T answer() throws IOException;
  }

  /**
   * The answer to a call.
   *
   * @param place where it goes
   * @throws IOException also for what a client throws unchecked, such as one that was closed
   */
  static <T> T on(Object place, Call<T> call) throws IOException {
    ScheduledFuture<?> notices =
        TIMER.scheduleAtFixedRate(
            () -> LOG.warn("the store does not answer, trying again: {}", place),
            FIRST_NOTICE_SECONDS,
            NOTICES_SECONDS,
            TimeUnit.SECONDS);
    try {
      return call.answer();
    } catch (ReforestException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new IOException(String.valueOf(e), e);
    } finally {
      notices.cancel(false);
    }
  }
}
