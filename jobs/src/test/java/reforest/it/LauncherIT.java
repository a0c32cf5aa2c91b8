package reforest.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.testing.CommandResult;
import reforest.testing.JavaProcesses;

/** {@code ./reforest} itself: which Java it takes, and what it calls to test. */
class LauncherIT {

  /** Notes each call, and stands for Maven, for Python and for what Python installs. */
  private static final String STUB =
      """
      #!/bin/sh
      name=${0##*/}
      echo "${0#"$STUB_PROJECT"/} $*" >>"$STUB_PROJECT/calls.txt"
      case "$name $1 $2" in
        "python3 -m venv")
          mkdir -p "$3/bin"
          for tool in python pip ruff; do cp "$0" "$3/bin/$tool"; done ;;
        "python3 .ci/times.py "*) exec env PATH="$REAL_PATH" python3 "$@" ;;
        "ruff --version "*) echo "ruff $STUB_RUFF" ;;
      esac
      case "$*" in
        *"verify"*)
          mkdir -p jobs/target/surefire-reports jobs/target/failsafe-reports jobs/target/it-home/registry
          echo '<testsuite name="GateTest" time="7.5"/>' >jobs/target/surefire-reports/TEST-GateTest.xml
          echo '<testsuite name="DemoIT" time="41.0"/>' >jobs/target/failsafe-reports/TEST-DemoIT.xml ;;
      esac
      case "$*" in *"${STUB_FAILS:-nothing}"*) echo "$STUB_FAILS fails"; exit 9 ;; esac
      """;

  private static final String RUFF = "1.2.3";

  private static final List<String> LINTED =
      List.of(
          ".venv/bin/ruff check --no-cache .ci airflow bench/peers notebooks",
          ".venv/bin/ruff format --no-cache --check .ci airflow bench/peers notebooks");

  @TempDir private static Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"1.8.0_402", "11.0.2", "23.0.1", "25"})
  void refusesAJavaThatSparkDoesNotRunOn(String version) throws IOException {
    Path java = folder.resolve(version).resolve("bin/java");
    executable(java, "#!/bin/sh\necho 'openjdk version \"" + version + "\"' >&2\n");

    CommandResult ended =
        launcher(Map.of("JAVA_HOME", folder.resolve(version).toString()), "--help");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("error: " + java + " has version " + version + ", Reforest needs 17 to 22")
        .contains("hint: install a JDK of version 17 or 21");
  }

  @Test
  void asksForAJavaWhereThereIsNone() {
    CommandResult ended = launcher(Map.of("JAVA_HOME", folder.toString()), "--help");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith("error: JAVA_HOME is " + folder + ", which has no bin/java");
  }

  @Test
  void tellsJavaWhichStreamsAreTerminals() throws IOException {
    Path project = project("terminal");
    Path java = folder.resolve("told").resolve("bin/java");
    executable(
        java,
        """
        #!/bin/sh
        if [ "$1" = -version ]; then echo 'openjdk version "17.0.1"' >&2; exit; fi
        echo "terminal=$REFOREST_TERMINAL command=$REFOREST_COMMAND"
        """);
    Map<String, String> environment = Map.of("JAVA_HOME", folder.resolve("told").toString());
    String launcher = project.resolve("reforest").toString();
    String onTerminal =
        "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";

    CommandResult seen =
        JavaProcesses.command(
                project, List.of("python3", "-c", onTerminal, launcher, "models"), environment)
            .await();
    CommandResult piped =
        JavaProcesses.command(project, List.of(launcher, "models"), environment).await();

    assertThat(seen.out()).contains("terminal=out err command=" + launcher);
    assertThat(piped.out()).isEqualTo("terminal= command=" + launcher + "\n");
  }

  @Test
  void choosesTheProfileByTheSizeOfTheData() throws IOException {
    Path project = project("sizes");
    Path java = folder.resolve("flags").resolve("bin/java");
    executable(
        java,
        """
        #!/bin/sh
        if [ "$1" = -version ]; then echo 'openjdk version "17.0.1"' >&2; exit; fi
        case "$*" in *UseSerialGC*) echo small ;; *UseParallelGC*) echo large ;; esac
        """);
    Path rows = Files.writeString(project.resolve("rows.csv"), "id,km\n1,1.5\n");
    Path many = Files.write(project.resolve("many.csv"), new byte[9 << 20]);
    Path home = project.resolve("home");
    Files.createDirectories(home.resolve("data/trips/table"));
    Files.copy(rows, home.resolve("data/trips/table/part.parquet"));
    Path full = project.resolve("full home");
    Files.createDirectories(full.resolve("data/trips/table"));
    Files.copy(many, full.resolve("data/trips/table/part.parquet"));
    Path conf = Files.writeString(project.resolve("trips.conf"), "home = \"" + full + "\"\n");

    assertThat(profile(project, "retrain", "--home", home.toString())).isEqualTo("small");
    assertThat(profile(project, "retrain", "--home=" + full)).isEqualTo("large");
    assertThat(profile(project, "retrain", "--conf", conf.toString())).isEqualTo("large");
    assertThat(profile(project, "retrain", "--home", "s3a://bucket/home")).isEqualTo("large");
    assertThat(profile(project, "ingest", "--home=" + home, "--source", rows.toString()))
        .isEqualTo("small");
    assertThat(profile(project, "ingest", "--home", "new", "--source=" + rows)).isEqualTo("small");
    assertThat(profile(project, "ingest", "--home=" + home, "--source=" + many)).isEqualTo("large");
    assertThat(profile(project, "ingest", "--home=" + home)).isEqualTo("large");
    assertThat(profile(project, "--profile", "small", "retrain", "--home=" + full))
        .isEqualTo("small");
    assertThat(run(project, "retrain", "--home=" + full, "--dry-run").err())
        .startsWith("The profile is large: ")
        .contains(" kB are read, and up to 8192 are few.");
    assertThat(run(project, "retrain", "--home=" + home, "--dry-run").err())
        .startsWith("The profile is small: ");
    assertThat(run(project, "retrain", "--home=" + home).err()).isEmpty();
  }

  private static String profile(Path project, String... args) {
    return run(project, args).out().strip();
  }

  /** With a Java that says how it was started. */
  private static CommandResult run(Path project, String... args) {
    List<String> command = new ArrayList<>(List.of(project.resolve("reforest").toString()));
    command.addAll(List.of(args));
    return JavaProcesses.command(
            project, command, Map.of("JAVA_HOME", folder.resolve("flags").toString()))
        .await();
  }

  @Test
  void laysTheLibrariesOfABuildByRootWhereOtherUsersCanReadThem() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path project = project("shared");
    Path closed = Files.createDirectories(folder.resolve("closed"));
    Path jar = Files.write(closed.resolve("spark.jar"), new byte[] {1});
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    for (String scope : List.of("compile", "runtime")) {
      Files.writeString(project.resolve("jobs/target/classpath-" + scope + ".txt"), jar.toString());
    }
    Path java = folder.resolve("echoing").resolve("bin/java");
    executable(
        java,
        """
        #!/bin/sh
        if [ "$1" = -version ]; then echo 'openjdk version "17.0.1"' >&2; exit; fi
        echo "$@"
        """);
    Path lib = project.resolve("jobs/target/lib");

    assertThat(models(project, "1000").out()).contains(" -cp " + jar + ":").doesNotContain("/lib/");
    assertThat(models(project, "0").out()).contains(" -cp " + lib.resolve("spark.jar") + ":");
    assertThat(lib.resolve("spark.jar")).hasBinaryContent(new byte[] {1});
    assertThat(Files.getPosixFilePermissions(lib)).contains(PosixFilePermission.OTHERS_EXECUTE);

    Files.delete(jar);
    assertThat(models(project, "1000").out()).contains(" -cp " + lib.resolve("spark.jar") + ":");

    Files.delete(lib.resolve("from.txt"));
    CommandResult refused = models(project, "1000");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("error: the libraries of this build cannot be read by this user: " + jar)
        .contains("hint: run ./reforest --version once as the user who built it");
  }

  /** Lists the models as a user of that number. */
  private static CommandResult models(Path project, String user) throws IOException {
    executable(project.resolve("bin/id"), "#!/bin/sh\necho " + user + "\n");
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            folder.resolve("echoing").toString(),
            "PATH",
            project.resolve("bin") + File.pathSeparator + System.getenv("PATH"));
    return JavaProcesses.command(
            project, List.of(project.resolve("reforest").toString(), "models"), environment)
        .await();
  }

  @Test
  void testsEverythingAndTellsWhatItTook() throws IOException {
    Path project = project("all");

    CommandResult ended = test(project, "", "-o");

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(Files.readAllLines(project.resolve("calls.txt")))
        .containsAll(LINTED)
        .contains(
            ".venv/bin/pip install -q -r requirements-dev.txt",
            ".venv-spark/bin/pip install -q -r requirements-spark.txt",
            "airflow/setup --test",
            "bin/mvn -B -ntp verify -o",
            ".venv/bin/python -m pytest -p no:cacheprovider -q --nbmake notebooks",
            "airflow/.venv/bin/python -m pytest -p no:cacheprovider -q airflow/tests"
                + " --ignore-glob=*/test_real_*.py",
            "airflow/.venv/bin/python -m pytest -p no:cacheprovider -q"
                + " airflow/tests/test_real_*.py");
    assertThat(ended.out())
        .containsSubsequence(
            "Seconds by group",
            "build",
            "unit",
            "integration",
            "environments",
            "notebooks",
            "Airflow",
            "The 10 dearest of 2 test classes",
            "41  DemoIT (integration)",
            "8  GateTest (unit)");
  }

  @Test
  void testsQuicklyWithoutNotebooksAirflowAndASparkToSubmitTo() throws IOException {
    Path project = project("quick");

    CommandResult ended = test(project, "", "--quick", "-o");
    CommandResult again = test(project, "", "--quick");

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(again.exitCode()).as(again.err()).isZero();
    List<String> calls = Files.readAllLines(project.resolve("calls.txt"));
    assertThat(calls).containsAll(LINTED);
    assertThat(calls)
        .filteredOn(call -> call.startsWith("bin/mvn"))
        .hasSize(2)
        .allMatch(call -> call.contains(" verify -pl bundle,bundle-s3,jobs "))
        .allMatch(call -> call.contains(" -Dit.test=EveryKindOfModelIT "))
        .noneMatch(call -> call.contains("skipTests"));
    assertThat(calls.stream().filter(call -> call.contains("pip install")))
        .containsExactly(".venv/bin/pip install -q ruff==" + RUFF);
    assertThat(calls).noneMatch(call -> call.contains("pytest") || call.contains("airflow/setup"));
    assertThat(ended.out()).contains("Seconds by group", "DemoIT (integration)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requirements-dev.txt",
        "requirements-spark.txt",
        "--test",
        "check --no-cache",
        "format",
        "verify",
        "--nbmake",
        "--ignore-glob",
        "-q airflow/tests/test_real_*.py"
      })
  void failsWhereAnyPartOfTheTestsFails(String part) throws IOException {
    CommandResult ended = test(project("failing" + part.replaceAll("\\W", "")), part);

    assertThat(ended.exitCode()).as(ended.out() + ended.err()).isNotZero();
    assertThat(ended.out()).doesNotContain("Seconds by group");
  }

  /** The launcher among stubs of all that it calls. */
  private static Path project(String name) throws IOException {
    Path project = Files.createDirectories(folder.resolve(name)).toRealPath();
    Path real = JavaProcesses.target().resolveSibling("..").normalize();
    executable(project.resolve("reforest"), Files.readString(real.resolve("reforest")));
    Files.createDirectories(project.resolve(".ci"));
    Files.copy(real.resolve(".ci/times.py"), project.resolve(".ci/times.py"));
    Files.createDirectories(project.resolve("notebooks"));
    Files.writeString(project.resolve("notebooks/requirements.txt"), "duckdb==1\n");
    Files.writeString(project.resolve("requirements-dev.txt"), "pytest==1\nruff==" + RUFF + "\n");
    Files.writeString(project.resolve("requirements-spark.txt"), "pyspark==1\n");
    for (String stub :
        List.of(
            "bin/mvn",
            "bin/python3",
            "bin/chromium",
            "bin/chromedriver",
            "airflow/.venv/bin/python")) {
      executable(project.resolve(stub), STUB);
    }
    executable(project.resolve("airflow/setup"), STUB);
    for (String built : List.of("jobs/target/classes", "bundle/target/classes")) {
      Files.createDirectories(project.resolve(built));
    }
    for (String source :
        List.of("pom.xml", "bundle/pom.xml", "jobs/pom.xml", "bundle/src/main", "jobs/src/main")) {
      Files.createDirectories(project.resolve(source));
    }
    Path jar = Files.write(folder.resolve("spark.jar"), new byte[0]);
    for (String scope : List.of("compile", "runtime")) {
      Files.writeString(project.resolve("jobs/target/classpath-" + scope + ".txt"), jar.toString());
    }
    return project;
  }

  private static CommandResult test(Path project, String failing, String... options) {
    String path = System.getenv("PATH");
    Map<String, String> environment =
        Map.of(
            "STUB_PROJECT",
            project.toString(),
            "STUB_RUFF",
            RUFF,
            "STUB_FAILS",
            failing,
            "REAL_PATH",
            path,
            "PATH",
            project.resolve("bin") + File.pathSeparator + path,
            "JAVA_HOME",
            System.getProperty("java.home"));
    List<String> command = new ArrayList<>(List.of(project.resolve("reforest").toString(), "test"));
    command.addAll(List.of(options));
    return JavaProcesses.command(project, command, environment).await();
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static CommandResult launcher(Map<String, String> environment, String... args) {
    return JavaProcesses.launcher(folder, environment, args).await();
  }
}
