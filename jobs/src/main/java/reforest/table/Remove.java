package reforest.table;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;
import reforest.bundle.ColumnType;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.config.Nearest;

/**
 * Takes rows out of the training table, as a new commit that says why. Older versions keep them for
 * as long as they can be read.
 */
public final class Remove {

  /** This many rows are named at the most. */
  private static final int MOST_NAMED = 5;

  private final SparkSession spark;
  private final DataConfig data;
  private final URI table;

  /**
   * @param data which columns are the key, and what type they have
   * @param table location of the Delta table
   */
  public Remove(SparkSession spark, DataConfig data, URI table) {
    this.spark = spark;
    this.data = data;
    this.table = table;
  }

  /**
   * What a removal did, or would do.
   *
   * @param versionBefore newest version before
   * @param versionAfter newest version now; the same when rows were only looked for
   * @param rows rows that were chosen
   * @param left rows of the newest version before that were not
   * @param examples some of the chosen rows by their keys, in the keys' order
   */
  public record Result(
      long versionBefore, long versionAfter, long rows, long left, List<String> examples) {
    public Result {
      examples = List.copyOf(examples);
    }
  }

  /**
   * Says which rows would be removed, and removes none.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when the choice cannot be understood, of
   *     kind {@code DATA} when there is no table or no row is chosen
   */
  public Result look(RowChoice choice) {
    Table now = new Table(spark, table);
    now.requireExists();
    return look(now, now.newestVersion(), predicate(now, choice));
  }

  /**
   * Removes rows. The same once more changes nothing and returns what it did then.
   *
   * @param reason stands in the commit's user metadata
   * @throws ReforestException of kind {@code ARGUMENTS} without a reason or when the choice cannot
   *     be understood, of kind {@code DATA} when there is no table or no row is chosen, of kind
   *     {@code RACE} when another writer came between
   */
  public Result execute(RowChoice choice, String reason) {
    if (reason.isBlank()) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "a removal needs a reason",
          "say why with --reason; it is kept in the table's history");
    }
    // The reason travels as a session setting, so a session of its own keeps it out of others.
    SparkSession own = spark.newSession();
    Table now = new Table(own, table);
    now.requireExists();
    Column chosen = predicate(now, choice);
    long newest = now.newestVersion();
    if (isDone(now, newest, chosen, reason)) {
      Result then = look(now, newest - 1, chosen);
      return new Result(newest - 1, newest, then.rows(), then.left(), then.examples());
    }
    Result found = look(now, newest, chosen);
    own.conf().set(Table.USER_METADATA, reason);
    try {
      now.delta().delete(chosen);
    } catch (DeltaConcurrentModificationException e) {
      throw new ReforestException(
          Kind.RACE,
          "another writer changed " + now + " at the same time; nothing was removed",
          "run the command again when that writer is done",
          e);
    }
    return new Result(
        found.versionBefore(), now.newestVersion(), found.rows(), found.left(), found.examples());
  }

  /**
   * Whether this very command has made the newest version, and was ended before it could say so.
   */
  private static boolean isDone(Table now, long newest, Column chosen, String reason) {
    Row last = now.delta().history(1).select("operation", "userMetadata").head();
    return last.getString(0).equals("DELETE")
        && reason.equals(last.getString(1))
        && now.read(newest).where(chosen).isEmpty()
        && !now.read(newest - 1).where(chosen).isEmpty();
  }

  private Result look(Table now, long version, Column chosen) {
    Dataset<Row> rows = now.read(version);
    Dataset<Row> meant = rows.where(chosen);
    try {
      long all = rows.count();
      long count = meant.count();
      if (count == 0) {
        throw new ReforestException(
            Kind.DATA,
            "none of the %d rows of version %d of %s is meant; nothing was removed"
                .formatted(all, version, now),
            "correct the key or the predicate; times are UTC, and upper and lower case count");
      }
      Column[] key = Columns.of(data.key());
      List<String> examples =
          meant.select(key).orderBy(key).limit(MOST_NAMED).collectAsList().stream()
              .map(row -> RowNames.of(row, data))
              .toList();
      return new Result(version, version, count, all - count, examples);
    } catch (Exception e) {
      // Not only unchecked ones: Spark's own are checked, and Scala does not declare them.
      if (e instanceof RuntimeException && e instanceof SparkThrowable) {
        throw refused("the predicate fails on a row: " + SparkErrors.firstLine(e), e);
      }
      throw e;
    }
  }

  private Column predicate(Table now, RowChoice choice) {
    Dataset<Row> rows = now.read(now.newestVersion());
    requireKey(rows);
    return choice
        .where()
        .map(sql -> predicate(rows, sql))
        .orElseGet(() -> choice.keys().stream().map(this::equal).reduce(Column::or).orElseThrow());
  }

  private void requireKey(Dataset<Row> rows) {
    for (String name : data.key()) {
      if (!Arrays.asList(rows.columns()).contains(name)) {
        throw new ReforestException(
            Kind.DATA,
            "the table has no column %s, which is part of the key; it has %s"
                .formatted(name, String.join(", ", rows.columns())),
            "correct data.key in the configuration");
      }
    }
  }

  private Column equal(Map<String, String> key) {
    for (String typed : key.keySet()) {
      if (!data.key().contains(typed)) {
        throw new ReforestException(
            Kind.ARGUMENTS,
            "%s is no column of the key, which is %s"
                .formatted(typed, String.join(", ", data.key())),
            Nearest.to(typed, data.key())
                .map(near -> "did you mean " + near + "?")
                .orElse("choose rows by other columns with --where"));
      }
    }
    List<String> missing = data.key().stream().filter(name -> !key.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "a key names its row by %s, and %s is missing"
              .formatted(String.join(", ", data.key()), String.join(", ", missing)),
          "name all of its columns, or choose rows by some of them with --where");
    }
    return data.key().stream()
        .map(
            name ->
                Columns.of(name).equalTo(functions.lit(value(name, key.getOrDefault(name, "")))))
        .reduce(Column::and)
        .orElseThrow();
  }

  /** Read as an ingest reads it, so that a key is found as it stood in the source. */
  private Object value(String name, String typed) {
    ColumnType type =
        data.column(name).flatMap(column -> ColumnType.named(column.type())).orElseThrow();
    ColumnType.Reading read = type.read(typed);
    if (read instanceof ColumnType.Value value) {
      return value.value();
    }
    throw new ReforestException(
        Kind.ARGUMENTS,
        "the key's %s, '%s', %s"
            .formatted(
                name,
                typed,
                read instanceof ColumnType.Refused refused ? refused.why() : "is no value"),
        "write it as an ingest would read it");
  }

  private static Column predicate(Dataset<Row> rows, String sql) {
    Column column = functions.expr(sql);
    try {
      String type = rows.select(column).schema().fields()[0].dataType().simpleString();
      if (!type.equals("boolean")) {
        throw refused("'" + sql + "' gives " + type + ", not true or false", null);
      }
      if (rows.where(column).queryExecution().analyzed() instanceof Filter filter) {
        requireSettled(sql, filter.condition());
      }
      return column;
    } catch (Exception e) {
      // Not only unchecked ones: Spark's own are checked, and Scala does not declare them.
      if (!(e instanceof SparkThrowable problem)) {
        throw e;
      }
      String condition = problem.getCondition();
      if (condition != null && condition.startsWith("UNRESOLVED_COLUMN")) {
        throw unknown(rows, sql, problem.getMessageParameters().getOrDefault("objectName", ""), e);
      }
      throw refused("'" + sql + "' is no predicate: " + SparkErrors.firstLine(e), e);
    }
  }

  /** What Delta would refuse, and what would choose other rows each time that it is asked. */
  private static void requireSettled(String sql, Expression condition) {
    if (SubqueryExpression.hasSubquery(condition)) {
      throw refused("'" + sql + "' has a subquery", null);
    }
    if (!condition.deterministic()) {
      throw refused("'" + sql + "' chooses other rows each time", null);
    }
  }

  private static ReforestException unknown(
      Dataset<Row> rows, String sql, String named, Exception cause) {
    String name = named.replace("`", "");
    List<String> columns = Arrays.asList(rows.columns());
    return new ReforestException(
        Kind.ARGUMENTS,
        "'%s' names %s, which the table does not have; it has %s"
            .formatted(sql, name, String.join(", ", columns)),
        Nearest.to(name, columns)
            .map(near -> "did you mean " + near + "?")
            .orElse(
                "texts stand between single quotes, names with special characters in backticks"),
        cause);
  }

  private static ReforestException refused(String message, @Nullable Exception cause) {
    return new ReforestException(
        Kind.ARGUMENTS,
        message,
        "write Spark SQL that is true or false for each row alone, such as ts > '2031-01-01'",
        cause);
  }
}
