package reforest.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import reforest.table.Table;

/**
 * Keeps the rows that broke the contract, each once: columns {@code reason}, {@code row} (JSON),
 * {@code source}, {@code ingested_at}, {@code digest} (SHA-256 of reason and row).
 */
final class Quarantine {

  private static final StructType SCHEMA =
      new StructType()
          .add("reason", DataTypes.StringType)
          .add("row", DataTypes.StringType)
          .add("source", DataTypes.StringType)
          .add("ingested_at", DataTypes.TimestampType)
          .add("digest", DataTypes.StringType);

  private final Table table;
  private final Duration history;

  Quarantine(Table table, Duration history) {
    this.table = table;
    this.history = history;
  }

  /** Adds the rows that are not there yet; no commit when there are none. */
  void add(Dataset<Row> refused, String source, Instant at) {
    if (!table.exists()) {
      table.create(SCHEMA, history);
    }
    Column reason = concat_ws("; ", col(RowContract.REASONS));
    Dataset<Row> rows =
        refused
            .select(
                reason.as("reason"),
                col(RowContract.ROW).as("row"),
                lit(source).as("source"),
                lit(Timestamp.from(at)).as("ingested_at"),
                sha2(concat_ws("\n", reason, col(RowContract.ROW)).cast("binary"), 256)
                    .as("digest"))
            .dropDuplicates(new String[] {"digest"});
    Dataset<Row> known = table.read(table.newestVersion()).select("digest");
    Dataset<Row> fresh =
        rows.join(known, rows.col("digest").equalTo(known.col("digest")), "left_anti");
    if (!fresh.isEmpty()) {
      table
          .delta()
          .as("old")
          .merge(rows.as("new"), "old.digest = new.digest")
          .whenNotMatched()
          .insertAll()
          .execute();
    }
  }
}
