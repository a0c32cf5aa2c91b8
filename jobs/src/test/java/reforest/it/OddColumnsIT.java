package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.cli.JobRunner;
import reforest.cli.SharedRunner;
import reforest.testing.CommandResult;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/** Columns that others would have named differently, from a CSV file to a served champion. */
@ExtendWith(SparkExtension.class)
class OddColumnsIT {

  private static final String[] ODD = {
    "{ name = net.price, type = \"decimal(10,2)\" }",
    "{ name = \"vis`itors\", type = int }",
    "{ name = \"🚲\", type = string }",
    "{ name = \"shop_name\", type = string, from = \"`shop name`\" }",
    "{ name = hour, type = int, from = \"hour(at)\" }"
  };

  @TempDir private static Path folder;
  private static Supplier<JobRunner> work;
  private static Path conf;
  private static Path source;
  private static Path bundle;

  @BeforeAll
  static void publishAModelOnOddColumns(SparkSession spark) {
    work = SharedRunner.on(spark);
    source =
        ShopSales.csv(
            ShopSales.rows(spark)
                .selectExpr(
                    "*",
                    "cast(price as decimal(10,2)) as `net.price`",
                    "visitors as `vis``itors`",
                    "kind as `🚲`",
                    "shop as `shop name`"),
            folder.resolve("odd.csv"));
    conf = ShopSales.conf(folder, ODD);
    run("ingest", "--source", source.toString()).succeeded();
    JsonNode result =
        run(
                "retrain",
                "--publish",
                "features.numeric=[\"net.price\", \"vis`itors\", hour]",
                "features.categorical=[\"🚲\", shop_name]",
                "slices=[{ name = bike, columns = [\"🚲\"] }, { name = dear,"
                    + " where = \"`net.price` > 10 and `vis``itors` > 1\" }]")
            .succeeded()
            .result();
    assertThat(result.path("verdict").textValue()).isEqualTo("PROMOTE");
    bundle = Path.of(URI.create(result.path("bundle").path("location").textValue()));
  }

  @Test
  void servesThemUnderTheirOwnNames() throws IOException {
    Path rows =
        Files.writeString(
            folder.resolve("rows.json"),
            "{\"net.price\": \"6.25\", \"vis`itors\": 80, \"hour\": 6, \"🚲\": \"a\","
                + " \"shop_name\": \"north\"}\n");

    CommandResult score =
        CommandResult.withoutSpark("score", "--bundle", bundle.toString(), rows.toString());

    assertThat(score.exitCode()).as(score.err()).isZero();
    JsonNode scored = CommandResult.json(score.out());
    assertThat(scored.path("prediction").doubleValue()).isBetween(40.0, 90.0);
    assertThat(scored.path("outside")).isEmpty();
  }

  @Test
  void saysHowToStoreAColumnWhoseNameHoldsASpace() throws IOException {
    String text =
        Files.readString(conf)
            .replace(
                "shop_name\", type = string, from = \"`shop name`\"", "shop name\", type = string");
    Path spaced = Files.writeString(folder.resolve("spaced.conf"), text);

    CommandResult ended =
        CommandResult.inProcess(
            work,
            "ingest",
            "--conf",
            spaced.toString(),
            "--home",
            folder.resolve("spaced").toString(),
            "--source",
            source.toString());

    ended.failed(
        2,
        "'shop name' holds ' ', which the table cannot store",
        "name = \"shop_name\"",
        "`shop name`");
  }

  @Test
  void refusesABundleThatIsCutShort() throws IOException {
    Path cut = copy("cut");
    byte[] model = Files.readAllBytes(cut.resolve("model.pmml"));
    Files.write(cut.resolve("model.pmml"), java.util.Arrays.copyOf(model, model.length / 2));

    refuses(cut, "bytes where the manifest says " + model.length);
  }

  @Test
  void refusesABundleWithOneDigitChanged() throws IOException {
    Path altered = copy("altered");
    String model = Files.readString(altered.resolve("model.pmml"));
    int score = model.indexOf("score=\"") + "score=\"".length();
    String other = model.charAt(score) == '1' ? "2" : "1";
    Files.writeString(
        altered.resolve("model.pmml"),
        model.substring(0, score) + other + model.substring(score + 1));

    refuses(altered, "has the SHA-256");
  }

  @Test
  void refusesABundleWithAFileTooMany() throws IOException {
    Path extra = copy("extra");
    Files.writeString(extra.resolve("notes.txt"), "hello");

    refuses(extra, "the manifest does not list notes.txt");
  }

  @Test
  void refusesABundleWithAFileTooFew() throws IOException {
    Path missing = copy("missing");
    Files.delete(missing.resolve("model.pmml"));

    refuses(missing, "model.pmml is missing");
  }

  @Test
  void doesNotPullAChampionThatWasAltered() throws IOException {
    Path home = folder.resolve("damaged");
    copyTree(folder.resolve("home/models"), home.resolve("models"));
    String digest = bundleDigest(home);
    Files.writeString(home.resolve("models/shop/bundles/" + digest + "/notes.txt"), "hello");

    CommandResult pull =
        CommandResult.withoutSpark(
            "pull", "shop", folder.resolve("served").toString(), "--home", home.toString());

    pull.failed(3, "the manifest does not list notes.txt");
    assertThat(folder.resolve("served/current.json")).doesNotExist();
  }

  private static String bundleDigest(Path home) {
    return CommandResult.json(home.resolve("models/shop/promotions/00000000000000000001.json"))
        .path("bundle")
        .textValue();
  }

  private static void refuses(Path broken, String words) throws IOException {
    Path result = broken.resolveSibling(broken.getFileName() + ".result.json");
    Path rows = Files.writeString(folder.resolve("none.json"), "{}\n");

    CommandResult score =
        CommandResult.withoutSpark(
            "score", "--bundle", broken.toString(), "--result", result.toString(), rows.toString());

    assertThat(score.exitCode()).isEqualTo(3);
    assertThat(score.out()).isEmpty();
    assertThat(score.err()).contains("error: ", words, "hint: ").doesNotContain("\tat ");
    assertThat(CommandResult.json(result).path("error").path("message").textValue())
        .contains(words);
  }

  private static Path copy(String name) throws IOException {
    Path copy = folder.resolve(name);
    copyTree(bundle, copy);
    return copy;
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }

  private static CommandResult run(String command, String... arguments) {
    String[] fixed = {
      command, "--conf", conf.toString(), "--home", folder.resolve("home").toString()
    };
    String[] all = java.util.Arrays.copyOf(fixed, fixed.length + arguments.length);
    System.arraycopy(arguments, 0, all, fixed.length, arguments.length);
    return CommandResult.inProcess(work, all);
  }
}
