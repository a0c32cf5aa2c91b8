package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.testing.CommandResult;
import reforest.testing.OneModelHome;
import reforest.testing.ParcelDeliveries;
import reforest.testing.SparkExtension;

/**
 * A retrain that wins on the rows while somebody else moves the champion under it: between its
 * evaluation and its own entry, a rival enters the feeble champion once more.
 */
@ExtendWith(SparkExtension.class)
class ContestIT {

  @TempDir private Path folder;

  /** A model with a feeble champion. */
  private record Scene(OneModelHome desk, String feeble) {}

  private Scene scene(SparkSession spark) {
    OneModelHome desk = ParcelDeliveries.desk(spark, folder);
    String[] settings =
        Stream.concat(Stream.of("--publish"), Stream.of(ParcelDeliveries.feeble()))
            .toArray(String[]::new);
    JsonNode first = desk.run("retrain", settings).succeeded().result();
    assertThat(first.path("verdict").textValue()).isEqualTo("PROMOTE");
    return new Scene(desk, first.at("/bundle/digest").textValue());
  }

  @Test
  void judgesAgainAsOftenAsItMayAndThenPromotes(SparkSession spark) {
    Scene scene = scene(spark);
    OneModelHome desk = scene.desk();
    CommandResult ended = desk.watched(rival(scene, 2), "retrain", "--publish", "gate.attempts=2");

    JsonNode result = ended.succeeded().result();
    assertThat(ended.err().lines().filter(line -> line.endsWith("[5/7] evaluate ..."))).hasSize(3);
    assertThat(ended.err()).contains("[7/7] record ...");
    assertThat(ended.err().lines().filter(line -> line.contains("train ..."))).hasSize(1);
    assertThat(result.path("attempt").intValue()).isEqualTo(3);
    assertThat(result.path("champion").path("sequence").longValue()).isEqualTo(4);
    assertThat(result.path("champion").path("digest")).isEqualTo(result.at("/bundle/digest"));
    Promotion last = new PromotionLog(desk.store()).champion().orElseThrow();
    assertThat(last.run()).isEqualTo(result.path("run").textValue());
    assertThat(last.predecessor()).contains(scene.feeble());
    // The same two models met on the same rows each time: one try, whoever came between.
    assertThat(desk.record(result).gate().attempt()).isEqualTo(2);
  }

  @Test
  void endsWithCodeFourAfterTheLastTryAndGoesOnFromThere(SparkSession spark) {
    Scene scene = scene(spark);
    OneModelHome desk = scene.desk();
    CommandResult lost = desk.watched(rival(scene, 2), "retrain", "--publish", "gate.attempts=1");

    lost.failed(4, "another promotion came first, 2 times in a row")
        .hinting("run the same command again: it goes on with the trained bundle");
    assertThat(lost.err().lines().filter(line -> line.contains("evaluate ..."))).hasSize(2);
    PromotionLog log = new PromotionLog(desk.store());
    assertThat(log.champion().orElseThrow().bundle()).isEqualTo(scene.feeble());
    assertThat(log.lastSequence()).isEqualTo(3);

    CommandResult again = desk.run("retrain", "--publish", "gate.attempts=1");

    JsonNode result = again.succeeded().result();
    assertThat(again.err()).doesNotContain("train ...");
    assertThat(result.path("recorded").booleanValue()).isFalse();
    assertThat(result.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertThat(result.path("champion").path("sequence").longValue()).isEqualTo(4);
  }

  @Test
  void aPromoteThatLosesEndsWithCodeFourAndMayBeRepeated(SparkSession spark) {
    Scene scene = scene(spark);
    OneModelHome desk = scene.desk();
    String run = desk.run("retrain").succeeded().result().path("run").textValue();

    CommandResult lost = desk.watched(rival(scene, 1), "promote", "--run", run);

    lost.failed(4, "another promotion came between", "did not happen")
        .hinting("run the same command again");
    PromotionLog log = new PromotionLog(desk.store());
    assertThat(log.champion().orElseThrow().bundle()).isEqualTo(scene.feeble());
    assertThat(log.lastSequence()).isEqualTo(2);

    JsonNode again = desk.run("promote", "--run", run).succeeded().result();

    assertThat(again.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertThat(again.path("champion").path("sequence").longValue()).isEqualTo(3);
    assertThat(again.path("power").doubleValue())
        .isEqualTo(desk.record(again).gate().power())
        .isBetween(0.0, 1.0);
  }

  @Test
  void repeatsTheVerdictOfATwinThatFinishedWhileItTrained(SparkSession spark) {
    Scene scene = scene(spark);
    CommandResult late = scene.desk().watched(twin(scene, "] export ..."), "retrain", "--publish");

    JsonNode result = late.succeeded().result();
    assertThat(result.path("recorded").booleanValue()).isTrue();
    assertThat(result.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertThat(late.err()).doesNotContain("evaluate ...");
    assertThat(new PromotionLog(scene.desk().store()).lastSequence()).isEqualTo(2);
  }

  @Test
  void repeatsTheVerdictOfATwinThatPromotedTheSameBundleBeforeItJudged(SparkSession spark) {
    Scene scene = scene(spark);
    CommandResult late =
        scene.desk().watched(twin(scene, "] evaluate ..."), "retrain", "--publish");

    JsonNode result = late.succeeded().result();
    assertThat(result.path("recorded").booleanValue()).isTrue();
    assertThat(result.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertThat(new PromotionLog(scene.desk().store()).lastSequence()).isEqualTo(2);
    assertThat(scene.desk().record(result).verdict()).isEqualTo("PROMOTE");
  }

  @Test
  void ofTwinsThatJudgedTheSameOnePromotionRemains(SparkSession spark) {
    Scene scene = scene(spark);
    CommandResult late = scene.desk().watched(twin(scene, "] publish ..."), "retrain", "--publish");

    JsonNode result = late.succeeded().result();
    assertThat(result.path("verdict").textValue()).isEqualTo("PROMOTE");
    assertThat(late.err().lines().filter(line -> line.contains("evaluate ..."))).hasSize(1);
    PromotionLog log = new PromotionLog(scene.desk().store());
    assertThat(log.lastSequence()).isEqualTo(2);
    assertThat(log.champion().orElseThrow().run()).isEqualTo(result.path("run").textValue());
  }

  /** Runs the very same command from its start to its end when the first one reaches a stage. */
  private static Consumer<String> twin(Scene scene, String stage) {
    boolean[] ran = {false};
    return line -> {
      if (!ran[0] && line.contains(stage)) {
        ran[0] = true;
        JsonNode twin = scene.desk().run("retrain", "--publish").succeeded().result();
        assertThat(twin.path("verdict").textValue()).isEqualTo("PROMOTE");
      }
    };
  }

  /** Enters a promotion whenever an evaluation is over, so often. */
  private static Consumer<String> rival(Scene scene, int times) {
    int[] left = {times};
    PromotionLog log = new PromotionLog(scene.desk().store());
    return line -> {
      if (left[0] > 0 && line.contains("] publish ...")) {
        left[0]--;
        long sequence = log.lastSequence() + 1;
        Promotion promotion =
            new Promotion(
                sequence,
                scene.desk().model(),
                scene.feeble(),
                Optional.of(scene.feeble()),
                Promotion.Action.OVERRIDE,
                "rival",
                "KEEP",
                "a rival was faster",
                "nowhere",
                Instant.parse("2026-01-01T00:00:00Z"),
                "rival-" + sequence);
        assertThat(log.append(promotion)).isTrue();
      }
    };
  }
}
