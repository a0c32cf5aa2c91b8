package reforest.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reforest.bundle.ReforestException;
import reforest.config.ConfigReader;
import reforest.config.Configuration;
import reforest.config.EffectiveConfig;
import reforest.job.Ask;
import reforest.job.DryRun;
import reforest.job.Outcome;
import reforest.job.Work;

/** A command that works on one configured model. */
abstract class JobCommand extends ShellCommand {

  @Option(
      names = "--conf",
      paramLabel = "FILE",
      description =
          "The model's configuration, such as conf/bikeshare.conf. Repeat to layer files.")
  private List<Path> files = new ArrayList<>();

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
      description = "Check all that can be checked without starting Spark, then end.")
  private boolean dryRun;

  @Parameters(
      paramLabel = "KEY=VALUE",
      description = "Settings that go before the file's, such as train.seed=7.")
  private List<String> overrides = new ArrayList<>();

  JobCommand(Shell shell, String name) {
    super(shell, name);
  }

  /** The command's own part. */
  abstract Outcome run(Work work, Ask ask);

  /** What must be there before the command makes sense, for {@code --dry-run}. */
  abstract DryRun.Needs needs(Ask ask);

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

  /** Overrides that the command's own options stand for. */
  List<String> ownOverrides() {
    return home == null ? List.of() : List.of("home=" + home);
  }

  @Override
  final Outcome run() {
    checkOptions();
    List<String> all = new ArrayList<>(overrides);
    all.addAll(ownOverrides());
    Configuration configuration =
        ConfigReader.read(files.isEmpty() ? filesByDefault() : files, all, console().environment());
    known().model(configuration.model().model());
    Ask ask = new Ask(configuration, spark(), console(), known());
    if (printConfig) {
      return printed(configuration);
    }
    if (dryRun) {
      return DryRun.of(ask, needs(ask));
    }
    try (Work work = shell().work()) {
      return run(work, ask);
    }
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
        .build();
  }
}
