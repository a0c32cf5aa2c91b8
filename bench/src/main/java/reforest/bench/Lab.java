package reforest.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where things are measured: runs each in a process of its own, one after the other.
 *
 * @param project the project's folder
 * @param work folder for data, plans and logs
 * @param python the interpreter that has the peers
 * @param java the Java that runs this, too
 * @param classPath of the measured programs, the libraries first
 * @param archive holds the libraries' classes as this Java loads them
 * @param testClassPath of what may only be used in tests
 * @param cores threads that each process may use
 * @param isQuick whether peers are left out that nothing is held to
 */
public record Lab(
    Path project,
    Path work,
    Path python,
    Path java,
    String classPath,
    Path archive,
    String testClassPath,
    int cores,
    boolean isQuick) {

  /** The only one of Python's that a ratio is held to. */
  static final String HELD_TO = "lightgbm";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Runs a main class that is called with {@code arguments} and the file that it tells in. */
  public Measured java(String label, Jvm jvm, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(jvm.options(cores));
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return measured(label, command);
  }

  /** Runs a Python script that is called with {@code arguments} and the file that it tells in. */
  public Measured python(String label, String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(python.toString());
    command.add(project.resolve("bench/peers").resolve(script).toString());
    command.addAll(List.of(arguments));
    return measured(label, command);
  }

  /** Runs the JMH benchmarks of one class, and gives their results. */
  public JsonNode jmh(String label, String benchmark, String... options) {
    Path results = file(label, "jmh.json");
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(Jvm.plain().options(cores));
    command.addAll(List.of("-cp", testClassPath, "org.openjdk.jmh.Main", benchmark));
    command.addAll(List.of("-rf", "json", "-rff", results.toString(), "-foe", "true"));
    command.addAll(List.of(options));
    command(label, command, Map.of());
    return json(results);
  }

  private Measured measured(String label, List<String> command) {
    Path told = file(label, "told.json");
    List<String> all = new ArrayList<>(command);
    all.add(told.toString());
    Measured measured = command(label, all, Map.of());
    return new Measured(
        measured.cpuSeconds(), measured.wallSeconds(), measured.peakMegabytes(), json(told));
  }

  /** Runs a command to its end, with more variables in its environment. */
  public Measured command(String label, List<String> command, Map<String, String> environment) {
    Path taken = file(label, "taken.json");
    Path log = file(label, "log");
    List<String> all = new ArrayList<>();
    all.add(python.toString());
    all.add(project.resolve("bench/peers/measure.py").toString());
    all.add(taken.toString());
    all.addAll(command);
    ProcessBuilder process =
        new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
    Map<String, String> variables = process.environment();
    // Tunings of the shell that this is started from would make another machine of this one.
    variables
        .keySet()
        .removeIf(name -> name.matches("(OPENBLAS|MKL|OMP|NUMEXPR|JAVA_TOOL|JDK_JAVA)_.*"));
    variables.put("OMP_NUM_THREADS", String.valueOf(cores));
    variables.put("OPENBLAS_NUM_THREADS", String.valueOf(cores));
    variables.putAll(environment);
    int code;
    try {
      Files.deleteIfExists(taken);
      code = process.start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + label + " ran", e);
    }
    if (code != 0) {
      throw new IllegalStateException(label + " ended with code " + code + "; see " + log);
    }
    JsonNode usage = json(taken);
    return new Measured(
        usage.get("cpuSeconds").asDouble(),
        usage.get("wallSeconds").asDouble(),
        usage.get("peakMegabytes").asDouble(),
        JSON.createObjectNode());
  }

  /** Those of some peers that are measured. */
  public List<String> peers(List<String> all) {
    return isQuick ? all.stream().filter(HELD_TO::equals).toList() : all;
  }

  /** The folder of a data set, made on first use. */
  public String data(String kind, String argument) {
    Path folder = work.resolve("data").resolve(kind + "-" + Path.of(argument).getFileName());
    // Renamed last: only a finished folder counts as one.
    if (!Files.exists(folder)) {
      Path unfinished = folder.resolveSibling(folder.getFileName() + ".new");
      python("data-" + kind, "data.py", kind, argument, unfinished.toString());
      try {
        Files.move(unfinished, folder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return folder.toString();
  }

  /** A plan as a file. */
  public String plan(String label, Plan plan) {
    Path file = file(label, "plan.json");
    plan.write(file);
    return file.toString();
  }

  /** A file of a process. */
  public Path file(String label, String kind) {
    try {
      return Files.createDirectories(work.resolve("runs")).resolve(label + "." + kind);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a folder with all that is in it, if it is there. */
  void clear(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(Path file) {
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
