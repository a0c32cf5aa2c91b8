package reforest.example;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import reforest.bundle.Follower;
import reforest.bundle.LocalStore;
import reforest.bundle.Pace;
import reforest.bundle.ReforestException;
import reforest.bundle.Store;
import reforest.bundle.s3.S3Store;

/** PredictionService s3://bucket/forest/models/bikeshare served PT1M 8080 */
public final class PredictionService {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PredictionService() {}

  /**
   * Starts the service on this machine alone.
   *
   * @param args the model's store, a folder of this service alone, the time between two looks for a
   *     newer champion, and the port; 0 for one that is free
   */
  public static void main(String[] args) throws IOException {
    // The JDK's server sends the head of an answer and its body apart. Without this the body waits
    // until the client has confirmed the head, which takes 40 ms. Read once, when the server loads.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    boolean onS3 = args[0].startsWith("s3");
    Store models = onS3 ? S3Store.open(URI.create(args[0])) : new LocalStore(Path.of(args[0]));
    Duration every = Duration.parse(args[2]);
    Follower follower =
        Follower.start(
            models,
            Path.of(args[1]), // a restart begins with the bundle that it holds
            new Pace(every, every.multipliedBy(5)),
            Clock.systemUTC(),
            ProcessHandle.current().pid());
    InetAddress here = InetAddress.getLoopbackAddress();
    int port = Integer.parseInt(args[3]);
    HttpServer server = HttpServer.create(new InetSocketAddress(here, port), 0);
    server.createContext("/predict", exchange -> predict(exchange, follower.served()));
    server.createContext("/health", exchange -> health(exchange, follower));
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.start();
    System.out.println("Listening on " + server.getAddress().getPort() + ".");
  }

  private static void predict(HttpExchange exchange, Follower.Served served) throws IOException {
    Map<String, Object> answer = new LinkedHashMap<>();
    try {
      Map<String, Object> row =
          JSON.readValue(exchange.getRequestBody(), new TypeReference<Map<String, Object>>() {});
      if (row == null) {
        throw new IOException("the body is null; send an object with a value for each input");
      }
      answer.put("prediction", served.scorer().score(row).value());
      answer.put("promotion", served.sequence());
      send(exchange, 200, answer);
    } catch (ReforestException | IOException e) {
      send(exchange, 400, Map.of("error", String.valueOf(e.getMessage())));
    }
  }

  private static void health(HttpExchange exchange, Follower follower) throws IOException {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("promotion", follower.served().sequence());
    answer.put("bundle", follower.served().digest());
    answer.put("failedLooks", follower.status().failures());
    send(exchange, 200, answer); // an old model serves on while the store is away
  }

  private static void send(HttpExchange exchange, int status, Object answer) throws IOException {
    byte[] body = JSON.writeValueAsBytes(answer);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
