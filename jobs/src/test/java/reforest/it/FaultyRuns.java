package reforest.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.Bundle;
import reforest.bundle.PromotionLog;
import reforest.bundle.ReforestException;
import reforest.bundle.Store;
import reforest.cli.SharedRunner;
import reforest.home.HadoopStore;
import reforest.s3server.BadLine;
import reforest.s3server.BadLine.Call;
import reforest.s3server.Fault;
import reforest.s3server.S3Server;
import reforest.testing.CommandResult;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/**
 * A process that retrains on S3 over a bad line, one home after the other on one session. Prints
 * for each home how the run on the bad line ended and how the same command then ended on a good
 * one, a line of JSON each, with what went wrong meanwhile and what then stood in the home.
 */
final class FaultyRuns {

  static final int AT_RANDOM = 10;

  static final double SHARE = 0.3;
  static final String LOST = "lost";
  static final String CHANGED = "changed";
  static final String AGAIN = " again";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** With so many a run gets through; with three or four most meet a call that fails each time. */
  private static final int RETRIES = 7;

  private static final int[] RETRIES_AT_RANDOM = {RETRIES, 3, 4, 3, 4};

  private final SparkSession spark;
  private final Configuration hadoop;
  private final BadLine line;
  private final Path conf;
  private final Path rows;

  private FaultyRuns(SparkSession spark, BadLine line, Path conf) {
    this.spark = spark;
    this.hadoop = spark.sparkContext().hadoopConfiguration();
    this.line = line;
    this.conf = conf;
    this.rows = conf.resolveSibling("rows");
  }

  public static void main(String[] args) throws Exception {
    // Hadoop waits no less than 15 s for an answer unless told so.
    Class.forName("org.apache.hadoop.fs.s3a.impl.AWSClientConfig")
        .getMethod("setMinimumOperationDuration", Duration.class)
        .invoke(null, Duration.ofMillis(100));
    SparkSession spark = SparkExtension.session();
    try (BadLine line = BadLine.to(Integer.parseInt(args[0]))) {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      S3Server.hadoop(line.endpoint()).forEach(hadoop::set);
      hadoop.set("fs.s3a.connection.timeout", "150ms");
      hadoop.set("fs.s3a.connection.request.timeout", "400ms");
      hadoop.set("fs.s3a.attempts.maximum", "0");
      hadoop.set("fs.s3a.retry.interval", "5ms");
      hadoop.set("fs.s3a.retry.throttle.interval", "5ms");
      FaultyRuns runs = new FaultyRuns(spark, line, Path.of(args[1]));
      runs.run(LOST, RETRIES, acknowledgementsLost());
      runs.onBadLine(
          CHANGED,
          home(LOST),
          call -> call.conditional() && !call.isConditionalPut() ? Fault.PRECONDITION : Fault.NONE);
      for (int seed = 0; seed < AT_RANDOM; seed++) {
        runs.run(
            random(seed),
            RETRIES_AT_RANDOM[seed % RETRIES_AT_RANDOM.length],
            BadLine.atRandom(seed, SHARE));
      }
    }
    spark.stop();
  }

  /** Every conditional put is done and then answered as if it had failed, in one way or another. */
  private static Function<Call, Fault> acknowledgementsLost() {
    Fault[] ways = {
      Fault.DONE_PRECONDITION, Fault.DONE_RESET, Fault.DONE_BROKEN, Fault.DONE_SLOW_DOWN
    };
    int[] calls = {0};
    return call -> {
      synchronized (calls) {
        return call.isConditionalPut() ? ways[calls[0]++ % ways.length] : Fault.NONE;
      }
    };
  }

  static String random(int seed) {
    return "random-" + seed;
  }

  static String home(String name) {
    return "s3a://forest/" + name;
  }

  /** How often calls are tried once more; by a new client, which Hadoop then hands to everybody. */
  private void retries(int number) throws IOException {
    hadoop.setInt("fs.s3a.retry.limit", number);
    hadoop.setInt("fs.s3a.retry.throttle.limit", number);
    URI bucket = URI.create(home(""));
    FileSystem.get(bucket, hadoop).close();
    FileSystem.get(bucket, hadoop);
  }

  private void run(String name, int retries, Function<Call, Fault> plan) throws IOException {
    String home = home(name);
    copyRows(home + "/data/shop/table");
    retries(retries);
    onBadLine(name, home, plan);
    retries(RETRIES);
    ObjectNode told = retrain(name + AGAIN, home);
    told.put("registered", rows(home + "/registry/runs"));
    told.put("registeredPromotions", rows(home + "/registry/promotions"));
    System.out.println(told);
  }

  /**
   * Every home begins with the same table, which is written once; by a client of its own that may
   * wait, since only the runs are to meet trouble.
   */
  private void copyRows(String table) throws IOException {
    if (!Files.exists(rows)) {
      ShopSales.rows(spark).write().format("delta").save(rows.toString());
    }
    org.apache.hadoop.fs.Path to = new org.apache.hadoop.fs.Path(table);
    Configuration patient = new Configuration(hadoop);
    patient.unset("fs.s3a.connection.timeout");
    patient.unset("fs.s3a.connection.request.timeout");
    try (FileSystem files = FileSystem.newInstance(to.toUri(), patient)) {
      files.copyFromLocalFile(new org.apache.hadoop.fs.Path(rows.toUri()), to);
    }
  }

  private long rows(String table) {
    return spark.read().format("delta").load(table).count();
  }

  private void onBadLine(String name, String home, Function<Call, Fault> plan) {
    line.plan(plan);
    System.out.println(retrain(name, home));
  }

  private ObjectNode retrain(String name, String home) {
    line.forget();
    Instant start = Instant.now();
    CommandResult ended =
        CommandResult.inProcess(
            SharedRunner.on(spark),
            "retrain",
            "--publish",
            "--conf",
            conf.toString(),
            "--home",
            home);
    line.heal();
    ObjectNode told = JSON.createObjectNode();
    told.put("name", name);
    told.put("seconds", Duration.between(start, Instant.now()).toMillis() / 1e3);
    told.put("exitCode", ended.exitCode());
    told.put("err", ended.err());
    told.put("out", ended.out());
    ObjectNode faults = told.putObject("faults");
    line.happened().forEach((fault, times) -> faults.put(fault.name(), times));
    look(home, told);
    return told;
  }

  /** What services, and the next run, would find. */
  private void look(String home, ObjectNode told) {
    Store store = HadoopStore.open(URI.create(home + "/models/shop"), hadoop);
    PromotionLog log = new PromotionLog(store);
    told.put("numbers", log.lastSequence());
    ArrayNode promoted = told.putArray("promoted");
    log.all().forEach(promotion -> promoted.add(promotion.bundle()));
    ArrayNode whole = told.putArray("whole");
    ArrayNode half = told.putArray("half");
    List<String> folders = new ArrayList<>();
    store.list("bundles").forEach(digest -> folders.add("bundles/" + digest));
    for (String run : store.list("runs")) {
      store
          .list("runs/" + run)
          .forEach(attempt -> folders.add("runs/" + run + "/" + attempt + "/bundle"));
    }
    for (String folder : folders) {
      // Without a manifest it is no bundle, and nobody takes it for one.
      if (store.list(folder).contains(Bundle.MANIFEST)) {
        try {
          Bundle.read(store, folder);
          whole.add(folder);
        } catch (ReforestException e) {
          half.add(e.getMessage());
        }
      }
    }
  }
}
