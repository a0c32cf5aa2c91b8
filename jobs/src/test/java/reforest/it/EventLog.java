package reforest.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import reforest.testing.CommandResult;

/** What executors did, as the event log of one Spark application tells. */
record EventLog(List<Task> tasks) {

  /**
   * One task.
   *
   * @param stage Spark's name of its stage
   * @param executor who ran it
   * @param finishedMillis when, in milliseconds since 1970
   * @param cpuNanos CPU time, with that of unpacking what it was sent
   */
  record Task(String stage, String executor, long finishedMillis, long cpuNanos) {}

  /** Settings that make an application write the log that {@link #read} reads. */
  static Map<String, String> settings(Path folder) {
    return Map.of(
        "spark.eventLog.enabled", "true",
        "spark.eventLog.compress", "false",
        "spark.eventLog.rolling.enabled", "false",
        "spark.eventLog.dir", folder.toUri().toString());
  }

  /** Reads the one log in a folder. */
  static EventLog read(Path folder) {
    try (Stream<Path> logs = Files.list(folder)) {
      Map<Integer, String> stages = new HashMap<>();
      List<Task> tasks = new ArrayList<>();
      for (String line : Files.readAllLines(logs.toList().get(0))) {
        JsonNode event = CommandResult.json(line);
        switch (event.path("Event").textValue()) {
          case "SparkListenerStageSubmitted" -> {
            JsonNode stage = event.path("Stage Info");
            stages.put(stage.path("Stage ID").intValue(), stage.path("Stage Name").textValue());
          }
          case "SparkListenerTaskEnd" -> {
            JsonNode metrics = event.path("Task Metrics");
            tasks.add(
                new Task(
                    stages.get(event.path("Stage ID").intValue()),
                    event.at("/Task Info/Executor ID").textValue(),
                    event.at("/Task Info/Finish Time").longValue(),
                    metrics.path("Executor CPU Time").longValue()
                        + metrics.path("Executor Deserialize CPU Time").longValue()));
          }
          default -> {}
        }
      }
      return new EventLog(List.copyOf(tasks));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
