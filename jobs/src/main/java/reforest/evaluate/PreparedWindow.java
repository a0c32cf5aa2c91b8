package reforest.evaluate;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.config.EvaluateConfig;
import reforest.config.EvaluateConfig.Slice;
import reforest.evaluate.RowPositions.Family;
import reforest.table.Columns;

/**
 * The window's raw columns, followed by all that is computed of them in SQL.
 *
 * @param rows the prepared rows
 * @param positions where everything stands in them
 */
record PreparedWindow(Dataset<Row> rows, RowPositions positions) {

  static PreparedWindow of(
      Dataset<Row> window,
      EvaluateConfig config,
      DataConfig data,
      boolean classes,
      Optional<String> ruleColumn,
      Optional<Instant> end,
      List<String> groups) {
    List<Column> selected = new ArrayList<>();
    for (String name : window.columns()) {
      selected.add(named(window, name, "a column of the window"));
    }
    final int columns = selected.size();

    final int label = selected.size();
    Column labelColumn = named(window, data.label(), "the label");
    selected.add(labelColumn.cast(classes ? DataTypes.StringType : DataTypes.DoubleType));

    final int key = selected.size();
    selected.add(
        functions.xxhash64(
            data.key().stream()
                .map(name -> named(window, name, "a key column"))
                .toArray(Column[]::new)));

    final int rule = ruleColumn.isPresent() ? selected.size() : -1;
    ruleColumn.ifPresent(
        name -> selected.add(named(window, name, "the baseline").cast(DataTypes.DoubleType)));

    final int cluster = selected.size();
    boolean byPeriod = config.clusterPeriod().isPresent();
    List<String> names =
        config.clusterColumns().isEmpty() && !byPeriod ? data.key() : config.clusterColumns();
    for (String name : names) {
      selected.add(named(window, name, "a cluster column").cast(DataTypes.StringType));
    }
    if (byPeriod) {
      String time =
          data.eventTime()
              .orElseThrow(
                  () ->
                      new ReforestException(
                          Kind.ARGUMENTS,
                          "clusters by period need an event time, and data.event-time is not set",
                          "Set data.event-time, or name columns in evaluate.cluster."));
      selected.add(micros(window, time));
    }

    final int predicates = selected.size();
    List<NamedSlice> named = new ArrayList<>();
    for (Slice slice : config.slices()) {
      if (slice.where().isPresent()) {
        selected.add(predicate(window, slice.name(), slice.where().get()));
        named.add(NamedSlice.of(slice.name(), slice.critical(), slice.margin()));
      }
    }

    final int families = selected.size();
    List<Family> family = new ArrayList<>();
    for (Slice slice : config.slices()) {
      if (slice.where().isEmpty()) {
        for (String name : slice.columns()) {
          Column column = named(window, name, "a column of slice " + slice.name());
          selected.add(column.cast(DataTypes.StringType));
        }
        family.add(
            new Family(
                slice.name(),
                slice.columns().size(),
                slice.critical(),
                slice.margin().orElse(Double.NaN),
                false));
      }
    }
    for (String name : groups) {
      selected.add(named(window, name, "a column of fairness.groups").cast(DataTypes.StringType));
      family.add(new Family(name, 1, false, Double.NaN, true));
    }

    final int time = data.eventTime().isPresent() ? selected.size() : -1;
    data.eventTime().ifPresent(name -> selected.add(micros(window, name)));

    String[] places = new String[selected.size()];
    Arrays.setAll(places, i -> "c" + i);
    Dataset<Row> rows = window.select(selected.toArray(new Column[0])).toDF(places);
    return new PreparedWindow(
        rows,
        new RowPositions(
            columns,
            label,
            key,
            rule,
            cluster,
            names.size(),
            predicates,
            families,
            config.clusterPeriod().map(PreparedWindow::micros).orElse(0L),
            end.map(it -> ChronoUnit.MICROS.between(Instant.EPOCH, it)).orElse(0L),
            time,
            named,
            family));
  }

  private static Column micros(Dataset<Row> window, String time) {
    return functions.unix_micros(
        named(window, time, "the event time").cast(DataTypes.TimestampType));
  }

  private static long micros(Duration period) {
    return Math.max(1, period.toNanos() / 1_000);
  }

  private static Column named(Dataset<Row> window, String name, String role) {
    if (!Arrays.asList(window.columns()).contains(name)) {
      throw new ReforestException(
          Kind.DATA,
          "the table has no column %s, which is %s; it has %s"
              .formatted(name, role, String.join(", ", window.columns())),
          "Correct the name in the configuration, or ingest data that has the column.");
    }
    return Columns.of(name);
  }

  private static Column predicate(Dataset<Row> window, String slice, String where) {
    String type;
    try {
      type = window.select(functions.expr(where)).schema().fields()[0].dataType().simpleString();
    } catch (Exception e) {
      if (e instanceof AnalysisException problem) {
        throw refused(slice, where, problem.getSimpleMessage());
      }
      throw e;
    }
    if (!type.equals("boolean")) {
      throw refused(slice, where, "it gives " + type + ", not true or false");
    }
    return functions.expr(where);
  }

  private static ReforestException refused(String slice, String where, String why) {
    return new ReforestException(
        Kind.ARGUMENTS,
        "the predicate of slice %s, %s, is refused: %s".formatted(slice, where, why),
        "Write a Spark SQL predicate over the table's columns, such as hr < 6; names with special"
            + " characters stand between backticks.");
  }
}
