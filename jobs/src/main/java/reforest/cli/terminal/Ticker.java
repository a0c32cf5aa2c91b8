package reforest.cli.terminal;

/** Does something about every second on a thread of its own, until it is closed. */
public final class Ticker implements AutoCloseable {

  private static final long PERIOD_MILLIS = 1000;

  private final Thread thread;

  /**
   * @param each what to do; must not throw
   */
  public Ticker(Runnable each) {
    thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  Thread.sleep(PERIOD_MILLIS);
                  each.run();
                }
              } catch (InterruptedException e) {
                // It was closed.
                Thread.currentThread().interrupt();
              }
            },
            "reforest-progress");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
