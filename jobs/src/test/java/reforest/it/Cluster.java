package reforest.it;

import static java.util.concurrent.TimeUnit.MINUTES;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A standalone cluster of two workers on the loopback address, of the Spark that people install
 * from PyPI, and that Spark's {@code spark-submit} with the sample settings of {@code conf/}.
 */
final class Cluster implements AutoCloseable {

  private static final Path PROJECT = Jvm.target().resolveSibling("..").normalize();
  private static final long PATIENCE_MINUTES = 8;

  /** As the tests' own JVM: small work, which should start fast. */
  private static final String JAVA =
      "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC";

  private static final Pattern STARTED =
      Pattern.compile("Starting Spark master at (spark://\\S+)|Successfully (registered) with");

  private final Path folder;
  private final List<Process> daemons = new ArrayList<>();
  private final String master;

  private Cluster(Path folder) {
    this.folder = folder;
    this.master = daemon("master.Master");
    for (int worker = 0; worker < 2; worker++) {
      daemon(
          "worker.Worker",
          // More than there are, so that several jobs run at once.
          "--cores",
          "4",
          "--memory",
          "4g",
          "--work-dir",
          folder.resolve("work" + worker).toString(),
          master);
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
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
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
  private String daemon(String name, String... args) {
    List<String> command = new ArrayList<>();
    command.add(sparkHome().resolve("bin/spark-class").toString());
    command.add("org.apache.spark.deploy." + name);
    command.addAll(List.of("--host", "127.0.0.1", "--port", "0", "--webui-port", "0"));
    command.addAll(List.of(args));
    CompletableFuture<String> started = new CompletableFuture<>();
    StringBuilder log = new StringBuilder();
    try {
      Process process = command(command).redirectErrorStream(true).start();
      daemons.add(process);
      Thread reader =
          new Thread(
              () -> {
                try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                  lines
                      .lines()
                      .forEach(
                          line -> {
                            log.append(line).append('\n');
                            Matcher matcher = STARTED.matcher(line);
                            if (matcher.find()) {
                              started.complete(
                                  matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
                            }
                          });
                } catch (IOException | UncheckedIOException e) {
                  log.append(e);
                }
                started.completeExceptionally(new AssertionError(name + " ended: " + log));
              },
              name);
      reader.setDaemon(true);
      reader.start();
      return started.orTimeout(2, MINUTES).join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A job's own settings: two executors of one core, one on each worker. */
  static Map<String, String> small() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("spark.driver.memory", "1g");
    settings.put("spark.executor.memory", "640m");
    settings.put("spark.executor.cores", "1");
    settings.put("spark.cores.max", "2");
    settings.put("spark.sql.shuffle.partitions", "2");
    settings.put("spark.sql.codegen.wholeStage", "false");
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.driver.extraJavaOptions", JAVA);
    settings.put("spark.executor.extraJavaOptions", JAVA);
    return settings;
  }

  /** Submits a command of the shaded jar and waits for its end. */
  Ended submit(Map<String, String> settings, String... args) {
    return watched(settings, (line, driver) -> {}, args);
  }

  /** Who is told of each line on a driver's stderr as soon as it is there. */
  interface Watch {
    void line(String line, ProcessHandle driver);
  }

  /** As {@link #submit}, and tells of each line on stderr. */
  Ended watched(Map<String, String> settings, Watch watch, String... args) {
    List<String> command = new ArrayList<>();
    command.add(sparkHome().resolve("bin/spark-submit").toString());
    command.addAll(List.of("--master", master, "--class", "reforest.cli.Reforest"));
    command.add("--properties-file");
    command.add(PROJECT.resolve("conf/standalone.properties").toString());
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.add(Jvm.target().resolve("reforest.jar").toString());
    command.addAll(List.of(args));
    try {
      Path out = Files.createTempFile(folder, "stdout", ".txt");
      Process process = command(command).redirectOutput(out.toFile()).start();
      CompletableFuture.delayedExecutor(PATIENCE_MINUTES, MINUTES)
          .execute(process::destroyForcibly);
      StringBuilder err = new StringBuilder();
      Consumer<String> tell =
          line -> {
            err.append(line).append('\n');
            watch.line(line, process.toHandle());
          };
      try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
        lines.lines().forEach(tell);
      } finally {
        process.onExit().join();
      }
      return new Ended(process.exitValue(), Files.readString(out), err.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The JVMs that work for drivers now, in the order of their workers. */
  List<ProcessHandle> executors() {
    return daemons.stream()
        .skip(1)
        .flatMap(worker -> worker.toHandle().children())
        .filter(ProcessHandle::isAlive)
        // A worker may also have ended children that it has not looked after yet.
        .filter(child -> child.info().command().filter(it -> it.endsWith("java")).isPresent())
        .toList();
  }

  @Override
  public void close() {
    // Executors are children of the workers, and would outlive them for a while.
    List<ProcessHandle> all =
        daemons.stream()
            .flatMap(daemon -> Stream.concat(Stream.of(daemon.toHandle()), daemon.descendants()))
            .toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }
}
