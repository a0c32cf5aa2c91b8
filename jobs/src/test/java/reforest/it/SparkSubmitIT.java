package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.s3server.S3Server;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;
import reforest.testing.ShopSales;
import reforest.testing.SparkExtension;

/** The shaded jar as a cluster runs it: Spark provides itself, the jar brings the rest. */
@ExtendWith(SparkExtension.class)
class SparkSubmitIT {

  private static final Path JAR = JavaProcesses.target().resolve("reforest.jar");

  @TempDir private Path folder;

  @Test
  void retrainsFromTheShadedJar(SparkSession spark) {
    Path home = folder.resolve("home");
    ShopSales.rows(spark).write().format("delta").save(home.resolve("data/shop/table").toString());

    CommandResult retrain =
        submit(
            List.of(),
            "retrain",
            "--conf",
            ShopSales.conf(folder).toString(),
            "--home",
            home.toString());

    JsonNode result = retrain.succeeded().result();
    assertThat(result.path("verdict").textValue()).isIn("PROMOTE", "KEEP", "INCONCLUSIVE");
    assertThat(result.path("bundle").path("digest").textValue()).matches("[0-9a-f]{64}");
    assertThat(retrain.err()).contains("[7/7] record");
  }

  @Test
  void ingestsIntoABucketWithTheSecondJar(SparkSession spark) {
    Path source = ShopSales.csv(ShopSales.rows(spark), folder.resolve("shop.csv"));
    Path written = folder.resolve("result.json");
    try (S3Server server = S3Server.start(folder)) {
      List<String> options =
          new ArrayList<>(List.of("--jars", JavaProcesses.s3Client().toString()));
      S3Server.hadoop(server.endpoint())
          .forEach(
              (key, value) ->
                  options.addAll(List.of("--conf", "spark.hadoop." + key + "=" + value)));

      CommandResult ingest =
          submit(
              options,
              "ingest",
              "--conf",
              ShopSales.conf(folder).toString(),
              "--home",
              "s3a://forest/home",
              "--source",
              source.toString(),
              "--result",
              written.toString());

      JsonNode result = ingest.succeeded().result();
      assertThat(result.path("inserted").intValue()).isEqualTo(720);
      assertThat(result.path("table").textValue()).isEqualTo("s3a://forest/home/data/shop/table");
      assertThat(CommandResult.json(written)).isEqualTo(result);
    }
  }

  /** What Spark copies from the environment is accepted, as the test before this one shows. */
  @ParameterizedTest
  @ValueSource(strings = {"--conf", "--properties-file"})
  void refusesKeysThatAreSubmitted(String option) throws IOException {
    String key = "spark.hadoop.fs.s3a.bucket.forest.secret.key";
    Path file =
        Files.writeString(folder.resolve("spark.properties"), key + " " + S3Server.SECRET + "\n");
    String given = option.equals("--conf") ? key + "=" + S3Server.SECRET : file.toString();

    CommandResult retrain =
        submit(
            List.of(option, given),
            "retrain",
            "--conf",
            ShopSales.conf(folder).toString(),
            "--home",
            "s3a://forest/home");

    retrain.failed(2, "Spark's settings hold keys of S3: " + key).hinting("AWS_SECRET_ACCESS_KEY");
    assertThat(retrain.out() + retrain.err()).doesNotContain(S3Server.SECRET);
  }

  @Test
  void packsNothingThatSparkShipsAndNoAgpl() throws IOException {
    List<String> entries;
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("reforest.cli.Reforest");
      entries = jar.stream().map(JarEntry::getName).toList();
    }

    assertThat(entries)
        .contains("META-INF/licenses/Apache-2.0.txt", "META-INF/licenses/pmml-model.txt")
        .contains("META-INF/LICENSE.md", "META-INF/NOTICE.md")
        .contains("META-INF/services/org.apache.spark.sql.sources.DataSourceRegister")
        .noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|DSA|RSA)"))
        .noneMatch(name -> name.contains("jpmml/evaluator"))
        .noneMatch(name -> name.startsWith("com/fasterxml/"))
        .noneMatch(name -> name.startsWith("scala/"))
        .noneMatch(name -> name.startsWith("org/apache/spark/ml/"))
        .noneMatch(name -> name.startsWith("org/apache/hadoop/"))
        .noneMatch(name -> name.startsWith("jakarta/") || name.startsWith("org/glassfish/"))
        .noneMatch(name -> name.startsWith("org/junit/") || name.startsWith("org/assertj/"));
    assertThat(entries).filteredOn(name -> name.endsWith(".class")).doesNotHaveDuplicates();
  }

  private CommandResult submit(List<String> options, String... command) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("--master", "local[2]", "--class", "reforest.cli.Reforest"));
    args.addAll(options);
    args.add(JAR.toString());
    args.addAll(List.of(command));
    return JavaProcesses.start(
            folder,
            JavaProcesses.sparksClassPath(),
            "org.apache.spark.deploy.SparkSubmit",
            Map.of(),
            S3Server.keys(),
            args.toArray(String[]::new))
        .await();
  }
}
