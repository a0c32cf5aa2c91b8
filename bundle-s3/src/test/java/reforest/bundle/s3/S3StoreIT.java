package reforest.bundle.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.ReforestException;
import reforest.bundle.Store;
import reforest.s3server.BadLine;
import reforest.s3server.BadLine.Call;
import reforest.s3server.Fault;
import reforest.s3server.S3Server;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The services' store against a real server that speaks S3, over a line that is good or bad. */
class S3StoreIT {

  @TempDir private static Path folder;
  private static S3Server server;
  private static BadLine line;
  private static S3Client client;

  @BeforeAll
  static void startTheServer() {
    server = S3Server.start(folder);
    line = BadLine.to(server.port());
    client = client(S3Server.SECRET);
  }

  @AfterEach
  void mendTheLine() {
    line.heal();
  }

  @AfterAll
  static void stopTheServer() {
    client.close();
    line.close();
    server.close();
  }

  @Test
  void readsAndListsWhatItCreated() {
    Store store = store("plain");
    assertThat(store.read("a/b.json")).isEmpty();
    assertThat(store.list("a")).isEmpty();
    assertThat(store.createIfAbsent("a/b.json", bytes("first"))).isTrue();
    assertThat(store.createIfAbsent("a/b.json", bytes("second"))).isFalse();
    assertThat(store.createIfAbsent("a/b.json", bytes("first"))).isTrue();
    assertThat(store.createIfAbsent("a/inner/c.json", bytes("")))
        .as("an empty file is one, too")
        .isTrue();

    assertThat(store.read("a/b.json")).hasValue(bytes("first"));
    assertThat(store.read("a/inner/c.json")).hasValue(bytes(""));
    assertThat(store.read("a")).as("a folder is no file").isEmpty();
    assertThat(store.list("a")).containsExactly("b.json", "inner");
    assertThat(store.list("")).containsExactly("a");
    assertThat(store.root()).isEqualTo(URI.create("s3://forest/plain"));
  }

  @Test
  void listsMoreThanOnePage() {
    Store store = store("many");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 1005; i++) {
      names.add(String.format(java.util.Locale.ROOT, "%020d.json", i));
      store.createIfAbsent("promotions/" + names.get(i), bytes("x"));
    }
    assertThat(store.list("promotions")).isEqualTo(names);
  }

  @Test
  void createsEachFileOnceHoweverManyTry() throws Exception {
    int writers = 4;
    int rounds = 100;
    CyclicBarrier barrier = new CyclicBarrier(writers);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<List<Integer>>> wins = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      byte[] content = bytes("writer " + i);
      wins.add(
          threads.submit(
              () -> {
                List<Integer> won = new ArrayList<>();
                for (int round = 0; round < rounds; round++) {
                  barrier.await();
                  if (store("race").createIfAbsent("promotions/" + round, content)) {
                    won.add(round);
                  }
                }
                return won;
              }));
    }
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      for (int round : wins.get(i).get()) {
        assertThat(store("race").read("promotions/" + round)).hasValue(bytes("writer " + i));
        all.add(round);
      }
    }
    threads.shutdown();
    assertThat(all).hasSize(rounds).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"DONE_SLOW_DOWN", "DONE_BROKEN", "DONE_PRECONDITION", "DONE_RESET", "DONE_SILENCE"})
  void knowsItsOwnFileAgainWhenTheAnswerIsLost(Fault fault) {
    Store store = store("lost-" + fault);
    line.plan(once("PUT", fault));

    assertThat(store.createIfAbsent("promotions/1", bytes("mine"))).isTrue();
    assertThat(store.createIfAbsent("promotions/1", bytes("another's"))).isFalse();
    assertThat(store.read("promotions/1")).hasValue(bytes("mine"));
  }

  @ParameterizedTest
  @EnumSource(names = {"SLOW_DOWN", "BROKEN", "RESET", "SILENCE"})
  void triesAgainWhenTheCallIsLost(Fault fault) {
    Store store = store("before-" + fault);
    line.plan(once("PUT", fault));
    assertThat(store.createIfAbsent("promotions/1", bytes("mine"))).isTrue();

    line.plan(once("GET", fault));
    assertThat(store.read("promotions/1")).hasValue(bytes("mine"));
    line.plan(once("GET", fault));
    assertThat(store.list("promotions")).containsExactly("1");
  }

  @Test
  void neverTakesAnOutageForAnAbsentFile() {
    Store store = store("outage");
    store.createIfAbsent("promotions/1", bytes("mine"));
    for (Fault fault : List.of(Fault.BROKEN, Fault.RESET)) {
      line.plan(call -> fault);
      assertUnavailable(() -> store.read("promotions/1"), "s3://forest/outage/promotions/1");
      assertUnavailable(() -> store.list("promotions"), "cannot list");
      assertUnavailable(() -> store.createIfAbsent("promotions/2", bytes("mine")), "cannot");
    }
    line.plan(call -> call.conditional() ? Fault.PRECONDITION : Fault.NONE);
    assertUnavailable(() -> store.createIfAbsent("promotions/2", bytes("mine")), "cannot create");
  }

  @Test
  void losesNothingAndDoublesNothingWhenAThirdOfAllCallsFails() {
    Store good = store("good-third");
    Store store = store("good-third");
    int unclear = 0;
    for (int i = 0; i < 150; i++) {
      line.plan(BadLine.atRandom(i, 0.3));
      Boolean mine = null;
      try {
        mine = store.createIfAbsent("promotions/" + i, bytes("one"));
      } catch (ReforestException e) {
        assertThat(e.kind()).isEqualTo(ReforestException.Kind.STORE);
        unclear++;
      }
      line.heal();
      boolean others = good.createIfAbsent("promotions/" + i, bytes("other"));
      if (mine != null) {
        assertThat(mine).as("nobody was there before").isTrue();
        assertThat(others).isFalse();
      }
      assertThat(good.read("promotions/" + i)).hasValue(bytes(others ? "other" : "one"));
    }
    assertThat(unclear).isLessThan(75);
    assertThat(line.happened().keySet()).contains(Fault.values());
  }

  @Test
  void saysWhatIsMissingWithoutTellingTheKeys() {
    try (S3Client wrong = client("another/secret")) {
      Store store = new S3Store(wrong, URI.create("s3://forest/denied"));
      assertThatThrownBy(() -> store.read("x"))
          .isInstanceOfSatisfying(
              ReforestException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS);
                assertThat(e.hint()).startsWith("check the credentials");
                assertThat(e.toString()).doesNotContain("another/secret", S3Server.SECRET);
              });
    }
    Store nowhere = new S3Store(client, URI.create("s3://no-such-bucket/x"));
    assertThatThrownBy(() -> nowhere.read("x"))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS);
              assertThat(e.hint()).isEqualTo("check the bucket's name, or create it");
            })
        .hasMessageContaining("cannot read s3://no-such-bucket/x/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"s3://key:secret@forest/x", "s3a://key@forest/x", "s3://key:se%2Fcret@forest"})
  void refusesAnAddressThatHoldsCredentials(String root) {
    assertThatThrownBy(() -> S3Store.open(URI.create(root)))
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.ARGUMENTS))
        .hasMessage("the address of bucket forest holds credentials");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///x", "s3:///x", "bucket/x"})
  void refusesAnAddressThatNamesNoBucket(String root) {
    assertThatThrownBy(() -> S3Store.open(URI.create(root)))
        .isInstanceOf(ReforestException.class)
        .hasMessageEndingWith("names no bucket of S3");
  }

  private static void assertUnavailable(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            ReforestException.class,
            e -> assertThat(e.kind()).isEqualTo(ReforestException.Kind.STORE))
        .hasMessageContaining(message);
  }

  /** A plan in which the first call of that method goes wrong. */
  private static Function<Call, Fault> once(String method, Fault fault) {
    boolean[] happened = {false};
    return call -> {
      boolean now = call.method().equals(method) && !happened[0];
      happened[0] |= now;
      return now ? fault : Fault.NONE;
    };
  }

  private static Store store(String prefix) {
    return new S3Store(client, URI.create("s3://forest/" + prefix));
  }

  private static S3Client client(String secret) {
    return S3Client.builder()
        .endpointOverride(URI.create(line.endpoint()))
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(S3Server.KEY_ID, secret)))
        .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofMillis(300)))
        .build();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
