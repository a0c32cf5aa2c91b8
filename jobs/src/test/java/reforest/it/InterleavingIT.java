package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.SparkExtension;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Sha256;
import reforest.registry.RunRecord;
import reforest.registry.Runs;

/**
 * Ad hoc runs beside the weekly one, which take turns at each line of each stage, in an order that
 * a seed draws. All of them would win against the champion; one may replace it.
 */
@ExtendWith(SparkExtension.class)
class InterleavingIT {

  private static final int ROUNDS = 2;
  private static final int AD_HOC = 4;

  @TempDir private static Path folder;
  private static Desk template;

  @BeforeAll
  static void publishAFeebleChampion(SparkSession spark) throws IOException {
    template = Parcels.desk(spark, Files.createDirectory(folder.resolve("template")));
    List<String> settings = new ArrayList<>(List.of("--publish"));
    settings.addAll(List.of(Parcels.FEEBLE));
    JsonNode first = template.run("retrain", settings.toArray(String[]::new)).succeeded().result();
    assertThat(first.path("verdict").textValue()).isEqualTo("PROMOTE");
  }

  @Test
  void onlyTheWeeklyRunPromotesHoweverTheyInterleave(SparkSession spark) throws Exception {
    Set<String> orders = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      Desk desk = copy(spark, "round" + round);
      Map<String, String> before = files(desk.home().resolve("models"));
      List<Turns.Actor> actors = new ArrayList<>();
      actors.add(turn -> desk.watched(turn, "retrain", "--publish"));
      for (int i = 0; i < AD_HOC; i++) {
        // The last one repeats the one before it: the same run twice at once.
        String seed = "train.seed=" + Math.min(i, AD_HOC - 2);
        actors.add(turn -> desk.watched(turn, "retrain", seed));
      }

      Turns turns = new Turns(new Random(round));
      List<Ended> ends = turns.run(actors);

      for (int i = 1; i <= AD_HOC; i++) {
        orders.add(turns.order(0, i));
      }
      assertOnlyTheWeeklyRunPromoted(desk, before, ends);
    }
    assertThat(orders).as("different interleavings").hasSize(ROUNDS * AD_HOC);
  }

  private static void assertOnlyTheWeeklyRunPromoted(
      Desk desk, Map<String, String> before, List<Ended> ends) throws IOException {
    JsonNode weekly = ends.get(0).succeeded().result();
    assertThat(weekly.path("verdict").textValue()).isEqualTo("PROMOTE");
    String weeklyRun = weekly.path("run").textValue();
    Set<String> adHoc = new HashSet<>();
    for (Ended ended : ends.subList(1, ends.size())) {
      JsonNode result = ended.succeeded().result();
      adHoc.add(result.path("run").textValue());
      RunRecord record = desk.record(result);
      assertThat(record.kind()).isEqualTo("develop");
      assertThat(record.window().kind()).isEqualTo("development");
      assertThat(record.promotion()).isNull();
    }
    assertThat(adHoc).hasSize(AD_HOC - 1).doesNotContain(weeklyRun);

    List<Promotion> promotions = new PromotionLog(desk.store()).all();
    assertThat(promotions).hasSize(2);
    assertThat(promotions.get(1).run()).isEqualTo(weeklyRun);
    assertThat(promotions.get(1).bundle()).isEqualTo(weekly.at("/bundle/digest").textValue());

    Map<String, String> after = files(desk.home().resolve("models"));
    assertThat(after).as("no file that was there has changed").containsAllEntriesOf(before);
    List<String> added = after.keySet().stream().filter(file -> !before.containsKey(file)).toList();
    assertThat(added.stream().filter(file -> !file.contains("/runs/")))
        .as("what lies outside of the runs' own folders is the weekly run's")
        .allMatch(
            file ->
                file.startsWith("parcels/bundles/" + promotions.get(1).bundle() + "/")
                    || file.equals("parcels/promotions/00000000000000000002.json")
                    || file.startsWith("parcels/ledger/"));
    for (String file : added.stream().filter(f -> f.startsWith("parcels/ledger/")).toList()) {
      assertThat(desk.home().resolve("models").resolve(file)).content().contains(weeklyRun);
    }
    Set<String> runs = new HashSet<>(adHoc);
    runs.add(weeklyRun);
    assertThat(
            added.stream()
                .filter(file -> file.contains("/runs/"))
                .map(file -> Path.of(file).getName(2).toString()))
        .isSubsetOf(runs);
    // Of twins, the late one may find that the other has finished, and repeat its verdict.
    assertThat(new Runs(desk.store()).all()).hasSizeBetween(1 + AD_HOC, 2 + AD_HOC);
    assertThat(
            desk.spark()
                .read()
                .format("delta")
                .load(desk.home().resolve("registry/runs").toString())
                .select("run")
                .distinct()
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsAll(runs);
  }

  private static Desk copy(SparkSession spark, String name) throws IOException {
    Path to = folder.resolve(name);
    try (Stream<Path> files = Files.walk(template.home())) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(template.home().relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    return new Desk(spark, template.model(), template.conf(), to);
  }

  /** Digest by path. */
  private static Map<String, String> files(Path root) throws IOException {
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        digests.put(
            root.relativize(file).toString().replace('\\', '/'),
            Sha256.of(Files.readAllBytes(file)));
      }
    }
    return digests;
  }
}
