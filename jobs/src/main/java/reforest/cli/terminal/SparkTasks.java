package reforest.cli.terminal;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Counts what Spark has done of what it was asked for, so that a person can be told. */
public final class SparkTasks extends SparkListener {

  private final LongSupplier nanos;
  private final Map<Integer, Stage> stages = new TreeMap<>();
  private final Map<Long, Running> running = new HashMap<>();
  private long lastNews;

  /**
   * @param nanos a ticker in nanoseconds
   */
  public SparkTasks(LongSupplier nanos) {
    this.nanos = nanos;
    this.lastNews = nanos.getAsLong();
  }

  private static final class Stage {
    private final String name;
    private final int tasks;
    private int done;

    Stage(String name, int tasks) {
      this.name = name;
      this.tasks = tasks;
    }
  }

  private record Running(int stage, String where, long since) {}

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    var info = submitted.stageInfo();
    submitted(info.stageId(), info.name(), info.numTasks());
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
    completed(completed.stageInfo().stageId());
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart started) {
    var info = started.taskInfo();
    started(started.stageId(), info.taskId(), info.executorId() + " on " + info.host());
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd ended) {
    ended(
        ended.stageId(),
        ended.taskInfo() == null ? -1 : ended.taskInfo().taskId(),
        ended.taskInfo() != null && ended.taskInfo().successful());
  }

  public synchronized void submitted(int stage, String name, int tasks) {
    stages.put(stage, new Stage(name, tasks));
    lastNews = nanos.getAsLong();
  }

  public synchronized void completed(int stage) {
    stages.remove(stage);
    lastNews = nanos.getAsLong();
  }

  public synchronized void started(int stage, long task, String where) {
    running.put(task, new Running(stage, where, nanos.getAsLong()));
  }

  public synchronized void ended(int stage, long task, boolean successful) {
    running.remove(task);
    Stage of = stages.get(stage);
    if (of != null && successful) {
      of.done++;
    }
    lastNews = nanos.getAsLong();
  }

  /** When a task or a stage ended last, or a stage began. */
  public synchronized long lastNews() {
    return lastNews;
  }

  /** {@code 12 of 40 tasks}; empty where Spark has nothing to do. */
  public synchronized String counts() {
    int all = stages.values().stream().mapToInt(stage -> stage.tasks).sum();
    int done = stages.values().stream().mapToInt(stage -> stage.done).sum();
    return all == 0 ? "" : String.format(Locale.ROOT, "%,d of %,d tasks", done, all);
  }

  /** What Spark waits for, in words. */
  public synchronized String waitsFor() {
    if (stages.isEmpty()) {
      return "Spark has nothing to do, so this process itself is at work or waits for a store";
    }
    String open =
        stages.entrySet().stream()
            .findFirst()
            .map(it -> "stage " + it.getKey() + " (" + it.getValue().name + ")")
            .orElse("");
    String where =
        running.values().stream()
            .min(java.util.Comparator.comparingLong(Running::since))
            .map(
                oldest ->
                    running.size()
                        + (running.size() == 1 ? " task runs" : " tasks run")
                        + ", the oldest for "
                        + ConsoleProgress.time(nanos.getAsLong() - oldest.since())
                        + " on executor "
                        + oldest.where())
            .orElse("no executor has taken one, perhaps because the cluster has no room");
    return counts() + " of " + open + " are done; " + where;
  }
}
