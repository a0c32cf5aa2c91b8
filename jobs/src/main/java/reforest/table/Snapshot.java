package reforest.table;

import java.net.URI;
import java.time.Instant;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * One frozen version of the training table, so that every stage of a run sees the same rows.
 *
 * @param table location of the Delta table, on any Hadoop file system
 * @param version Delta commit version, counted from 0
 * @param committedAt when that version was committed, UTC
 * @param schema its columns and types, as Spark DDL
 * @param rows its rows
 * @param digest digest of schema and rows, whatever their order and files
 */
public record Snapshot(
    URI table, long version, Instant committedAt, String schema, long rows, String digest) {
  public Snapshot {
    if (version < 0) {
      throw new IllegalArgumentException("version must be at least 0, got " + version);
    }
  }

  /** The rows of exactly this version. */
  public Dataset<Row> read(SparkSession spark) {
    return read(spark, version);
  }

  /** The rows of another version of the same table. */
  public Dataset<Row> read(SparkSession spark, long version) {
    return spark
        .read()
        .format("delta")
        .option("versionAsOf", version)
        .load(new Path(table).toString());
  }
}
