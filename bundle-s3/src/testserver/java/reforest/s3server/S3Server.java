package reforest.s3server;

import static java.nio.charset.StandardCharsets.UTF_8;

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

/**
 * A server that speaks S3 and keeps everything in memory, with one bucket named forest. It asks for
 * signatures.
 */
public final class S3Server implements AutoCloseable {

  /** The keys that it knows, made to be found wherever they leak. */
  public static final String KEY_ID = "AKIAFORESTPLANTED000";

  /** The secret half of the keys. */
  public static final String SECRET = "planted/s3+secret/of/the/forest/00000000";

  private final Process process;
  private final int port;

  private S3Server(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it on a free port of this machine; returns once it answers. */
  public static S3Server start(Path folder) {
    try {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      Path properties =
          Files.writeString(
              folder.resolve("s3.properties"),
              """
              s3proxy.endpoint=http://127.0.0.1:%d
              s3proxy.authorization=aws-v2-or-v4
              s3proxy.identity=%s
              s3proxy.credential=%s
              jclouds.provider=transient-nio2
              jclouds.identity=local
              jclouds.credential=local
              """
                  .formatted(port, KEY_ID, SECRET));
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  Path.of("target", "s3proxy.jar").toAbsolutePath().toString(),
                  "--properties",
                  properties.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("s3.txt").toFile())
              .start();
      S3Server server = new S3Server(process, port);
      server.waitUntilItListens();
      server.makeBucket();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void waitUntilItListens() throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(2));
    while (true) {
      try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (probe.isConnected()) {
          return;
        }
      } catch (IOException e) {
        if (!process.isAlive() || Instant.now().isAfter(end)) {
          throw new AssertionError("the server does not listen", e);
        }
        Thread.sleep(50);
      }
    }
  }

  private void makeBucket() throws IOException, InterruptedException {
    HttpRequest.Builder put =
        HttpRequest.newBuilder(URI.create(endpoint() + "/forest"))
            .PUT(HttpRequest.BodyPublishers.noBody());
    Signature.of("PUT", "/forest", "127.0.0.1:" + port, Instant.now()).forEach(put::header);
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient().send(put.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + new String(answer.body(), UTF_8));
    }
  }

  /** Its address. */
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** The environment in which clients find the keys. */
  public static Map<String, String> keys() {
    return Map.of("AWS_ACCESS_KEY_ID", KEY_ID, "AWS_SECRET_ACCESS_KEY", SECRET);
  }

  /** What Hadoop must know to reach an endpoint, keys apart. */
  public static Map<String, String> hadoop(String endpoint) {
    return Map.of(
        "fs.s3a.endpoint", endpoint,
        "fs.s3a.endpoint.region", "us-east-1",
        "fs.s3a.path.style.access", "true");
  }

  /** What Hadoop must know to reach it from a process that has no such environment. */
  public Map<String, String> settings() {
    Map<String, String> settings = new java.util.TreeMap<>(hadoop(endpoint()));
    settings.put("fs.s3a.access.key", KEY_ID);
    settings.put("fs.s3a.secret.key", SECRET);
    return settings;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
