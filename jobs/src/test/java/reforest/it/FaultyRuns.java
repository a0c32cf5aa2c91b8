package reforest.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import reforest.SparkExtension;
import reforest.cli.SharedWork;
import reforest.s3server.BadLine;
import reforest.s3server.BadLine.Call;
import reforest.s3server.Fault;
import reforest.s3server.S3Server;

/**
 * A process that retrains on S3 over a bad line, one home after the other on one session. Prints
 * for each home how the run on the bad line ended and how the same command then ended on a good
 * one, a line of JSON each.
 */
final class FaultyRuns {

  static final int AT_RANDOM = 1;
  static final String LOST = "lost";
  static final String CHANGED = "changed";
  static final String AGAIN = " again";

  private final SparkSession spark;
  private final BadLine line;
  private final Path conf;

  private FaultyRuns(SparkSession spark, BadLine line, Path conf) {
    this.spark = spark;
    this.line = line;
    this.conf = conf;
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
      hadoop.set("fs.s3a.connection.timeout", "400ms");
      hadoop.set("fs.s3a.connection.request.timeout", "1s");
      hadoop.set("fs.s3a.attempts.maximum", "1");
      hadoop.set("fs.s3a.retry.interval", "5ms");
      hadoop.set("fs.s3a.retry.throttle.interval", "5ms");
      FaultyRuns runs = new FaultyRuns(spark, line, Path.of(args[1]));
      runs.run(LOST, acknowledgementsLost());
      runs.tell(
          CHANGED,
          runs.onBadLine(
              "s3a://forest/" + LOST,
              call ->
                  call.conditional() && !call.isConditionalPut()
                      ? Fault.PRECONDITION
                      : Fault.NONE));
      for (int seed = 0; seed < AT_RANDOM; seed++) {
        runs.run("random-" + seed, BadLine.atRandom(seed, 0.3));
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

  private void run(String name, Function<Call, Fault> plan) {
    String home = "s3a://forest/" + name;
    Shop.rows(spark).write().format("delta").save(home + "/data/shop/table");
    tell(name, onBadLine(home, plan));
    tell(name + AGAIN, retrain(home));
  }

  private Ended onBadLine(String home, Function<Call, Fault> plan) {
    line.plan(plan);
    Ended ended = retrain(home);
    line.heal();
    return ended;
  }

  private void tell(String name, Ended ended) {
    ObjectNode told = new ObjectMapper().createObjectNode();
    told.put("name", name);
    told.put("exitCode", ended.exitCode());
    told.put("err", ended.err());
    told.put("out", ended.out());
    told.put("faults", String.valueOf(line.happened()));
    System.out.println(told);
  }

  private Ended retrain(String home) {
    return Ended.inProcess(
        SharedWork.on(spark), "retrain", "--publish", "--conf", conf.toString(), "--home", home);
  }
}
