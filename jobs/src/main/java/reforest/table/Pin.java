package reforest.table;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Sha256;

/** Pins one version of the training table and makes sure that it can be read to the end. */
public final class Pin {

  private final Table table;

  /**
   * @param table location of the Delta table
   */
  public Pin(SparkSession spark, URI table) {
    this.table = new Table(spark, table);
  }

  /**
   * Pins the version that was chosen.
   *
   * @throws ReforestException of kind {@code DATA} as for the methods below
   */
  public Snapshot version(VersionChoice choice) {
    if (choice.dataVersion().isPresent()) {
      return version(choice.dataVersion().get());
    }
    return choice.asOf().isPresent() ? asOf(choice.asOf().get()) : newest();
  }

  /**
   * Pins the newest version.
   *
   * @throws ReforestException of kind {@code DATA} when there is no table
   */
  public Snapshot newest() {
    table.requireExists();
    return pin(table.newest());
  }

  /**
   * Pins a version by its number.
   *
   * @throws ReforestException of kind {@code DATA} when there is no table, no such version, or when
   *     VACUUM took some of its files
   */
  public Snapshot version(long version) {
    table.requireExists();
    Dataset<Row> rows = table.read(version);
    Table.Commit commit =
        table.commits().stream()
            .filter(c -> c.version() == version)
            .findFirst()
            .orElseThrow(() -> gone(version));
    return pin(commit, rows);
  }

  /**
   * Pins the version that was the newest at a moment.
   *
   * @throws ReforestException of kind {@code DATA} as for {@link #version}, or when the table is
   *     younger
   */
  public Snapshot asOf(Instant moment) {
    table.requireExists();
    List<Table.Commit> commits = table.commits();
    return pin(
        commits.stream()
            .filter(c -> !c.at().isAfter(moment))
            .reduce((older, newer) -> newer)
            .orElseThrow(
                () ->
                    new ReforestException(
                        Kind.DATA,
                        "the table "
                            + table
                            + " has no version as old as "
                            + moment
                            + ": its oldest is version "
                            + commits.get(0).version()
                            + " of "
                            + commits.get(0).at(),
                        "name a later time, or a version by its number")));
  }

  /**
   * Checks that a snapshot can still be read: another engine may have vacuumed the table since it
   * was pinned.
   *
   * @throws ReforestException of kind {@code DATA} when it cannot
   */
  public void requireReadable(Snapshot snapshot) {
    table.requireFiles(snapshot.version());
  }

  private Snapshot pin(Table.Commit commit) {
    return pin(commit, table.read(commit.version()));
  }

  private Snapshot pin(Table.Commit commit, Dataset<Row> rows) {
    table.requireFiles(commit.version());
    // Null leaves a hash as it was, so (null, 1) and (1, null) need their flags to differ.
    List<Column> hashed = new ArrayList<>();
    for (String name : rows.columns()) {
      hashed.add(Columns.of(name));
      hashed.add(Columns.of(name).isNull());
    }
    Row sums =
        rows.select(xxhash64(hashed.toArray(Column[]::new)).as("hash"))
            .agg(count(lit(1)), sum(col("hash").cast("decimal(20,0)")), bit_xor(col("hash")))
            .head();
    long count = sums.getLong(0);
    String schema = rows.schema().toDDL();
    BigDecimal sum = count == 0 ? BigDecimal.ZERO : sums.getDecimal(1);
    long xor = count == 0 ? 0 : sums.getLong(2);
    return new Snapshot(
        table.location(),
        commit.version(),
        commit.at(),
        schema,
        count,
        Sha256.of(
            (schema + "\n" + count + "\n" + sum.toPlainString() + "\n" + Long.toHexString(xor))
                .getBytes(StandardCharsets.UTF_8)));
  }

  private ReforestException gone(long version) {
    return new ReforestException(
        Kind.DATA,
        "the log of " + table + " does not tell of version " + version + " any more",
        "use a newer version");
  }
}
