package reforest.it;

import static java.util.concurrent.TimeUnit.MINUTES;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;
import reforest.testing.SparkExtension;

/**
 * A standalone cluster of two workers on the loopback address, of the Spark that people install
 * from PyPI, and that Spark's {@code spark-submit} with the sample settings of {@code conf/}.
 *
 * <p>All its processes end with the JVM of the test, however that ends.
 */
final class Cluster implements AutoCloseable {

  /** What is submitted. */
  static final Path JAR = JavaProcesses.target().resolve("reforest.jar");

  private static final Path PROJECT = JavaProcesses.target().resolveSibling("..").normalize();

  private static final long PATIENCE_MINUTES = 15;

  /**
   * Runs a command whose end is the end of its parent, too: the parent holds the other end of the
   * pipe, which closes with it even where no code of its own runs any more.
   */
  private static final String LEASH =
      """
      exec 3<&0
      "$@" </dev/null 3<&- &
      child=$!
      { cat; kill -9 "$child"; } <&3 >/dev/null 2>&1 3<&- &
      guard=$!
      wait "$child"
      code=$?
      kill "$guard"
      exit "$code"
      """;

  /** As the tests' own JVM: small work, which should start fast. */
  private static final String JAVA =
      "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC";

  private static final Pattern MASTER =
      Pattern.compile("Starting Spark master at (spark://[0-9.:]+)");
  private static final Pattern WORKER = Pattern.compile("(Successfully registered) with");

  private static final Pattern APPLICATION =
      Pattern.compile("Connected to Spark cluster with app ID (app-[0-9-]+)");
  private static final Pattern WORKS = Pattern.compile("Starting task .*executor (\\d+), ");
  private static final Pattern LOST = Pattern.compile("Lost executor (\\d+) on ");
  private static final Pattern JOB =
      Pattern.compile("bin/java .*(deploy\\.SparkSubmit|CoarseGrainedExecutorBackend)");
  private static final Pattern PROCESS =
      Pattern.compile("Started daemon with process name: (\\d+)@");

  private final Path folder;

  /** Master, workers and drivers in the order in which they were started. */
  private final List<Process> processes = new CopyOnWriteArrayList<>();

  private final String master;

  private Cluster(Path folder) {
    this.folder = folder;
    try {
      this.master = daemon("master.Master", MASTER);
      for (int worker = 0; worker < 2; worker++) {
        daemon(
            "worker.Worker",
            WORKER,
            // More than there are, so that several jobs run at once.
            "--cores",
            "4",
            "--memory",
            "4g",
            "--work-dir",
            work(worker).toString(),
            master);
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Starts it.
   *
   * @param folder where it writes
   */
  static Cluster start(Path folder) {
    return new Cluster(folder);
  }

  private Path work(int worker) {
    return folder.resolve("work" + worker);
  }

  /** The wheel's folder, which {@code ./reforest test} fills. */
  private static Path sparkHome() {
    Path lib = PROJECT.resolve(".venv-spark/lib");
    try (Stream<Path> pythons = Files.exists(lib) ? Files.list(lib) : Stream.empty()) {
      return pythons
          .map(python -> python.resolve("site-packages/pyspark"))
          .filter(home -> Files.isExecutable(home.resolve("bin/spark-submit")))
          .findFirst()
          .orElseThrow(
              () ->
                  new AssertionError(
                      "there is no Spark below "
                          + lib
                          + "; './reforest test' installs what requirements-spark.txt names"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessBuilder command(List<String> command) {
    List<String> leashed = new ArrayList<>(List.of("sh", "-c", LEASH, "sh"));
    leashed.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(leashed).directory(folder.toFile());
    Map<String, String> environment = builder.environment();
    environment.put("SPARK_HOME", sparkHome().toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_DAEMON_MEMORY", "256m");
    environment.put("SPARK_DAEMON_JAVA_OPTS", JAVA);
    // Nothing may depend on the place where an executor or the driver runs.
    environment.put("TZ", "Asia/Kolkata");
    return builder;
  }

  /** Starts a part of the cluster and returns what it then says of itself. */
  private String daemon(String name, Pattern says, String... args) {
    List<String> command = new ArrayList<>();
    command.add(sparkHome().resolve("bin/spark-class").toString());
    command.add("org.apache.spark.deploy." + name);
    command.addAll(List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
    command.addAll(List.of(args));
    CompletableFuture<String> started = new CompletableFuture<>();
    StringBuilder log = new StringBuilder();
    try {
      Process process = command(command).redirectErrorStream(true).start();
      processes.add(process);
      Thread reader =
          new Thread(
              () -> {
                try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                  for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    log.append(line).append('\n');
                    first(says, line).ifPresent(started::complete);
                  }
                } catch (IOException e) {
                  log.append(e);
                }
                started.completeExceptionally(new AssertionError(name + " ended: " + log));
              },
              name);
      reader.setDaemon(true);
      reader.start();
      return started.orTimeout(PATIENCE_MINUTES, MINUTES).join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> first(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** What the sample's settings are replaced by: two executors of one core, one on each worker. */
  private static Map<String, String> small() {
    Map<String, String> settings = new TreeMap<>(SparkExtension.SMALL);
    settings.put("spark.driver.memory", "1g");
    settings.put("spark.executor.memory", "640m");
    settings.put("spark.executor.cores", "1");
    settings.put("spark.cores.max", "2");
    settings.put("spark.sql.shuffle.partitions", "2");
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.driver.extraJavaOptions", JAVA);
    settings.put("spark.executor.extraJavaOptions", JAVA);
    return settings;
  }

  /** Submits a command of the shaded jar and waits for its end. */
  CommandResult submit(String... args) {
    return submit(line -> {}, args);
  }

  /**
   * As {@link #submit(String...)}, and passes on each line of the driver's stderr as soon as it is
   * there.
   */
  CommandResult submit(Consumer<String> told, String... args) {
    return submit(Map.of(), told, args);
  }

  /** The same with more settings of Spark. */
  CommandResult submit(Map<String, String> settings, Consumer<String> told, String... args) {
    List<String> command = new ArrayList<>();
    command.add(sparkHome().resolve("bin/spark-submit").toString());
    command.addAll(List.of("--master", master, "--class", "reforest.cli.Reforest"));
    command.add("--properties-file");
    command.add(PROJECT.resolve("conf/standalone.properties").toString());
    Map<String, String> all = small();
    all.putAll(settings);
    all.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.add(JAR.toString());
    command.addAll(List.of(args));
    try {
      Path out = Files.createTempFile(folder, "stdout", ".txt");
      Process process = command(command).redirectOutput(out.toFile()).start();
      processes.add(process);
      CompletableFuture.delayedExecutor(PATIENCE_MINUTES, MINUTES)
          .execute(process::destroyForcibly);
      StringBuilder err = new StringBuilder();
      try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          err.append(line).append('\n');
          told.accept(line);
        }
      } finally {
        process.destroyForcibly().onExit().join();
      }
      return new CommandResult(process.exitValue(), Files.readString(out), err.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * How a job ended that lost executors.
   *
   * @param killed their numbers, in the order in which they were killed
   */
  record Bereft(CommandResult ended, List<String> killed) {

    /** Numbers of the executors that the driver missed while it ran. */
    List<String> missed() {
      return ended.err().lines().flatMap(line -> first(LOST, line).stream()).toList();
    }
  }

  /**
   * Submits a command and kills an executor at each of some stages.
   *
   * @param stages what the driver prints when it comes to each, in that order
   */
  Bereft bereave(List<String> stages, String... args) {
    Raid raid = new Raid(stages);
    return new Bereft(submit(raid::line, args), raid.killed);
  }

  /** Kills executors of one job by what its driver prints. */
  private final class Raid {

    private final List<String> left;
    private final List<String> killed = new ArrayList<>();

    /** Executors that were given work, those that have worked longest first. */
    private final Set<String> working = new LinkedHashSet<>();

    private final Set<String> gone = new HashSet<>();
    private String application = "";
    private int due;

    Raid(List<String> stages) {
      this.left = new ArrayList<>(stages);
    }

    void line(String line) {
      first(APPLICATION, line).ifPresent(it -> application = it);
      first(WORKS, line).filter(it -> !gone.contains(it)).ifPresent(working::add);
      first(LOST, line).ifPresent(this::leaves);
      if (!left.isEmpty() && line.contains(left.get(0))) {
        left.remove(0);
        due++;
      }
      // Where none works now, the next one that does is killed: the driver may not miss others.
      while (due > 0 && !working.isEmpty()) {
        String executor = working.iterator().next();
        leaves(executor);
        process(application, executor).destroyForcibly();
        killed.add(executor);
        due--;
      }
    }

    private void leaves(String executor) {
      working.remove(executor);
      gone.add(executor);
    }
  }

  /** The process of an executor, as its own log names it. */
  private ProcessHandle process(String application, String executor) {
    for (int worker = 0; worker < 2; worker++) {
      Path log = work(worker).resolve(application).resolve(executor).resolve("stderr");
      if (Files.exists(log)) {
        try {
          long pid = Long.parseLong(first(PROCESS, Files.readString(log)).orElseThrow());
          // No other process on this machine that may have got the number since.
          return processes.stream()
              .flatMap(Cluster::descendants)
              .filter(process -> process.pid() == pid)
              .findFirst()
              .orElseThrow();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    throw new AssertionError("no worker has a log of executor " + executor + " of " + application);
  }

  /** CPU time that the drivers and executors which run now have taken. */
  Duration cpu() {
    return processes.stream()
        .flatMap(Cluster::descendants)
        .map(ProcessHandle::info)
        .filter(of -> of.commandLine().filter(it -> JOB.matcher(it).find()).isPresent())
        .map(of -> of.totalCpuDuration().orElseThrow())
        .reduce(Duration.ZERO, Duration::plus);
  }

  @Override
  public void close() {
    // Drivers before those who would give their executors' work to others.
    for (int i = processes.size() - 1; i >= 0; i--) {
      Process process = processes.get(i);
      // Executors are descendants of the workers, and would outlive them for a while.
      descendants(process).forEach(ProcessHandle::destroyForcibly);
      process.onExit().join();
    }
  }

  /** None of one that has ended, whose number may be that of another process now. */
  private static Stream<ProcessHandle> descendants(Process process) {
    return process.isAlive() ? process.descendants() : Stream.empty();
  }
}
