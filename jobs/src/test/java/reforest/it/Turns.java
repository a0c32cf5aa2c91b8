package reforest.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Lets several commands of one JVM run in turns, one at a time, each until it prints its next line,
 * in an order that a seed draws.
 */
final class Turns {

  private final Random random;
  private final List<Integer> order = new ArrayList<>();
  private final Semaphore stopped = new Semaphore(0);

  Turns(Random random) {
    this.random = random;
  }

  /** A command that ends its turn whenever it calls {@code line}. */
  interface Actor {
    Ended run(Consumer<String> line);
  }

  /** How each of the actors ended. */
  List<Ended> run(List<Actor> actors) {
    List<Semaphore> permits = new ArrayList<>();
    List<CompletableFuture<Ended>> ends = new ArrayList<>();
    for (Actor actor : actors) {
      Semaphore permit = new Semaphore(0);
      CompletableFuture<Ended> end = new CompletableFuture<>();
      permits.add(permit);
      ends.add(end);
      new Thread(
              () -> {
                permit.acquireUninterruptibly();
                try {
                  end.complete(
                      actor.run(
                          line -> {
                            stopped.release();
                            permit.acquireUninterruptibly();
                          }));
                } catch (Throwable e) {
                  end.completeExceptionally(e);
                } finally {
                  stopped.release();
                }
              })
          .start();
    }
    List<Integer> running = new ArrayList<>();
    for (int i = 0; i < actors.size(); i++) {
      running.add(i);
    }
    while (!running.isEmpty()) {
      int next = running.get(random.nextInt(running.size()));
      order.add(next);
      permits.get(next).release();
      stopped.acquireUninterruptibly();
      running.removeIf(i -> ends.get(i).isDone());
    }
    return ends.stream().map(CompletableFuture::join).toList();
  }

  /** The turns of two actors in their order. */
  String order(int one, int other) {
    return order.stream()
        .filter(i -> i == one || i == other)
        .map(i -> i == one ? "W" : "a")
        .collect(Collectors.joining());
  }
}
