package reforest.table;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.bundle.Sha256;
import reforest.config.DataConfig;

/** Pins one version of the training table and makes sure that it can be read to the end. */
public final class Pin {

  private static final int EXAMPLES = 5;
  private static final String TIMES = "__reforest_times";

  private final Table table;
  private final Optional<DataConfig> data;

  /**
   * Takes rows as they are.
   *
   * @param table location of the Delta table
   */
  public Pin(SparkSession spark, URI table) {
    this(spark, table, Optional.empty());
  }

  /**
   * Refuses a version in which a key stands more than once: an ingest leaves none, but others may
   * write to the table, and a row that counts twice would look like two that agree.
   *
   * @param data which columns are the key
   */
  public Pin(SparkSession spark, URI table, DataConfig data) {
    this(spark, table, Optional.of(data));
  }

  private Pin(SparkSession spark, URI table, Optional<DataConfig> data) {
    this.table = new Table(spark, table);
    this.data = data;
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
    Column hash = xxhash64(hashed.toArray(Column[]::new)).as("hash");
    Column added = sum(col("hash").cast("decimal(20,0)"));
    Row sums;
    if (key(rows).isEmpty()) {
      sums = rows.select(hash).agg(count(lit(1)), added, bit_xor(col("hash"))).head();
    } else {
      // One pass for both: sums of sums are the same.
      sums =
          rows.select(hash, xxhash64(Columns.of(key(rows))).as("key"))
              .groupBy("key")
              .agg(count(lit(1)).as("rows"), added.as("sum"), bit_xor(col("hash")).as("xor"))
              .agg(sum("rows"), sum("sum"), bit_xor(col("xor")), max("rows"))
              .head();
      if (!sums.isNullAt(3) && sums.getLong(3) > 1) {
        requireUniqueKeys(commit, rows);
      }
    }
    long count = sums.isNullAt(0) ? 0 : sums.getLong(0);
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

  /** Columns of the key; none where it is not asked for, or cannot be told. */
  private List<String> key(Dataset<Row> rows) {
    List<String> there = Arrays.asList(rows.columns());
    return data.map(DataConfig::key).filter(there::containsAll).orElse(List.of());
  }

  /** Two keys may have the same hash, so that they are looked at themselves. */
  private void requireUniqueKeys(Table.Commit commit, Dataset<Row> rows) {
    Dataset<Row> repeated =
        rows.groupBy(Columns.of(key(rows))).agg(count(lit(1)).as(TIMES)).where(TIMES + " > 1");
    long keys = repeated.count();
    if (keys > 0) {
      List<String> examples =
          repeated.orderBy(Columns.of(key(rows))).limit(EXAMPLES).collectAsList().stream()
              .map(row -> "{" + RowNames.of(row, data.orElseThrow()) + "}")
              .toList();
      throw Table.repeatedKeys(
          "in version %d of %s %d %s in more than one row, for example %s"
              .formatted(
                  commit.version(),
                  table,
                  keys,
                  keys == 1 ? "key stands" : "keys stand",
                  String.join(" ", examples)));
    }
  }

  private ReforestException gone(long version) {
    return new ReforestException(
        Kind.DATA,
        "the log of " + table + " does not tell of version " + version + " any more",
        "use a newer version");
  }
}
