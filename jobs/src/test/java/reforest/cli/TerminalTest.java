package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.cli.terminal.Terminal;
import reforest.home.Home;
import reforest.home.Location;
import reforest.job.Ingesting;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.job.Removing;
import reforest.job.Retrain;
import reforest.registry.RunRecord;
import reforest.registry.Runs;
import reforest.testing.CommandResult;
import reforest.testing.GoldenHome;
import reforest.testing.JavaProcesses;

/** A person at a terminal is told in words what a pipe gets as JSON. */
class TerminalTest {

  private static final String ESCAPE = "\u001B[";

  /** Runs a command on a new pseudo-terminal, and copies what appears there to stdout. */
  private static final String ON_A_TERMINAL =
      "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

  @TempDir private Path folder;

  @Test
  void aRealTerminalGetsWordsAndAPipeGetsJson() {
    Path home = GoldenHome.in(folder.resolve("home"));
    List<String> models =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            String.join(java.io.File.pathSeparator, JavaProcesses.classPathOfTests()),
            "reforest.cli.Reforest",
            "models",
            "visits",
            "--home",
            home.toString());
    List<String> onTerminal = new ArrayList<>(List.of("python3", "-c", ON_A_TERMINAL));
    onTerminal.addAll(models);

    CommandResult told = JavaProcesses.command(folder, onTerminal, Map.of("TERM", "xterm")).await();
    CommandResult piped = JavaProcesses.command(folder, models, Map.of("TERM", "xterm")).await();

    assertThat(told.exitCode()).as(told.out() + told.err()).isZero();
    assertThat(told.out())
        .contains(ESCAPE + "1;32mPROMOTE")
        .contains("champion")
        .doesNotContain("{");
    assertThat(piped.succeeded().result().path("runs")).hasSize(4);
    assertThat(piped.out()).doesNotContain(ESCAPE);
  }

  @Test
  void showsTheRunsOfAHomeAndMarksTheChampion() {
    String home = GoldenHome.in(folder.resolve("home")).toString();

    Cli all = Cli.onTerminal(Map.of("NO_COLOR", "1"), "models", "--home", home);
    Cli one = Cli.onTerminal(Map.of(), "models", "visits", "--home", home, "--no-color");

    assertThat(all.exitCode()).as(all.err()).isZero();
    assertThat(all.err()).isEmpty();
    String table =
        """
        when              kind      window                    metric         gain                    verdict       run
        2026-11-30 08:26  develop   2026-03-20 to 2026-04-03  RMSE (visits)  +19.6 (+15.9 to +23.3)  PROMOTE       b84c4f743ddd
        2026-11-30 08:27  publish   2026-04-03 to 2026-05-01  RMSE (visits)  +22.5 (+19.7 to +25.3)  PROMOTE       f97e2bc00dd7 champion
        2026-11-30 08:27  publish   2026-04-03 to 2026-05-01  RMSE (visits)  −0.06 (−1.78 to +0.89)  INCONCLUSIVE  4a7bcb60af54
        2026-11-30 08:27  backtest  2026-04-03 to 2026-05-01  RMSE (visits)  –                       NONE          57ba9f4b3429
        """;
    assertThat(all.out())
        .isEqualTo(table + "next       reforest models visits --home " + home + "\n");
    assertThat(one.out())
        .startsWith(table)
        .contains("\nchampion   promotion 1 of 2026-11-30")
        .endsWith("\nnext       reforest pull visits served --home " + home + "\n");
  }

  /** Answers each job with one result. */
  private record Answered(Object result) implements JobRunner {

    @Override
    @SuppressWarnings("unchecked") // each test asks for the job whose result it is
    public <R> Outcome run(Setting setting, Function<Jobs, Job<R>> job, Function<R, Outcome> told) {
      return told.apply((R) result);
    }

    @Override
    public void close() {}
  }

  private Cli answered(Object result, String... args) {
    List<String> typed = new ArrayList<>(List.of(args));
    typed.addAll(List.of("--conf", GoldenHome.model().toString(), "--home", "there", "--no-color"));
    Cli cli =
        Cli.onTerminal(
            Map.of("REFOREST_COMMAND", "./reforest"),
            () -> new Answered(result),
            typed.toArray(String[]::new));
    assertThat(cli.exitCode()).as(cli.err()).isZero();
    return cli;
  }

  private RunRecord record(String kind) {
    Home home = Home.at(GoldenHome.in(folder.resolve("home")).toUri());
    return new Runs(home.store("visits"))
        .all().stream().filter(record -> record.kind().equals(kind)).findFirst().orElseThrow();
  }

  @Test
  void endsARunWithVerdictReportAndTheNextCommand() {
    RunRecord record = record("publish");

    Cli cli =
        answered(
            new Retrain.Result(record, false, Optional.empty(), List.of(), Optional.empty()),
            "retrain",
            "--publish");

    assertThat(cli.out())
        .isEqualTo(
            """
            visits: Run that may publish, data version 1

            metric         Challenger              Champion                Dummy: one constant
            RMSE (visits)  10.23 (8.90 to 11.56)   10.17 (8.75 to 11.58)   32.7 (29.2 to 36.2)
            MAE (visits)   8.69 (7.29 to 10.09)    8.60 (7.22 to 9.99)     30.4 (26.8 to 34.1)
            R²             0.258 (0.068 to 0.447)  0.267 (0.164 to 0.370)  −6.6 (−8.9 to −4.2)
            Bias (visits)  0.6 (−2.3 to 3.5)       1.8 (−1.1 to 4.7)       30.4 (26.8 to 34.1)

            rows       56 rows in 28 days; trained on 184 rows
            window     2026-04-03 to 2026-05-01
            gain       RMSE (visits) −0.06 (−1.78 to +0.89), must exceed 0
            power      a challenger that is truly better by 5 visits, the gain worth having, would be \
            promoted on such rows with a probability of 100 %; for the primary metric alone, a window of \
            about 6 days would show it with a probability of 80 %

            INCONCLUSIVE  The data does not decide whether the challenger is good enough to replace the \
            champion; a fresh window of about 1,624 days would probably decide.
                          · rmse against the champion: gain -0.064925 lies between -1.7823 and 0.89213, \
            required is more than 0.0000
                          · about 1596 more clusters would probably decide
                          Nothing changed: production goes on with its champion.
            report     HOME/models/visits/runs/4a7bcb60af54a0c3b843ab5001390bce/1/report.html
            next       ./reforest models visits --home there
            """
                .replace("HOME", Location.of("there").toString()));
  }

  @Test
  void beginsWithWhatSomebodyMustLookAt() {
    RunRecord record = record("publish");
    Retrain.Result calm =
        new Retrain.Result(record, false, Optional.empty(), List.of(), Optional.empty());
    Retrain.Result alarmed =
        new Retrain.Result(record, false, Optional.empty(), List.of(), Optional.of("look at this"));

    assertThat(answered(alarmed, "retrain").out()).startsWith("alert: look at this\nvisits: Run");
    assertThat(answered(alarmed, "retrain", "--json").out())
        .contains("\n  \"alert\": \"look at this\"");
    assertThat(answered(calm, "retrain", "--json").out()).doesNotContain("alert");
  }

  @Test
  void tellsOfRowsThatWereRefused() {
    Map<String, Long> reasons = new LinkedHashMap<>(Map.of("visits is missing", 1200L));

    Cli cli =
        answered(
            new Ingesting.Result(
                "file:/t", OptionalLong.of(3), 4, 12_345, 10_000, 1_000, 100, 45, 1_200, reasons),
            "ingest",
            "train.seed=7");

    assertThat(cli.out())
        .isEqualTo(
            """
            visits: 12,345 rows read
            new        10,000
            changed    1,000
            unchanged  100
            repeated   45
            refused    1,200
                       1,200 rows: visits is missing
            table      file:/t
            version    4, before it 3
            next       ./reforest retrain --conf %s --home there train.seed=7
            """
                .formatted(GoldenHome.model()));
  }

  @Test
  void tellsWhichRowsGoAndHowTheyComeBack() {
    Removing.Result some =
        new Removing.Result("file:///t", 4, 4, 1_207, 3_000, List.of("id=1", "id=2"));
    Removing.Result gone =
        new Removing.Result("file:///t", 4, 5, 2, 3_000, List.of("id=1", "id=2"));

    String there = " --conf " + GoldenHome.model() + " --home there";
    assertThat(
            answered(some, "remove", "--where", "id < 9", "--reason", "clock", "--dry-run").out())
        .isEqualTo(
            """
            visits: 1,207 rows of version 4 would be removed, 3,000 would stay
            rows       id=1
                       id=2
                       and 1,205 more
            table      file:///t
            Nothing was removed. The same command without --dry-run does it.
            """);
    assertThat(answered(gone, "remove", "--where", "id < 3", "--reason", "clock").out())
        .isEqualTo(
            """
            visits: version 5 is without 2 rows, 3,000 stayed
            rows       id=1
                       id=2
            table      file:///t
            undo       ./reforest restore%s --data-version 4 --reason TEXT
            next       ./reforest retrain%s
            """
                .formatted(there, there));
  }

  @Test
  void aRunIsPromotedByTheDigitsThatTheTableShows() {
    String home = GoldenHome.in(folder.resolve("home")).toString();
    String[] promote = {
      "promote", "--conf", GoldenHome.model().toString(), "--home", home, "--dry-run", "--run"
    };

    Cli cli =
        Cli.run(
            Stream.concat(Stream.of(promote), Stream.of("b84c4f743ddd")).toArray(String[]::new));
    Cli unknown =
        Cli.run(Stream.concat(Stream.of(promote), Stream.of("0123")).toArray(String[]::new));

    assertThat(cli.exitCode()).as(cli.err()).isZero();
    assertThat(cli.out()).contains("run b84c4f743ddd").contains("staged the bundle");
    assertThat(unknown.exitCode()).isEqualTo(3);
    assertThat(unknown.err()).contains("there is no run '0123'");
  }

  @Test
  void aDryRunSaysHowLargeAWindowTheGainNeeds() {
    String home = GoldenHome.in(folder.resolve("home")).toString();
    String[] retrain = {
      "retrain", "--conf", GoldenHome.model().toString(), "--dry-run", "--no-color", "--home"
    };

    Cli known =
        Cli.onTerminal(
            Map.of(), Stream.concat(Stream.of(retrain), Stream.of(home)).toArray(String[]::new));

    assertThat(known.exitCode()).as(known.err()).isZero();
    assertThat(known.out())
        .contains("ok  the configuration is valid\n")
        .contains(
            "ok  a gain of 5 in rmse is worth having: a window of about 3 days would show it with a probability of 80 %, judging by run 4a7bcb60af54a0c3b843ab5001390bce\n")
        .endsWith("Nothing was started. The same command without --dry-run does it.\n");
  }

  @Test
  void coloursAreLeftOutWhereNobodyWantsThem() {
    String home = GoldenHome.in(folder.resolve("home")).toString();
    String[] models = {"models", "visits", "--home", home};

    assertThat(Cli.onTerminal(Map.of(), models).out()).contains(ESCAPE);
    assertThat(Cli.onTerminal(Map.of("NO_COLOR", ""), models).out()).contains(ESCAPE);
    assertThat(Cli.onTerminal(Map.of("NO_COLOR", "0"), models).out()).doesNotContain(ESCAPE);
    assertThat(Cli.onTerminal(Map.of("TERM", "dumb"), models).out()).doesNotContain(ESCAPE);
    assertThat(Cli.onTerminal(Map.of(), "models", "--home", home, "--no-color").out())
        .doesNotContain(ESCAPE);
  }

  @Test
  void jsonOnATerminalIsTheJsonOfAPipe() {
    String home = GoldenHome.in(folder.resolve("home")).toString();

    Cli told = Cli.onTerminal(Map.of(), "models", "visits", "--home", home, "--json");

    assertThat(told.out()).isEqualTo(Cli.run("models", "visits", "--home", home).out());
    assertThat(told.result().path("model").textValue()).isEqualTo("visits");
  }

  @Test
  void believesTheLauncherOnWhichStreamsAreTerminals() {
    assertThat(Terminal.of(Map.of("REFOREST_TERMINAL", "out err")))
        .isEqualTo(new Terminal(true, true));
    assertThat(Terminal.of(Map.of("REFOREST_TERMINAL", " err")))
        .isEqualTo(new Terminal(false, true));
    assertThat(Terminal.of(Map.of("REFOREST_TERMINAL", ""))).isEqualTo(Terminal.NONE);
  }

  @Test
  void anErrorOnATerminalIsOnStderrAlone() {
    Cli cli = Cli.onTerminal(Map.of(), "models", "nothing", "--home", folder.toString());

    assertThat(cli.exitCode()).isNotZero();
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).startsWith(ESCAPE + "1;31merror:" + ESCAPE + "0m ");
  }
}
