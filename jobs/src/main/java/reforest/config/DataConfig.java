package reforest.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where rows come from and the contract that they keep.
 *
 * @param source what an ingest reads
 * @param columns the contract, in the order of the table's columns
 * @param key columns that name a row; never null
 * @param eventTime column with the time of the event, UTC; empty when rows have none
 * @param label column that the model predicts
 * @param positive the positive class of a binary task, as text; empty for other tasks
 * @param derivedFromLabel columns that are computed from the label or known only with it
 * @param maxQuarantined largest share of an ingest's rows that may break the contract, 0 to 1
 * @param history how long old versions stay readable
 */
public record DataConfig(
    Source source,
    List<Column> columns,
    List<String> key,
    Optional<String> eventTime,
    String label,
    Optional<String> positive,
    List<String> derivedFromLabel,
    double maxQuarantined,
    Duration history) {
  public DataConfig {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
    derivedFromLabel = List.copyOf(derivedFromLabel);
  }

  /** The same contract for rows that lie elsewhere. */
  public DataConfig withPath(String path) {
    return new DataConfig(
        new Source(source.format(), source.options(), Optional.of(path)),
        columns,
        key,
        eventTime,
        label,
        positive,
        derivedFromLabel,
        maxQuarantined,
        history);
  }

  /** The same with other columns. */
  DataConfig withColumns(List<Column> others) {
    return new DataConfig(
        source, others, key, eventTime, label, positive, derivedFromLabel, maxQuarantined, history);
  }

  /** The declared column of that name, if there is one. */
  public Optional<Column> column(String name) {
    return columns.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /**
   * What an ingest reads.
   *
   * @param format a Spark data source: {@code csv}, {@code json}, {@code parquet}, {@code delta}
   * @param options options of that data source
   * @param path where it lies; the command line may name another
   */
  public record Source(String format, Map<String, String> options, Optional<String> path) {
    public Source {
      options = Map.copyOf(options);
    }
  }

  /**
   * One column of the contract. A value outside of it sends its row to quarantine.
   *
   * @param name column name in the table
   * @param type Spark SQL type: string, boolean, int, bigint, float, double, decimal(p,s),
   *     timestamp, date
   * @param unit unit of its values
   * @param nullable whether null is allowed
   * @param min smallest allowed value; of a time its seconds since 1970
   * @param max largest allowed value, in the same way
   * @param values the only allowed values, as text; empty allows all
   * @param personal whether it holds personal data
   * @param from Spark SQL expression over the source's columns; without one, the source's column of
   *     the same name
   */
  public record Column(
      String name,
      String type,
      Optional<String> unit,
      boolean nullable,
      Optional<Double> min,
      Optional<Double> max,
      List<String> values,
      boolean personal,
      Optional<String> from) {
    public Column {
      values = List.copyOf(values);
    }

    /** One without rules that may be missing. */
    public static Column made(String name, String type) {
      return new Column(
          name,
          type,
          Optional.empty(),
          true,
          Optional.empty(),
          Optional.empty(),
          List.of(),
          false,
          Optional.empty());
    }
  }

  /** A column's name as Spark SQL reads it: in backticks, so that dots and spaces are literal. */
  public static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
