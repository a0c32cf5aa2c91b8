package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.registry.Registry;
import reforest.testing.JavaProcesses;
import reforest.testing.SparkExtension;

/** Two processes that make a registry's table in the same new home at the same moment. */
@ExtendWith(SparkExtension.class)
class RegistryRaceIT {

  @TempDir private Path folder;

  @Test
  void bothFindTheirRowInEveryHomeThatTheyBeginTogether(SparkSession spark) {
    JavaProcesses one = start("one");
    JavaProcesses other = start("other");
    assertThat(one.await().succeededAsMain().out()).isEmpty();
    assertThat(other.await().succeededAsMain().out()).isEmpty();

    for (int home = 0; home < RegistryRacer.HOMES; home++) {
      Registry registry = new Registry(spark, folder.resolve("home-" + home).toUri());
      assertThat(registry.table("promotions").select("model").collectAsList())
          .extracting(row -> row.getString(0))
          .containsExactlyInAnyOrder("one", "other");
    }
  }

  private JavaProcesses start(String name) {
    return JavaProcesses.start(
        folder,
        JavaProcesses.classPathOfTests(),
        "reforest.it.RegistryRacer",
        SparkExtension.SMALL,
        name,
        folder.toString());
  }
}
