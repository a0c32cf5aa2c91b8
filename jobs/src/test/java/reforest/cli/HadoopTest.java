package reforest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

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
}
