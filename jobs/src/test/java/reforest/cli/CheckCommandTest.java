package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.home.Home;
import reforest.testing.GoldenHome;

/** {@code check}: a suite against a champion that an earlier revision trained, without Spark. */
final class CheckCommandTest {

  private static final String SHOPS =
      """
      behaviour = [
        { name = "a number of visits", kind = must-hold, row { shop = north, temp = 10, promo = no }, at-least = 0, at-most = 1000 }
        { name = "warmth", kind = direction, level = 2, row { shop = north, promo = no }, input = temp, from = -10, to = 30, steps = 41, never = %s }
      ]
      """;

  @TempDir private Path folder;
  private String home = "";

  @BeforeEach
  void layOut() {
    home = GoldenHome.in(folder.resolve("home")).toString();
  }

  private Cli check(String suite, String... more) throws IOException {
    Path beside = Files.writeString(folder.resolve("suite.conf"), suite);
    String[] args = new String[6 + more.length];
    System.arraycopy(
        new String[] {
          "check",
          "--conf",
          GoldenHome.model().toString(),
          "--conf",
          beside.toString(),
          "--home=" + home
        },
        0,
        args,
        0,
        6);
    System.arraycopy(more, 0, args, 6, more.length);
    return Cli.run(SparkRunner::new, "", args);
  }

  @Test
  void asksTheChampionAndTellsWhichCasesHold() throws IOException {
    Cli held = check(SHOPS.formatted("falls"));

    assertThat(held.exitCode()).isZero();
    assertThat(held.result().path("cases")).hasSize(2);
    assertThat(held.result().path("reasons").get(0).asText())
        .endsWith(" of 2 cases held, in 42 predictions");
    assertThat(held.result().path("bundle").path("digest").asText()).hasSize(64);
  }

  @Test
  void warmthCannotBothNeverRaiseAndNeverLowerVisits() throws IOException {
    Cli falls = check(SHOPS.formatted("falls"));
    Cli rises = check(SHOPS.formatted("rises"));

    // The golden home's shops are visited less when it is warm.
    assertThat(falls.result().path("cases").get(1).path("holds").isBoolean()).isTrue();
    assertThat(falls.result().path("cases").get(1).path("holds").asBoolean()).isTrue();
    assertThat(rises.result().path("cases").get(1).path("holds").asBoolean(true)).isFalse();
    assertThat(rises.exitCode()).as("level 2 is only told").isZero();
  }

  @Test
  void endsWithExitCodeThreeWhereACaseFailsThatBlocks() throws IOException {
    Cli failed = check(SHOPS.formatted("falls").replace("at-most = 1000", "at-most = 1"));

    assertThat(failed.exitCode()).isEqualTo(3);
    assertThat(failed.result().path("error").path("message").asText())
        .contains("1 case that blocks a promotion failed: a number of visits");
    assertThat(failed.result().path("cases").get(0).path("holds").asBoolean()).isFalse();
    assertThat(failed.err())
        .contains("a number of visits (must-hold, level 1): 1 of 1 not as expected")
        .contains("expected from 0 to 1, got ")
        .contains("{temp=10, shop=north, promo=no}");
  }

  @Test
  void asksAnyBundleByItsDigestOrItsFolder() throws IOException {
    String digest = check(SHOPS.formatted("falls")).result().path("bundle").path("digest").asText();
    Path bundle = Path.of(home, "models", "visits").resolve(Home.bundle(digest));

    assertThat(check(SHOPS.formatted("falls"), "--bundle", digest.substring(0, 8)).exitCode())
        .isZero();
    assertThat(check(SHOPS.formatted("falls"), "--bundle", bundle.toString()).exitCode()).isZero();
    assertThat(check(SHOPS.formatted("falls"), "--bundle", "fffffffffff").exitCode()).isEqualTo(3);
  }

  @Test
  void wantsCasesAndSaysOfADryRunWhatItWouldAsk() throws IOException {
    Cli none = check("");
    Cli dry = check(SHOPS.formatted("falls"), "--dry-run");

    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).contains("no case of behaviour is declared for model 'visits'");
    assertThat(dry.exitCode()).isZero();
    assertThat(dry.out()).contains("2 cases of behaviour are asked, 1 of which can block");
  }
}
