package reforest.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Promotion;
import reforest.gate.Decision;
import reforest.home.Home;
import reforest.job.Retrain;
import reforest.testing.GoldenHome;
import reforest.testing.SparkExtension;

/** The program that the docs show. */
@ExtendWith(SparkExtension.class)
class RetrainFromJavaTest {

  @Test
  void ingestsRowsAndLetsTheFirstModelWin(SparkSession spark, @TempDir Path folder) {
    Retrain.Result result =
        RetrainFromJava.retrain(
            spark, GoldenHome.model(), Home.at(folder.toUri()), GoldenHome.rows().toString());

    assertThat(result.record().decision()).contains(Decision.PROMOTE);
    assertThat(result.champion()).map(Promotion::sequence).contains(1L);
  }
}
