package reforest.it;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.SparkExtension;

/** What a search on a cluster spends its CPU time on. */
@ExtendWith(SparkExtension.class)
class SearchOnClusterIT {

  private static final int ROWS = 100_000;

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
        folds = 3
        random-forest { trees = [100, 400], depth = [6, 10], features = [0.5] }
        gradient-boosting {
          iterations = [100, 400]
          depth = [4, 6]
          step-size = [0.05, 0.1]
        }
      }
      gate.worthwhile-gain = 0.1
      """;

  private static final int FEATURES = 12;

  @TempDir private Path folder;

  /** CPU time of the driver and the executors when the search began and when it ended. */
  private static final class Span {
    long fromMillis;
    long toMillis;
    Duration from = Duration.ZERO;
    Duration to = Duration.ZERO;
  }

  @Test
  void nineTenthsOfItAreTasksAndBothWorkersFitCandidates(SparkSession spark) throws IOException {
    Path events = Files.createDirectory(folder.resolve("events"));
    Path home = folder.resolve("home");
    rows(spark, home.resolve("data/wide/table"));
    Map<String, String> settings = Cluster.small();
    settings.putAll(EventLog.settings(events));
    Span search = new Span();
    try (Cluster cluster = Cluster.start(folder)) {
      cluster
          .watched(
              settings,
              (line, driver) -> {
                if (line.equals("[3/7] train ...")) {
                  search.from = cpu(cluster, driver);
                  search.fromMillis = System.currentTimeMillis();
                } else if (line.startsWith("[3/7] train")) {
                  search.to = cpu(cluster, driver);
                  search.toMillis = System.currentTimeMillis();
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
            .filter(t -> t.finishedMillis() >= search.fromMillis)
            .filter(t -> t.finishedMillis() <= search.toMillis)
            .toList();
    Map<String, Long> fits =
        tasks.stream()
            .filter(t -> t.stage().contains("BinnedFold"))
            .collect(groupingBy(EventLog.Task::executor, summingLong(EventLog.Task::cpuNanos)));
    long inTasks = tasks.stream().mapToLong(EventLog.Task::cpuNanos).sum();
    assertThat(fits).as("nanoseconds by executor").hasSize(2);
    assertThat((double) inTasks / search.to.minus(search.from).toNanos()).isBetween(0.9, 1.0);
  }

  private static Duration cpu(Cluster cluster, ProcessHandle driver) {
    Duration sum = driver.info().totalCpuDuration().orElseThrow();
    for (ProcessHandle executor : cluster.executors()) {
      sum = sum.plus(executor.info().totalCpuDuration().orElseThrow());
    }
    return sum;
  }

  private Path conf() throws IOException {
    List<String> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      columns.add("{ name = x" + i + ", type = double }");
      names.add("x" + i);
    }
    return Files.writeString(
        folder.resolve("wide.conf"),
        CONF.formatted(String.join("\n    ", columns), String.join(", ", names)));
  }

  /** A label of a few numbers, their products and noise. */
  private static void rows(SparkSession spark, Path table) {
    List<String> columns = new ArrayList<>(List.of("id"));
    for (int i = 0; i < FEATURES; i++) {
      columns.add("pmod(xxhash64(id, 'x" + i + "'), 100000) / 100000.0D as x" + i);
    }
    spark
        .range(0, ROWS, 1, 4)
        .selectExpr(columns.toArray(String[]::new))
        .selectExpr(
            "*",
            "10 * sin(3 * x0 * x1) + 20 * pow(x2 - 0.5D, 2) + 10 * x3 + 5 * x4"
                + " + pmod(xxhash64(id, 'n'), 1000) / 500.0D as y")
        .write()
        .format("delta")
        .save(table.toString());
  }
}
