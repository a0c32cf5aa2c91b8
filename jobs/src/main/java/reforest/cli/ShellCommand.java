package reforest.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import reforest.bundle.ReforestException;
import reforest.cli.terminal.Console;
import reforest.cli.terminal.View;
import reforest.config.Secrets;

/** A command with a result: what all commands have in common. */
abstract class ShellCommand implements Callable<Integer> {

  /** Set by {@link Reforest} before logging starts; declared here so that help shows it. */
  @Option(
      names = View.VERBOSE_OPTION,
      description = "Also show the log of Spark and its libraries.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean verbose;

  /** Read by {@link View} with the two below, also where other arguments make no sense. */
  @Option(
      names = View.QUIET_OPTION,
      description = "Show no progress on stderr, only warnings and errors.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean quiet;

  @Option(
      names = View.JSON_OPTION,
      description = "Print the result as JSON also on a terminal, which else gets words.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean json;

  @Option(
      names = View.PLAIN_OPTION,
      description = "Print no colours on a terminal; so does a variable NO_COLOR that is set.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean plain;

  @Option(
      names = Reforest.RESULT_OPTION,
      paramLabel = "FILE",
      description =
          "Write the result there as JSON, on success and on failure; a path, or a URI of any"
              + " Hadoop file system.")
  private @Nullable String result;

  @Option(
      names = Reforest.SPARK_OPTION,
      paramLabel = "KEY=VALUE",
      description =
          "A setting of Spark, such as spark.master=local[4]; those that begin with spark.hadoop"
              + " reach stores, too. Repeat for more.")
  private Map<String, String> spark = new LinkedHashMap<>();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  private final Shell shell;
  private final String name;
  private final Outcome.Builder known = new Outcome.Builder();

  ShellCommand(Shell shell, String name) {
    this.shell = shell;
    this.name = name;
  }

  abstract Outcome run();

  /**
   * Refuses options that do not go together.
   *
   * @throws picocli.CommandLine.ParameterException when they do not
   */
  void validate() {}

  /** Whether stdout carries the result; else it carries what the command makes. */
  boolean printsResult() {
    return true;
  }

  /** Spark's settings, of which {@code spark.hadoop.*} are Hadoop's. */
  final Map<String, String> spark() {
    return spark;
  }

  /** What the result tells if the command fails; filled while it goes on. */
  final Outcome.Builder known() {
    return known;
  }

  final Shell shell() {
    return shell;
  }

  final Console console() {
    return shell.console();
  }

  @Override
  public final Integer call() {
    validate();
    return shell.run(
        name,
        Optional.ofNullable(result).map(typed -> new ResultFile(typed, spark)),
        printsResult(),
        known,
        () -> {
          refuseKeys();
          return run();
        });
  }

  /**
   * Settings stand in process lists, scripts and logs. Those of {@code spark-submit} are found
   * where Spark looks for them: among the system properties, wherever the driver runs. What Spark
   * then copies from the environment is not among them.
   */
  private void refuseKeys() {
    Set<String> keys = new TreeSet<>(System.getProperties().stringPropertyNames());
    keys.addAll(spark.keySet());
    keys.removeIf(key -> !Secrets.isKeyOfS3(key));
    if (!keys.isEmpty()) {
      throw new ReforestException(
          ReforestException.Kind.ARGUMENTS,
          "Spark's settings hold keys of S3: " + String.join(", ", keys),
          "leave keys to the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,"
              + " AWS_SESSION_TOKEN) or to a chain of providers"
              + " (spark.hadoop.fs.s3a.aws.credentials.provider)");
    }
  }
}
