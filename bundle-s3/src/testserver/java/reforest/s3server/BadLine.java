package reforest.s3server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A line to a server on which calls and answers get lost: one connection a call, real sockets. */
public final class BadLine implements AutoCloseable {

  private static final int HEADER_END = 0x0d0a0d0a;

  private final ServerSocket listening;
  private final int target;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
  private volatile Function<Call, Fault> plan = call -> Fault.NONE;

  /**
   * One call, as a plan sees it.
   *
   * @param method such as PUT
   * @param path such as /forest/home/x
   * @param conditional whether a 412 may answer it
   */
  public record Call(String method, String path, boolean conditional) {

    /** Whether it creates a file only if that is absent. */
    public boolean isConditionalPut() {
      return conditional && method.equals("PUT");
    }
  }

  private BadLine(ServerSocket listening, int target) {
    this.listening = listening;
    this.target = target;
  }

  /** A line to a port of this machine, at first a good one. */
  public static BadLine to(int port) {
    try {
      BadLine line = new BadLine(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
      line.threads.execute(line::listen);
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its own address, to use instead of the server's. */
  public String endpoint() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /** Lets calls fail as planned from now on. */
  public void plan(Function<Call, Fault> faults) {
    plan = faults;
  }

  /** Lets nothing fail from now on. */
  public void heal() {
    plan = call -> Fault.NONE;
  }

  /**
   * A plan in which that share of all calls fails, in all ways that there are. There are few puts
   * that may create a file only if it is absent, so of their failures the first, third and so on
   * are a 412, before and after the call in turn; the seed says with which of them that begins.
   *
   * @param share from 0 to 1
   */
  public static Function<Call, Fault> atRandom(long seed, double share) {
    Random random = new Random(seed);
    List<Fault> conditional = new ArrayList<>();
    List<Fault> others = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      if (fault != Fault.NONE) {
        (fault.isOfConditionalCalls() ? conditional : others).add(fault);
      }
    }
    int[] failedPuts = {0};
    return call -> {
      synchronized (random) {
        if (random.nextDouble() >= share) {
          return Fault.NONE;
        }
        if (call.isConditionalPut() && failedPuts[0]++ % 2 == 0) {
          return conditional.get((int) ((seed + failedPuts[0] / 2) % conditional.size()));
        }
        return others.get(random.nextInt(others.size()));
      }
    };
  }

  /** Counts anew what goes wrong. */
  public void forget() {
    synchronized (happened) {
      happened.clear();
    }
  }

  /** How often each thing has gone wrong so far, and how often nothing has. */
  public Map<Fault, Integer> happened() {
    synchronized (happened) {
      return new EnumMap<>(happened);
    }
  }

  private void listen() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      String head = head(in);
      if (head.toLowerCase(Locale.ROOT).contains("\r\nexpect: 100-continue")) {
        client.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
      }
      byte[] body = body(head, in);
      String[] words = head.split(" ", 3);
      boolean conditional = head.toLowerCase(Locale.ROOT).contains("\r\nif-");
      Fault fault = plan.apply(new Call(words[0], words[1], conditional));
      synchronized (happened) {
        happened.merge(fault, 1, Integer::sum);
      }
      byte[] answer = new byte[0];
      if (fault == Fault.NONE || fault.isAfterTheEffect()) {
        answer = call(head, body);
      }
      answer(client, fault, answer);
    } catch (IOException e) {
      // A client that hangs up is what this is about.
    } finally {
      open.remove(client);
    }
  }

  private byte[] call(String head, byte[] body) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      OutputStream out = server.getOutputStream();
      StringBuilder kept = new StringBuilder();
      for (String line : head.strip().split("\r\n", -1)) {
        String name = line.toLowerCase(Locale.ROOT);
        if (!name.startsWith("connection:") && !name.startsWith("expect:")) {
          kept.append(line).append("\r\n");
        }
      }
      out.write(kept.append("Connection: close\r\n\r\n").toString().getBytes(ISO_8859_1));
      out.write(body);
      out.flush();
      return server.getInputStream().readAllBytes();
    }
  }

  private static void answer(Socket client, Fault fault, byte[] answer) throws IOException {
    switch (fault) {
      case NONE -> client.getOutputStream().write(answer);
      case SLOW_DOWN, DONE_SLOW_DOWN -> error(client, "503 Slow Down", "SlowDown");
      case BROKEN, DONE_BROKEN -> error(client, "500 Internal Error", "InternalError");
      case PRECONDITION, DONE_PRECONDITION ->
          error(client, "412 Precondition Failed", "PreconditionFailed");
      case RESET, DONE_RESET -> client.setSoLinger(true, 0);
      // Until the client has had enough.
      case SILENCE, DONE_SILENCE -> client.getInputStream().read();
    }
  }

  private static void error(Socket client, String status, String code) throws IOException {
    String body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>";
    String answer =
        "HTTP/1.1 %s\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            .formatted(status, body.length(), body);
    client.getOutputStream().write(answer.getBytes(ISO_8859_1));
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    while (last != HEADER_END) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      head.write(next);
      last = last << 8 | next;
    }
    return head.toString(ISO_8859_1);
  }

  /** The body as it came, also in chunks. */
  private static byte[] body(String head, InputStream in) throws IOException {
    for (String line : head.split("\r\n", -1)) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        return in.readNBytes(Integer.parseInt(line.substring(15).strip()));
      }
      if (lower.startsWith("transfer-encoding:")) {
        throw new IOException("no client here sends chunks without a length");
      }
    }
    return new byte[0];
  }

  /** Hangs up on everybody. */
  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
