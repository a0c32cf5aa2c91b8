package reforest.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.bundle.Store;
import reforest.bundle.s3.S3Store;
import reforest.s3server.BadLine;
import reforest.s3server.Fault;
import reforest.s3server.S3Server;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The service as it is packaged and started by hand, in a process of its own, and treated badly.
 */
class PredictionServiceIT {

  private static final Path SOURCE =
      Path.of("src", "main", "java", "reforest", "example", "PredictionService.java");
  private static final String ROOT = "s3://forest/home/models/hours";

  @TempDir private static Path folder;
  private static S3Server server;
  private static BadLine line;
  private static S3Client client;
  private static Store models;
  private final List<Process> services = new ArrayList<>();

  @BeforeAll
  static void startTheServer() {
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
    assertThat(Files.readString(SOURCE).lines().count()).isBetween(20L, 99L);
  }

  @Test
  void servesTheChampionFromABucketThroughPromotionsOutagesAndKills() throws Exception {
    Champion.promote(models, 1, 90);
    Path served = folder.resolve("served");
    int port = start(served);

    assertThat(post(port, "{\"hr\": 3}")).isEqualTo("200 {\"prediction\":10.0,\"promotion\":1}");
    assertThat(post(port, "{\"hr\": 8}")).isEqualTo("200 {\"prediction\":90.0,\"promotion\":1}");
    assertThat(post(port, "{\"hr\": {}}")).startsWith("400 ");
    assertThat(post(port, "{")).startsWith("400 ");
    assertThat(post(port, "[]")).startsWith("400 ");
    assertThat(post(port, "null")).startsWith("400 ");
    Champion.promote(models, 2, 70);
    await(port, "200 {\"prediction\":70.0,\"promotion\":2}");
    Champion.promote(models, 3, 90);
    await(port, "200 {\"prediction\":90.0,\"promotion\":3}");

    line.plan(call -> Fault.RESET);
    Process before = services.get(0);
    before.destroyForcibly().waitFor();
    int again = start(served);
    assertThat(post(again, "{\"hr\": 8}")).isEqualTo("200 {\"prediction\":90.0,\"promotion\":3}");
    Champion.promote(models, 4, 60);
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

  private int start(Path served) throws Exception {
    Path out = folder.resolve("service-" + (services.size() + 1) + ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-jar",
                Path.of("target", "prediction-service.jar").toString(),
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
}
