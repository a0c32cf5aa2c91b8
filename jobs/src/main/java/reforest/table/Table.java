package reforest.table;

import io.delta.tables.DeltaTable;
import java.net.URI;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.VersionNotFoundException;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.Protocol;
import org.apache.spark.sql.types.StructType;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** A Delta table at a location, kept so that every Delta reader can open it. */
public final class Table {

  /** Protocol that every reader knows: no column mapping, no table features. */
  private static final int READER_VERSION = 1;

  /** The setting by which a session says what its commits are for. */
  static final String USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata";

  private static final String LOG_RETENTION = "delta.logRetentionDuration";
  private static final String FILE_RETENTION = "delta.deletedFileRetentionDuration";
  private static final Pattern INTERVAL =
      Pattern.compile("(?:interval\\s+)?(\\d+)\\s+(hour|day|week|month|year)s?");

  private final SparkSession spark;
  private final URI location;
  private final String path;

  public Table(SparkSession spark, URI location) {
    this.spark = spark;
    this.location = location;
    this.path = new Path(location).toString();
  }

  /**
   * That a key stands in more than one row, which no ingest leaves behind.
   *
   * @param where which version, which table, how many
   */
  public static ReforestException repeatedKeys(String where) {
    return new ReforestException(
        Kind.DATA,
        where
            + ": another writer has added them, and each would count as if it were a row of its own",
        "go back to a version before them by 'reforest restore', or take these keys out by"
            + " 'reforest remove' and ingest their rows again");
  }

  /** One commit of the table. */
  public record Commit(long version, Instant at) {}

  URI location() {
    return location;
  }

  /**
   * Whether there is a table.
   *
   * @throws ReforestException of kind {@code DATA} when there is one whose log is not whole
   */
  public boolean exists() {
    log().requireWhole();
    return DeltaTable.isDeltaTable(spark, path);
  }

  /** Whether files lie in the table's folder, be there a log or not. */
  public boolean hasFiles() {
    for (FileStatus file : CommitLog.list(hadoop(), new Path(location))) {
      if (file.isFile() && file.getPath().getName().endsWith(".parquet")) {
        return true;
      }
    }
    return false;
  }

  private CommitLog log() {
    return new CommitLog(location, hadoop());
  }

  private Configuration hadoop() {
    return spark.sessionState().newHadoopConf();
  }

  /**
   * @throws ReforestException of kind {@code DATA} when there is none
   */
  void requireExists() {
    if (!exists()) {
      throw new ReforestException(
          Kind.DATA,
          "there is no Delta table at " + path,
          "check home and the model's name, or fill the table with 'reforest ingest'");
    }
  }

  public DeltaTable delta() {
    return DeltaTable.forPath(spark, path);
  }

  /**
   * Every commit that the log still tells of, oldest first.
   *
   * @throws ReforestException of kind {@code DATA} when one of them cannot be read
   */
  public List<Commit> commits() {
    return commits(DeltaTable::history);
  }

  private List<Commit> commits(Function<DeltaTable, Dataset<Row>> history) {
    try {
      return history.apply(delta()).select("version", "timestamp").collectAsList().stream()
          .map(row -> new Commit(row.getLong(0), row.<Timestamp>getAs(1).toInstant()))
          .sorted(Comparator.comparingLong(Commit::version))
          .toList();
    } catch (Exception e) {
      // Which commit it was Delta does not say.
      Optional<ReforestException> torn = BrokenFile.isNoJson(e) ? log().torn() : Optional.empty();
      if (torn.isPresent()) {
        throw torn.get();
      }
      throw e;
    }
  }

  /** The newest version, read from the log without a Spark job. */
  public long newestVersion() {
    return state().version();
  }

  private org.apache.spark.sql.delta.Snapshot state() {
    return DeltaLog.forTable(spark, path).update(false, Option.empty(), Option.empty());
  }

  /** The newest commit. */
  Commit newest() {
    return commits(table -> table.history(1)).get(0);
  }

  /**
   * The rows of a version.
   *
   * @throws ReforestException of kind {@code DATA} when the log does not hold that version
   */
  public Dataset<Row> read(long version) {
    try {
      return spark.read().format("delta").option("versionAsOf", version).load(path);
    } catch (Exception e) {
      if (e instanceof VersionNotFoundException gone) {
        throw new ReforestException(
            Kind.DATA,
            "version "
                + version
                + " of "
                + path
                + " does not exist: versions "
                + gone.earliest()
                + " to "
                + gone.latest()
                + " can be read",
            "name one of these, or the newest",
            e);
      }
      throw e;
    }
  }

  /**
   * @throws ReforestException of kind {@code DATA} when the log does not hold that version
   */
  void requireVersion(long version) {
    read(version);
  }

  /**
   * Checks that every data file of a version still lies there, so that no job fails half-way.
   *
   * @throws ReforestException of kind {@code DATA} when VACUUM or somebody took or cut one
   */
  public void requireFiles(long version) {
    new DataFiles(spark, path)
        .requireWhole(version, () -> commits().stream().map(Commit::version).toList());
  }

  /**
   * Adds rows to a version as its next one, without a look at the rows that are there.
   *
   * @param version the newest one when it was decided what to add
   * @param rows with the table's columns, in their order
   * @throws org.apache.spark.sql.delta.DeltaConcurrentModificationException when another writer has
   *     changed the table since that version
   */
  // Scala's sequences lose their type on the way to Java.
  @SuppressWarnings("unchecked")
  public void append(long version, Dataset<Row> rows) {
    DeltaLog log = DeltaLog.forTable(spark, path);
    OptimisticTransaction change =
        log.startTransaction(
            Option.empty(),
            Option.apply(log.getSnapshotAt(version, Option.empty(), Option.empty(), false)));
    // Whoever decided what is new has looked at all rows, and whatever came since may belie it.
    change.readWholeTable();
    change.commit(
        change.writeFiles(rows).<Action>map(file -> file).toSeq(),
        new DeltaOperations.Write(
            SaveMode.Append,
            Option.empty(),
            Option.empty(),
            Option.empty(),
            Option.empty(),
            Option.empty(),
            Option.empty(),
            Option.empty(),
            Option.empty()));
  }

  /** Whether a version has no rows at all, by its log alone. */
  public boolean isEmpty(long version) {
    return read(version).inputFiles().length == 0;
  }

  /** Creates the table empty, unless another run was faster. */
  public void create(StructType schema, Duration history) {
    // Not DeltaTable.createIfNotExists: it refuses a folder where another process has begun.
    spark
        .createDataFrame(List.of(), schema)
        .write()
        .format("delta")
        .mode(SaveMode.Ignore)
        .options(properties(history))
        .save(path);
  }

  private static Map<String, String> properties(Duration history) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put(LOG_RETENTION, interval(history));
    properties.put(FILE_RETENTION, interval(history));
    properties.put("delta.enableDeletionVectors", "false");
    properties.put("delta.columnMapping.mode", "none");
    properties.put("delta.enableTypeWidening", "false");
    properties.put("delta.enableRowTracking", "false");
    properties.put("delta.checkpointPolicy", "classic");
    // One file for a small ingest instead of one for each shuffle partition.
    properties.put("delta.autoOptimize.optimizeWrite", "true");
    return properties;
  }

  /**
   * @throws ReforestException of kind {@code DATA} when a plain Delta reader could not open it
   */
  public void requirePlainProtocol() {
    Protocol protocol = state().protocol();
    if (protocol.minReaderVersion() > READER_VERSION) {
      throw new ReforestException(
          Kind.DATA,
          "the table "
              + path
              + " needs a Delta reader of version "
              + protocol.minReaderVersion()
              + " (features: "
              + protocol.readerFeatureNames().mkString(", ")
              + "), which other readers may lack or ignore",
          "drop these features with ALTER TABLE ... DROP FEATURE, or ingest into a new home");
    }
  }

  /** How long the table keeps what is needed to read an old version. */
  Duration retention() {
    Map<String, String> now = CollectionConverters.asJava(state().metadata().configuration());
    Duration log = parse(now.getOrDefault(LOG_RETENTION, ""));
    Duration files = parse(now.getOrDefault(FILE_RETENTION, ""));
    return log.compareTo(files) < 0 ? log : files;
  }

  /** Sets the retention to {@code wanted}, as a new commit, when it is less than required. */
  public void keepAtLeast(Duration required, Duration wanted) {
    boolean enough = retention().compareTo(required) >= 0;
    if (!enough) {
      alter(
          "SET TBLPROPERTIES ('"
              + LOG_RETENTION
              + "' = '"
              + interval(wanted)
              + "', '"
              + FILE_RETENTION
              + "' = '"
              + interval(wanted)
              + "')");
    }
  }

  /** Adds nullable columns. */
  public void addColumns(StructType columns) {
    alter(
        "ADD COLUMNS ("
            + String.join(
                ", ",
                Stream.of(columns.fields())
                    .map(f -> Columns.quote(f.name()) + " " + f.dataType().sql())
                    .toList())
            + ")");
  }

  private void alter(String what) {
    spark.sql("ALTER TABLE delta." + Columns.quote(path) + " " + what);
  }

  static String interval(Duration duration) {
    return "interval " + Math.max(1, duration.plusDays(1).minusNanos(1).toDays()) + " days";
  }

  /** The length of a Delta interval, zero when there is none or it is written in another way. */
  public static Duration parse(String interval) {
    Matcher matcher = INTERVAL.matcher(interval.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Duration.ZERO;
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "hour" -> Duration.ofHours(count);
      case "day" -> Duration.ofDays(count);
      case "week" -> Duration.ofDays(7 * count);
      case "month" -> Duration.ofDays(30 * count);
      default -> Duration.ofDays(365 * count);
    };
  }

  @Override
  public String toString() {
    return path;
  }
}
