package reforest.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import reforest.bundle.Promotion;
import reforest.registry.Registry;
import reforest.testing.SparkExtension;

/** A process that meets another in one new home after the other, where both add a promotion. */
final class RegistryRacer {

  static final int HOMES = 6;

  private RegistryRacer() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    SparkSession spark = SparkExtension.session();
    Path folder = Path.of(args[1]);
    // The first use of Delta is slow, and the slower one would come too late to every meeting.
    register(spark, folder.resolve("alone-" + args[0]), args[0]);
    for (int home = 0; home < HOMES; home++) {
      Files.createFile(folder.resolve("home-" + home + "-" + args[0]));
      String other = args[0].equals("one") ? "other" : "one";
      while (!Files.exists(folder.resolve("home-" + home + "-" + other))) {
        Thread.sleep(1);
      }
      try {
        register(spark, folder.resolve("home-" + home), args[0]);
      } catch (Exception e) {
        // Told and not thrown: the other waits in the next home.
        System.out.println("home " + home + ": " + e);
      }
    }
    spark.stop();
  }

  private static void register(SparkSession spark, Path home, String name) {
    Promotion promotion =
        new Promotion(
            1,
            name,
            "a".repeat(64),
            Optional.empty(),
            Promotion.Action.PROMOTE,
            "run",
            "PROMOTE",
            "it won",
            "report.html",
            Instant.EPOCH,
            "w");
    new Registry(spark, home.toUri()).addPromotions(List.of(promotion));
  }
}
