package reforest.evaluate;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Task;
import reforest.config.DataConfig;
import reforest.config.EvaluateConfig;
import reforest.split.Labels;
import reforest.table.Columns;
import reforest.table.SparkErrors;

/**
 * What a first model must beat: a dummy that predicts one constant, and the configured rule where
 * there is one.
 */
public final class Baselines {

  private static final String RULE = "__reforest_rule";
  private static final String KEY = "__reforest_key";

  private final DataConfig data;
  private final EvaluateConfig config;
  private final Task task;

  /**
   * @param config with the rule, if there is one
   */
  public Baselines(DataConfig data, EvaluateConfig config, Task task) {
    this.data = data;
    this.config = config;
    this.task = task;
  }

  /** Name of the column that {@link #judged} adds; empty without a rule. */
  public Optional<String> rule() {
    return config.baseline().map(sql -> RULE);
  }

  /**
   * The window's rows, with the rule's prediction if there is a rule.
   *
   * @param all every row of the version, so that the rule can look back before the window
   * @throws ReforestException of kind {@code ARGUMENTS} when the rule is no expression over them
   */
  public Dataset<Row> judged(Dataset<Row> all, Dataset<Row> window) {
    return config.baseline().map(sql -> withRule(all, window, sql)).orElse(window);
  }

  private Dataset<Row> withRule(Dataset<Row> all, Dataset<Row> window, String sql) {
    List<Column> columns = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (String name : data.key()) {
      keys.add(KEY + keys.size());
      columns.add(Columns.of(name).as(keys.get(keys.size() - 1)));
    }
    try {
      columns.add(expr(sql).cast("double").as(RULE));
      Dataset<Row> rule = all.select(columns.toArray(Column[]::new));
      return window.join(rule, sameKey(keys), "left").drop(keys.toArray(String[]::new));
    } catch (Exception e) {
      // Spark throws checked exceptions that its signatures do not tell of.
      throw new ReforestException(
          Kind.ARGUMENTS,
          "evaluate.baseline is no Spark SQL expression over the table's columns: "
              + sql
              + ": "
              + SparkErrors.firstLine(e),
          "correct the expression; it may name columns, functions and windows over earlier rows",
          e);
    }
  }

  private Column sameKey(List<String> keys) {
    Column same = Columns.of(data.key().get(0)).equalTo(col(keys.get(0)));
    for (int i = 1; i < keys.size(); i++) {
      same = same.and(Columns.of(data.key().get(i)).equalTo(col(keys.get(i))));
    }
    return same;
  }

  /**
   * The dummy's constant prediction: the training labels' mean, or the shares of their classes.
   *
   * @param classes in the order of the shares; empty for a regression
   */
  public List<Double> dummy(Dataset<Row> train, List<String> classes) {
    Labels labels = new Labels(data, task, train.schema());
    if (!task.isClassification()) {
      return List.of(train.agg(avg(labels.number())).head().getDouble(0));
    }
    Map<String, Long> rows = new HashMap<>();
    for (Row row : train.groupBy(labels.className().as("class")).count().collectAsList()) {
      rows.put(row.getString(0), row.getLong(1));
    }
    double all = classes.stream().mapToLong(c -> rows.getOrDefault(c, 0L)).sum();
    return classes.stream().map(c -> rows.getOrDefault(c, 0L) / all).toList();
  }
}
