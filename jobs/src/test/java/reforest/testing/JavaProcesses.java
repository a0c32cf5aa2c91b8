package reforest.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Starts commands as processes of their own, as a person or a scheduler does. */
public final class JavaProcesses {

  /** Packages of Java that Spark looks into, as the launcher opens them. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "jdk.internal.ref",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");

  private static final long PATIENCE_MINUTES = 12;

  private final Process process;
  private final Path out;
  private final Path err;

  private JavaProcesses(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Where Maven has put the module's classes and jars. */
  public static Path target() {
    return Path.of("target").toAbsolutePath();
  }

  private static Path project() {
    return target().getParent().getParent();
  }

  /** The jar with what a plain Spark lacks to speak with S3. */
  public static Path s3Client() {
    return target().resolveSibling("s3/target/reforest-s3.jar");
  }

  /** What the launcher puts on the class path, in its order. */
  public static List<String> classPath() {
    List<String> entries = new ArrayList<>(dependencies(JavaProcesses::isLibrary));
    entries.add(target().resolve("classes").toString());
    entries.addAll(dependencies(entry -> !isLibrary(entry)));
    return entries;
  }

  private static boolean isLibrary(String entry) {
    return !Path.of(entry).startsWith(project());
  }

  /** What these tests run with; the libraries first, as the launcher's archive has them. */
  public static List<String> classPathOfTests() {
    Set<String> entries = new LinkedHashSet<>(dependencies(JavaProcesses::isLibrary));
    entries.addAll(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
    return List.copyOf(entries);
  }

  /** What these tests run with, and the client of S3. */
  public static List<String> classPathOfTestsOnS3() {
    return Stream.concat(classPathOfTests().stream(), Stream.of(s3Client().toString())).toList();
  }

  /** What a Spark installation has: the dependencies that the shaded jar leaves out. */
  public static List<String> sparksClassPath() {
    List<String> packed =
        List.of(
            "/io/delta/",
            "/io/reforest/",
            "/bundle/target/",
            "/com/typesafe/",
            "/info/picocli/",
            "/org/jpmml/",
            "/org/glassfish/jaxb/",
            "/com/sun/istack/",
            "/jakarta/xml/bind/",
            "/jakarta/activation/",
            "/org/jspecify/");
    return dependencies(entry -> packed.stream().noneMatch(entry::contains));
  }

  private static List<String> dependencies(Predicate<String> wanted) {
    Set<String> entries = new LinkedHashSet<>();
    for (String scope : List.of("compile", "runtime")) {
      String line = text(target().resolve("classpath-" + scope + ".txt"));
      entries.addAll(List.of(line.strip().split(File.pathSeparator)));
    }
    return entries.stream().map(entry -> entry.replace('\\', '/')).filter(wanted).toList();
  }

  /** Runs a command of the project to its end, in the small profile. */
  public static CommandResult reforest(Path folder, String... args) {
    String[] typed =
        Stream.concat(Stream.of("--profile", "small"), Arrays.stream(args)).toArray(String[]::new);
    return launcher(folder, Map.of(), typed).await();
  }

  /**
   * Starts a main class.
   *
   * @param folder where the process works and its output goes
   * @param properties system properties
   */
  public static JavaProcesses start(
      Path folder,
      List<String> classPath,
      String main,
      Map<String, String> properties,
      String... args) {
    return start(folder, classPath, main, properties, Map.of(), args);
  }

  /**
   * Starts a main class in an environment.
   *
   * @param folder where the process works and its output goes
   * @param properties system properties
   * @param environment variables besides those of this process
   */
  public static JavaProcesses start(
      Path folder,
      List<String> classPath,
      String main,
      Map<String, String> properties,
      Map<String, String> environment,
      String... args) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("REFOREST_PROJECT", project().toString());
    return command(folder, java(classPath, main, properties, args), variables);
  }

  /**
   * What starts a main class.
   *
   * @param properties system properties
   */
  public static List<String> java(
      List<String> classPath, String main, Map<String, String> properties, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=256m",
            "-XX:+UseSerialGC",
            "-Xmx2g",
            "-Duser.timezone=UTC"));
    if (isArchived(classPath)) {
      // Java's own warnings must not get between the results on stdout.
      command.addAll(
          List.of(
              "-XX:SharedArchiveFile=" + archive() + ".jsa",
              "-Xlog:disable",
              "-Xlog:all=warning:stderr"));
    }
    for (String opened : OPENED) {
      command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), main));
    command.addAll(List.of(args));
    return command;
  }

  /** Where the launcher keeps the libraries' classes once a test has asked it to; no ending. */
  public static Path archive() {
    return target().resolve("it-archive");
  }

  /** Whether the archive can hold what comes first on a class path; Java looks closer. */
  private static boolean isArchived(List<String> classPath) {
    List<String> libraries = dependencies(JavaProcesses::isLibrary);
    // The note is written last.
    return Files.exists(Path.of(archive() + ".txt"))
        && classPath.size() >= libraries.size()
        && classPath.subList(0, libraries.size()).equals(libraries);
  }

  /**
   * Starts the project's own launcher.
   *
   * @param folder where the process works and its output goes
   * @param environment variables besides those of this process
   */
  public static JavaProcesses launcher(
      Path folder, Map<String, String> environment, String... args) {
    List<String> command = new ArrayList<>(List.of(project().resolve("reforest").toString()));
    command.addAll(List.of(args));
    Map<String, String> variables = new HashMap<>(environment);
    variables.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
    variables.put("REFOREST_ARCHIVE", archive().toString());
    return command(folder, command, variables);
  }

  /**
   * Starts any program.
   *
   * @param folder where the process works and its output goes
   * @param environment variables besides those of this process
   */
  public static JavaProcesses command(
      Path folder, List<String> command, Map<String, String> environment) {
    try {
      Files.createDirectories(folder);
      Path out = Files.createTempFile(folder, "stdout", ".txt");
      Path err = Files.createTempFile(folder, "stderr", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      return new JavaProcesses(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What stands on its stderr so far. */
  public String told() {
    return text(err);
  }

  /** Ends it at once, as a lost machine would. */
  public void kill() {
    process.destroyForcibly();
  }

  /** Asks it to end, as a scheduler does before it loses patience. */
  public void end() {
    process.destroy();
  }

  /** Lets no file that it writes grow larger from now on. */
  public void limitFiles(int bytes) {
    String pid = String.valueOf(process.pid());
    CommandResult limited =
        command(err.getParent(), List.of("prlimit", "--pid", pid, "--fsize=" + bytes), Map.of())
            .await();
    if (limited.exitCode() != 0) {
      throw new AssertionError(limited.err());
    }
  }

  /** Waits for the end. */
  public CommandResult await() {
    try {
      if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        throw new AssertionError("still running after " + PATIENCE_MINUTES + " min: " + text(err));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
    return new CommandResult(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
