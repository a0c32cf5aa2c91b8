package reforest.split;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A snapshot's rows, divided; only rows with a label.
 *
 * @param train rows to learn from
 * @param window rows to be judged on, none of them in {@code train}
 * @param id names the window
 * @param trainedBefore exclusive end of the training rows' event times; empty without event time
 * @param split the rule of the division, in words that are equal when the rule is: without event
 *     time, models of equal splits never trained on each other's windows
 * @param leftOut rows in neither part, by reason; only reasons that occurred
 * @param trainRows rows in {@code train}
 * @param windowRows rows in {@code window}
 */
public record Division(
    Dataset<Row> train,
    Dataset<Row> window,
    WindowId id,
    Optional<Instant> trainedBefore,
    String split,
    Map<String, Long> leftOut,
    long trainRows,
    long windowRows) {
  public Division {
    leftOut = Collections.unmodifiableMap(new LinkedHashMap<>(leftOut));
  }

  /** The same whose training rows have more columns. */
  public Division withTrain(Dataset<Row> rows) {
    return new Division(rows, window, id, trainedBefore, split, leftOut, trainRows, windowRows);
  }
}
