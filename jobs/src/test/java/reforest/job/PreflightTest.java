package reforest.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reforest.bundle.ReforestException;
import reforest.home.Home;
import reforest.testing.GoldenHome;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class PreflightTest {

  @Test
  void aHomeThatDoesNotAnswerIsNamedOnceAndNothingInItIsAskedFor(SparkSession spark)
      throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    Home home =
        Home.at(
            URI.create("hdfs://127.0.0.1:" + closed + "/home"),
            Map.of("spark.hadoop.ipc.client.connect.max.retries", "0"));

    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(
            () -> Jobs.on(spark, home).backtest(GoldenHome.configuration()).of("1f").check())
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.STORE))
        .withMessageStartingWith("home " + home.root() + " cannot be reached: ")
        .withMessageContaining("Connection refused")
        .withMessageNotContainingAny("_delta_log", "models/visits");
  }

  @Test
  void aHomeOfAnUnknownKindIsNamedOnce(SparkSession spark) {
    Home home = Home.at(URI.create("gopher://hole/home"));

    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(() -> Jobs.on(spark, home).retrain(GoldenHome.configuration()).check())
        .withMessage("no file system knows addresses such as gopher://hole/home");
  }

  @Test
  void aSourceOutsideIsLookedUpAllTheSame(SparkSession spark) throws IOException {
    Home home = Home.at(URI.create("gopher://hole/home"));

    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(
            () ->
                Jobs.on(spark, home)
                    .ingest(GoldenHome.configuration())
                    .from("file:///not/there.csv")
                    .check())
        .withMessageStartingWith("no file system knows addresses such as gopher://hole/home; ")
        .withMessageEndingWith("source file:///not/there.csv does not exist");
  }
}
