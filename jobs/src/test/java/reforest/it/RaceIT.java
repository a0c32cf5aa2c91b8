package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.cli.SharedRunner;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/** Two retrains in two processes that reach the promotion log at the same moment. */
@ExtendWith(SparkExtension.class)
class RaceIT {

  @TempDir private Path folder;

  @AfterEach
  void forgetTheScheme(SparkSession spark) {
    FarFileSystem.out(spark.sparkContext().hadoopConfiguration());
  }

  @Test
  void givesOneTheNumberAndLetsTheOtherJudgeAgain(SparkSession spark) throws IOException {
    Path home = folder.resolve("home");
    ShopSales.rows(spark).write().format("delta").save(home.resolve("data/shop/table").toString());
    ShopSales.conf(folder);
    Files.createDirectory(folder.resolve("meeting"));

    JavaProcesses one = start("train.seed=1");
    JavaProcesses other = start("train.seed=2");
    List<CommandResult> ends = List.of(one.await(), other.await());

    assertThat(ends).extracting(CommandResult::exitCode).containsExactlyInAnyOrder(0, 4);
    boolean oneWon = ends.get(0).exitCode() == 0;
    JsonNode winner = ends.get(oneWon ? 0 : 1).succeeded().result();
    CommandResult loser = ends.get(oneWon ? 1 : 0);
    loser
        .failed(4, "another promotion came first")
        .hinting("run the same command again: it goes on with the trained bundle");
    JsonNode known = loser.result();
    assertThat(known.path("model").textValue()).isEqualTo("shop");
    assertThat(known.path("dataVersion").longValue()).isZero();
    assertThat(known.path("run").textValue()).matches("[0-9a-f]{32}");
    assertThat(known.at("/bundle/digest").textValue()).matches("[0-9a-f]{64}");
    String bundle = known.at("/bundle/location").textValue();
    assertThat(bundle).contains("/runs/" + known.path("run").textValue() + "/");
    assertThat(promotions(home)).containsExactly("00000000000000000001.json");
    JsonNode promotion =
        CommandResult.json(home.resolve("models/shop/promotions/00000000000000000001.json"));
    assertThat(promotion.path("run")).isEqualTo(winner.path("run"));
    assertThat(promotion.path("bundle")).isEqualTo(winner.path("bundle").path("digest"));

    FarFileSystem.in(spark.sparkContext().hadoopConfiguration());
    CommandResult again =
        CommandResult.inProcess(
            SharedRunner.on(spark), args(oneWon ? "train.seed=2" : "train.seed=1"));

    JsonNode second = again.succeeded().result();
    assertThat(again.err()).contains("evaluate").doesNotContain("train ...");
    assertThat(second.path("attempt").intValue()).isEqualTo(2);
    assertThat(second.path("metrics").fieldNames())
        .toIterable()
        .anyMatch(name -> name.startsWith("champion."));
    boolean promoted = second.path("verdict").textValue().equals("PROMOTE");
    assertThat(promotions(home)).hasSize(promoted ? 2 : 1);
  }

  private JavaProcesses start(String seed) {
    List<String> classPath = new ArrayList<>(JavaProcesses.classPath());
    classPath.add(JavaProcesses.target().resolve("test-classes").toString());
    Map<String, String> properties = new HashMap<>(SparkExtension.SMALL);
    properties.put(FarFileSystem.MEETING, folder.resolve("meeting").toString());
    return JavaProcesses.start(folder, classPath, "reforest.cli.Reforest", properties, args(seed));
  }

  private String[] args(String seed) {
    List<String> args = new ArrayList<>(List.of("retrain", "--publish"));
    args.addAll(List.of("--conf", folder.resolve("shop.conf").toString()));
    args.addAll(List.of("--home", FarFileSystem.home(folder.resolve("home"))));
    args.addAll(List.of(FarFileSystem.options()));
    args.addAll(List.of("gate.attempts=0", seed));
    return args.toArray(String[]::new);
  }

  private static List<String> promotions(Path home) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("models/shop/promotions"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
