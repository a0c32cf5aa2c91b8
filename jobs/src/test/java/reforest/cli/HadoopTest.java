package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reforest.home.Folder;
import reforest.home.Hadoop;
import reforest.home.Location;
import reforest.home.Patience;
import reforest.testing.GoldenHome;

class HadoopTest {

  @Test
  void takesTheSettingsOfSparkSubmitAndThenThoseOfTheCommandLine() {
    Properties submitted = new Properties();
    submitted.setProperty("spark.hadoop.fs.s3a.endpoint", "http://submitted");
    submitted.setProperty("spark.hadoop.fs.s3a.endpoint.region", "eu-west-1");
    submitted.setProperty("spark.hadoop.", "nothing");
    submitted.setProperty("reforest.test.other", "true");

    Configuration hadoop =
        Hadoop.settings(
            submitted,
            Map.of("spark.hadoop.fs.s3a.endpoint", "http://typed", "spark.master", "local"));

    assertThat(hadoop.get("fs.s3a.endpoint")).isEqualTo("http://typed");
    assertThat(hadoop.get("fs.s3a.endpoint.region")).isEqualTo("eu-west-1");
    assertThat(hadoop.get("reforest.test.other")).isNull();
    assertThat(hadoop.get("master")).isNull();
  }

  @Test
  void readsTheSettingsOfThisProcess() {
    String key = "spark.hadoop.reforest.test.endpoint";
    System.setProperty(key, "http://submitted");
    try {
      assertThat(Hadoop.settings(Map.of()).get("reforest.test.endpoint"))
          .isEqualTo("http://submitted");
    } finally {
      System.clearProperty(key);
    }
  }

  @Test
  void writesAPlaceAsSparkReadsIt() {
    URI source = Location.below(Location.of("/tmp/my home"), "source/2011-01.csv");

    assertThat(source.toString()).contains("my%20home");
    assertThat(Hadoop.path(source)).isEqualTo("file:/tmp/my home/source/2011-01.csv");
  }

  @Test
  void givesAStoreUpInTimeUnlessSomebodyHasSaidOtherwise() {
    Duration limit = Duration.ofMinutes(2);
    URI place = URI.create("s3a://bucket/home");
    String tries = "spark.hadoop.fs.s3a.retry.limit";

    Map<String, String> within = Patience.within(place, Map.of("spark.master", "local"), limit);
    long call = 24_000;
    assertThat(within)
        .containsEntry("spark.master", "local")
        .containsEntry("spark.hadoop.fs.s3a.connection.request.timeout", call + "ms")
        .containsEntry(tries, "3")
        .containsEntry("spark.hadoop.ipc.client.connect.max.retries.on.timeouts", "3");
    assertThat(Patience.within(place, Map.of(), Duration.ofSeconds(20))).containsEntry(tries, "0");
    assertThat(Patience.within(place, Map.of(tries, "9"), limit)).containsEntry(tries, "9");
    System.setProperty(tries, "8");
    try {
      assertThat(Patience.within(place, Map.of(), limit)).doesNotContainKey(tries);
    } finally {
      System.clearProperty(tries);
    }
    assertThat(Patience.within(URI.create("file:///home"), Map.of(), limit)).isEmpty();
  }

  @Test
  void probesAFolderByAFileAndLeavesNothing(@TempDir Path folder) throws IOException {
    Path home = folder.resolve("home");
    Folder.probe(home.toUri(), Map.of());
    String mount = "probed";
    Map<String, String> spark =
        Map.of(
            "spark.hadoop.fs.viewfs.mounttable." + mount + ".link./in", folder.toUri().toString());
    Folder.probe(URI.create("viewfs://" + mount + "/in/home"), spark);

    assertThat(Folder.names(folder.toUri(), Map.of())).isEmpty();
    Path file = Files.createFile(folder.resolve("file"));
    assertThatIOException()
        .isThrownBy(() -> Folder.probe(file.resolve("home").toUri(), Map.of()))
        .withMessageContaining(file + " is not a folder that this user may write");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "s3://bucket/forest | s3a://bucket/forest",
        "s3a://bucket/my forest/übung | s3a://bucket/my%20forest/übung",
        "s3a://bucket/my%20forest | s3a://bucket/my%20forest",
        "abfss://models@account.dfs.core.windows.net/x | abfss://models@account.dfs.core.windows.net/x",
        "/data/a b | file:///data/a%20b",
      })
  void takesAnAddressAsItIsMeant(String typed, String place) {
    assertThat(Location.of(typed)).hasToString(place);
    assertThat(GoldenHome.configuration("home=" + typed).model().home()).hasToString(place);
  }

  @Test
  void takesTheHomeFolderWhereAShellHasLeftIt() {
    String home = System.getProperty("user.home");
    assertThat(Location.of("~/forest")).isEqualTo(Path.of(home, "forest").toUri());
    assertThat(GoldenHome.configuration("home=~/forest").model().home())
        .isEqualTo(Path.of(home, "forest").toUri());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "~somebody/forest", "abfss://user:secret@account/x"})
  void refusesAnAddressThatNamesNoPlace(String typed) {
    for (String command : List.of("models", "retrain")) {
      List<String> args = new ArrayList<>(List.of(command, "--home=" + typed));
      if (command.equals("retrain")) {
        args.add("--conf=" + GoldenHome.model());
      }
      Cli cli = Cli.run(args.toArray(String[]::new));
      assertThat(cli.exitCode()).as(cli.err()).isEqualTo(2);
      assertThat(cli.err()).doesNotContain("secret").contains("hint: ");
    }
  }

  @Test
  void readsAConfigurationFromStandardInputOrAnyFileSystem(@TempDir Path folder)
      throws IOException {
    String text = Files.readString(GoldenHome.model());
    String home = "--home=" + GoldenHome.in(folder.resolve("home"));
    Cli piped = Cli.run(SparkRunner::new, text, "retrain", "--conf", "-", home, "--dry-run");
    assertThat(piped.exitCode()).as(piped.err()).isZero();
    assertThat(piped.result().path("model").textValue()).isEqualTo("visits");

    Files.writeString(folder.resolve("visits.conf"), text);
    String[] spark = {
      "--spark", "spark.hadoop.fs.viewfs.mounttable.confs.link./in=" + folder.toUri(),
    };
    Cli mounted =
        Cli.run(
            "retrain",
            "--conf",
            "viewfs://confs/in/visits.conf",
            home,
            "--print-config",
            spark[0],
            spark[1]);
    assertThat(mounted.exitCode()).as(mounted.err()).isZero();
    assertThat(mounted.out()).contains("visits.conf: 1");
    Cli absent = Cli.run("models", "--conf", "viewfs://confs/in/none.conf", spark[0], spark[1]);
    assertThat(absent.exitCode()).isEqualTo(2);
    assertThat(absent.err()).contains("configuration viewfs://confs/in/none.conf does not exist");

    assertThat(Cli.run("score", "--conf", "-", home).err())
        .contains("standard input cannot hold both the configuration and the rows");
  }

  @Test
  void looksAtAFolderAsItIs(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve(".git"));
    String mount = "as-it-is";
    Map<String, String> spark =
        Map.of(
            "spark.hadoop.fs.viewfs.mounttable." + mount + ".link./home",
            folder.toUri().toString());
    URI mounted = URI.create("viewfs://" + mount + "/home");

    assertThat(Folder.names(folder.toUri(), Map.of())).containsExactly(".git");
    assertThat(Folder.names(mounted, spark)).containsExactly(".git");
    assertThat(Folder.names(Location.below(folder.toUri(), "none"), Map.of())).isEmpty();
    assertThat(Folder.names(Location.below(mounted, "none"), spark)).isEmpty();
  }

  @Test
  void aDemoRefusesAFolderThatHoldsOnlyHiddenFiles(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve(".git"));
    String sample = Path.of("..", "conf", "bikeshare.conf").toString();

    Cli cli = Cli.run(SparkRunner::new, "", "demo", "--conf", sample, "--home", folder.toString());

    assertThat(cli.exitCode()).isEqualTo(2);
    assertThat(cli.err()).contains("is not empty and not a demo's own: it holds .git");
    try (var there = Files.list(folder)) {
      assertThat(there).hasSize(1);
    }
  }
}
