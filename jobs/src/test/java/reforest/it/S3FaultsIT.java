package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.publish.HadoopStore;
import reforest.s3server.Fault;
import reforest.s3server.S3Server;

/** Retrains whose calls to S3 fail, before and after their effect, in all ways that there are. */
class S3FaultsIT {

  @TempDir private static Path folder;
  private static S3Server server;
  private static final Map<String, JsonNode> ENDS = new HashMap<>();

  @BeforeAll
  static void runThemAll() {
    server = S3Server.start(folder);
    Ended runs =
        Jvm.start(
                folder,
                Jvm.classPathOfTestsOnS3(),
                "reforest.it.FaultyRuns",
                Map.of(),
                S3Server.keys(),
                String.valueOf(server.port()),
                Shop.conf(folder).toString())
            .await()
            .succeededAsMain();
    runs.out()
        .lines()
        .map(Ended::json)
        .forEach(told -> ENDS.put(told.path("name").textValue(), told));
    assertThat(ENDS).as(runs.err()).hasSize(2 * FaultyRuns.AT_RANDOM + 3);
  }

  @AfterAll
  static void stopTheServer() {
    server.close();
  }

  @Test
  void takesALostAcknowledgementForTheSuccessThatItIs() {
    JsonNode result = end(FaultyRuns.LOST).succeeded().result();

    assertThat(result.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertThat(result.path("champion").path("sequence").intValue()).isEqualTo(1);
    assertOnePromotion(FaultyRuns.LOST, result);
    JsonNode again = end(FaultyRuns.LOST + FaultyRuns.AGAIN).succeeded().result();
    assertThat(again.path("run")).isEqualTo(result.path("run"));
    assertThat(again.path("attempt")).isEqualTo(result.path("attempt"));
  }

  @Test
  void saysThatAFileHasChangedWhereTheServerSaysSo() {
    end(FaultyRuns.CHANGED)
        .failed(5, "a file of a store changed while it was read", "s3a://forest/lost/")
        .hinting("run the same command again");
  }

  @Test
  void endsInAVerdictOrAClearErrorAndGoesOnOnceTheLineIsGood() {
    for (int seed = 0; seed < FaultyRuns.AT_RANDOM; seed++) {
      String name = "random-" + seed;
      Ended bad = end(name);
      if (bad.exitCode() == 0) {
        assertThat(bad.succeeded().result().path("verdict").textValue()).isEqualTo("PROMOTE");
      } else {
        bad.failed(5, ": ").hinting("again");
      }
      JsonNode result = end(name + FaultyRuns.AGAIN).succeeded().result();
      assertThat(result.path("verdict").textValue()).isEqualTo("PROMOTE");
      assertOnePromotion(name, result);
    }
    String last = "random-" + (FaultyRuns.AT_RANDOM - 1);
    for (Fault fault : Fault.values()) {
      assertThat(ENDS.get(last).path("faults").textValue()).contains(fault + "=");
    }
  }

  private static void assertOnePromotion(String name, JsonNode result) {
    Store store =
        HadoopStore.open(
            URI.create("s3a://forest/" + name + "/models/shop"), S3Here.hadoop(server));
    List<Promotion> promotions = new PromotionLog(store).all();
    assertThat(promotions).hasSize(1);
    Promotion one = promotions.get(0);
    assertThat(one.run()).isEqualTo(result.path("run").textValue());
    assertThat(one.bundle()).isEqualTo(result.path("bundle").path("digest").textValue());
    assertThat(store.list("bundles")).containsExactly(one.bundle());
    assertThat(Bundle.read(store, "bundles/" + one.bundle()).digest()).isEqualTo(one.bundle());
  }

  private static Ended end(String name) {
    JsonNode told = ENDS.get(name);
    return new Ended(
        told.path("exitCode").intValue(),
        told.path("out").textValue(),
        told.path("err").textValue());
  }
}
