package reforest.evaluate;

import java.util.Optional;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.EvaluateConfig;
import reforest.config.EvaluateConfig.Slice;
import reforest.table.Columns;
import reforest.table.SparkErrors;

/**
 * Finds the configured SQL expression that fails on a row, such as a division by zero.
 *
 * <p>Spark tells what failed, not in which of several expressions; so each is tried alone, once
 * something has failed.
 *
 * @param config the expressions
 * @param window the rows
 * @param rule the column that holds the baseline's prediction, if there is one
 */
record FailingExpression(EvaluateConfig config, Dataset<Row> window, Optional<String> rule) {

  /** The failure as its author can mend it; empty when no expression is to blame. */
  Optional<ReforestException> of(Throwable thrown) {
    if (onRow(thrown).isEmpty()) {
      return Optional.empty();
    }
    if (rule.isPresent()) {
      Column column = Columns.of(rule.get());
      Optional<RuntimeException> failure = failure(column);
      if (failure.isPresent()) {
        String sql = config.baseline().orElse(rule.get());
        return Optional.of(refused("evaluate.baseline, " + sql + ",", failure.get()));
      }
    }
    for (Slice slice : config.slices()) {
      if (slice.where().isPresent()) {
        Optional<RuntimeException> failure = failure(functions.expr(slice.where().get()));
        if (failure.isPresent()) {
          String what =
              "the predicate of slice %s, %s,".formatted(slice.name(), slice.where().get());
          return Optional.of(refused(what, failure.get()));
        }
      }
    }
    return Optional.empty();
  }

  private Optional<RuntimeException> failure(Column column) {
    try {
      window.agg(functions.max(column)).collectAsList();
      return Optional.empty();
    } catch (Exception e) {
      // Not only unchecked ones: Spark's own are checked, and Scala does not declare them.
      return onRow(e);
    }
  }

  /** What an expression throws on a row is unchecked; Spark's failures of jobs and I/O are not. */
  static Optional<RuntimeException> onRow(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof RuntimeException unchecked && cause instanceof SparkThrowable) {
        return Optional.of(unchecked);
      }
    }
    return Optional.empty();
  }

  private static ReforestException refused(String what, RuntimeException cause) {
    return new ReforestException(
        Kind.ARGUMENTS,
        what + " fails on a row: " + SparkErrors.firstLine(cause),
        "Write it so that it gives null where it has no answer, such as with try_divide or"
            + " try_cast.",
        cause);
  }
}
