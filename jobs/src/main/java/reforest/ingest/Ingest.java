package reforest.ingest;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reforest.bundle.ColumnType;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.config.DataConfig;
import reforest.table.Columns;
import reforest.table.Table;

/**
 * Checks a source's rows against the contract and merges them by key into the training table.
 *
 * <p>Late rows are inserted, changed rows replaced, equal rows ignored: ingesting the same rows
 * again makes no new version. Rows that break the contract go to the quarantine table, and so do
 * rows of one ingest that have the same key and differ.
 */
public final class Ingest {

  private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
  private static final int ATTEMPTS = 5;
  private static final int EXAMPLES = 5;

  /** By how Spark calls a failure of an expression, which expression does not fail. */
  private static final Map<String, String> FORGIVING =
      Map.of(
          "INVALID_ARRAY_INDEX", "get(items, 0) for items[0]",
          "DIVIDE_BY_ZERO", "try_divide(a, b) for a / b",
          "CAST_INVALID_INPUT", "try_cast(a as int) for cast(a as int)",
          "CANNOT_PARSE_TIMESTAMP", "try_to_timestamp(a, format) for to_timestamp(a, format)");

  private static final String KEY = "__reforest_key";
  private static final String DIGEST = "__reforest_digest";

  private final SparkSession spark;
  private final DataConfig data;
  private final Table table;
  private final Table quarantine;
  private final Clock clock;

  /**
   * @param data contract and source
   * @param table location of the training table
   * @param quarantine location of the quarantine table
   * @param clock tells when rows were quarantined, and how old versions are
   */
  public Ingest(SparkSession spark, DataConfig data, URI table, URI quarantine, Clock clock) {
    this.spark = spark;
    this.data = data;
    this.table = new Table(spark, table);
    this.quarantine = new Table(spark, quarantine);
    this.clock = clock;
  }

  /**
   * What an ingest did.
   *
   * @param versionBefore newest version before, empty when there was no table
   * @param versionAfter newest version now; equal to the one before when no row changed
   * @param read rows of the source
   * @param inserted rows with a new key
   * @param updated rows that replaced one of the same key
   * @param unchanged rows that stood in the table already
   * @param repeated rows that stood more than once in the source, each but the first
   * @param quarantined rows that broke the contract
   * @param reasons rows by reason, most frequent first; a row may have several
   */
  public record Result(
      OptionalLong versionBefore,
      long versionAfter,
      long read,
      long inserted,
      long updated,
      long unchanged,
      long repeated,
      long quarantined,
      Map<String, Long> reasons) {
    public Result {
      reasons = Collections.unmodifiableMap(new LinkedHashMap<>(reasons));
    }
  }

  /**
   * Ingests the configured source; no registered run names a version yet.
   *
   * @see #execute(OptionalLong)
   */
  public Result execute() {
    return execute(OptionalLong.empty());
  }

  /**
   * Ingests the configured source.
   *
   * @param oldestNamedVersion oldest version that a registered run names; the table keeps its
   *     history back to it
   * @throws ReforestException of kind {@code DATA} when the source is missing, empty or unreadable,
   *     lacks a declared column, breaks the contract in more than {@code maxQuarantined} of its
   *     rows (the quarantine is written then, the table is not), or when the table's columns
   *     contradict the contract; {@code RACE} when other writers keep coming between
   */
  public Result execute(OptionalLong oldestNamedVersion) {
    requireUtc();
    Instant begun = clock.instant();
    RowContract contract = new RowContract(data, begun);
    Dataset<Row> checked = contract.read(spark).persist(StorageLevel.DISK_ONLY());
    try {
      Scanned scanned = scan(checked);
      long read = scanned.read();
      if (read == 0) {
        throw new ReforestException(
            Kind.DATA,
            "the source " + sourceName() + " has no rows",
            "check that it is complete; nothing was changed");
      }
      Dataset<Row> settled = scanned.isRepeated() ? withoutConflicts(checked) : checked;
      Dataset<Row> refused = settled.where(size(col(RowContract.REASONS)).gt(0));
      Map<String, Long> reasons =
          scanned.isRepeated() || scanned.refused() > 0 ? reasons(refused) : Map.of();
      long quarantined = reasons.isEmpty() ? 0 : refused.count();
      if (quarantined > 0) {
        retried(
            () -> {
              new Quarantine(quarantine, data.history()).add(refused, sourceName(), begun);
              return true;
            });
        requireFewQuarantined(refused, read, quarantined, reasons);
      }
      Dataset<Row> valid =
          settled
              .where(size(col(RowContract.REASONS)).equalTo(0))
              .select(col(RowContract.VALUES + ".*"));
      Dataset<Row> good =
          scanned.isRepeated() ? valid.dropDuplicates(data.key().toArray(String[]::new)) : valid;
      LongSupplier rows = () -> scanned.isRepeated() ? good.count() : read - quarantined;
      Merged merged = retried(() -> merge(contract.schema(), good, rows, oldestNamedVersion));
      Result result =
          new Result(
              merged.before(),
              merged.after(),
              read,
              merged.inserted(),
              merged.updated(),
              merged.unchanged(),
              read - quarantined - merged.inserted() - merged.updated() - merged.unchanged(),
              quarantined,
              reasons);
      LOG.info(
          "ingested {}: {} rows, {} new, {} changed, {} quarantined, version {}",
          sourceName(),
          read,
          result.inserted(),
          result.updated(),
          quarantined,
          result.versionAfter());
      return result;
    } finally {
      checked.unpersist();
    }
  }

  /**
   * What the whole source has.
   *
   * @param read its rows
   * @param refused those that break the contract by themselves
   * @param isRepeated whether two of the others may have the same key
   */
  private record Scanned(long read, long refused, boolean isRepeated) {}

  /** Reads the whole source, which may turn out to be broken on the way. */
  private Scanned scan(Dataset<Row> checked) {
    Column[] keys =
        data.key().stream()
            .map(name -> Columns.of(RowContract.VALUES, name))
            .toArray(Column[]::new);
    Column rows = col("rows");
    Column isRefused = col(DIGEST).isNull();
    try {
      // Digests alone: where no two are equal, no two keys are, and no row has to be moved.
      Row sums =
          checked
              .select(when(size(col(RowContract.REASONS)).equalTo(0), xxhash64(keys)).as(DIGEST))
              .groupBy(DIGEST)
              .agg(count(lit(1)).as("rows"))
              .agg(
                  coalesce(sum(rows), lit(0L)),
                  coalesce(sum(when(isRefused, rows)), lit(0L)),
                  coalesce(max(when(isRefused, lit(0L)).otherwise(rows)), lit(0L)))
              .head();
      return new Scanned(sums.getLong(0), sums.getLong(1), sums.getLong(2) > 1);
    } catch (Exception e) {
      Optional<ReforestException> broken = SourceRows.broken(e);
      if (broken.isPresent()) {
        throw broken.get();
      }
      throw e;
    }
  }

  private record Merged(
      OptionalLong before, long after, long inserted, long updated, long unchanged) {}

  private Merged merge(
      StructType wanted, Dataset<Row> good, LongSupplier rows, OptionalLong oldestNamedVersion) {
    OptionalLong before = OptionalLong.empty();
    if (table.exists()) {
      table.requirePlainProtocol();
      before = OptionalLong.of(table.newestVersion());
      // Delta alters a table whose newest commit cannot be read, and buries it under another.
      table.requireFiles(before.getAsLong());
      StructType added =
          SchemaChange.added(data, wanted, table.read(before.getAsLong()).schema(), table);
      keepHistory(oldestNamedVersion);
      if (added.length() > 0) {
        table.addColumns(added);
      }
    } else {
      requireNoLostLog(oldestNamedVersion);
      table.create(wanted, data.history());
    }
    long version = table.newestVersion();
    if (table.isEmpty(version)) {
      long inserted = rows.getAsLong();
      if (inserted > 0) {
        table.append(version, good);
      }
      return new Merged(before, table.newestVersion(), inserted, 0, 0);
    }
    Dataset<Row> compared = compare(good, table.read(version)).persist(StorageLevel.DISK_ONLY());
    try {
      Map<String, Long> counts = new HashMap<>();
      Map<String, Long> doubtful = new HashMap<>();
      compared
          .groupBy("change")
          .agg(count(lit(1)), count_if(LookAlikes.mayBe(data, Optional.of("new"))))
          .collectAsList()
          .forEach(
              row -> {
                counts.put(row.getString(0), row.getLong(1));
                doubtful.put(row.getString(0), row.getLong(2));
              });
      long pairs = counts.values().stream().mapToLong(Long::longValue).sum();
      if (pairs > rows.getAsLong()) {
        throw Table.repeatedKeys(
            "%d rows of version %d of %s have the key of another row there"
                .formatted(pairs - rows.getAsLong(), version, table));
      }
      long inserted = counts.getOrDefault("inserted", 0L);
      long updated = counts.getOrDefault("updated", 0L);
      if (updated == 0 && inserted > 0) {
        table.append(version, compared.where("change = 'inserted'").select("new.*"));
      } else if (updated > 0) {
        table
            .delta()
            .as("old")
            .merge(
                compared.where("change <> 'unchanged'").select("new.*").as("new"),
                keysEqual("old", "new"))
            .whenMatched()
            .updateExpr(byName())
            .whenNotMatched()
            .insertExpr(byName())
            .execute();
      }
      long after = table.newestVersion();
      if (doubtful.getOrDefault("inserted", 0L) > 0) {
        LookAlikes.among(table.read(after), data).ifPresent(LOG::warn);
      }
      return new Merged(before, after, inserted, updated, counts.getOrDefault("unchanged", 0L));
    } finally {
      compared.unpersist();
    }
  }

  /** Without its log a table looks new, and all rows but those of this source would be gone. */
  private void requireNoLostLog(OptionalLong oldestNamedVersion) {
    if (oldestNamedVersion.isPresent() && table.hasFiles()) {
      throw new ReforestException(
          Kind.DATA,
          "the log of "
              + table
              + " is gone: data files lie there, and runs of this model have used the table",
          "put the log's folder back from a backup; to begin anew on purpose, move the table's"
              + " folder away");
    }
  }

  /** The rows as struct {@code new}, each with its {@code change} against the table. */
  private Dataset<Row> compare(Dataset<Row> good, Dataset<Row> current) {
    List<String> there = Arrays.asList(current.columns());
    Column[] same =
        data.columns().stream()
            .map(
                c ->
                    (there.contains(c.name()) ? Columns.of(c.name()) : lit(null).cast(c.type()))
                        .as(c.name()))
            .toArray(Column[]::new);
    Column[] names = data.columns().stream().map(c -> Columns.of(c.name())).toArray(Column[]::new);
    return good.select(struct(names).as("new"))
        .join(current.select(struct(same).as("old")), keysEqual("new", "old"), "left")
        .select(
            col("new"),
            when(col("old").isNull(), "inserted")
                .when(col("old").eqNullSafe(col("new")), "unchanged")
                .otherwise("updated")
                .as("change"));
  }

  /** Delta's own "all columns" stumbles over names with backticks. */
  private Map<String, String> byName() {
    Map<String, String> assignments = new LinkedHashMap<>();
    for (DataConfig.Column column : data.columns()) {
      String name = Columns.quote(column.name());
      assignments.put(name, "new." + name);
    }
    return assignments;
  }

  private Column keysEqual(String one, String other) {
    return data.key().stream()
        .map(name -> Columns.of(one, name).equalTo(Columns.of(other, name)))
        .reduce(Column::and)
        .orElseThrow(
            () ->
                new ReforestException(
                    Kind.ARGUMENTS, "data.key is empty", "name the columns that identify a row"));
  }

  /** Rows of one key that differ cannot both be right: all of them are refused. */
  private Dataset<Row> withoutConflicts(Dataset<Row> checked) {
    List<Column> named = new ArrayList<>();
    List<Column> keys = new ArrayList<>();
    Column same = size(col(RowContract.REASONS)).equalTo(0);
    for (int i = 0; i < data.key().size(); i++) {
      Column key = Columns.of(RowContract.VALUES, data.key().get(i));
      named.add(key.as(KEY + i));
      keys.add(col(KEY + i));
      same = same.and(key.equalTo(col(KEY + i)));
    }
    named.add(xxhash64(col(RowContract.VALUES)).as(DIGEST));
    Dataset<Row> conflicts =
        checked
            .where(size(col(RowContract.REASONS)).equalTo(0))
            .select(named.toArray(Column[]::new))
            .groupBy(keys.toArray(Column[]::new))
            .agg(min(DIGEST).as("least"), max(DIGEST).as("most"))
            .where("least <> most")
            .persist();
    try {
      if (conflicts.isEmpty()) {
        return checked;
      }
      return refuse(checked.join(conflicts, same, "left"), col(KEY + 0).isNotNull());
    } finally {
      conflicts.unpersist();
    }
  }

  private Dataset<Row> refuse(Dataset<Row> joined, Column conflict) {
    Column[] shown =
        data.columns().stream()
            .filter(column -> !column.personal())
            .map(column -> Columns.of(RowContract.VALUES, column.name()))
            .toArray(Column[]::new);
    String reason = differing();
    return joined.select(
        col(RowContract.VALUES),
        when(conflict, array(lit(reason)))
            .otherwise(col(RowContract.REASONS))
            .as(RowContract.REASONS),
        when(conflict, to_json(col(RowContract.VALUES)))
            .otherwise(col(RowContract.ROW))
            .as(RowContract.ROW),
        when(conflict, shown.length == 0 ? lit("{}") : to_json(struct(shown)))
            .otherwise(col(RowContract.EXAMPLE))
            .as(RowContract.EXAMPLE));
  }

  private static Map<String, Long> reasons(Dataset<Row> refused) {
    Map<String, Long> reasons = new LinkedHashMap<>();
    refused
        .select(explode(col(RowContract.REASONS)).as("reason"))
        .groupBy("reason")
        .agg(count(lit(1)).as("rows"))
        .orderBy(col("rows").desc(), col("reason"))
        .collectAsList()
        .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
    return reasons;
  }

  private void requireFewQuarantined(
      Dataset<Row> refused, long read, long quarantined, Map<String, Long> reasons) {
    double share = (double) quarantined / read;
    if (share <= data.maxQuarantined()) {
      return;
    }
    List<String> counts =
        reasons.entrySet().stream()
            .limit(20)
            .map(e -> e.getKey() + " (" + e.getValue() + ")")
            .toList();
    List<String> examples =
        refused
            .orderBy(RowContract.ROW)
            .select(RowContract.EXAMPLE)
            .limit(EXAMPLES)
            .collectAsList()
            .stream()
            .map(row -> shortened(row.getString(0)))
            .toList();
    throw new ReforestException(
        Kind.DATA,
        String.format(
            Locale.ROOT,
            "%d of %d rows (%.1f %%) break the contract, more than data.max-quarantined = %s"
                + " allows: %s. Examples: %s",
            quarantined,
            read,
            100 * share,
            data.maxQuarantined(),
            String.join("; ", counts),
            String.join(" ", examples)),
        "the rows lie in "
            + quarantine
            + " and the table is as it was; "
            + howToConvertTimes(reasons)
                .or(() -> howToGoOn(reasons))
                .or(() -> howToTellApart(reasons))
                .or(() -> howToNameMissing(reasons))
                .orElse("mend the source or data.columns")
            + ", or raise data.max-quarantined");
  }

  /** What helps where an expression fails on rows that it could give null for. */
  private static Optional<String> howToGoOn(Map<String, Long> reasons) {
    return FORGIVING.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .filter(e -> reasons.keySet().stream().anyMatch(reason -> reason.contains(e.getKey())))
        .map(e -> "an expression that gives null in such rows goes on: " + e.getValue())
        .findFirst();
  }

  /** What helps where the key does not tell rows apart. */
  private Optional<String> howToTellApart(Map<String, Long> reasons) {
    return reasons.keySet().stream()
        .filter(differing()::equals)
        .map(
            reason ->
                "where these rows are different things, data.key lacks a column that tells them"
                    + " apart; else mend the source")
        .findFirst();
  }

  /** What helps where texts stand for missing numbers, as R and others write them. */
  private Optional<String> howToNameMissing(Map<String, Long> reasons) {
    return data.columns().stream()
        .filter(column -> data.source().format().equalsIgnoreCase("csv"))
        .filter(column -> !data.source().options().containsKey("nullValue"))
        .filter(column -> ColumnType.named(column.type()).filter(ColumnType::isNumber).isPresent())
        .filter(column -> reasons.containsKey(column.name() + " is not of type " + column.type()))
        .map(
            column ->
                "if a text such as NA stands for a missing value, say so with"
                    + " data.source.options.nullValue = NA; else mend the source or data.columns")
        .findFirst();
  }

  private String differing() {
    return "rows with the same " + String.join(", ", data.key()) + " differ";
  }

  /** What helps where a source has times that are no ISO-8601; empty where it has none. */
  private Optional<String> howToConvertTimes(Map<String, Long> reasons) {
    return data.columns().stream()
        .filter(column -> reasons.containsKey(column.name() + " is not of type " + column.type()))
        .filter(column -> ColumnType.named(column.type()).filter(ColumnType::isTime).isPresent())
        .map(
            column -> {
              String name = Columns.quote(column.name());
              String other = column.type().equals("date") ? "to_date" : "to_timestamp";
              return "times are read as ISO-8601, such as 2026-05-04"
                  + (column.type().equals("date") ? "" : " 06:00:00")
                  + "; convert others by the column's from, such as from = \"timestamp_millis("
                  + name
                  + ")\" for milliseconds since 1970 or from = \""
                  + other
                  + "("
                  + name
                  + ", 'dd.MM.yyyy"
                  + (column.type().equals("date") ? "" : " HH:mm")
                  + "')\"";
            })
        .findFirst();
  }

  private static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }

  /**
   * Named versions stay readable for half of {@code data.history} at least, even if no other ingest
   * comes to extend it. Runs themselves extend nothing: that would be a new version of the table,
   * and whoever repeats a run on the newest one would not find it again.
   */
  private void keepHistory(OptionalLong oldestNamedVersion) {
    Duration required = data.history();
    Duration wanted = data.history();
    if (oldestNamedVersion.isPresent()) {
      Optional<Table.Commit> named =
          table.commits().stream()
              .filter(c -> c.version() >= oldestNamedVersion.getAsLong())
              .findFirst();
      if (named.isPresent()) {
        Duration ahead = data.history().dividedBy(2);
        Duration until = Duration.between(named.get().at(), clock.instant()).plus(ahead);
        if (until.compareTo(required) > 0) {
          required = until;
          wanted = until.plus(data.history());
        }
      }
    }
    table.keepAtLeast(required, wanted);
  }

  private <T> T retried(java.util.function.Supplier<T> step) {
    for (int attempt = 1; ; attempt++) {
      try {
        return step.get();
      } catch (DeltaConcurrentModificationException e) {
        LOG.info("another run changed the table; attempt {} of {}", attempt, ATTEMPTS);
        if (attempt == ATTEMPTS) {
          throw new ReforestException(
              Kind.RACE,
              "other ingests changed " + table + " during each of " + ATTEMPTS + " attempts",
              "ingest again when they are done; nothing is lost, rows are merged by key",
              e);
        }
      }
    }
  }

  private String sourceName() {
    return data.source().path().orElse(data.source().format());
  }

  private void requireUtc() {
    String zone = spark.conf().get("spark.sql.session.timeZone");
    if (!zone.equals("UTC")) {
      throw new ReforestException(
          Kind.ARGUMENTS,
          "spark.sql.session.timeZone is " + zone + ": times without a zone would be misread",
          "set it to UTC");
    }
  }
}
