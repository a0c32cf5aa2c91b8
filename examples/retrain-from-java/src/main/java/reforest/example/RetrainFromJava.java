package reforest.example;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import reforest.config.ConfigReader;
import reforest.config.Configuration;
import reforest.home.Home;
import reforest.job.Jobs;
import reforest.job.Progress;
import reforest.job.Retrain;
import reforest.job.SparkDefaults;

/** {@code RetrainFromJava conf/mine.conf hdfs:///models new-rows.csv}. */
public final class RetrainFromJava {

  private RetrainFromJava() {}

  /** Opens Spark with what Delta and the jobs need, and retrains. */
  public static void main(String[] args) throws IOException {
    SparkSession.Builder builder = SparkSession.builder().appName("retrain");
    SparkDefaults.all().forEach(builder::config);
    try (SparkSession spark = builder.getOrCreate()) {
      Retrain.Result result =
          retrain(spark, Path.of(args[0]), Home.at(URI.create(args[1])), args[2]);
      System.out.println(result.record().verdict() + ": " + String.join("; ", result.reasons()));
    }
  }

  /** Adds rows to the model's table, and lets a challenger win if it is better. */
  static Retrain.Result retrain(SparkSession spark, Path model, Home home, String rows) {
    Configuration configuration = ConfigReader.read(model);
    Jobs jobs = Jobs.on(spark, home).heardBy(new Steps());
    jobs.ingest(configuration).from(rows).execute();
    return jobs.retrain(configuration).publish().execute();
  }

  private static final class Steps implements Progress {
    @Override
    public void starts(Step step) {
      System.err.println(step.number() + " of " + step.total() + ": " + step.name());
    }
  }
}
