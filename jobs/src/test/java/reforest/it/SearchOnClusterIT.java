package reforest.it;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.testing.SparkExtension;

/** What a search on a cluster spends its CPU time on. */
@ExtendWith(SparkExtension.class)
class SearchOnClusterIT {

  private static final int ROWS = 150_000;
  private static final int FEATURES = 12;

  private static final String CONF =
      """
      model = wide
      task = regression
      data {
        columns = [
          { name = id, type = bigint }
          %s
          { name = y, type = double }
        ]
        key = [id]
        label = y
      }
      features.numeric = [%s]
      train {
        folds = 2
        max-bins = 64
        random-forest.enabled = false
        gradient-boosting {
          iterations = [350, 700]
          early-stopping = null
          depth = [5, 7]
          step-size = [0.05, 0.1]
        }
      }
      gate.worthwhile-gain = 0.1
      """;

  @TempDir private Path folder;

  /**
   * A moment of the job.
   *
   * @param cpu what its driver and its executors had taken
   */
  private record Moment(long millis, Duration cpu) {}

  @Test
  void nineTenthsOfItAreTasksAndBothWorkersFitCandidates(SparkSession spark) throws IOException {
    Path events = Files.createDirectory(folder.resolve("events"));
    Path home = folder.resolve("home");
    rows(spark, home.resolve("data/wide/table"));
    AtomicReference<Moment> start = new AtomicReference<>();
    AtomicReference<Moment> end = new AtomicReference<>();
    try (Cluster cluster = Cluster.start(folder)) {
      cluster
          .submit(
              EventLog.settings(events),
              line -> {
                if (line.startsWith("[3/7] train")) {
                  (line.endsWith("...") ? start : end)
                      .set(new Moment(System.currentTimeMillis(), cluster.cpu()));
                }
              },
              "retrain",
              "--conf",
              conf().toString(),
              "--home",
              home.toString())
          .succeeded();
    }

    List<EventLog.Task> tasks =
        EventLog.read(events).tasks().stream()
            .filter(task -> task.finishedMillis() >= start.get().millis())
            .filter(task -> task.finishedMillis() <= end.get().millis())
            .toList();
    Map<String, Long> fits =
        tasks.stream()
            .filter(task -> task.stage().contains("BinnedFold"))
            .collect(groupingBy(EventLog.Task::executor, summingLong(EventLog.Task::cpuNanos)));
    assertThat(fits).as("nanoseconds by executor").hasSize(2);
    long all = end.get().cpu().minus(start.get().cpu()).toNanos();
    assertThat(fits.values()).allSatisfy(nanos -> assertThat(nanos).isGreaterThan(all / 4));
    double inTasks = tasks.stream().mapToLong(EventLog.Task::cpuNanos).sum();
    assertThat(inTasks / all)
        .as("share of %.1f CPU seconds that is in tasks", all / 1e9)
        .isBetween(0.9, 1.0);
  }

  private Path conf() throws IOException {
    List<String> names = IntStream.range(0, FEATURES).mapToObj(i -> "x" + i).toList();
    String columns =
        String.join(
            "\n    ", names.stream().map(x -> "{ name = " + x + ", type = double }").toList());
    return Files.writeString(
        folder.resolve("wide.conf"), CONF.formatted(columns, String.join(", ", names)));
  }

  /** A label of a few numbers, their products and noise. */
  private static void rows(SparkSession spark, Path table) {
    spark
        .range(0, ROWS, 1, 4)
        .selectExpr(
            IntStream.rangeClosed(0, FEATURES)
                .mapToObj(i -> i == 0 ? "id" : number(i - 1))
                .toArray(String[]::new))
        .selectExpr(
            "*",
            "10 * sin(3 * x0 * x1) + 20 * pow(x2 - 0.5D, 2) + 10 * x3 + 5 * x4"
                + " + pmod(xxhash64(id, 'noise'), 1000) / 500.0D as y")
        .write()
        .format("delta")
        .save(table.toString());
  }

  private static String number(int i) {
    return "pmod(xxhash64(id, 'x" + i + "'), 100000) / 100000.0D as x" + i;
  }
}
