package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reforest.bundle.Bundle;
import reforest.bundle.LocalStore;
import reforest.bundle.Promotion;
import reforest.bundle.PromotionLog;
import reforest.cli.terminal.Console;
import reforest.evaluate.Stumps;
import reforest.home.Home;
import reforest.publish.Publish;
import reforest.registry.RunRecords;
import reforest.registry.Runs;

/** Runs, bundles and promotions that a person names, looked up without Spark. */
class NamedTest {

  private static final String SAMPLE = Path.of("..", "conf", "bikeshare.conf").toString();
  private static final String RUN = "0123456789abcdef0123456789abcdef";

  @TempDir private Path home;
  private LocalStore store;
  private Bundle one;
  private Bundle two;

  @BeforeEach
  void promoteTwoBundles() throws IOException {
    Files.createDirectories(home.resolve("data/bikeshare/table/_delta_log"));
    store = new LocalStore(home.resolve("models/bikeshare"));
    one = Stumps.regression(home.resolve("one"), "x", 1, 2);
    two = Stumps.regression(home.resolve("two"), "x", 3, 4);
    one.copyTo(store, Home.stagedBundle(RUN, 1));
    new Runs(store).write(RunRecords.published("bikeshare", RUN, 1), "<html/>");
    Publish publish = new Publish(store, Clock.fixed(Cli.NOW, ZoneOffset.UTC));
    Publish.Cause won =
        new Publish.Cause(Promotion.Action.PROMOTE, RUN, "PROMOTE", "it won", "file:/r.html");
    publish.promote(one, 0, won);
    publish.promote(two, 1, won);
  }

  private Cli dryRun(String typed) {
    List<String> args = new ArrayList<>(List.of(typed.strip().split(" ")));
    args.addAll(List.of("--conf", SAMPLE, "--home", home.toString(), "--dry-run"));
    return Cli.run(args.toArray(String[]::new));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "promote --run 00000000000000000000000000000000 | model 'bikeshare' has no finished run 0000",
        "rollback --to 99 --reason x | there is no promotion 99",
        "rollback --to 2 --reason x | promotion 2 holds the bundle that is the champion already",
        "backtest --bundle 777777777777 | there is no published bundle or run '777777777777'",
      })
  void aDryRunMissesWhatIsNotThere(String typed, String message) {
    Cli cli = dryRun(typed);

    assertThat(cli.exitCode()).as(cli.err()).isEqualTo(3);
    assertThat(cli.err()).contains("error: " + message);
  }

  @Test
  void aDryRunSaysWhatItFound() {
    assertThat(dryRun("promote --run " + RUN).out())
        .contains("run " + RUN + " staged the bundle " + one.digest() + ", which is intact");
    assertThat(dryRun("rollback --reason x").out())
        .contains("promotion 1, whose bundle " + one.digest() + " is intact, can come back");
    assertThat(dryRun("backtest --bundle " + one.digest().substring(0, 12)).out())
        .contains("bundle " + one.digest() + " is intact");
    assertThat(dryRun("backtest").exitCode()).isZero();
    assertThat(new PromotionLog(store).lastSequence()).isEqualTo(2);
  }

  @Test
  void aDryRunLooksAtTheBundleThatWouldComeBack() throws IOException {
    Files.writeString(
        home.resolve("models/bikeshare/bundles").resolve(one.digest()).resolve(Bundle.MODEL), "x");

    Cli cli = dryRun("rollback --reason x");

    assertThat(cli.exitCode()).isEqualTo(3);
    assertThat(cli.err()).contains("cannot roll back to promotion 1: ");
  }

  @Test
  void aRollbackThatLosesTheRaceEndsWithCodeFour() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            clock(this::enterARival),
            () -> 0);

    int exitCode =
        Reforest.run(
            new String[] {
              "rollback",
              "--conf",
              SAMPLE,
              "--home",
              home.toString(),
              "--reason",
              "off since Monday"
            },
            console,
            SparkRunner::new);

    assertThat(exitCode).as(err.toString(StandardCharsets.UTF_8)).isEqualTo(4);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("error: another promotion came first, so nothing was rolled back")
        .contains("and decide again");
    assertThat(Cli.json(out.toString(StandardCharsets.UTF_8)).at("/error/code").textValue())
        .isEqualTo("race");
    assertThat(new PromotionLog(store).all())
        .extracting(Promotion::reason)
        .containsExactly("it won", "it won", "a rival was faster");
  }

  /** A promotion looks at the clock once it has decided what to enter, and where. */
  private static Clock clock(Runnable meanwhile) {
    int[] asked = {0};
    InstantSource source =
        () -> {
          // The first to ask is the shell, when the command begins.
          if (++asked[0] == 2) {
            meanwhile.run();
          }
          return Cli.NOW;
        };
    return source.withZone(ZoneOffset.UTC);
  }

  private void enterARival() {
    Promotion rival =
        new Promotion(
            3,
            "bikeshare",
            two.digest(),
            Optional.of(two.digest()),
            Promotion.Action.OVERRIDE,
            "rival",
            "KEEP",
            "a rival was faster",
            "nowhere",
            Instant.EPOCH,
            "rival");
    assertThat(new PromotionLog(store).append(rival)).isTrue();
  }
}
