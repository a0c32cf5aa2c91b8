package reforest.registry;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.delta.tables.DeltaMergeBuilder;
import io.delta.tables.DeltaTable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.types.StructType;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.table.Columns;
import reforest.table.Table;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The Delta tables that people query: {@code runs}, {@code metrics} and {@code promotions} of all
 * models.
 *
 * <p>They repeat what run folders and promotion logs hold, so they can be derived again. Writing a
 * run or promotion twice leaves one.
 */
public final class Registry {

  private static final int TRIES = 10;
  private static final String RUNS = "runs";
  private static final String METRICS = "metrics";
  private static final String PROMOTIONS = "promotions";

  private static final List<String> RUN_KEY = List.of("model", "run", "attempt");
  private static final List<String> METRIC_KEY =
      List.of("model", "run", "attempt", "role", "slice", "metric");
  private static final List<String> PROMOTION_KEY = List.of("model", "sequence");

  private static final StructType RECORD = RecordSchema.of(RunRecord.class);
  private static final StructType PROMOTION = RecordSchema.of(Promotion.class);

  private final SparkSession spark;
  private final URI folder;

  /**
   * @param folder folder of the three tables, on any Hadoop file system
   */
  public Registry(SparkSession spark, URI folder) {
    this.spark = spark;
    this.folder = folder;
  }

  /**
   * Adds runs with their metrics, by appends that read no row: what this or any other process has
   * added this way before is not added again. Of rows that came there otherwise it knows nothing;
   * {@link #addMissingRuns} does.
   */
  public void addRuns(List<RunRecord> records) {
    records.forEach(record -> add(record, name -> true));
  }

  /** Adds those of some runs that the tables lack, whoever has added the others. */
  public void addMissingRuns(List<RunRecord> records) {
    records.forEach(record -> add(record, name -> !holds(name, record)));
  }

  private void add(RunRecord record, Predicate<String> wanted) {
    Dataset<Row> run = runs(List.of(record));
    String writer = "reforest %s %s %d".formatted(record.model(), record.run(), record.attempt());
    if (wanted.test(RUNS)) {
      append(RUNS, withoutMetrics(run), writer);
    }
    if (wanted.test(METRICS)) {
      append(METRICS, metrics(run), writer);
    }
  }

  private boolean holds(String name, RunRecord record) {
    return exists(name)
        && !table(name)
            .where(
                col("model")
                    .equalTo(record.model())
                    .and(col("run").equalTo(record.run()))
                    .and(col("attempt").equalTo(record.attempt())))
            .isEmpty();
  }

  /**
   * Adds runs with their metrics, and replaces those that are not as their records say: an earlier
   * release's tables lack what its records held already. Rows that stand there twice, since another
   * process wrote the same run in the very moment of a repair, are written once.
   */
  public void repairRuns(List<RunRecord> records) {
    if (!records.isEmpty()) {
      Dataset<Row> runs = runs(records);
      repair(RUNS, withoutMetrics(runs), RUN_KEY);
      repair(METRICS, metrics(runs), METRIC_KEY);
    }
  }

  private void repair(String name, Dataset<Row> rows, List<String> key) {
    removeRepeated(name, key, RUN_KEY);
    Dataset<Row> differing = differing(name, rows, key);
    if (!differing.isEmpty()) {
      merge(name, differing, key, true);
    }
  }

  /**
   * Rows of one key are rows of one run, or of one promotion: all of it goes, to be written anew.
   */
  private void removeRepeated(String name, List<String> key, List<String> whole) {
    if (!exists(name)) {
      return;
    }
    Dataset<Row> repeated =
        table(name)
            .groupBy(Columns.of(key))
            .count()
            .where("count > 1")
            .select(Columns.of(whole))
            .distinct();
    for (Row row : repeated.collectAsList()) {
      Column same =
          whole.stream()
              .map(column -> col(column).equalTo(row.<Object>getAs(column)))
              .reduce(Column::and)
              .orElseThrow();
      DeltaTable.forPath(spark, location(name)).delete(same);
    }
  }

  private Dataset<Row> runs(List<RunRecord> records) {
    return parse(
        records.stream().map(r -> new String(r.toJson(), StandardCharsets.UTF_8)).toList(), RECORD);
  }

  private static Dataset<Row> withoutMetrics(Dataset<Row> runs) {
    return runs.drop("metrics");
  }

  private static Dataset<Row> metrics(Dataset<Row> runs) {
    return runs.select(
            col("model"),
            col("run"),
            col("attempt"),
            col("kind"),
            col("finishedAt"),
            col("data.version").as("dataVersion"),
            col("challenger"),
            col("champion"),
            explode(col("metrics")).as("figure"))
        .select(
            col("model"),
            col("run"),
            col("attempt"),
            col("kind"),
            col("finishedAt"),
            col("dataVersion"),
            col("challenger"),
            col("champion"),
            col("figure.*"));
  }

  /** The rows that a table does not hold just so; all of them where it lacks a column. */
  private Dataset<Row> differing(String name, Dataset<Row> rows, List<String> key) {
    if (!exists(name)) {
      return rows;
    }
    Dataset<Row> there = table(name);
    if (!RecordSchema.covers(there.schema(), rows.schema())) {
      return rows;
    }
    // Through JSON and back: columns that a table got later stand last in it, also nested ones.
    Column asWritten =
        to_json(
            from_json(
                to_json(struct(Stream.of(rows.columns()).map(Columns::of).toArray(Column[]::new))),
                rows.schema()));
    Column[] known = Columns.of(key);
    String text = "__reforest_row";
    Dataset<Row> same =
        there.select(
            Stream.concat(Stream.of(known), Stream.of(asWritten.as(text))).toArray(Column[]::new));
    Dataset<Row> wanted = rows.withColumn(text, asWritten);
    List<String> all = new ArrayList<>(key);
    all.add(text);
    return wanted.join(same, CollectionConverters.asScala(all).toSeq(), "left_anti").drop(text);
  }

  /**
   * Adds promotions that are not there yet. A table that was filled by this alone tells by its log
   * which it has, and no row is read. With none, the table is made, so that queries find it from
   * the first run on.
   *
   * @param promotions all of each model's
   */
  public void addPromotions(List<Promotion> promotions) {
    create(PROMOTIONS, rows(List.of()));
    var added =
        DeltaLog.forTable(spark, location(PROMOTIONS))
            .update(false, Option.empty(), Option.empty())
            .transactions();
    Map<String, Long> last = new HashMap<>();
    List<Promotion> open = new ArrayList<>();
    for (Promotion promotion : promotions) {
      if (added.contains(writer(promotion))) {
        last.merge(promotion.model(), promotion.sequence(), Math::max);
      } else {
        open.add(promotion);
      }
    }
    // What an earlier release or a repair wrote stands in the table, and not in the log.
    boolean isNew =
        open.stream().allMatch(p -> p.sequence() > last.getOrDefault(p.model(), Long.MAX_VALUE));
    for (Promotion promotion : isNew ? open : unknown(open)) {
      append(PROMOTIONS, rows(List.of(promotion)), writer(promotion));
    }
  }

  /** Whether a promotion is in the table. */
  public boolean holds(Promotion promotion) {
    return exists(PROMOTIONS) && unknown(List.of(promotion)).isEmpty();
  }

  private static String writer(Promotion promotion) {
    return "reforest promotion " + promotion.sequence() + " of " + promotion.model();
  }

  /** Adds the promotions that are not there, whatever was added before. */
  public void repairPromotions(List<Promotion> promotions) {
    create(PROMOTIONS, rows(List.of()));
    removeRepeated(PROMOTIONS, PROMOTION_KEY, PROMOTION_KEY);
    List<Promotion> added = unknown(promotions);
    if (!added.isEmpty()) {
      merge(PROMOTIONS, rows(added), PROMOTION_KEY, false);
    }
  }

  private Dataset<Row> rows(List<Promotion> promotions) {
    return parse(
        promotions.stream().map(p -> new String(p.toJson(), StandardCharsets.UTF_8)).toList(),
        PROMOTION);
  }

  private List<Promotion> unknown(List<Promotion> promotions) {
    Set<String> known =
        table(PROMOTIONS)
            .select(concat_ws(" ", col("sequence"), col("model")))
            .as(Encoders.STRING())
            .collectAsList()
            .stream()
            .collect(Collectors.toSet());
    return promotions.stream()
        .filter(p -> !known.contains(p.sequence() + " " + p.model()))
        .toList();
  }

  private Dataset<Row> parse(List<String> json, StructType schema) {
    return spark
        .read()
        .schema(schema)
        .option("mode", "FAILFAST")
        .option("multiLine", true)
        .json(spark.createDataset(json, Encoders.STRING()));
  }

  /** Makes a table where there is none. */
  private void create(String name, Dataset<Row> rows) {
    if (exists(name)) {
      return;
    }
    for (int attempt = 1; ; attempt++) {
      try {
        // Not DeltaTable.createIfNotExists: it refuses a folder where another process has begun.
        rows.limit(0)
            .coalesce(1)
            .write()
            .format("delta")
            .mode(SaveMode.Ignore)
            .option("delta.enableDeletionVectors", "false")
            .save(location(name));
        return;
      } catch (DeltaConcurrentModificationException e) {
        refuseAfter(attempt, name, e);
      }
    }
  }

  /**
   * Adds rows unless they were added this way before, by any process.
   *
   * @param writer names just these rows: of each name Delta keeps the last version, and skips all
   *     that are not newer
   */
  private void append(String name, Dataset<Row> rows, String writer) {
    create(name, rows);
    for (int attempt = 1; ; attempt++) {
      try {
        rows.coalesce(1)
            .write()
            .format("delta")
            .mode(SaveMode.Append)
            // A table that an earlier release made gets the columns that it did not know.
            .option("mergeSchema", "true")
            .option("txnAppId", writer)
            .option("txnVersion", 1)
            .save(location(name));
        return;
      } catch (DeltaConcurrentModificationException e) {
        refuseAfter(attempt, name, e);
      }
    }
  }

  private void refuseAfter(int attempt, String name, DeltaConcurrentModificationException e) {
    if (attempt == TRIES) {
      throw new ReforestException(
          Kind.STORE,
          "the registry table " + location(name) + " changed under each of " + TRIES + " tries",
          "nothing is lost: 'reforest repair' adds what is missing",
          e);
    }
  }

  private void merge(String name, Dataset<Row> rows, List<String> key, boolean replaces) {
    Dataset<Row> few = rows.coalesce(1);
    create(name, rows);
    for (int attempt = 1; ; attempt++) {
      try {
        String same =
            key.stream()
                .map(column -> "t." + column + " = s." + column)
                .collect(Collectors.joining(" AND "));
        DeltaMergeBuilder merge =
            DeltaTable.forPath(spark, location(name))
                .as("t")
                .merge(few.as("s"), same)
                // A table that an earlier release made gets the columns that it did not know.
                .withSchemaEvolution();
        (replaces ? merge.whenMatched().updateAll() : merge).whenNotMatched().insertAll().execute();
        return;
      } catch (DeltaConcurrentModificationException e) {
        refuseAfter(attempt, name, e);
      }
    }
  }

  private boolean exists(String name) {
    return new Table(spark, new Path(location(name)).toUri()).exists();
  }

  /** One of the tables, for queries. */
  public Dataset<Row> table(String name) {
    return spark.read().format("delta").load(location(name));
  }

  /**
   * As Hadoop writes it: Delta takes {@code file:///} and {@code file:/} for two places, and an
   * address's {@code %20} for the name of a folder.
   */
  private String location(String name) {
    return new Path(new Path(folder), name).toString();
  }
}
