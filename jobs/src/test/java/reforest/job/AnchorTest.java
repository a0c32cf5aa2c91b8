package reforest.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.config.Metric;
import reforest.evaluate.Stumps;
import reforest.registry.RunRecords;
import reforest.split.Division;
import reforest.split.WindowId;
import reforest.testing.SparkExtension;

@ExtendWith(SparkExtension.class)
class AnchorTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant NOW = Instant.parse("2026-01-05T00:00:00Z");

  @TempDir private Path folder;
  private Store store;
  private SparkSession spark;

  @BeforeEach
  void open(SparkSession session) {
    store = new LocalStore(folder);
    spark = session;
  }

  private Anchor anchor() {
    return Anchor.of(store, Metric.RMSE, NOW, division("x"));
  }

  private Division division(String column) {
    Instant end = Instant.parse("2025-12-31T00:00:00Z");
    WindowId id =
        new WindowId(
            WindowId.Kind.PROTECTED,
            Optional.of(end.minusSeconds(86_400)),
            Optional.of(end),
            Optional.empty(),
            OptionalLong.empty(),
            "a day");
    return new Division(
        spark.emptyDataFrame(),
        spark.sql("SELECT 1.0 AS `" + column + "`"),
        id,
        Optional.empty(),
        "time of ts",
        Map.of(),
        1,
        1);
  }

  /** A promotion whose run recorded a gain over the champion before it. */
  private void promoted(String digest, String at, double gain) throws IOException {
    PromotionLog log = new PromotionLog(store);
    String run = "run-" + digest.charAt(0) + log.lastSequence();
    ObjectNode record = (ObjectNode) JSON.readTree(RunRecords.published("m", run, 1).toJson());
    record.put("challenger", digest);
    ObjectNode check = (ObjectNode) record.path("gate").path("checks").path(0);
    check.put("reference", "champion").put("gain", gain);
    store.createIfAbsent("runs/" + run + "/1/run.json", JSON.writeValueAsBytes(record));
    log.append(
        new Promotion(
            log.lastSequence() + 1,
            "m",
            digest,
            log.champion().map(Promotion::bundle),
            Promotion.Action.PROMOTE,
            run,
            "PROMOTE",
            "it won",
            "report",
            Instant.parse(at + "T00:00:00Z"),
            run));
  }

  private static String digest(String letter) {
    return letter.repeat(64);
  }

  @Test
  void isTheChampionOfTheYearWhoseRecordedGainsAddUpToMost() throws IOException {
    promoted(digest("a"), "2025-02-01", 0);
    promoted(digest("b"), "2025-04-01", 3);
    promoted(digest("c"), "2025-06-01", -1);
    promoted(digest("d"), "2025-08-01", -1);

    assertThat(anchor().waived().orElseThrow())
        .startsWith("the anchor, bundle bbbbbbbbbbbb, was not compared: ");
  }

  @Test
  void isNoneOfWhatIsOlderThanAYearOrStands() throws IOException {
    promoted(digest("a"), "2024-02-01", 0);
    promoted(digest("b"), "2025-04-01", 3);

    assertThat(anchor()).isEqualTo(Anchor.NONE);
  }

  @Test
  void isNoneBeforeThereIsAChampion() {
    assertThat(anchor()).isEqualTo(Anchor.NONE);
  }

  @Test
  void isABundleThatCanBeScoredOrAWordWhyItIsNot() throws IOException {
    Bundle stump = Stumps.regression(folder.resolve("stump"), "x", 1, 2);
    stump.copyTo(store, "bundles/" + stump.digest());
    promoted(stump.digest(), "2025-02-01", 0);
    promoted(digest("b"), "2025-04-01", -1);

    Anchor other = Anchor.of(store, Metric.RMSE, NOW, division("y"));

    assertThat(other.bundle()).isEmpty();
    assertThat(other.waived().orElseThrow())
        .isEqualTo(
            "the anchor, bundle %s, was not compared: the table has no column x"
                .formatted(stump.digest().substring(0, 12)));
  }
}
