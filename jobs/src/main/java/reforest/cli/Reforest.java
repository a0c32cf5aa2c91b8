package reforest.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import reforest.bundle.ReforestException;
import reforest.cli.terminal.Console;
import reforest.cli.terminal.ConsoleProgress;
import reforest.cli.terminal.Terminal;
import reforest.cli.terminal.View;
import reforest.registry.BuildInfo;

/**
 * The command line: reads arguments, runs one command, and tells how it ended.
 *
 * <p>stdout carries one JSON result and nothing else (for {@code score}: the predictions), or words
 * for a person where it is a terminal; stderr carries the log and a line for each stage.
 */
@Command(
    name = "reforest",
    header = "Retrains forests, and lets a new one replace the old only when it wins.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Reforest.Versions.class,
    footer = {
      "%nStart here:",
      "  reforest demo                                  a year of data in some minutes",
      "  reforest retrain --help                        what a retrain does",
      "%nExit codes: 0 done, whatever the verdict; 1 a bug; 2 arguments or configuration; 3 data"
          + " refused; 4 another promotion came first; 5 a store or the cluster is unavailable, or output"
          + " cannot be written; 141 the reader of standard output has closed it."
    })
public final class Reforest implements Runnable {

  static final String RESULT_OPTION = "--result";
  static final String SPARK_OPTION = "--spark";

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Option(
      names = "--version",
      versionHelp = true,
      description = "Show the versions of Reforest and of what it runs on.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean version;

  private Reforest() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    Console console =
        new Console(
            System.in,
            new Stdout(new FileOutputStream(FileDescriptor.out)),
            new PrintStream(System.err, true, StandardCharsets.UTF_8),
            System.getenv(),
            Clock.systemUTC(),
            System::nanoTime,
            Terminal.of(System.getenv()));
    setLog(List.of(args), View.of(console, List.of(args)));
    System.exit(run(args, console, SparkRunner::new));
  }

  /** Log4j reads these properties once, with the first logger. */
  private static void setLog(List<String> args, View view) {
    if (args.contains(View.VERBOSE_OPTION)) {
      System.setProperty("reforest.log", "info");
      System.setProperty("reforest.log.spark", "info");
    } else if (view.progress() != ConsoleProgress.Style.LINES) {
      System.setProperty("reforest.log.own", "warn");
    }
    if (view.progress() == ConsoleProgress.Style.CHANGING_LINE) {
      System.setProperty("reforest.log.before", ConsoleProgress.ERASED);
    }
  }

  /**
   * Runs one command.
   *
   * @param args the command's name and its arguments
   * @param console where to read and print
   * @param runner runs jobs; asked only by commands that are one
   * @return the exit code: 0 done, 1 a bug, 2 arguments or configuration, 3 data refused, 4 lost a
   *     race, 5 store or cluster unavailable, 141 nobody reads standard output any more
   */
  public static int run(String[] args, Console console, Supplier<JobRunner> runner) {
    Shell shell = new Shell(console, runner, View.of(console, List.of(args)));
    Optional<Failure> unreadable = unreadable(List.of(args), console);
    if (unreadable.isPresent()) {
      return shell.refuse(args[0], Optional.empty(), unreadable.get());
    }
    CommandLine line = new CommandLine(new Reforest());
    List<Function<Shell, ShellCommand>> commands =
        List.of(
            IngestCommand::new,
            RestoreCommand::new,
            RemoveCommand::new,
            RetrainCommand::new,
            BacktestCommand::new,
            CheckCommand::new,
            ModelsCommand::new,
            ReportCommand::new,
            PromoteCommand::new,
            RollbackCommand::new,
            PullCommand::new,
            ScoreCommand::new,
            RepairCommand::new,
            DemoCommand::new,
            SimulateCommand::new);
    commands.forEach(command -> line.addSubcommand(command.apply(shell)));
    PrintWriter help = new PrintWriter(console.out(), true, StandardCharsets.UTF_8);
    line.setOut(help);
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setOverwrittenOptionsAllowed(false);
    line.setAbbreviatedOptionsAllowed(false);
    line.setUsageHelpAutoWidth(false);
    line.setParameterExceptionHandler((e, typed) -> refuse(shell, e, typed));
    int exitCode = line.execute(args);
    help.flush();
    return shell.ended(exitCode);
  }

  /** An argument, or the folder where relative ones begin, that Java could not read. */
  private static Optional<Failure> unreadable(List<String> args, Console console) {
    if (args.isEmpty() || args.contains("--help") || args.contains("--version")) {
      return Optional.empty();
    }
    List<String> told = new ArrayList<>(args);
    told.add(System.getProperty("user.dir", ""));
    return FileNames.unreadable(
        told, console.environment(), System.getProperty("sun.jnu.encoding", ""));
  }

  /** A line for the project and each thing that decides what it does. */
  static final class Versions implements IVersionProvider {

    @Override
    public String[] getVersion() {
      List<String> lines = new ArrayList<>();
      BuildInfo.versions().forEach((name, version) -> lines.add(name + " " + version));
      lines.add("revision " + BuildInfo.revision());
      return lines.toArray(String[]::new);
    }
  }

  /** Whoever names no command is told which there are. */
  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }

  private static int refuse(Shell shell, ParameterException e, String[] args) {
    CommandSpec spec = e.getCommandLine().getCommandSpec();
    String message = String.valueOf(e.getMessage());
    String meant = "";
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      meant = "did you mean " + String.join(" or ", unmatched.getSuggestions()) + "? ";
    }
    if (e instanceof UnmatchedArgumentException unmatched && spec.parent() == null) {
      // All that follows an unknown command is unmatched, too, and none of it is wrong.
      message = "there is no command '" + unmatched.getUnmatched().get(0) + "'";
    }
    Failure failure =
        Failure.of(
            ReforestException.Kind.ARGUMENTS,
            message,
            meant + "'" + spec.qualifiedName() + " --help' explains");
    return shell.refuse(spec.name(), resultFile(args), failure);
  }

  /** What {@code --result} asks for, also when the other arguments make no sense. */
  private static Optional<ResultFile> resultFile(String[] args) {
    Map<String, String> spark = new LinkedHashMap<>();
    for (String setting : values(SPARK_OPTION, args)) {
      String[] parts = setting.split("=", 2);
      if (parts.length == 2) {
        spark.put(parts[0], parts[1]);
      }
    }
    return values(RESULT_OPTION, args).stream()
        .findFirst()
        .map(typed -> new ResultFile(typed, spark));
  }

  private static List<String> values(String option, String[] args) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(option + "=")) {
        values.add(args[i].substring(option.length() + 1));
      } else if (args[i].equals(option) && i + 1 < args.length && !args[i + 1].startsWith("-")) {
        values.add(args[i + 1]);
      }
    }
    return values;
  }
}
