package reforest.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import reforest.SparkExtension;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.publish.CommitFiles;
import reforest.publish.HadoopStore;
import reforest.s3server.S3Server;

/**
 * A process that meets another at a barrier, again and again, and races it for promotions and for
 * Delta's commits. Prints what it has won, a line each.
 */
final class S3Racer {

  static final int PROMOTIONS = 1200;
  static final int COMMITS = 300;
  static final int APPENDS = 8;
  static final String HOME = "s3a://forest/race/";

  /** So often they wait for each other, since the faster one would run ahead and win all else. */
  private static final int TOGETHER = 25;

  private final String name;
  private final Path meeting;
  private final Configuration hadoop;

  private S3Racer(String name, Path meeting, Configuration hadoop) {
    this.name = name;
    this.meeting = meeting;
    this.hadoop = hadoop;
  }

  public static void main(String[] args) throws Exception {
    SparkSession spark = SparkExtension.session();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    S3Server.hadoop(args[2]).forEach(hadoop::set);
    S3Racer racer = new S3Racer(args[0], Path.of(args[1]), hadoop);
    racer.promote();
    racer.commit();
    racer.append(spark);
    spark.stop();
  }

  private void promote() throws IOException {
    PromotionLog log = new PromotionLog(HadoopStore.open(URI.create(HOME + "models/shop"), hadoop));
    for (int sequence = 1; sequence <= PROMOTIONS; sequence++) {
      if (sequence % TOGETHER == 1) {
        meet("promotion-" + sequence);
      }
      Promotion mine =
          new Promotion(
              sequence,
              "shop",
              "a".repeat(64),
              Optional.empty(),
              Promotion.Action.PROMOTE,
              "run-" + name,
              "PROMOTE",
              "it was faster",
              "report.html",
              Clock.systemUTC().instant(),
              name + "-" + sequence);
      if (log.append(mine)) {
        System.out.println("promotion " + sequence + " " + name);
      }
    }
  }

  private void commit() throws IOException {
    CommitFiles files = new CommitFiles(hadoop);
    for (int version = 0; version < COMMITS; version++) {
      if (version % TOGETHER == 0) {
        meet("commit-" + version);
      }
      var file =
          new org.apache.hadoop.fs.Path(
              HOME + String.format(Locale.ROOT, "bare/_delta_log/%020d.json", version));
      try {
        files.write(file, List.of(name).iterator(), false, hadoop);
        System.out.println("commit " + version + " " + name);
      } catch (FileAlreadyExistsException e) {
        // The other was faster.
      }
    }
  }

  /** Both append to one table, as drivers do that know nothing of each other. */
  private void append(SparkSession spark) throws IOException {
    String table = HOME + "table";
    if (name.equals("one")) {
      spark.range(0).selectExpr("id", "'' as writer").write().format("delta").save(table);
    }
    for (int i = 0; i < APPENDS; i++) {
      meet("append-" + i);
      spark
          .range(i, i + 1, 1, 1)
          .selectExpr("id", "'" + name + "' as writer")
          .write()
          .format("delta")
          .mode("append")
          .save(table);
    }
    meet("all is appended");
    if (name.equals("one")) {
      spark
          .read()
          .format("delta")
          .load(table)
          .collectAsList()
          .forEach(row -> System.out.println("row " + row.getLong(0) + " " + row.getString(1)));
      long versions =
          spark.sql("DESCRIBE HISTORY delta.`" + table + "`").select("version").distinct().count();
      System.out.println("versions " + versions);
    }
  }

  private void meet(String where) throws IOException {
    Files.write(meeting.resolve(where + " " + name), name.getBytes(UTF_8));
    while (true) {
      try (Stream<Path> there = Files.list(meeting)) {
        if (there.filter(f -> f.getFileName().toString().startsWith(where + " ")).count() == 2) {
          return;
        }
      }
      Thread.onSpinWait();
    }
  }
}
