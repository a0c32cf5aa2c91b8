package reforest.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import reforest.SparkExtension;
import reforest.bundle.Store;
import reforest.publish.HadoopStore;

/** The second jar against a real server that speaks S3. */
@ExtendWith(SparkExtension.class)
class S3StoreIT {

  private static final Path JAR =
      Jvm.target().getParent().resolve("s3/target/reforest-s3.jar").toAbsolutePath();

  @TempDir private static Path folder;
  private static Process server;
  private static Map<String, String> settings;

  @BeforeAll
  static void startTheServer() throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String endpoint = "http://127.0.0.1:" + port;
    Path properties =
        Files.writeString(
            folder.resolve("s3proxy.properties"),
            """
            s3proxy.endpoint=%s
            s3proxy.authorization=none
            jclouds.provider=transient-nio2
            jclouds.identity=local
            jclouds.credential=local
            """
                .formatted(endpoint));
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Jvm.target().resolve("s3proxy.jar").toString(),
                "--properties",
                properties.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3proxy.txt").toFile())
            .start();
    waitFor(port);
    HttpResponse<Void> bucket =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(endpoint + "/forest"))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.discarding());
    assertThat(bucket.statusCode()).isEqualTo(200);
    settings =
        Map.of(
            "fs.s3a.endpoint", endpoint,
            "fs.s3a.endpoint.region", "us-east-1",
            "fs.s3a.path.style.access", "true",
            "fs.s3a.access.key", "local",
            "fs.s3a.secret.key", "local");
  }

  private static void waitFor(int port) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    while (true) {
      try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(probe.isConnected()).isTrue();
        return;
      } catch (IOException e) {
        assertThat(Instant.now()).as("the server does not start: " + e).isBefore(end);
        Thread.sleep(50);
      }
    }
  }

  @AfterAll
  static void stopTheServer() {
    if (server != null) {
      server.destroyForcibly();
    }
  }

  @Test
  void createsAFileOnceHoweverManyTry() throws Exception {
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {JAR.toUri().toURL()}, getClass().getClassLoader())) {
      Configuration hadoop = new Configuration();
      hadoop.setClassLoader(loader);
      settings.forEach(hadoop::set);
      Store store = HadoopStore.open(URI.create("s3a://forest/store"), hadoop);
      int writers = 8;
      CyclicBarrier barrier = new CyclicBarrier(writers);
      ExecutorService threads = Executors.newFixedThreadPool(writers);
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        byte[] content = ("writer " + i).getBytes(UTF_8);
        answers.add(
            threads.submit(
                () -> {
                  barrier.await();
                  return store.createIfAbsent("promotions/00000000000000000001.json", content);
                }));
      }
      List<Integer> winners = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        if (answers.get(i).get()) {
          winners.add(i);
        }
      }
      threads.shutdown();

      assertThat(winners).hasSize(1);
      assertThat(store.read("promotions/00000000000000000001.json"))
          .hasValue(("writer " + winners.get(0)).getBytes(UTF_8));
      assertThat(store.read("promotions/00000000000000000002.json")).isEmpty();
      assertThat(store.list("promotions")).containsExactly("00000000000000000001.json");
      assertThat(store.list("nothing")).isEmpty();
    }
  }

  @Test
  void ingestsIntoABucketWithTheSecondJar(SparkSession spark) {
    Path source = Shop.csv(Shop.rows(spark), folder.resolve("shop.csv"));
    List<String> classPath = new ArrayList<>(Jvm.classPath());
    classPath.add(JAR.toString());
    List<String> args = new ArrayList<>();
    args.addAll(List.of("ingest", "--conf", Shop.conf(folder).toString()));
    args.addAll(List.of("--home", "s3a://forest/home", "--source", source.toString()));
    args.addAll(List.of("--result", folder.resolve("result.json").toString()));
    settings.forEach(
        (key, value) -> args.addAll(List.of("--spark", "spark.hadoop." + key + "=" + value)));

    Ended ingest =
        Jvm.start(folder, classPath, "reforest.cli.Reforest", Map.of(), args.toArray(String[]::new))
            .await()
            .succeeded();

    assertThat(ingest.result().path("inserted").intValue()).isEqualTo(720);
    assertThat(ingest.result().path("table").textValue())
        .isEqualTo("s3a://forest/home/data/shop/table");
    assertThat(Ended.json(folder.resolve("result.json"))).isEqualTo(ingest.result());
  }
}
