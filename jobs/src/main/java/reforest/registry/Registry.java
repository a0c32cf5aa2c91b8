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
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;
import reforest.table.Columns;
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

  /** Adds runs with their metrics; those that are there already stay as they are. */
  public void addRuns(List<RunRecord> records) {
    if (!records.isEmpty()) {
      Dataset<Row> runs = runs(records);
      merge(RUNS, withoutMetrics(runs), RUN_KEY, false);
      merge(METRICS, metrics(runs), METRIC_KEY, false);
    }
  }

  /**
   * Adds runs with their metrics, and replaces those that are not as their records say: an earlier
   * release's tables lack what its records held already.
   */
  public void repairRuns(List<RunRecord> records) {
    if (!records.isEmpty()) {
      Dataset<Row> runs = runs(records);
      repair(RUNS, withoutMetrics(runs), RUN_KEY);
      repair(METRICS, metrics(runs), METRIC_KEY);
    }
  }

  private void repair(String name, Dataset<Row> rows, List<String> key) {
    Dataset<Row> differing = differing(name, rows, key);
    if (!differing.isEmpty()) {
      merge(name, differing, key, true);
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
    if (!DeltaTable.isDeltaTable(spark, location(name))) {
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
   * Adds promotions; those that are there already stay as they are. With none, the table is made,
   * so that queries find it from the first run on.
   */
  public void addPromotions(List<Promotion> promotions) {
    boolean isThere = DeltaTable.isDeltaTable(spark, location(PROMOTIONS));
    List<Promotion> added = isThere ? unknown(promotions) : promotions;
    if (isThere && added.isEmpty()) {
      return;
    }
    List<String> json =
        added.stream().map(p -> new String(p.toJson(), StandardCharsets.UTF_8)).toList();
    merge(PROMOTIONS, parse(json, PROMOTION), PROMOTION_KEY, false);
  }

  /** Whether a promotion is in the table. */
  public boolean holds(Promotion promotion) {
    return DeltaTable.isDeltaTable(spark, location(PROMOTIONS))
        && unknown(List.of(promotion)).isEmpty();
  }

  /** Most runs add none, and a merge of nothing costs as much as one of something. */
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

  private void merge(String name, Dataset<Row> rows, List<String> key, boolean replaces) {
    String location = location(name);
    Dataset<Row> few = rows.coalesce(1);
    for (int attempt = 1; ; attempt++) {
      try {
        // Not DeltaTable.createIfNotExists: it refuses a folder where another process has begun.
        few.limit(0)
            .write()
            .format("delta")
            .mode(SaveMode.Ignore)
            .option("delta.enableDeletionVectors", "false")
            .save(location);
        String same =
            key.stream()
                .map(column -> "t." + column + " = s." + column)
                .collect(Collectors.joining(" AND "));
        DeltaMergeBuilder merge =
            DeltaTable.forPath(spark, location)
                .as("t")
                .merge(few.as("s"), same)
                // A table that an earlier release made gets the columns that it did not know.
                .withSchemaEvolution();
        (replaces ? merge.whenMatched().updateAll() : merge).whenNotMatched().insertAll().execute();
        return;
      } catch (DeltaConcurrentModificationException e) {
        if (attempt == TRIES) {
          throw new ReforestException(
              Kind.STORE,
              "the registry table " + location + " changed under each of " + TRIES + " tries",
              "nothing is lost: 'reforest repair' adds what is missing",
              e);
        }
      }
    }
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
