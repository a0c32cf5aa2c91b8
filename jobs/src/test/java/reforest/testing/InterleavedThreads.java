package reforest.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Lets several threads run one at a time, each until it passes its turn on, in an order that a seed
 * draws.
 *
 * <p>Each has a weight by which it is drawn, and all weights change now and then: so threads also
 * stand still for long while others run from their start to their end.
 *
 * <p>Nobody may pass while holding a lock that another needs. If that happens all the same, or a
 * thread waits for ever, the turns end after a while and tell where everybody stands.
 */
public final class InterleavedThreads {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** After about how many turns the weights change. */
  private static final int STEADY = 30;

  /** A thread of weight one is drawn so many times as often as the lightest, as a power of ten. */
  private static final double SPREAD = 3;

  private final Random random;
  private final Map<Thread, Seat> seats = new HashMap<>();
  private final List<Seat> present = new ArrayList<>();
  private final List<Integer> order = new ArrayList<>();
  private volatile boolean abandoned;

  public InterleavedThreads(Random random) {
    this.random = random;
  }

  private static final class Seat {
    final int number;
    final Semaphore turn = new Semaphore(0);
    double weight;
    volatile String at = "its start";

    Seat(int number) {
      this.number = number;
    }
  }

  /**
   * Runs all of them and returns what they return.
   *
   * @throws AssertionError when one of them fails, or they do not come to an end
   */
  public <T> List<T> take(List<Supplier<T>> actors) throws InterruptedException {
    CountDownLatch running = new CountDownLatch(actors.size());
    List<FutureTask<T>> tasks = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (Supplier<T> actor : actors) {
      Seat seat = new Seat(tasks.size());
      FutureTask<T> task = new FutureTask<>(actor::get);
      Thread thread =
          new Thread(
              () -> {
                seat.turn.acquireUninterruptibly();
                task.run();
                seat.at = "its end";
                present.remove(seat);
                running.countDown();
                if (!present.isEmpty()) {
                  draw().turn.release();
                }
              },
              "actor " + seat.number);
      // A thread that hangs must not keep the process.
      thread.setDaemon(true);
      tasks.add(task);
      threads.add(thread);
      seats.put(thread, seat);
      present.add(seat);
    }
    weigh();
    threads.forEach(Thread::start);
    draw().turn.release();
    if (!running.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      String where = whereEverybodyStands();
      abandoned = true;
      seats.values().forEach(seat -> seat.turn.release());
      throw new AssertionError("the turns came to no end within " + PATIENCE + "\n" + where);
    }
    List<T> results = new ArrayList<>();
    for (FutureTask<T> task : tasks) {
      try {
        results.add(task.get());
      } catch (ExecutionException e) {
        throw new AssertionError("actor " + results.size() + " failed", e.getCause());
      }
    }
    return results;
  }

  /**
   * Ends the turn of the calling thread and waits for its next one. A thread that is none of those
   * that take turns goes on at once.
   *
   * @param at what it is about to do
   */
  public void pass(String at) {
    Seat seat = seats.get(Thread.currentThread());
    if (seat == null) {
      return;
    }
    seat.at = at;
    if (random.nextInt(STEADY) == 0) {
      weigh();
    }
    draw().turn.release();
    seat.turn.acquireUninterruptibly();
    if (abandoned) {
      throw new IllegalStateException("the turns were given up");
    }
    order.add(seat.number);
  }

  /** Who has gone on after passing, turn by turn. */
  public String order() {
    return order.stream().map(String::valueOf).collect(Collectors.joining());
  }

  private void weigh() {
    present.forEach(seat -> seat.weight = Math.pow(10, -SPREAD * random.nextDouble()));
  }

  private Seat draw() {
    double left = random.nextDouble() * present.stream().mapToDouble(seat -> seat.weight).sum();
    for (Seat seat : present) {
      left -= seat.weight;
      if (left < 0) {
        return seat;
      }
    }
    return present.get(present.size() - 1);
  }

  private String whereEverybodyStands() {
    return seats.entrySet().stream()
        .map(
            entry -> {
              Thread thread = entry.getKey();
              StringBuilder text = new StringBuilder(thread.getName());
              text.append(", last seen at ").append(entry.getValue().at);
              text.append(", is ").append(thread.getState());
              for (StackTraceElement element : thread.getStackTrace()) {
                text.append("\n    at ").append(element);
              }
              return text.toString();
            })
        .sorted()
        .collect(Collectors.joining("\n"));
  }
}
