package reforest.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Chromium without a window, driven by its own protocol: one page that is looked at with a
 * size, a colour scheme and a medium, and what it says on its console and asks of the network.
 */
public final class Chromium implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final LinkedBlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final List<String> messages = new ArrayList<>();
  private final List<String> requests = new ArrayList<>();
  private int calls;

  private Chromium(Process process, String address) {
    this.process = process;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address), new Listener())
            .join();
    for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
      call(domain + ".enable", Map.of());
    }
  }

  /**
   * Starts one.
   *
   * @param profile an empty folder for what it keeps
   */
  public static Chromium start(Path profile) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolveSibling(profile.getFileName() + ".log").toFile())
            .start();
    Path port = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(port) || Files.readString(port).lines().count() < 2) {
      if (!process.isAlive() || System.nanoTime() > end) {
        process.destroyForcibly();
        throw new IOException("chromium did not start; its log lies beside " + profile);
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    String number = Files.readString(port).lines().findFirst().orElseThrow();
    HttpResponse<String> pages =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + number + "/json/list"))
                    .build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    for (JsonNode page : JSON.readTree(pages.body())) {
      if (page.path("type").asText().equals("page")) {
        return new Chromium(process, page.path("webSocketDebuggerUrl").asText());
      }
    }
    process.destroyForcibly();
    throw new IOException("chromium has no page: " + pages.body());
  }

  /** Sees the page as on a screen of that size. */
  public void size(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
  }

  /** Sees it light or dark, on the screen or on paper. */
  public void media(boolean dark, boolean paper) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            paper ? "print" : "screen",
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /** Opens a file and waits until it is there. */
  public void open(Path file) {
    messages.clear();
    requests.clear();
    // Whatever the page forbids itself must not hide what it would ask for.
    call("Page.setBypassCSP", Map.of("enabled", true));
    call("Page.navigate", Map.of("url", file.toUri().toString()));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String loaded =
        "document.readyState == 'complete' && location.href == " + quoted(file.toUri().toString());
    while (!evaluate(loaded).asBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("chromium does not load " + file);
      }
    }
  }

  /** What an expression of JavaScript yields, once its promise is kept. */
  public JsonNode evaluate(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(answer.get("exceptionDetails").toString());
    }
    return answer.path("result").path("value");
  }

  /** A picture of what is in sight, as PNG. */
  public byte[] picture() {
    return Base64.getDecoder()
        .decode(call("Page.captureScreenshot", Map.of("format", "png")).path("data").asText());
  }

  /** The page as PDF on A4. */
  public byte[] pdf() {
    return Base64.getDecoder()
        .decode(
            call(
                    "Page.printToPDF",
                    Map.of("paperWidth", 8.27, "paperHeight", 11.69, "preferCSSPageSize", true))
                .path("data")
                .asText());
  }

  /** What was said on the console since the page was opened. */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  /** The addresses that were asked for since, with the page's own. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }

  /** A text of a library on the class path, such as a script. */
  public static String resource(String path) {
    try (@Nullable InputStream in = Chromium.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(String text) {
    return JSON.getNodeFactory().textNode(text).toString();
  }

  private JsonNode call(String method, Map<String, Object> parameters) {
    calls++;
    ObjectNode request = JSON.createObjectNode();
    request.put("id", calls).put("method", method).set("params", JSON.valueToTree(parameters));
    socket.sendText(request.toString(), true).join();
    try {
      while (true) {
        JsonNode answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
          throw new IllegalStateException("chromium does not answer " + method);
        }
        if (answer.path("id").asInt() == calls) {
          if (answer.has("error")) {
            throw new IllegalStateException(method + ": " + answer.get("error"));
          }
          return answer.path("result");
        }
        note(answer);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void note(JsonNode event) {
    JsonNode told = event.path("params");
    switch (event.path("method").asText()) {
      case "Network.requestWillBeSent" -> requests.add(told.path("request").path("url").asText());
      case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded" ->
          messages.add(told.toString());
      default -> {
        // What else happens in a browser is no concern of a page.
      }
    }
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        try {
          answers.add(JSON.readTree(text.toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }
}
