package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reforest.home.Folder;
import reforest.home.Hadoop;
import reforest.home.Location;

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
