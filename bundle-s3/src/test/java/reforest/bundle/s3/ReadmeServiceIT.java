package reforest.bundle.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Bundle;
import reforest.bundle.Manifest;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.bundle.Store;
import reforest.bundle.Task;
import reforest.s3server.BadLine;
import reforest.s3server.Fault;
import reforest.s3server.S3Server;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The service that the README shows: compiled as it stands there, run, and treated badly. */
class ReadmeServiceIT {

  private static final Path README = Path.of("..", "README.md");
  private static final String ROOT = "s3://forest/home/models/hours";

  @TempDir private static Path folder;
  private static S3Server server;
  private static BadLine line;
  private static S3Client client;
  private static Store models;
  private final List<Process> services = new ArrayList<>();

  @BeforeAll
  static void compileTheServiceAndStartTheServer() throws IOException {
    Path source = Files.writeString(folder.resolve("PredictionService.java"), shown());
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-Xlint:all,-processing,-requires-automatic,-classfile",
                "-Werror",
                "-cp",
                classPath(),
                source.toString());
    assertThat(failed).as("the README's service compiles without a warning").isZero();
    server = S3Server.start(folder);
    line = BadLine.to(server.port());
    client =
        S3Client.builder()
            .endpointOverride(URI.create(server.endpoint()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(S3Server.KEY_ID, S3Server.SECRET)))
            .build();
    models = new S3Store(client, URI.create(ROOT));
  }

  @AfterEach
  void stopTheServices() {
    services.forEach(Process::destroyForcibly);
  }

  @AfterAll
  static void stopTheServer() {
    client.close();
    line.close();
    server.close();
  }

  @Test
  void isShorterThanAHundredLines() throws IOException {
    assertThat(shown().lines().count()).isBetween(20L, 99L);
  }

  @Test
  void servesTheChampionFromABucketThroughPromotionsOutagesAndKills() throws Exception {
    promote(1, 90);
    Path served = folder.resolve("served");
    int port = start(served);

    assertThat(post(port, "{\"hr\": 3}")).isEqualTo("200 {\"prediction\":10.0,\"promotion\":1}");
    assertThat(post(port, "{\"hr\": 8}")).isEqualTo("200 {\"prediction\":90.0,\"promotion\":1}");
    assertThat(post(port, "{\"hr\": {}}")).startsWith("400 ");
    assertThat(post(port, "{")).startsWith("400 ");
    promote(2, 70);
    await(port, "200 {\"prediction\":70.0,\"promotion\":2}");
    promote(3, 90);
    await(port, "200 {\"prediction\":90.0,\"promotion\":3}");

    line.plan(call -> Fault.RESET);
    Process before = services.get(0);
    before.destroyForcibly().waitFor();
    int again = start(served);
    assertThat(post(again, "{\"hr\": 8}")).isEqualTo("200 {\"prediction\":90.0,\"promotion\":3}");
    promote(4, 60);
    assertThat(post(again, "{\"hr\": 8}")).isEqualTo("200 {\"prediction\":90.0,\"promotion\":3}");

    line.plan(BadLine.atRandom(7, 0.3));
    await(again, "200 {\"prediction\":60.0,\"promotion\":4}");
    assertThat(get(again, "/health")).startsWith("200 {\"promotion\":4,\"bundle\":\"");
    for (Process service : services) {
      assertThat(service.isAlive()).isEqualTo(service != before);
    }
    Path log = folder.resolve("service-2.txt");
    await(() -> Files.readString(log).contains("promotion 4 serves"), "a line in " + log);
    assertThat(Files.readString(log)).doesNotContain(S3Server.SECRET);
  }

  /** The README's block of Java that holds the service. */
  private static String shown() throws IOException {
    for (String part : Files.readString(README).split("```java\n", -1)) {
      String block = part.substring(0, Math.max(0, part.indexOf("```")));
      if (block.contains("class PredictionService")) {
        return block;
      }
    }
    throw new AssertionError("the README shows no PredictionService");
  }

  private int start(Path served) throws Exception {
    Path out = folder.resolve("service-" + (services.size() + 1) + ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                folder + File.pathSeparator + classPath(),
                "PredictionService",
                ROOT,
                served.toString(),
                "PT0.1S",
                "0")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(S3Server.keys());
    builder.environment().put("AWS_REGION", "us-east-1");
    builder.environment().put("AWS_ENDPOINT_URL_S3", line.endpoint());
    Process service = builder.start();
    services.add(service);
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (true) {
      for (String told : Files.readString(out).split("\n", -1)) {
        if (told.startsWith("Listening on ") && told.endsWith(".")) {
          return Integer.parseInt(told.substring(13, told.length() - 1));
        }
      }
      assertThat(service.isAlive()).as(Files.readString(out)).isTrue();
      assertThat(System.nanoTime()).as("patience for the service").isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static void await(int port, String answer) throws Exception {
    await(() -> post(port, "{\"hr\": 8}").equals(answer), answer);
  }

  private static void await(Callable<Boolean> what, String called) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!what.call()) {
      assertThat(System.nanoTime()).as("patience for " + called).isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static String post(int port, String body) throws Exception {
    return send(port, "/predict", HttpRequest.BodyPublishers.ofString(body));
  }

  private static String get(int port, String path) throws Exception {
    return send(port, path, HttpRequest.BodyPublishers.noBody());
  }

  private static String send(int port, String path, HttpRequest.BodyPublisher body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).POST(body).build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body().strip();
  }

  /** Makes a model the champion that predicts 10 before the seventh hour and then what is said. */
  private static void promote(long sequence, int later) throws IOException {
    byte[] pmml;
    try (InputStream in = ReadmeServiceIT.class.getResourceAsStream("hours.pmml")) {
      pmml =
          new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
              .replace("90", String.valueOf(later))
              .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
    Manifest manifest =
        new Manifest(
            "hours",
            Task.REGRESSION,
            "bikers",
            List.of(),
            List.of(
                new Manifest.Input(
                    "hr",
                    Manifest.InputType.NUMBER,
                    Optional.of("1"),
                    List.of(),
                    "12",
                    Optional.of(0.0),
                    Optional.of(23.0))),
            List.of(Manifest.FileEntry.of(Bundle.MODEL, pmml)),
            new Manifest.Provenance(
                "run-1",
                "s3://forest/home/data/hours/table",
                12,
                "d1",
                "time",
                Optional.empty(),
                "random-forest",
                Map.of("trees", "1"),
                7,
                "0123abc",
                "0".repeat(64),
                Map.of("java", "17")),
            Map.of());
    String digest =
        reforest.bundle.Bundle.write(
            models, "staged/" + sequence, manifest, Map.of(Bundle.MODEL, pmml));
    Bundle.read(models, "staged/" + sequence).copyTo(models, "bundles/" + digest);
    Promotion promotion =
        new Promotion(
            sequence,
            "hours",
            digest,
            Optional.empty(),
            Promotion.Action.PROMOTE,
            "run-" + sequence,
            "PROMOTE",
            "it wins",
            "report.html",
            Instant.EPOCH,
            "w" + sequence);
    assertThat(new PromotionLog(models).append(promotion)).isTrue();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
