package reforest.it;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.home.CommitFiles;
import reforest.home.HadoopStore;
import reforest.s3server.S3Server;
import reforest.testing.SparkExtension;

/**
 * A process that meets another at a barrier before each round, and races it for promotions and for
 * Delta's commits. Prints what it has won, a line each.
 */
final class S3Racer {

  static final int PROMOTIONS = 1500;
  static final int COMMITS = 500;
  static final int APPENDS = 8;
  static final String HOME = "s3a://forest/race/";

  private final String name;
  private final Socket meeting;
  private final Configuration hadoop;

  private S3Racer(String name, Socket meeting, Configuration hadoop) {
    this.name = name;
    this.meeting = meeting;
    this.hadoop = hadoop;
  }

  public static void main(String[] args) throws Exception {
    SparkSession spark = SparkExtension.session();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    S3Server.hadoop(args[2]).forEach(hadoop::set);
    try (Socket meeting = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[1]))) {
      S3Racer racer = new S3Racer(args[0], meeting, hadoop);
      racer.promote();
      racer.commit();
      racer.append(spark);
    }
    spark.stop();
  }

  private void promote() throws IOException {
    PromotionLog log = new PromotionLog(HadoopStore.open(URI.create(HOME + "models/shop"), hadoop));
    for (int sequence = 1; sequence <= PROMOTIONS; sequence++) {
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
      meet();
      if (log.append(mine)) {
        System.out.println("promotion " + sequence + " " + name);
      }
    }
  }

  private void commit() throws IOException {
    CommitFiles files = new CommitFiles(hadoop);
    for (int version = 0; version < COMMITS; version++) {
      var file =
          new org.apache.hadoop.fs.Path(
              HOME + String.format(Locale.ROOT, "bare/_delta_log/%020d.json", version));
      meet();
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
      meet();
      spark
          .range(i, i + 1, 1, 1)
          .selectExpr("id", "'" + name + "' as writer")
          .write()
          .format("delta")
          .mode("append")
          .save(table);
    }
    meet();
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

  /** Says that it is here, and waits until it hears that both are. */
  private void meet() throws IOException {
    meeting.getOutputStream().write(0);
    if (meeting.getInputStream().read() < 0) {
      throw new EOFException("the other one has gone");
    }
  }
}
