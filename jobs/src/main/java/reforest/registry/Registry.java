package reforest.registry;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.explode;

import io.delta.exceptions.DeltaConcurrentModificationException;
import io.delta.tables.DeltaTable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.Promotion;
import reforest.bundle.ReforestException;
import reforest.bundle.ReforestException.Kind;

/**
 * The Delta tables that people query: {@code runs}, {@code metrics} and {@code promotions} of all
 * models.
 *
 * <p>They repeat what run folders and promotion logs hold, so they can be derived again. Writing a
 * run or promotion twice leaves one.
 */
public final class Registry {

  private static final int TRIES = 10;
  private static final String PROMOTIONS = "promotions";

  private static final String RECORD =
      """
      run string, attempt int, kind string, model string, about map<string,string>, task string,
      startedAt timestamp, finishedAt timestamp, reason string, logicalDate string,
      data struct<table:string,version:bigint,digest:string,rows:bigint,committedAt:timestamp,
        columns:string>,
      window struct<kind:string,text:string,start:timestamp,end:timestamp,rows:bigint,
        clusters:bigint,trainRows:bigint,leftOut:map<string,bigint>>,
      challenger string, champion string, promotion bigint, verdict string, reasons array<string>,
      gate struct<attempt:int,alpha:double,power:double,
        checks:array<struct<rule:string,reference:string,slice:string,metric:string,gain:double,
          lower:double,upper:double,required:double,groups:int,critical:boolean,powered:boolean,
          status:string,blocks:boolean,sentence:string>>,moreClusters:bigint>,
      candidates array<struct<family:string,parameters:map<string,string>,scores:array<double>,
        mean:double,seconds:double>>,
      winner int, engine string,
      metrics array<struct<role:string,slice:string,metric:string,value:double,lower:double,
        upper:double,rows:bigint,groups:int,undefined:string>>,
      confusion array<struct<role:string,classes:array<string>,counts:array<array<bigint>>>>,
      profile array<struct<name:string,missing:bigint,mean:double,deviation:double,
        quantiles:map<string,double>,categories:map<string,bigint>>>,
      configuration map<string,string>,
      provenance struct<seed:bigint,codeRevision:string,configuration:string,
        versions:map<string,string>>,
      location string, bundle string, report string
      """;

  private static final String PROMOTION =
      """
      sequence bigint, model string, bundle string, predecessor string, action string, run string,
      verdict string, reason string, report string, at timestamp, writeId string
      """;

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
    if (records.isEmpty()) {
      return;
    }
    List<String> json =
        records.stream().map(r -> new String(r.toJson(), StandardCharsets.UTF_8)).toList();
    Dataset<Row> runs = parse(json, RECORD);
    add("runs", runs.drop("metrics"), List.of("model", "run", "attempt"));
    Dataset<Row> metrics =
        runs.select(
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
    add("metrics", metrics, List.of("model", "run", "attempt", "role", "slice", "metric"));
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
    add(PROMOTIONS, parse(json, PROMOTION), List.of("model", "sequence"));
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

  private Dataset<Row> parse(List<String> json, String schema) {
    return spark
        .read()
        .schema(schema)
        .option("mode", "FAILFAST")
        .option("multiLine", true)
        .json(spark.createDataset(json, Encoders.STRING()));
  }

  private void add(String name, Dataset<Row> rows, List<String> key) {
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
        DeltaTable.forPath(spark, location)
            .as("t")
            .merge(few.as("s"), same)
            // A table that an earlier release made gets the columns that it did not know.
            .withSchemaEvolution()
            .whenNotMatched()
            .insertAll()
            .execute();
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
