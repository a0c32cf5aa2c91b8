package reforest.snapshot;

import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Temp. */
public record Folds(Dataset<Row> rows, int count, List<Block> blocks) {
  /** Temp. */
  public static final String COLUMN = "__fold";

  /** Temp. */
  public record Block(Instant start, Instant end) {}
}
