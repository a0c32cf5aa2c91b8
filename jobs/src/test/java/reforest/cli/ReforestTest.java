package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.bundle.ReforestException;
import reforest.config.ModelConfig;
import reforest.home.Home;
import reforest.job.BundleAt;
import reforest.job.Progress;
import reforest.job.Retrain;
import reforest.testing.UndeclaredExceptions;

class ReforestTest {

  private static final String SAMPLE = Path.of("..", "conf", "bikeshare.conf").toString();
  private static final Outcome KEPT =
      Outcome.of("bikeshare")
          .verdict("KEEP", List.of("the champion is better"))
          .run("abc")
          .dataVersion(7)
          .metric("rmse", 41.5)
          .metric("bias", Double.NaN)
          .bundle("0123", "file:///x")
          .champion(3, "4567")
          .detail("tries", List.of(1, 2))
          .build();

  @TempDir private Path folder;

  private Cli run(JobRunner work, String command, String... more) {
    List<String> args =
        new ArrayList<>(List.of(command, "--conf", SAMPLE, "--home", folder.toString()));
    args.addAll(List.of(more));
    return Cli.run(() -> work, "", args.toArray(String[]::new));
  }

  @Test
  void tellsTheVersionsOfWhatItRunsOn() {
    Cli cli = Cli.run("--version");

    assertThat(cli.exitCode()).isZero();
    assertThat(cli.out().lines().map(line -> line.split(" ", 2)[0]))
        .containsExactly("delta", "hadoop", "java", "os", "reforest", "spark", "revision");
    assertThat(cli.out()).contains("java " + System.getProperty("java.version"));
  }

  @Test
  void printsOneResultAndWritesTheSameFile() throws IOException {
    Path file = folder.resolve("out").resolve("result.json");

    Cli cli = run(new RecordedRunner(setting -> KEPT), "retrain", "--result", file.toString());

    assertThat(cli.exitCode()).isZero();
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out())
        .isEqualTo(
            """
            {
              "schema": 1,
              "command": "retrain",
              "status": "ok",
              "verdict": "KEEP",
              "reasons": ["the champion is better"],
              "model": "bikeshare",
              "run": "abc",
              "dataVersion": 7,
              "metrics": {"rmse":41.5,"bias":null},
              "bundle": {"digest":"0123","location":"file:///x"},
              "report": null,
              "champion": {"sequence":3,"digest":"4567"},
              "error": null,
              "startedAt": "2026-01-02T03:04:05Z",
              "seconds": 0.0,
              "tries": [1,2]
            }
            """)
        .isEqualTo(Files.readString(file));
    try (var files = Files.list(file.resolveSibling("."))) {
      assertThat(files.toList()).hasSize(1);
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "ingest --source a.csv | ingest Options[source=Optional[a.csv]]",
        "ingest | ingest Options[source=Optional.empty]",
        "restore --data-version 3 --reason twice | restore Options[dataVersion=3, reason=twice]",
        "remove data.key=[ts,hum] --key ts=2012-07-04T09:00,hum=9 --key=hum=8,ts=2012-07-04T09:00 --reason clock | remove Options[choice=RowChoice[keys=[{ts=2012-07-04T09:00, hum=9}, {hum=8, ts=2012-07-04T09:00}], where=Optional.empty], reason=clock, look=false]",
        "remove --where hr>22 --reason clock --dry-run | remove Options[choice=RowChoice[keys=[], where=Optional[hr>22]], reason=clock, look=true]",
        "retrain | retrain Options[publish=false, version=VersionChoice[dataVersion=Optional.empty, asOf=Optional.empty], logicalDate=Optional.empty, force=Optional.empty]",
        "retrain --publish --as-of 2026-05-04 --logical-date w18 | retrain Options[publish=true, version=VersionChoice[dataVersion=Optional.empty, asOf=Optional[2026-05-04T00:00:00Z]], logicalDate=Optional[w18], force=Optional.empty]",
        "retrain --force --reason again --data-version 2 | retrain Options[publish=false, version=VersionChoice[dataVersion=Optional[2], asOf=Optional.empty], logicalDate=Optional.empty, force=Optional[again]]",
        "backtest --bundle 3f | backtest Options[bundle=Optional[3f], version=VersionChoice[dataVersion=Optional.empty, asOf=Optional.empty]]",
        "promote --run 0123456789abcdef0123456789abcdef | promote Options[run=0123456789abcdef0123456789abcdef, override=Optional.empty, expected=Optional.empty]",
        "promote --run 0123456789abcdef0123456789abcdef --expect 0 | promote Options[run=0123456789abcdef0123456789abcdef, override=Optional.empty, expected=Optional[0]]",
        "promote --run 0123456789abcdef0123456789abcdef --override --reason recall | promote Options[run=0123456789abcdef0123456789abcdef, override=Optional[recall], expected=Optional.empty]",
        "rollback --reason nights | rollback Options[to=Optional.empty, expected=Optional.empty, reason=nights]",
        "rollback --to 3 --expect 6 --reason nights | rollback Options[to=Optional[3], expected=Optional[6], reason=nights]",
        "repair | repair",
        "demo | demo",
      })
  void asksForWhatWasTyped(String typed, String request) {
    RecordedRunner work = new RecordedRunner(setting -> Outcome.nothing());
    String[] words = typed.strip().split(" ");

    Cli cli = run(work, words[0], List.of(words).subList(1, words.length).toArray(String[]::new));

    assertThat(cli.exitCode()).as(cli.err()).isZero();
    assertThat(work.requests).containsExactly(request.strip(), "closed");
  }

  @Test
  void handsOverridesAndSparkSettingsOn() {
    RecordedRunner work = new RecordedRunner(setting -> Outcome.nothing());

    run(work, "retrain", "train.seed=7", "--spark", "spark.master=local[4]", "gate.alpha=0.1");

    assertThat(work.jobs).hasSize(1);
    ModelConfig config = ((Retrain) work.jobs.get(0)).configuration().model();
    assertThat(config.train().seed()).isEqualTo(7);
    assertThat(config.gate().alpha()).isEqualTo(0.1);
    Home home = work.settings.get(0).home();
    assertThat(home.spark()).containsEntry("spark.master", "local[4]");
    assertThat(home.table("bikeshare").getPath()).isEqualTo(folder + "/data/bikeshare/table");
  }

  @ParameterizedTest
  @EnumSource(ReforestException.Kind.class)
  void tellsWhatAPersonCanMendWithoutAStackTrace(ReforestException.Kind kind) throws IOException {
    Path file = folder.resolve("result.json");
    RecordedRunner work =
        new RecordedRunner(
            setting -> {
              throw new IllegalStateException(
                  new ReforestException(kind, "the table is gone", "restore it"));
            });

    Cli cli = run(work, "retrain", "--result", file.toUri().toString());

    assertThat(cli.exitCode()).isEqualTo(kind.exitCode());
    assertThat(cli.err()).isEqualTo("error: the table is gone\nhint: restore it\n");
    assertThat(cli.out()).isEqualTo(Files.readString(file));
    JsonNode error = cli.result().get("error");
    assertThat(cli.result().get("status").textValue()).isEqualTo("error");
    assertThat(error.get("exitCode").intValue()).isEqualTo(kind.exitCode());
    assertThat(error.get("message").textValue()).isEqualTo("the table is gone");
    assertThat(error.get("hint").textValue()).isEqualTo("restore it");
    assertThat(work.requests).endsWith("closed");
  }

  @Test
  void tellsOfAFailureWhatWasKnownByThen() {
    RecordedRunner work =
        new RecordedRunner(
            setting -> {
              setting
                  .progress()
                  .knows(
                      new Progress.Known(
                          Optional.of("k"),
                          Optional.of(3L),
                          Optional.of(new BundleAt("d", "file:/staged"))));
              throw new ReforestException(ReforestException.Kind.RACE, "late", "again");
            });

    JsonNode told = run(work, "retrain").result();

    assertThat(told.get("status").textValue()).isEqualTo("error");
    assertThat(told.get("reasons").toString()).isEqualTo("[\"late\"]");
    assertThat(told.get("model").textValue()).isEqualTo("bikeshare");
    assertThat(told.get("run").textValue()).isEqualTo("k");
    assertThat(told.get("dataVersion").longValue()).isEqualTo(3);
    assertThat(told.get("bundle").toString())
        .isEqualTo("{\"digest\":\"d\",\"location\":\"file:/staged\"}");
    assertThat(told.get("verdict").isNull()).isTrue();
  }

  @Test
  void showsTheStackTraceOfABug() {
    Cli cli =
        run(
            new RecordedRunner(
                setting -> {
                  throw new IllegalStateException("two champions");
                }),
            "retrain");

    assertThat(cli.exitCode()).isEqualTo(1);
    assertThat(cli.err()).contains("java.lang.IllegalStateException: two champions\n\tat ");
    assertThat(cli.result().at("/error/code").textValue()).isEqualTo("unexpected");
  }

  private static Stream<Arguments> checked() {
    return Stream.of(
        Arguments.of(new SparkException("two jobs of one name"), 1, "unexpected"),
        Arguments.of(new IOException("the file is cut off"), 1, "unexpected"),
        Arguments.of(new SparkException("stage 3", new ConnectException("refused")), 5, "store"),
        Arguments.of(new ConnectException("refused"), 5, "store"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("checked")
  void tellsOfACheckedExceptionThatNothingDeclares(Exception thrown, int exitCode, String code)
      throws IOException {
    Path file = folder.resolve("result.json");
    RecordedRunner work = new RecordedRunner(setting -> UndeclaredExceptions.thrown(thrown));

    Cli cli = run(work, "retrain", "--result", file.toString());

    assertThat(cli.exitCode()).as(cli.err()).isEqualTo(exitCode);
    assertThat(cli.result().at("/error/code").textValue()).isEqualTo(code);
    assertThat(cli.out()).isEqualTo(Files.readString(file));
    assertThat(work.requests).endsWith("closed");
  }

  @Test
  void takesARefusedConnectionForAnOutage() {
    Cli cli =
        run(
            new RecordedRunner(
                setting -> {
                  throw new IllegalStateException(new ConnectException("refused"));
                }),
            "retrain");

    assertThat(cli.exitCode()).isEqualTo(5);
    assertThat(cli.result().at("/error/code").textValue()).isEqualTo("store");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "retrain --publsh | Unknown option: '--publsh' | did you mean --publish?",
        "retran | there is no command 'retran' | did you mean retrain or",
        "rollback --conf x | Missing required option: '--reason=TEXT' | 'reforest rollback --help' explains",
        "restore --data-version x --reason y | Invalid value for option '--data-version': 'x' is not a long | 'reforest restore --help' explains",
        "remove --conf x --reason y | Missing required argument | 'reforest remove --help' explains",
        "remove --conf x --where a --key b=1 --reason y | mutually exclusive | explains",
        "remove --conf x --key b=1 --reason= | a blank text tells nobody why | explains",
        "retrain --as-of May | 'May' is neither a date such as 2026-05-04 nor a time | explains",
        "retrain --as-of 2026-05-04 --data-version 3 | mutually exclusive | explains",
        "retrain --force | --force needs --reason TEXT | explains",
        "retrain --reason x | --reason is for --force, which is missing | explains",
        "promote --run k --override | --override needs --reason TEXT | explains",
        "rollback --conf x --reason= | Invalid value for option '--reason': a blank text tells nobody why | explains",
        "restore --conf x --data-version 1 --reason= | a blank text tells nobody why | explains",
        "retrain --conf x --force --reason= | a blank text tells nobody why | explains",
        "promote --conf x --run k --override --reason= | a blank text tells nobody why | explains",
        "promote --run ../x | --run must be the key of a run, 32 digits of 0-9 and a-f, got '../x' | explains",
      })
  void refusesArgumentsWithAHint(String typed, String message, String hint) throws IOException {
    Path file = folder.resolve("result.json");
    List<String> args = new ArrayList<>(List.of(typed.split(" ")));
    args.add("--result=" + file);

    Cli cli = Cli.run(args.toArray(String[]::new));

    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.err()).contains("error: ", message, "hint: ", hint).doesNotContain("\tat ");
    assertThat(cli.result().at("/error/code").textValue()).isEqualTo("arguments");
    assertThat(Files.readString(file)).isEqualTo(cli.out());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "hour=3 | it does not begin with a column of the key and =",
        "2012-07-04 | it does not begin with a column of the key and =",
        "ts=2012-07-04,ts=2012-07-05 | ts is named twice",
      })
  void refusesAKeyThatCannotBeTakenApart(String key, String why) {
    RecordedRunner work = new RecordedRunner(setting -> Outcome.nothing());

    Cli cli = run(work, "remove", "--key", key, "--reason", "clock");

    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.err())
        .contains("error: --key '" + key + "' names no row: " + why, "hint: write --key ts=...");
  }

  @Test
  void tellsWhichCommandsThereAreWhenNoneIsNamed() {
    Cli cli = Cli.run();

    assertThat(cli.exitCode()).isZero();
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out()).isEqualTo(Cli.run("--help").out()).contains("  retrain ");
  }

  @Test
  void listsConfigurationProblemsAndEndsWithCodeTwo() {
    Cli cli = Cli.run("retrain", "--conf", SAMPLE, "train.fold=3", "gate.alpha=2");

    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.err())
        .startsWith(
            """
            error: 2 configuration problems:
              command line: gate.alpha must be above 0.0 and at most 0.5, got 2
              command line: train.fold is not a known key; did you mean folds?
            hint:""");
    assertThat(Cli.run("retrain").err())
        .startsWith("error: no configuration is named\nhint: add --conf FILE");
  }

  @Test
  void endsWithAStoreErrorWhenTheResultCannotBeWritten() {
    Path file = folder.resolve("file");
    RecordedRunner work =
        new RecordedRunner(
            setting -> {
              write(file);
              return KEPT;
            });

    Cli cli = run(work, "retrain", "--result", file + "/result.json");

    assertThat(cli.exitCode()).isEqualTo(5);
    assertThat(cli.err()).startsWith("error: cannot write the result to file:");
    assertThat(cli.result().get("status").textValue()).isEqualTo("ok");
  }

  private static void write(Path file) {
    try {
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void refusesBeforeAnyWorkAPlaceWhereNoResultCanBeWritten() throws IOException {
    write(folder.resolve("file"));
    RecordedRunner work = new RecordedRunner(setting -> KEPT);

    Cli below = run(work, "retrain", "--result", folder.resolve("file/result.json").toString());
    Cli itself = run(work, "retrain", "--result", folder.toString());
    Cli nowhere = run(work, "retrain", "--result", "nope://host/result.json");

    assertThat(below.exitCode()).isEqualTo(5);
    assertThat(below.err())
        .isEqualTo(
            "error: cannot write the result to file://%1$s/file/result.json: java.io.IOException:"
                    .formatted(folder)
                + " %s/file is not a folder that this user may write\n".formatted(folder)
                + "hint: name a file that this user may write with --result\n");
    assertThat(below.result().at("/error/code").textValue()).isEqualTo("store");
    assertThat(itself.err()).contains("it is a folder");
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(nowhere.err()).contains("no file system knows addresses such as nope:");
    assertThat(work.requests).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("file"));
    }
  }

  @Test
  void showsTheConfigurationWithOriginsAndWithoutSpark() {
    Cli cli = Cli.run("retrain", "--conf", SAMPLE, "--print-config", "train.seed=7");

    assertThat(cli.exitCode()).isZero();
    assertThat(cli.out())
        .contains("{\"key\":\"train.seed\",\"value\":\"7\",\"origin\":\"command line\"}\n".strip())
        .contains("{\"key\":\"data.history\",\"value\":\"\\\"400d\\\"\",\"origin\":\"default\"}");
    assertThat(cli.result().get("digest").textValue()).hasSize(64);
  }

  @Test
  void checksWithoutSparkInADryRun() throws IOException {
    Cli missing = dryRetrain();
    assertThat(missing.exitCode()).isEqualTo(3);
    assertThat(missing.err())
        .contains("error: there is no table at file:", "fill it with 'reforest ingest' first");

    Files.createDirectories(folder.resolve("data/bikeshare/table/_delta_log"));
    Cli found = dryRetrain();
    assertThat(found.exitCode()).as(found.err()).isZero();
    assertThat(found.result().get("reasons").toString())
        .contains("the configuration is valid", "can be written", "there is no champion yet")
        .contains("random forests and gradient-boosted trees are searched");

    for (String version : List.of("0", "1")) {
      Files.createFile(
          folder.resolve(
              "data/bikeshare/table/_delta_log/%s.json".formatted("0".repeat(19) + version)));
    }
    Cli known = dryRetrain("--data-version", "1");
    assertThat(known.exitCode()).as(known.err()).isZero();
    assertThat(known.result().get("reasons").toString()).contains("has version 1");
    Cli unknown = dryRetrain("--data-version", "2");
    assertThat(unknown.exitCode()).isEqualTo(3);
    assertThat(unknown.err())
        .contains("error: version 2 of file:", "does not exist: its log has versions 0 to 1")
        .contains("hint: name one of these, or the newest");

    Cli demo = Cli.run("demo", "--conf", SAMPLE, "--home", folder.toString(), "--dry-run");
    assertThat(demo.exitCode()).isEqualTo(2);
    assertThat(demo.err()).contains("is not empty and not a demo's own: it holds data");

    Cli source =
        Cli.run(
            "ingest",
            "--conf",
            SAMPLE,
            "--home",
            folder.toString(),
            "--dry-run",
            "--source",
            folder.resolve("none.csv").toString());
    assertThat(source.exitCode()).isEqualTo(3);
    assertThat(source.err()).contains("none.csv does not exist");

    Path file = Files.writeString(folder.resolve("file"), "");
    Cli home = Cli.run("repair", "--conf", SAMPLE, "--home", file + "/home", "--dry-run");
    assertThat(home.exitCode()).isEqualTo(5);
    assertThat(home.err()).contains("is not a folder that this user may write");
  }

  @Test
  void namesInADryRunEveryExpressionThatIsNoSqlOrNamesNoColumn() throws IOException {
    Files.createDirectories(folder.resolve("data/bikeshare/table/_delta_log"));
    String slices =
        "slices=[{ name = night, where = \"hrr < 6\" }, { name = cold, where = \"temp <\" },"
            + " { name = wet, where = \"weathersit = 'rain' and hum > 0.5\" }]";
    String baseline = "evaluate.baseline=\"avg(biker) over (partition by hr)\"";

    Cli cli = dryRetrain(slices, baseline);

    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.err())
        .isEqualTo(
            "error: slices[0].where, hrr < 6, names 'hrr', which is no declared column; did you"
                + " mean 'hr'?; slices[1].where, temp <, is no Spark SQL expression:"
                + " [PARSE_SYNTAX_ERROR] Syntax error at or near end of input. SQLSTATE: 42601"
                + " (line 1, pos 6); evaluate.baseline, avg(biker) over (partition by hr), names"
                + " 'biker', which is no declared column; did you mean 'bikers'?\n"
                + "hint: correct the expression; data.columns says which columns there are\n");
    assertThat(dryRetrain().result().get("reasons").toString())
        .contains(
            "slices[2].where can be read, and names declared columns",
            "evaluate.baseline can be read, and names declared columns");
    String business =
        "evaluate.business={ name = cost, sql = \"abs(prediction - lable)\", better = lower }";
    assertThat(dryRetrain(business).err())
        .contains(
            "evaluate.business, abs(prediction - lable), names 'lable', which is no declared column;"
                + " did you mean 'label'?");
    assertThat(dryRetrain(business.replace("lable", "label")).result().get("reasons").toString())
        .contains("evaluate.business can be read, and names declared columns");
    // A session with other extensions may have a parser of its own.
    Cli own = dryRetrain(slices, "--spark", "spark.sql.extensions=org.example.Dialect");
    assertThat(own.exitCode()).as(own.err()).isZero();
    for (String command : List.of("promote --run " + "0".repeat(32), "backtest", "demo")) {
      List<String> args = new ArrayList<>(List.of(command.split(" ")));
      args.addAll(
          List.of("--conf", SAMPLE, "--home", folder.toString(), "--dry-run", slices, baseline));
      Cli other = Cli.run(args.toArray(String[]::new));
      assertThat(other.exitCode()).as(other.err()).isEqualTo(2);
      assertThat(other.err()).contains("names 'hrr', which is no declared column");
    }
  }

  @Test
  void readsInADryRunOfAnIngestWhatComputesItsColumns() throws IOException {
    String text = Files.readString(Path.of(SAMPLE));
    Path conf =
        Files.writeString(
            folder.resolve("hours.conf"),
            text.replace(
                "{ name = hr, type = int,", "{ name = hr, type = int, from = \"hour(ts\","));
    Path good =
        Files.writeString(
            folder.resolve("good.conf"),
            text.replace(
                "{ name = hr, type = int,", "{ name = hr, type = int, from = \"hour(t)\","));
    String home = folder.resolve("home").toString();

    Cli bad = Cli.run("ingest", "--conf", conf.toString(), "--home", home, "--dry-run");

    assertThat(bad.exitCode()).isEqualTo(2);
    assertThat(bad.err())
        .startsWith("error: data.columns[2].from, hour(ts, is no Spark SQL expression: [");
    Cli ingest = Cli.run("ingest", "--conf", good.toString(), "--home", home, "--dry-run");
    assertThat(ingest.exitCode()).as(ingest.err()).isZero();
    assertThat(ingest.result().get("reasons").toString())
        .contains("data.columns[2].from can be read");
    Path spaced =
        Files.writeString(
            folder.resolve("spaced.conf"),
            text.replace("name = windspeed", "name = \"wind speed\"")
                .replace("hum, windspeed]", "hum]"));
    Cli unstorable = Cli.run("ingest", "--conf", spaced.toString(), "--home", home, "--dry-run");
    assertThat(unstorable.exitCode()).isEqualTo(2);
    assertThat(unstorable.err()).contains("'wind speed' holds ' ', which the table cannot store");
  }

  @Test
  void missesInADryRunTheDatesOfADemo() {
    Cli cli =
        Cli.run(
            "demo",
            "--conf",
            SAMPLE,
            "--home",
            folder.toString(),
            "--dry-run",
            "demo.retrain-after=[]");

    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.err()).contains("the configuration says nothing of when the demo retrains");
  }

  private Cli dryRetrain(String... more) {
    List<String> args = new ArrayList<>(List.of("retrain", "--conf", SAMPLE, "--dry-run"));
    args.addAll(List.of("--home", folder.toString()));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ingest",
        "restore",
        "remove",
        "retrain",
        "backtest",
        "check",
        "models",
        "promote",
        "rollback",
        "pull",
        "score",
        "repair",
        "demo"
      })
  void teachesEachCommandWithAnExample(String command) {
    Cli cli = Cli.run(command, "--help");

    assertThat(cli.exitCode()).isZero();
    assertThat(cli.out()).contains("Usage: reforest " + command, "Example", "--result=FILE");
    assertThat(Cli.run("--help").out()).contains("  " + command + " ", "Exit codes:");
  }

  @Test
  void helpKeepsToWhatTheCommandsDo() {
    String retrain = words(Cli.run("retrain", "--help").out());
    String promote = words(Cli.run("promote", "--help").out());

    // A version is looked up by when it was committed, which no row's time tells.
    assertThat(retrain).contains("by when it was committed").doesNotContain("--as-of 2011");
    assertThat(promote).doesNotContain("whatever the gate says").contains("Still refused");
  }

  private static String words(String help) {
    return help.replaceAll("\\s+", " ");
  }

  @Test
  void refusesABundleWithoutDigits() {
    RecordedRunner work = new RecordedRunner(setting -> Outcome.nothing());

    Cli backtest = run(work, "backtest", "--bundle", "");

    assertThat(backtest.exitCode()).isEqualTo(2);
    assertThat(backtest.err()).contains("the digest that was named is empty");
    assertThat(work.requests).containsExactly("closed");
    assertThat(run(work, "models", "--bundle=").exitCode()).isEqualTo(2);
    assertThat(run(work, "check", "--bundle=").exitCode()).isEqualTo(2);
  }

  @Test
  void namesANewFolderForADemoWithoutAHome() {
    RecordedRunner work = new RecordedRunner(setting -> Outcome.nothing());

    Cli cli = Cli.run(() -> work, "", "demo", "--conf", SAMPLE);

    assertThat(cli.exitCode()).as(cli.err()).isZero();
    assertThat(work.settings.get(0).home().root().getPath()).endsWith("/reforest-demo");
  }
}
