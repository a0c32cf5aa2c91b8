package reforest.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Services that are killed and started again, two at a time on one folder, while a process of its
 * own promotes and rolls back.
 */
class FollowerRaceTest {

  private static final int KILLS = 12;
  private static final Map<String, Object> ROW = Map.of("temp", 0.1, "wind", 4, "season", "winter");

  @TempDir Path home;

  @Test
  void neverGoesBackAndNeverServesHalfABundle() throws Exception {
    Path folder = home.resolve("served");
    new Publisher(new LocalStore(home.resolve("models/bikes"))).promote(1, Models.AVERAGE);
    Process promoter = start("promoter", Promoter.class, home.toString());
    List<Path> told = new ArrayList<>();
    Random random = new Random(7);
    Process other = null;
    try {
      for (int i = 0; i < KILLS; i++) {
        Path out = home.resolve("service-" + i + ".txt");
        told.add(out);
        Process service = start("service-" + i, Service.class, home.toString(), folder.toString());
        awaitLines(out, service, 2 + random.nextInt(20));
        if (other != null) {
          other.destroyForcibly().waitFor();
        }
        other = service;
      }
    } finally {
      if (other != null) {
        other.destroyForcibly().waitFor();
      }
      promoter.destroyForcibly().waitFor();
    }

    long newest = 0;
    for (Path out : told) {
      long before = 0;
      for (String line : wholeLines(out)) {
        long sequence = Long.parseLong(line.split(" ", -1)[0]);
        // Even promotions hold one model, odd ones the other: what predicts is what it says it is.
        assertThat(line).isEqualTo(sequence + " " + (sequence % 2 == 0 ? "11.5" : "5.75"));
        assertThat(sequence).as(out.toString()).isGreaterThanOrEqualTo(before);
        before = sequence;
      }
      newest = Math.max(newest, before);
    }
    assertThat(newest).as("it followed the promotions").isGreaterThan(KILLS);
    assertThat(folder.resolve("current.json")).exists();

    Pulled last = new Puller(new LocalStore(home.resolve("models/bikes")), folder).pull();
    assertThat(last.promotion().sequence()).isGreaterThanOrEqualTo(newest);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .as("two bundles, and nothing of the killed")
          .hasSizeLessThanOrEqualTo(4)
          .allMatch(n -> Sha256.isDigest(n) || n.equals("current.json") || n.equals(".lock"));
    }
  }

  @Test
  void beginsAfterEachKillWhereTheOneBeforeItStood() throws Exception {
    Path folder = home.resolve("served");
    new Publisher(new LocalStore(home.resolve("models/bikes"))).promote(1, Models.AVERAGE);
    Process promoter = start("promoter", Promoter.class, home.toString());
    long before = 0;
    try {
      for (int i = 0; i < KILLS / 2; i++) {
        Path out = home.resolve("service-" + i + ".txt");
        Process service = start("service-" + i, Service.class, home.toString(), folder.toString());
        try {
          awaitLines(out, service, 5);
        } finally {
          service.destroyForcibly().waitFor();
        }
        List<String> lines = wholeLines(out);
        assertThat(sequence(lines.get(0))).isGreaterThanOrEqualTo(before);
        before = sequence(lines.get(lines.size() - 1));
      }
    } finally {
      promoter.destroyForcibly().waitFor();
    }
    assertThat(before).isGreaterThan(KILLS / 2);
  }

  private Process start(String name, Class<?> main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectOutput(home.resolve(name + ".txt").toFile())
        .redirectError(home.resolve(name + ".err").toFile())
        .start();
  }

  private void awaitLines(Path out, Process service, int lines) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (wholeLines(out).size() < lines) {
      assertThat(service.isAlive())
          .as(Files.readString(Path.of(out.toString().replace(".txt", ".err"))))
          .isTrue();
      assertThat(System.nanoTime()).as("patience for " + out).isLessThan(end);
      Thread.sleep(2);
    }
  }

  /** A kill may cut the last line. */
  private static List<String> wholeLines(Path out) throws IOException {
    String text = Files.readString(out);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private static long sequence(String line) {
    return Long.parseLong(line.split(" ", -1)[0]);
  }

  /** Promotes one model and goes back to the other, as fast as a service can follow. */
  static final class Promoter {

    private Promoter() {}

    public static void main(String[] args) throws Exception {
      Publisher publisher = new Publisher(new LocalStore(Path.of(args[0], "models/bikes")));
      for (long sequence = 2; ; sequence++) {
        publisher.promote(sequence, sequence % 2 == 0 ? Models.SUM : Models.AVERAGE);
        Thread.sleep(10);
      }
    }
  }

  /** Serves, and tells at each change which promotion it serves and what that predicts. */
  static final class Service {

    private Service() {}

    public static void main(String[] args) throws Exception {
      Pace pace = new Pace(Duration.ofMillis(2), Duration.ofMillis(20));
      Store store = new LocalStore(Path.of(args[0], "models/bikes"));
      Follower follower =
          Follower.start(
              store, Path.of(args[1]), pace, Clock.systemUTC(), ProcessHandle.current().pid());
      long told = 0;
      while (true) {
        Follower.Served served = follower.served();
        if (served.sequence() != told) {
          System.out.println(served.sequence() + " " + served.scorer().score(ROW).value());
          told = served.sequence();
        }
        Thread.sleep(1);
      }
    }
  }
}
