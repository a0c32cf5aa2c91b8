package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A server that speaks S3 and keeps everything in memory, with one bucket named forest. */
final class S3Server implements AutoCloseable {

  /** What a plain Spark lacks to speak with it. */
  static final Path CLIENT = Jvm.target().resolveSibling("s3/target/reforest-s3.jar");

  private final Process process;
  private final String endpoint;

  private S3Server(Process process, String endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Starts it on a free port of this machine; returns once it answers. */
  static S3Server start(Path folder) {
    try {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      String endpoint = "http://127.0.0.1:" + port;
      Path properties =
          Files.writeString(
              folder.resolve("s3.properties"),
              """
              s3proxy.endpoint=%s
              s3proxy.authorization=none
              jclouds.provider=transient-nio2
              jclouds.identity=local
              jclouds.credential=local
              """
                  .formatted(endpoint));
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-jar",
                  Jvm.target().resolve("s3proxy.jar").toString(),
                  "--properties",
                  properties.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("s3.txt").toFile())
              .start();
      S3Server server = new S3Server(process, endpoint);
      server.waitUntilItListens(port);
      server.makeBucket();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void waitUntilItListens(int port) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(2));
    while (true) {
      try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(probe.isConnected()).isTrue();
        return;
      } catch (IOException e) {
        assertThat(process.isAlive()).as("the server has ended").isTrue();
        assertThat(Instant.now()).as("the server does not listen: " + e).isBefore(end);
        Thread.sleep(50);
      }
    }
  }

  private void makeBucket() throws IOException, InterruptedException {
    HttpRequest put =
        HttpRequest.newBuilder(URI.create(endpoint + "/forest"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<Void> answer =
        HttpClient.newHttpClient().send(put, HttpResponse.BodyHandlers.discarding());
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  /** What Hadoop must know to reach it. */
  Map<String, String> settings() {
    return Map.of(
        "fs.s3a.endpoint", endpoint,
        "fs.s3a.endpoint.region", "us-east-1",
        "fs.s3a.path.style.access", "true",
        "fs.s3a.access.key", "local",
        "fs.s3a.secret.key", "local");
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
