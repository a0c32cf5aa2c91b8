package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.home.HadoopStore;
import reforest.s3server.S3Server;
import reforest.testing.JavaProcesses;
import reforest.testing.SparkExtension;

/** Two processes that meet at a barrier before each round and race on S3. */
class S3RaceIT {

  @TempDir private Path folder;

  @Test
  void losesNoPromotionAndNoCommitAndDoublesNone() throws Exception {
    try (S3Server server = S3Server.start(folder);
        ServerSocket meeting = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
      JavaProcesses one = start("one", meeting, server);
      JavaProcesses other = start("other", meeting, server);
      Thread barrier = new Thread(() -> letThemMeet(meeting), "barrier");
      barrier.setDaemon(true);
      barrier.start();
      List<String> told = new ArrayList<>(one.await().succeededAsMain().out().lines().toList());
      told.addAll(other.await().succeededAsMain().out().lines().toList());

      Map<Long, String> promotions = once("promotion", told);
      assertThat(promotions).hasSize(S3Racer.PROMOTIONS);
      assertIsARace(promotions);
      Map<Long, String> commits = once("commit", told);
      assertThat(commits).hasSize(S3Racer.COMMITS);
      assertIsARace(commits);
      assertStands(promotions, commits, server);

      List<String> expected = new ArrayList<>(List.of("versions " + (2 * S3Racer.APPENDS + 1)));
      for (int i = 0; i < S3Racer.APPENDS; i++) {
        expected.add("row " + i + " one");
        expected.add("row " + i + " other");
      }
      assertThat(told)
          .filteredOn(line -> line.startsWith("row ") || line.startsWith("versions "))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  /** Lets nobody go on before both are there. */
  private static void letThemMeet(ServerSocket meeting) {
    try (Socket one = meeting.accept();
        Socket other = meeting.accept()) {
      List<Socket> both = List.of(one, other);
      for (int round = 0; true; round++) {
        for (Socket socket : both) {
          if (socket.getInputStream().read() < 0) {
            return;
          }
        }
        // Who hears of it first changes from round to round.
        both.get(round % 2).getOutputStream().write(0);
        both.get(1 - round % 2).getOutputStream().write(0);
      }
    } catch (IOException e) {
      // One of them has ended, and the other one sees it.
    }
  }

  /** Both are so close together that each wins many rounds. */
  private static void assertIsARace(Map<Long, String> winners) {
    long one = winners.values().stream().filter("one"::equals).count();
    assertThat(one / (double) winners.size()).as("share of one").isBetween(0.1, 0.9);
  }

  /** What stands there is what its winner wrote. */
  private static void assertStands(
      Map<Long, String> promotions, Map<Long, String> commits, S3Server server) {
    Configuration hadoop = S3Here.hadoop(server);
    Store home = HadoopStore.open(URI.create(S3Racer.HOME), hadoop);
    PromotionLog log =
        new PromotionLog(HadoopStore.open(URI.create(S3Racer.HOME + "models/shop"), hadoop));
    for (Promotion promotion : log.all()) {
      assertThat(promotion.writeId())
          .isEqualTo(promotions.remove(promotion.sequence()) + "-" + promotion.sequence());
    }
    assertThat(promotions).as("won and not there").isEmpty();
    for (Map.Entry<Long, String> commit : commits.entrySet()) {
      String name = String.format(Locale.ROOT, "%020d.json", commit.getKey());
      assertThat(home.read("bare/_delta_log/" + name).map(String::new))
          .isEqualTo(Optional.of(commit.getValue() + "\n"));
    }
  }

  private static Map<Long, String> once(String what, List<String> told) {
    Map<Long, String> winners = new TreeMap<>();
    for (String line : told) {
      String[] words = line.split(" ", -1);
      if (words[0].equals(what)) {
        assertThat(winners.put(Long.parseLong(words[1]), words[2])).as(line).isNull();
      }
    }
    return winners;
  }

  private JavaProcesses start(String name, ServerSocket meeting, S3Server server) {
    return JavaProcesses.start(
        folder,
        JavaProcesses.classPathOfTestsOnS3(),
        "reforest.it.S3Racer",
        SparkExtension.SMALL,
        S3Server.keys(),
        name,
        String.valueOf(meeting.getLocalPort()),
        server.endpoint());
  }
}
