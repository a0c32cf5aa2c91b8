package reforest.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.ReforestException;
import reforest.bundle.Store;
import reforest.home.CommitRace;
import reforest.home.Folder;
import reforest.home.HadoopStore;
import reforest.home.Location;
import reforest.s3server.S3Server;

/** The second jar against a real server that speaks S3. */
class S3StoreIT {

  @TempDir private static java.nio.file.Path folder;
  private static S3Server server;

  @BeforeAll
  static void startTheServer() {
    server = S3Server.start(folder);
  }

  @AfterAll
  static void stopTheServer() {
    server.close();
  }

  @Test
  void losesNoCommitOfWritersThatKnowNothingOfEachOther() throws Exception {
    CommitRace.run(new Path("s3a://forest/table/_delta_log"), hadoop(), 4, 8);
  }

  @Test
  void createsAFileOnceHoweverManyTry() throws Exception {
    Store store = HadoopStore.open(URI.create("s3a://forest/store"), hadoop());
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

  @Test
  void tellsWhatNoRetryMends() {
    Configuration secret = S3Here.hadoop(server);
    secret.set("fs.s3a.secret.key", "another");
    assertMistake(secret, "s3a://forest/x", "the secret key is wrong");
    Configuration key = S3Here.hadoop(server);
    key.set("fs.s3a.access.key", "AKIANOBODY0000000000");
    assertMistake(key, "s3a://forest/x", "S3 does not know the key");
    assertMistake(S3Here.hadoop(server), "s3a://no-such-bucket/x", "the bucket does not exist");
    assertMistake(S3Here.hadoop(server), "s3a://under_score/x", "S3 has no bucket of such a name");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "400, ExpiredToken, the session token has expired",
    "403, RequestTimeTooSkewed, this machine's clock differs",
    "403, AccessDenied, S3 denies access",
    "400, AuthorizationHeaderMalformed, the bucket lies in another region",
    "301, PermanentRedirect, the bucket lies in another region",
    "400, InvalidBucketName, S3 refuses the bucket's name",
  })
  void tellsByS3sOwnCodesWhatNoRetryMends(int status, String code, String said) throws Exception {
    HttpServer answering = answering(status, "<Error><Code>" + code + "</Code></Error>");
    try {
      assertMistake(reaching(answering), "s3a://forest/x", said);
    } finally {
      answering.stop(0);
    }
  }

  @Test
  void takesAPageOfHtmlForAStoreThatDoesNotAnswer() throws Exception {
    HttpServer answering = answering(200, "<html><body>Please <br> log in</body>");
    try {
      assertThatExceptionOfType(ReforestException.class)
          .isThrownBy(
              () -> HadoopStore.open(URI.create("s3a://forest/x"), reaching(answering)).list(""))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.STORE));
    } finally {
      answering.stop(0);
    }
  }

  @Test
  void takesAClosedClientForAStoreThatIsGone() throws Exception {
    Store store = HadoopStore.open(URI.create("s3a://forest/closed"), hadoop());
    HadoopStore.files(URI.create("s3a://forest/closed"), hadoop()).close();
    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(() -> store.list(""))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.STORE));
  }

  @Test
  void probesAPrefixAndLeavesNothing() throws Exception {
    Configuration hadoop = hadoop();
    Map<String, String> spark = new TreeMap<>();
    server.settings().forEach((name, value) -> spark.put("spark.hadoop." + name, value));
    URI home = Location.of("s3://forest/probed/my höme");
    HadoopStore.files(home, hadoop);

    Folder.probe(home, spark);

    assertThat(HadoopStore.open(URI.create("s3a://forest/probed"), hadoop).listAll("")).isEmpty();
    Store store = HadoopStore.open(home, hadoop);
    assertThat(store.createIfAbsent("a/1", "x".getBytes(UTF_8))).isTrue();
    assertThat(store.list("a")).containsExactly("1");
  }

  private static void assertMistake(Configuration hadoop, String place, String said) {
    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(() -> HadoopStore.open(URI.create(place), hadoop).list(""))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS))
        .satisfies(e -> assertThat(e.hint()).isNotBlank())
        .withMessageContaining(said);
    assertThatExceptionOfType(ReforestException.class)
        .isThrownBy(() -> HadoopStore.open(URI.create(place), hadoop).read("a"))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS))
        .withMessageContaining(said);
  }

  /** Answers each call the same way; to a HEAD without the body, as HTTP wants it. */
  private static HttpServer answering(int status, String body) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] bytes = body.getBytes(UTF_8);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("Content-Type", "application/xml");
          boolean isHead = exchange.getRequestMethod().equals("HEAD");
          exchange.sendResponseHeaders(status, isHead ? -1 : bytes.length);
          if (!isHead) {
            exchange.getResponseBody().write(bytes);
          }
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Configuration reaching(HttpServer answering) {
    Configuration hadoop = S3Here.hadoop(server);
    hadoop.set("fs.s3a.endpoint", "http://127.0.0.1:" + answering.getAddress().getPort());
    hadoop.set("fs.s3a.retry.limit", "1");
    hadoop.set("fs.s3a.retry.interval", "1ms");
    hadoop.set("fs.s3a.attempts.maximum", "1");
    return hadoop;
  }

  /** Nothing else here keeps its clients, and one for each commit would take long. */
  private static Configuration hadoop() {
    Configuration hadoop = S3Here.hadoop(server);
    hadoop.setBoolean("fs.s3a.impl.disable.cache", false);
    return hadoop;
  }
}
