package reforest.ingest;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.DataConfig.Column;
import reforest.config.WindowConfig;

/** Data configurations for tests. */
public final class Contracts {

  private Contracts() {}

  /** A nullable column without further rules. */
  public static Column column(String name, String type) {
    return Column.made(name, type);
  }

  /** A nullable column that is computed from the source. */
  public static Column computed(String name, String type, String from) {
    return new Column(
        name,
        type,
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        false,
        Optional.of(from));
  }

  /** A nullable column with personal data. */
  public static Column personal(String name, String type) {
    return new Column(
        name,
        type,
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        true,
        Optional.empty());
  }

  /** A column that is never null, within bounds. */
  public static Column bounded(String name, String type, double min, double max) {
    return new Column(
        name,
        type,
        Optional.empty(),
        false,
        Optional.of(min),
        Optional.of(max),
        List.of(),
        false,
        Optional.empty());
  }

  /** A nullable column that allows only some values. */
  public static Column oneOf(String name, String type, String... values) {
    return new Column(
        name,
        type,
        Optional.empty(),
        true,
        Optional.empty(),
        Optional.empty(),
        List.of(values),
        false,
        Optional.empty());
  }

  /** A contract over a CSV file with a header, without event time. */
  public static DataConfig csv(
      String path, double maxQuarantined, String label, Column... columns) {
    return new DataConfig(
        new DataConfig.Source("csv", Map.of("header", "true"), Optional.of(path)),
        List.of(columns),
        List.of(columns[0].name()),
        Optional.empty(),
        label,
        Optional.empty(),
        List.of(),
        maxQuarantined,
        Duration.ofDays(400));
  }

  /**
   * A contract that says little more than what the label is, for tests that make their rows
   * themselves.
   *
   * @param positive the class that counts, of a binary task
   */
  public static DataConfig labelled(Task task, String positive) {
    return new DataConfig(
        new DataConfig.Source("csv", Map.of(), Optional.empty()),
        List.of(column("label", task.isClassification() ? "string" : "double")),
        List.of("id"),
        Optional.empty(),
        "label",
        task == Task.BINARY ? Optional.of(positive) : Optional.empty(),
        List.of(),
        0.01,
        Duration.ofDays(400));
  }

  /** The same with an event time. */
  public static DataConfig timed(DataConfig data, String eventTime) {
    return new DataConfig(
        data.source(),
        data.columns(),
        data.key(),
        Optional.of(eventTime),
        data.label(),
        data.positive(),
        data.derivedFromLabel(),
        data.maxQuarantined(),
        data.history());
  }

  /** The same over another source. */
  public static DataConfig from(DataConfig data, DataConfig.Source source) {
    return new DataConfig(
        source,
        data.columns(),
        data.key(),
        data.eventTime(),
        data.label(),
        data.positive(),
        data.derivedFromLabel(),
        data.maxQuarantined(),
        data.history());
  }

  /** Two windows of one length that end with a day, or hold a fifth of the groups each. */
  public static WindowConfig windows(Duration length, Duration labelDelay, List<String> groups) {
    return new WindowConfig(
        length, length, labelDelay, Duration.ofDays(1), groups, 0.2, 0.2, "salt");
  }
}
