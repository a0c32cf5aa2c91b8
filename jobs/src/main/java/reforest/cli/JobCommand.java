package reforest.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reforest.bundle.ReforestException;
import reforest.cli.terminal.ConsoleProgress;
import reforest.cli.terminal.NextCommand;
import reforest.cli.terminal.SparkTasks;
import reforest.cli.terminal.Ticker;
import reforest.cli.terminal.Words;
import reforest.cli.terminal.Words.Tone;
import reforest.config.ConfigReader;
import reforest.config.Configuration;
import reforest.config.EffectiveConfig;
import reforest.home.Home;
import reforest.home.Location;
import reforest.home.Patience;
import reforest.job.Job;
import reforest.job.Jobs;
import reforest.job.Preflight;

/**
 * A command that runs a job on one configured model.
 *
 * @param <R> what the job returns
 */
abstract class JobCommand<R> extends ShellCommand {

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description =
          "The model's configuration, such as conf/bikeshare.conf: a path, a URI of any Hadoop file"
              + " system, or - for standard input. Repeat to layer files.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--home",
      paramLabel = "URI",
      description = "Folder of tables, runs, bundles and promotions; the same as home=URI.")
  private @Nullable String home;

  @Option(
      names = "--print-config",
      description = "Show every setting with its value and where it comes from, then end.")
  private boolean printConfig;

  @Option(
      names = "--dry-run",
      description =
          "Check all that can be checked without starting Spark, change nothing, then end.")
  private boolean dryRun;

  @Parameters(
      paramLabel = "KEY=VALUE",
      description = "Settings that go before the file's, such as train.seed=7.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      description =
          "Tell on stderr what is waited for when no task of Spark has ended for so long; 300 by"
              + " default.")
  private int patience = 300;

  /** The home, as a person would write it. */
  private String place = "";

  JobCommand(Shell shell, String name) {
    super(shell, name);
  }

  /** The job that was asked for. */
  abstract Job<R> job(Jobs jobs, Configuration configuration);

  /** What is told of its result, to machines. */
  abstract Outcome told(Home home, Configuration configuration, R result);

  /** The configuration when no file is named. */
  List<Path> filesByDefault() {
    throw new ReforestException(
        ReforestException.Kind.ARGUMENTS,
        "no configuration is named",
        "add --conf FILE, such as --conf conf/bikeshare.conf");
  }

  /**
   * Looks at the command's own options before anything is opened.
   *
   * @throws ReforestException of kind {@code ARGUMENTS} when one cannot be accepted
   */
  void checkOptions() {}

  /** Whether the command's job knows by itself to change nothing, and finds out more with Spark. */
  boolean dryRunNeedsSpark() {
    return false;
  }

  final boolean isDryRun() {
    return dryRun;
  }

  /** Overrides that the command's own options stand for. */
  List<String> ownOverrides() {
    return home == null ? List.of() : List.of("home=" + home);
  }

  @Override
  final Outcome run() {
    checkOptions();
    if (patience < 1) {
      throw new ReforestException(
          ReforestException.Kind.ARGUMENTS,
          "--patience must be at least 1 second, got " + patience,
          "leave it out for 300 seconds");
    }
    List<String> all = new ArrayList<>(overrides);
    all.addAll(ownOverrides());
    Configuration configuration = ConfigReader.read(files(), all, console().environment());
    known().model(configuration.model().model());
    if (printConfig) {
      return printed(configuration);
    }
    URI at = configuration.model().home();
    Home opened = Home.at(at, Patience.within(at, spark(), configuration.store().timeout()));
    place = home != null ? home : shown(opened.root());
    if (dryRun && !dryRunNeedsSpark()) {
      return checked(configuration, opened);
    }
    SparkTasks tasks = new SparkTasks(console().nanos());
    ConsoleProgress progress =
        new ConsoleProgress(
            console().err(),
            known()::known,
            shell().view().progress(),
            console().nanos(),
            tasks,
            Duration.ofSeconds(patience));
    JobRunner.Setting setting =
        new JobRunner.Setting(opened, console().clock(), console().nanos(), progress, tasks);
    Ticker ticker = new Ticker(progress::tick);
    try (JobRunner runner = shell().runner()) {
      return runner.run(
          setting, jobs -> job(jobs, configuration), result -> told(opened, configuration, result));
    } finally {
      ticker.close();
      progress.finish();
    }
  }

  private List<Path> files() {
    return files.isEmpty()
        ? filesByDefault()
        : files.stream().map(typed -> ConfFile.of(typed, console(), spark())).toList();
  }

  /** Another command on what was typed: the same files, home and settings. */
  final String again(String command, String... more) {
    List<String> words = new ArrayList<>(List.of(command));
    files.forEach(file -> words.addAll(List.of("--conf", file.toString())));
    if (home != null) {
      words.addAll(List.of("--home", home));
    }
    words.addAll(overrides);
    words.addAll(List.of(more));
    return NextCommand.of(console().environment(), words);
  }

  /** A command that needs the home alone. */
  final String atHome(String command, String... arguments) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--home", place));
    return NextCommand.of(console().environment(), words);
  }

  private Outcome checked(Configuration configuration, Home home) {
    Jobs jobs =
        Jobs.on(
            () -> {
              throw new IllegalStateException("a dry run opens no Spark");
            },
            home);
    Preflight.Result found = job(jobs, configuration).check();
    Outcome.Builder outcome =
        Outcome.of(configuration.model().model()).reasons(found.passed()).detail("dryRun", true);
    found.champion().ifPresent(p -> outcome.champion(p.sequence(), p.bundle()));
    return outcome.words(words -> checked(words, found.passed())).build();
  }

  private static void checked(Words.Builder words, List<String> passed) {
    passed.forEach(what -> words.line(Tone.GOOD.of("ok  "), Tone.PLAIN.of(what)));
    words.say("Nothing was started. The same command without --dry-run does it.");
  }

  private static String shown(URI root) {
    return Location.isLocal(root) ? Location.path(root).toString() : root.toString();
  }

  final boolean hasHome() {
    return home != null;
  }

  private static Outcome printed(Configuration configuration) {
    List<Map<String, String>> settings = new ArrayList<>();
    for (EffectiveConfig.Setting setting : configuration.effective().settings()) {
      Map<String, String> shown = new LinkedHashMap<>();
      shown.put("key", setting.key());
      shown.put("value", setting.value());
      shown.put("origin", setting.origin());
      settings.add(shown);
    }
    return Outcome.of(configuration.model().model())
        .detail("digest", configuration.model().digest())
        .detail("config", settings)
        .words(words -> configuration.effective().text().lines().forEach(words::say))
        .build();
  }
}
