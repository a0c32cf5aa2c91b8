package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.home.HadoopStore;
import reforest.s3server.Fault;
import reforest.s3server.S3Server;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/** Retrains whose calls to S3 fail, before and after their effect, in all ways that there are. */
class S3FaultsIT {

  @TempDir private static Path folder;
  private static S3Server server;
  private static final Map<String, JsonNode> ENDS = new HashMap<>();

  @BeforeAll
  static void runThemAll() {
    server = S3Server.start(folder);
    CommandResult runs =
        JavaProcesses.start(
                folder,
                JavaProcesses.classPathOfTestsOnS3(),
                "reforest.it.FaultyRuns",
                SparkExtension.SMALL,
                S3Server.keys(),
                String.valueOf(server.port()),
                ShopSales.conf(folder).toString())
            .await()
            .succeededAsMain();
    runs.out()
        .lines()
        .map(CommandResult::json)
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
    Set<Integer> exitCodes = new HashSet<>();
    for (int seed = 0; seed < FaultyRuns.AT_RANDOM; seed++) {
      String name = FaultyRuns.random(seed);
      CommandResult bad = end(name);
      exitCodes.add(bad.exitCode());
      if (bad.exitCode() == 0) {
        assertThat(bad.succeeded().result().path("verdict").textValue()).isEqualTo("PROMOTE");
      } else {
        bad.failed(5, ": ").hinting("again");
      }
      assertConsistent(name);
      JsonNode result = end(name + FaultyRuns.AGAIN).succeeded().result();
      assertThat(result.path("verdict").textValue()).isEqualTo("PROMOTE");
      assertConsistent(name + FaultyRuns.AGAIN);
      assertOnePromotion(name, result);
      assertThat(told(name + FaultyRuns.AGAIN).path("registered").intValue()).isEqualTo(1);
      assertThat(told(name + FaultyRuns.AGAIN).path("registeredPromotions").intValue())
          .isEqualTo(1);
      // A run that has promoted is over, also where the answer to its last step got lost.
      boolean promoted = !told(name).path("promoted").isEmpty();
      assertThat(result.path("recorded").booleanValue()).as(name).isEqualTo(promoted);
      assertThat(promoted || bad.exitCode() != 0).as(name).isTrue();
    }
    assertThat(exitCodes).containsExactlyInAnyOrder(0, 5);
  }

  @Test
  void metEveryKindOfFaultAtTheShareThatWasMeant() {
    Map<Fault, Integer> all = new EnumMap<>(Fault.class);
    for (int seed = 0; seed < FaultyRuns.AT_RANDOM; seed++) {
      JsonNode faults = told(FaultyRuns.random(seed)).path("faults");
      assertThat(faults).as("kinds in run " + seed).hasSizeGreaterThan(1);
      for (Fault fault : Fault.values()) {
        all.merge(fault, faults.path(fault.name()).intValue(), Integer::sum);
      }
      assertThat(told(FaultyRuns.random(seed) + FaultyRuns.AGAIN).path("faults").fieldNames())
          .toIterable()
          .containsExactly(Fault.NONE.name());
    }
    assertThat(all.values()).as(all.toString()).doesNotContain(0);
    double calls = all.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(1 - all.get(Fault.NONE) / calls)
        .as(all.toString())
        .isCloseTo(FaultyRuns.SHARE, within(0.05));
  }

  /** Nothing that looks like a bundle is half of one, and the log has no gap and no void entry. */
  private static void assertConsistent(String name) {
    JsonNode told = told(name);
    List<String> promoted = new ArrayList<>();
    told.path("promoted").forEach(digest -> promoted.add("bundles/" + digest.textValue()));
    assertThat(told.path("half")).as(name).isEmpty();
    assertThat(told.path("numbers").intValue()).as(name).isEqualTo(promoted.size());
    assertThat(promoted).as(name).hasSizeLessThanOrEqualTo(1);
    List<String> whole = new ArrayList<>();
    told.path("whole").forEach(folder -> whole.add(folder.textValue()));
    assertThat(whole).as(name).containsAll(promoted);
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

  private static CommandResult end(String name) {
    JsonNode told = told(name);
    return new CommandResult(
        told.path("exitCode").intValue(),
        told.path("out").textValue(),
        told.path("err").textValue());
  }

  private static JsonNode told(String name) {
    return ENDS.get(name);
  }
}
